// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import dev.lutra.machine.Instruction.EndLoop;
import dev.lutra.machine.Instruction.Halt;
import dev.lutra.machine.Instruction.LoadActivations;
import dev.lutra.machine.Instruction.LoadEntries;
import dev.lutra.machine.Instruction.LoadRows;
import dev.lutra.machine.Instruction.LoadScales;
import dev.lutra.machine.Instruction.LoadWeights;
import dev.lutra.machine.Instruction.Loop;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Instruction.Next;
import dev.lutra.machine.Instruction.SetBase;
import dev.lutra.machine.Instruction.SetStride;
import dev.lutra.machine.Instruction.Store;
import dev.lutra.machine.Instruction.StoreRows;
import dev.lutra.machine.Instruction.StoreSums;
import dev.lutra.machine.Instruction.Sync;
import dev.lutra.machine.Instruction.Vector;
import java.util.List;
import java.util.Random;

/** Random legal instructions. */
final class Samples {
    private Samples() {}

    static Instruction instruction(Random r) {
        return switch (1 + r.nextInt(17)) {
            case 1 -> new Halt();
            case 2 -> {
                int length = r.nextInt(4);
                yield new Loop(
                        length == 0 ? r.nextInt(1 << 16) : r.nextInt(16),
                        length,
                        r.nextBoolean(),
                        r.nextBoolean(),
                        r.nextBoolean());
            }
            case 3 -> new EndLoop();
            case 4 ->
                new SetBase(r.nextInt(16), r.nextInt(4), bits(r, 40), bits(r, 40), SetBase.Per.values()[r.nextInt(3)]);
            case 5 -> new SetStride(1 + r.nextInt(7), bits(r, 40) - (1L << 39));
            case 6 ->
                new LoadActivations(tokens(r, Unit.MX.bit()), r.nextInt(16), r.nextInt(8), r.nextInt(2), count(r, 16));
            case 7 ->
                new LoadWeights(
                        tokens(r, Unit.LDW.peers()),
                        r.nextInt(16),
                        r.nextInt(8),
                        count(r, 20),
                        r.nextBoolean() ? 0 : count(r, 20));
            case 8 -> new LoadScales(tokens(r, Unit.LDW.peers()), r.nextInt(16), r.nextInt(8), count(r, 20));
            case 9 -> {
                boolean whole = r.nextBoolean();
                boolean toRows = r.nextBoolean();
                yield new Multiply(
                        tokens(r, toRows ? Unit.VEC.bit() : Unit.LDA.bit() | Unit.ST.bit()),
                        r.nextInt(2),
                        toRows ? 0 : r.nextInt(2),
                        whole,
                        whole,
                        new MatrixTile(1 << r.nextInt(7), 4 << r.nextInt(7), 2 + r.nextInt(95)),
                        new MatrixTypes(
                                any(r, ActivationType.values()),
                                WeightType.values()[r.nextInt(9)],
                                16 + r.nextInt(49),
                                !toRows && r.nextBoolean()),
                        count(r, 12),
                        r.nextInt(1 << 12),
                        whole ? count(r, 12) : 1,
                        r.nextInt(1 << 12),
                        toRows,
                        new NmRatio(1 << r.nextInt(3), 4 << r.nextInt(3)),
                        r.nextBoolean());
            }
            case 10 -> new Store(tokens(r, Unit.MX.bit()), r.nextInt(16), r.nextInt(8), r.nextInt(2), count(r, 16));
            case 11 ->
                new LoadRows(
                        tokens(r, Unit.VEC.bit()),
                        r.nextInt(16),
                        r.nextInt(8),
                        r.nextInt(1 << 12),
                        count(r, 16),
                        rows(r));
            case 12 ->
                new StoreRows(
                        tokens(r, Unit.VEC.bit()),
                        r.nextInt(16),
                        r.nextInt(8),
                        r.nextInt(1 << 12),
                        count(r, 16),
                        rows(r));
            case 13 -> {
                int length = r.nextInt(4);
                VectorPass pass = pass(r);
                yield new Vector(tokens(r, Unit.VEC.peers()), length == 0 ? pass : pass.over(1), length);
            }
            case 14 -> {
                List<Integer> ends = List.of(r.nextInt(1 << 16), r.nextInt(1 << 16));
                yield new Next(r.nextInt(16), bits(r, 20), bits(r, 18), bits(r, 18), ends.subList(0, r.nextInt(3)));
            }
            case 15 ->
                new LoadEntries(
                        tokens(r, Unit.LDW.peers()), r.nextInt(16), r.nextInt(8), r.nextBoolean(), count(r, 20));
            case 16 -> new StoreSums(tokens(r, 0), r.nextInt(16), r.nextInt(8), count(r, 16));
            default -> {
                Unit unit = Unit.values()[r.nextInt(5)];
                yield new Sync(tokens(r, unit.peers()), unit);
            }
        };
    }

