// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import dev.lutra.machine.Instruction.EndLoop;
import dev.lutra.machine.Instruction.Halt;
import dev.lutra.machine.Instruction.LoadActivations;
import dev.lutra.machine.Instruction.LoadScales;
import dev.lutra.machine.Instruction.LoadWeights;
import dev.lutra.machine.Instruction.Loop;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Instruction.SetBase;
import dev.lutra.machine.Instruction.SetStride;
import dev.lutra.machine.Instruction.Store;
import dev.lutra.machine.Instruction.Sync;
import java.util.Random;

/** Random legal instructions. */
final class Samples {
    private Samples() {}

    static Instruction instruction(Random r) {
        return switch (1 + r.nextInt(11)) {
            case 1 -> new Halt();
            case 2 -> {
                int length = r.nextInt(4);
                yield new Loop(length == 0 ? r.nextInt(1 << 16) : 0, length, r.nextBoolean(), r.nextBoolean());
            }
            case 3 -> new EndLoop();
            case 4 -> new SetBase(r.nextInt(16), r.nextInt(4), bits(r, 40), bits(r, 40));
            case 5 -> new SetStride(1 + r.nextInt(7), bits(r, 40) - (1L << 39));
            case 6 -> new LoadActivations(tokens(r, Unit.LDA), r.nextInt(16), r.nextInt(8), r.nextInt(2), count(r, 16));
            case 7 -> new LoadWeights(tokens(r, Unit.LDW), r.nextInt(16), r.nextInt(8), count(r, 20));
            case 8 -> new LoadScales(tokens(r, Unit.LDW), r.nextInt(16), r.nextInt(8), count(r, 20));
            case 9 -> {
                boolean whole = r.nextBoolean();
                yield new Multiply(
                        tokens(r, Unit.MX),
                        r.nextInt(2),
                        r.nextInt(2),
                        whole,
                        whole,
                        new MatrixTile(1 << r.nextInt(7), 4 << r.nextInt(7), 2 + r.nextInt(95)),
                        new MatrixTypes(
                                ActivationType.ofBits(2 + r.nextInt(7)),
                                WeightType.values()[r.nextInt(9)],
                                16 + r.nextInt(49),
                                r.nextBoolean()),
                        count(r, 12),
                        r.nextInt(1 << 12),
                        whole ? count(r, 12) : 1,
                        r.nextInt(1 << 12));
            }
            case 10 -> new Store(tokens(r, Unit.ST), r.nextInt(16), r.nextInt(8), r.nextInt(2), count(r, 16));
            default -> {
                Unit unit = Unit.values()[r.nextInt(4)];
                yield new Sync(tokens(r, unit), unit);
            }
        };
    }

    private static Tokens tokens(Random r, Unit unit) {
        return new Tokens(r.nextInt(16) & unit.peers(), r.nextInt(16) & unit.peers());
    }

    private static long bits(Random r, int width) {
        return r.nextLong() & ((1L << width) - 1);
    }

    private static int count(Random r, int width) {
        return (int) Math.max(1, bits(r, width));
    }
}
