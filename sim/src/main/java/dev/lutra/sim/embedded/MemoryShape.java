// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import dev.lutra.hdl.ir.Memory;
import java.math.BigInteger;

/** How a memory lies in an array: word after word, with zeros behind the last one for reads beyond the depth. */
final class MemoryShape {
    private MemoryShape() {}

    /** Words that can be read without looking at the address; one more follows. All beyond the depth are zero. */
    static int reach(Memory memory) {
        return reach(memory.depth());
    }

    /** The next power of two, which saves comparing addresses, unless that is large. */
    static int reach(int depth) {
        int power = Integer.highestOneBit(depth);
        return power == depth || power >= 1 << 16 ? depth : 2 * power;
    }

    /** The array at power-up. */
    static Object array(Memory memory) {
        int words = (memory.type().width() + 63) / 64;
        int reach = reach(memory);
        if (memory.type().width() <= 32) {
            int[] array = new int[reach + 1];
            for (int i = 0; i < memory.init().size(); i++) {
                array[i] = memory.init().get(i).intValue();
            }
            return array;
        }
        long[] array = new long[(reach + 1) * words];
        for (int i = 0; i < memory.init().size(); i++) {
            BigInteger word = memory.init().get(i);
            for (int k = 0; k < words; k++) {
                array[i * words + k] = Numbers.word(word, k);
            }
        }
        return array;
    }
}