    private static Tokens tokens(Random r, int units) {
        return new Tokens(r.nextInt(32) & units, r.nextInt(32) & units);
    }

    /** Fields that a pass does not use are 0. */
    private static VectorPass pass(Random r) {
        VectorPass.Source source = any(r, VectorPass.Source.values());
        boolean constant = source == VectorPass.Source.CONSTANT;
        boolean rows = source == VectorPass.Source.VECTOR || source == VectorPass.Source.INTEGERS;
        VectorPass.Reduction reduction = any(r, VectorPass.Reduction.values());
        boolean sum = reduction == VectorPass.Reduction.SUM;
        boolean pairs = reduction == VectorPass.Reduction.PAIRS;
        boolean runs = reduction == VectorPass.Reduction.RUNS;
        boolean parts = reduction == VectorPass.Reduction.PARTS || runs;
        if (pairs && source != VectorPass.Source.VECTOR) {
            return pass(r);
        }
        VectorPass.Factor factor = any(r, VectorPass.Factor.values());
        factor = constant && factor == VectorPass.Factor.VECTOR ? VectorPass.Factor.ITSELF : factor;
        VectorPass.Addend addend =
                sum || runs || constant ? VectorPass.Addend.NOTHING : any(r, VectorPass.Addend.values());
        boolean less = addend == VectorPass.Addend.MINIMUM;
        if (less && !pairs && !parts && reduction != VectorPass.Reduction.NONE) {
            return pass(r);
        }
        boolean y = factor == VectorPass.Factor.VECTOR || addend == VectorPass.Addend.VECTOR || less;
        if (pairs && !y) {
            return pass(r);
        }
        int target = runs
                ? 1 + r.nextInt(6)
                : parts ? 1 + r.nextInt(14) : pairs || reduction == VectorPass.Reduction.NONE ? 0 : r.nextInt(15);
        int period = !y || pairs || parts && !runs ? 0 : r.nextInt(512) * r.nextInt(2);
        period -= runs ? period % (VectorRow.TURN << target) : 0;
        boolean spreads = factor == VectorPass.Factor.VECTOR && period == 0 && !pairs && !runs;
        int repeat = rows && !pairs && addend != VectorPass.Addend.SCALAR ? 1 << r.nextInt(8) * r.nextInt(2) : 1;
        boolean swaps = rows && repeat == 1 && !pairs && !parts && r.nextBoolean();
        VectorPass.Result result = sum ? VectorPass.Result.NONE : any(r, VectorPass.Result.values());
        result = parts && result == VectorPass.Result.ACTIVATIONS ? VectorPass.Result.FLOAT : result;
        boolean keeps = sum || reduction == VectorPass.Reduction.MAXIMUM || reduction == VectorPass.Reduction.ARGUMENT;
        return new VectorPass(
                source,
                source == VectorPass.Source.INTEGERS ? VectorPass.Sign.SAME : any(r, VectorPass.Sign.values()),
                rows ? r.nextInt(1 << 12) : constant ? 0 : r.nextInt(16),
                constant ? r.nextInt() : 0,
                swaps ? 1 << r.nextInt(7) : 0,
                repeat,
                repeat == 1 ? 1 : 1 << r.nextInt(8),
                y && !pairs ? r.nextInt(1 << 12) : 0,
                period,
                spreads ? 1 << r.nextInt(16) * r.nextInt(2) : 1,
                factor,
                factor == VectorPass.Factor.SCALAR ? r.nextInt(16) : 0,
                addend,
                addend == VectorPass.Addend.SCALAR ? r.nextInt(16) : 0,
                any(r, VectorPass.Function.values()),
                result,
                result == VectorPass.Result.NONE ? 0 : r.nextInt(1 << 12),
                reduction,
                keeps && r.nextBoolean(),
                target,
                parts ? 1 + r.nextInt(65_535 >> target) : count(r, 16),
                any(r, VectorPass.After.values()));
    }

    private static <E> E any(Random r, E[] of) {
        return of[r.nextInt(of.length)];
    }

    private static long bits(Random r, int width) {
        return r.nextLong() & ((1L << width) - 1);
    }

    private static RowFormat rows(Random r) {
        return RowFormat.values()[r.nextInt(RowFormat.values().length)];
    }

    private static int count(Random r, int width) {
        return (int) Math.max(1, bits(r, width));
    }
}
