// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.checkpoint;

import static dev.lutra.machine.UserException.badInput;

import dev.lutra.map.model.TernaryMatrix;
import java.nio.ByteBuffer;

/**
 * Ternary weights as the BitNet integration of Hugging Face packs them: U8 [rows / 4][cols], bits 2i+1..2i of packed row r hold
 * code + 1 of row i x rows / 4 + r (rows strided, not adjacent). The rows are a multiple of 4, and their bytes from {@code offset} lie inside the file.
 */
record PackedTernary(MappedFile file, String tensor, long offset, int rows, int cols, float scale)
        implements TernaryMatrix {

    @Override
    public String name() {
        return file.path() + ": " + tensor;
    }

    @Override
    public void readCodes(int row, byte[] into) {
        int packedRows = rows / 4;
        int shift = 2 * (row / packedRows);
        long start = offset + (long) (row % packedRows) * cols;
        ByteBuffer packed = file.read(start, cols);
        for (int c = 0; c < cols; c++) {
            int code = (packed.get(c) >> shift) & 3;
            if (code == 3) {
                throw badInput(
                        name() + ", byte " + (start + c) + ": bits " + (shift + 1) + ".." + shift
                                + " are 3, but a packed ternary weight is 0, 1 or 2",
                        "the file is damaged or packed another way; fetch it again");
            }
            into[c] = (byte) (code - 1);
        }
    }
}
