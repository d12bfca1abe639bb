// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import dev.lutra.machine.Engine;
import dev.lutra.machine.NmRatio;

/**
 * What a weight word and a line of indices of chains mean to activations; written from the text of {@link dev.lutra.machine.ChainLayout}, not from
 * its formulas, the packer or the hardware.
 */
final class ChainReader {
    private final Engine engine;
    private final int width;
    private final int block;
    private final int chains;
    private final int indexBits;

    ChainReader(Engine engine) {
        this.engine = engine;
        // Columns of a unit: two of one row of activations, or where both operands have 4 bits.
        boolean narrow = engine.activations().bits() <= 4 && engine.maxBits() <= 4;
        width = engine.m() == 1 || narrow ? 2 : 1;
        int most = 16;
        while (engine.step() % most != 0 || most * width > engine.n()) {
            most /= 2;
        }
        block = most;
        chains = engine.n() / (width * block);
        indexBits = block == 16 || block == 8 ? 4 : block / 2;
    }

    /**
     * Adds the products of a row and a pass to sums.
     *
     * @param pass 0 for the first one of the step
     * @param line of indices, not looked at where the ratio is dense
     * @param first the step's first activation of the row in {@code half}
     * @param sums [row][column]
     */
    void add(NmRatio kept, int pass, byte[] word, byte[] line, byte[] half, int first, long[] sums, int row) {
        int length = engine.step();
        int perGroup = length / block;
        int units = kept.m() / kept.n();
        int groupsOfUnit = block / units;
        int bits = engine.planes();
        for (int chain = 0; chain < chains; chain++) {
            for (int unit = 0; unit < units; unit++) {
                // the unit's groups, each with a place for every block of activations
                for (int q = 0; q < groupsOfUnit; q++) {
                    for (int b = 0; b < perGroup; b++) {
                        int place = chain * length + (unit * groupsOfUnit + q) * perGroup + b;
                        int index = kept.m() == 1 ? 0 : field(line, place * indexBits, indexBits);
                        int neighbours = q / kept.n();
                        int activation = half[first + b * block + neighbours * kept.m() + index];
                        for (int i = 0; i < width; i++) {
                            int code = field(word, (place * width + i) * bits, bits);
                            int weight = code >= 1 << bits - 1 ? code - (1 << bits) : code;
                            int column = (chain * block + pass * units + unit) * width + i;
                            sums[row * engine.n() + column] += (long) weight * activation;
                        }
                    }
                }
            }
        }
    }

    private static int field(byte[] bytes, int bit, int width) {
        int value = 0;
        for (int i = 0; i < width; i++) {
            value |= (bytes[(bit + i) / 8] >> (bit + i) % 8 & 1) << i;
        }
        return value;
    }
}
