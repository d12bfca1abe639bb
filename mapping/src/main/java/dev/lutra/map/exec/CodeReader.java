// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import dev.lutra.machine.Engine;
import java.util.Arrays;

/** Codes of a step from its weight words, and what they mean; written from {@link dev.lutra.machine.TypedCodes} and not from the packer or the hardware. */
final class CodeReader {
    private static final int SLICE = 2;
    /** In halves. */
    private static final int[] MAGNITUDES = {0, 1, 2, 3, 4, 6, 8, 12};

    private final Engine engine;
    private final int[] codes;
    private int bits;

    CodeReader(Engine engine) {
        this.engine = engine;
        codes = new int[engine.n() * engine.step()];
    }

    /**
     * Takes the next two bits of each code.
     *
     * @param pass 0 for the first, least significant ones
     */
    void take(byte[] word, int pass) {
        if (pass == 0) {
            Arrays.fill(codes, 0);
        }
        bits = SLICE * (pass + 1);
        for (int i = 0; i < codes.length; i++) {
            int at = i * SLICE;
            codes[i] |= (word[at / 8] >> at % 8 & 3) << SLICE * pass;
        }
    }

    /**
     * Sum over the elements of the step of activation times value.
     *
     * @param activations of the step
     * @param mark of the column's group: special value in halves, or zero point
     */
    long sum(int column, int[] activations, boolean floats, int mark) {
        long sum = 0;
        for (int i = 0; i < engine.step(); i++) {
            int code = codes[column * engine.step() + i];
            sum += (long) activations[i] * (floats ? floating(code, mark) : integer(code) - mark);
        }
        return sum;
    }

    private int integer(int code) {
        return code << Integer.SIZE - bits >> Integer.SIZE - bits;
    }

    private static int floating(int code, int special) {
        int magnitude = MAGNITUDES[code & 7];
        return code == 8 ? special : code > 8 ? -magnitude : magnitude;
    }
}
