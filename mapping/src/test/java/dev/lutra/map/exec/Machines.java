// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import dev.lutra.machine.Buffers;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import java.util.Random;

/** Random machines, most of them small so that reductions split and buffers fill. */
public final class Machines {
    private Machines() {}

    /** A legal machine. */
    public static Machine random(Random r) {
        int n = 4 << r.nextInt(3);
        int t = 1 << r.nextInt(3);
        int g = 2 << r.nextInt(2);
        int m = 1 << r.nextInt(3);
        while (n * t * g < 32) {
            n *= 2;
        }
        int dataBits = 32;
        while (r.nextBoolean() && n * t * g % (2 * dataBits) == 0 && 4 * n * m * 8 % (2 * dataBits) == 0) {
            dataBits *= 2;
        }
        int beat = dataBits / 8;
        int word = n * t * g / 8;
        int burst = 1 << r.nextInt(5);
        int line = Math.max(beat, m * t * g);
        int block = Math.max(beat, m * n * 8);
        return new Machine(
                new Engine(Engine.LUT_INT, m, n, g, t, 8, true, 32, 48),
                new Bus(Bus.Kind.AXI4, dataBits, 24, burst, 4),
                new Buffers(
                        power(Math.max(64, burst * beat + word)) << r.nextInt(3),
                        power(Math.max(16, Math.max(beat, n) * (1 + r.nextInt(6)))),
                        power(Math.max(64, line * (1 + r.nextInt(20)))),
                        power(Math.max(64, block)) << r.nextInt(3),
                        r.nextBoolean() ? 1024 : 4096),
                1 + r.nextInt(4),
                true);
    }

    private static int power(int atLeast) {
        return Integer.highestOneBit(2 * atLeast - 1);
    }
}
