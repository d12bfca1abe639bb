// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import dev.lutra.hdl.Module;
import dev.lutra.pe.dot.AdderArray;
import dev.lutra.pe.dot.HalfMacArray;
import dev.lutra.pe.dot.MacArray;
import dev.lutra.pe.dot.SharedExponentStationary;
import dev.lutra.pe.dot.SharedExponentTables;
import dev.lutra.pe.dot.StationaryArray;
import dev.lutra.pe.dot.TableArray;
import dev.lutra.pe.dot.TableKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * An engine at a width of weights on a target, with the cycles it takes for the product that all are compared by: one row of {@link #K}
 * activations, {@link #COLUMNS} columns of weights. Sums have 24 bits, and as many activations meet in front of a sum in every engine of a
 * target: 160 on LUT6 fabric, 16 elsewhere. Cycles are those of one product in a chain of products: what fills an engine before the first one
 * (pipelines, the first tables) is left out for all.
 *
 * @param name of the engine
 * @param weights 1..8 bits, or "ternary" for two planes
 * @param activations "int8" or "fp16"
 * @param target where it is built
 * @param cycles of the product
 * @param design the hardware, on FPGAs with a few of the columns
 * @param repeat what of it makes the rest of the columns
 * @param rows of activations that take these cycles
 */
public record AreaEngine(
        String name,
        String weights,
        String activations,
        AreaTarget target,
        long cycles,
        Supplier<? extends Module> design,
        Repeat repeat,
        int rows) {

    AreaEngine(
            String name,
            String weights,
            AreaTarget target,
            long cycles,
            Supplier<? extends Module> design,
            Repeat repeat) {
        this(name, weights, "int8", target, cycles, design, repeat, 1);
    }

    /** Reduction length of the product. */
    public static final int K = 4096;

    /** Columns of every engine. */
    static final int N = 112;

    /** Columns at the RAMs of one table, and those that are built where columns share everything but themselves. */
    private static final int PORTS = 7;

    private static final int BLOCKS = 32;

    /** Columns of the product. */
    public static final int COLUMNS = BLOCKS * N;

    private static final int SUM_BITS = 24;

    /** Columns that share a precompute unit where every unit has its own. */
    private static final int UNIT = 16;

    /** Bits of FP16 activations under a shared exponent. */
    private static final int ALIGNED = 16;

    /** Bits that lose nothing of any FP16 activation. */
    private static final int LOSSLESS = 41;

    private static final List<String> WEIGHTS = List.of("1", "2", "3", "4", "8", "ternary");

    /** Products of a cycle, of the whole product and all its cycles. */
    public double productsPerCycle() {
        return (double) rows * K * COLUMNS / cycles;
    }

    /** All engines, widths and targets. */
    public static List<AreaEngine> all() {
        var engines = new ArrayList<AreaEngine>();
        for (AreaTarget target : AreaTarget.values()) {
            for (String weights : WEIGHTS) engines.addAll(of(target, weights));
        }
        return engines;
    }

    private static List<AreaEngine> of(AreaTarget target, String weights) {
        var engines = new ArrayList<AreaEngine>();
        boolean ternary = weights.equals("ternary");
        int planes = ternary ? 2 : Integer.parseInt(weights);
        int lanes = lanes(target);
        if (target == AreaTarget.LUT6) {
            engines.add(stationary("lut-stationary", weights, planes, 5, lanes / 5, false));
            if (ternary) engines.add(stationary("lut-stationary-ternary", weights, 1, 3, lanes / 3, true));
        }
        engines.add(table("lut-registers", TableKind.MAPPED, N, weights, planes, 4, lanes / 4, target));
        if (ternary) {
            engines.add(table("lut-registers-ternary", TableKind.TERNARY, N, weights, 1, 3, lanes / 3, target));
        }
        engines.add(table("symmetric", TableKind.SYMMETRIC, UNIT, weights, planes, 4, lanes / 4, target));
        engines.add(table("unpu", TableKind.FULL, UNIT, weights, planes, 4, lanes / 4, target));
        engines.add(adders("adders", weights, planes, false, lanes, target));
        engines.add(
                planes == 1
                        ? adders("mac", weights, 1, false, lanes, target)
                        : ternary
                                ? adders("mac", weights, 1, true, lanes, target)
                                : mac("mac", weights, planes, lanes, target));
        engines.add(mac("mac-int8", weights, 8, lanes, target));
        if (target == AreaTarget.LUT6) {
            engines.add(half("fp16-lut-stationary", weights, planes, ALIGNED));
            engines.add(half("fp16-lut-exact", weights, planes, LOSSLESS));
        } else {
            engines.add(half("fp16-lut-exact", weights, planes, LOSSLESS, lanes / 4, target));
        }
        engines.add(half("fp16-lut-registers", weights, planes, ALIGNED, lanes / 4, target));
        engines.add(halfMac(weights, lanes, target));
        return engines;
    }

    /** Activations in front of a sum. */
    static int lanes(AreaTarget target) {
        return target == AreaTarget.LUT6 ? 160 : 16;
    }

    /** A row of a point, for W = 2. */
    static AreaEngine point(AreaPoint p) {
        String name = "%s M=%d N=%d G=%d T=%d".formatted(p.ram() ? "RAM" : "registers", p.m(), p.n(), p.g(), p.t());
        int lanes = p.t() * p.g();
        // Blocks of other widths than the standard one's divide the columns of the product as they come.
        double blocks = (double) COLUMNS / p.n();
        if (p.ram()) {
            var whole = new StationaryArray.Params(p.n(), p.g(), p.t(), BLOCKS, SUM_BITS, PORTS);
            var few = new StationaryArray.Params(PORTS, p.g(), p.t(), BLOCKS, SUM_BITS, PORTS);
            double chunk = whole.chained(2, K / lanes + 1, BLOCKS);
            return new AreaEngine(
                    name,
                    "2",
                    p.target(),
                    Math.round(chunk * blocks / BLOCKS),
                    () -> new StationaryArray(few),
                    new Repeat(List.of("StationaryBundle"), p.n() / PORTS));
        }
        boolean cells = p.target() == AreaTarget.CELLS;
        var whole = new TableArray.Params(TableKind.MAPPED, p.n(), p.g(), p.t(), p.n(), SUM_BITS);
        int built = cells ? p.n() : PORTS;
        var few = new TableArray.Params(TableKind.MAPPED, built, p.g(), p.t(), built, SUM_BITS);
        return new AreaEngine(
                name,
                "2",
                p.target(),
                Math.round(whole.cycles(2, K, 1) * blocks),
                () -> new TableArray(few),
                cells ? Repeat.NONE : new Repeat(List.of("TableColumn"), p.n() / PORTS));
    }

    /** FP16 activations under a shared exponent, tables in distributed RAM. */
    private static AreaEngine half(String name, String weights, int planes, int bits) {
        int lanes = 160;
        var whole = new StationaryArray.Params(N, 5, lanes / 5, BLOCKS, SUM_BITS + bits - 8, PORTS, false, bits);
        var few = new StationaryArray.Params(PORTS, 5, lanes / 5, BLOCKS, SUM_BITS + bits - 8, PORTS, false, bits);
        return new AreaEngine(
                name,
                weights,
                "fp16",
                AreaTarget.LUT6,
                whole.chained(planes, (K + 1 + lanes - 1) / lanes, BLOCKS),
                () -> new SharedExponentStationary(new SharedExponentStationary.Params(few)),
                repeat(AreaTarget.LUT6, PORTS, "StationaryBundle", "IntegerToFloat"),
                1);
    }

    /** FP16 activations under a shared exponent, tables in registers. */
    private static AreaEngine half(String name, String weights, int planes, int bits, int t, AreaTarget target) {
        int columns = built(target, PORTS);
        var whole = new TableArray.Params(TableKind.MAPPED, N, 4, t, N, SUM_BITS + bits - 8, bits);
        var few = new TableArray.Params(TableKind.MAPPED, columns, 4, t, columns, SUM_BITS + bits - 8, bits);
        return new AreaEngine(
                name,
                weights,
                "fp16",
                target,
                whole.cycles(planes, K, BLOCKS),
                () -> new SharedExponentTables(new SharedExponentTables.Params(few)),
                repeat(target, columns, "TableColumn", "IntegerToFloat"),
                1);
    }

    /** FP16 multiply-add: weights of any width are FP16 numbers by then. */
    private static AreaEngine halfMac(String weights, int lanes, AreaTarget target) {
        boolean carrySave = target == AreaTarget.CELLS;
        var whole = new HalfMacArray.Params(N, lanes, carrySave);
        var few = new HalfMacArray.Params(built(target, PORTS), lanes, carrySave);
        return new AreaEngine(
                "fp16-mac",
                weights,
                "fp16",
                target,
                whole.cycles(K, BLOCKS),
                () -> new HalfMacArray(few),
                repeat(target, PORTS, "HalfMacColumn"),
                1);
    }

    /** What is counted several times where so few columns are built. */
    private static Repeat repeat(AreaTarget target, int built, String... modules) {
        return target == AreaTarget.CELLS ? Repeat.NONE : new Repeat(List.of(modules), N / built);
    }

    private static int built(AreaTarget target, int few) {
        return target == AreaTarget.CELLS ? N : few;
    }

    private static AreaEngine stationary(String name, String weights, int planes, int g, int t, boolean ternary) {
        var whole = new StationaryArray.Params(N, g, t, BLOCKS, SUM_BITS, PORTS, ternary);
        var few = new StationaryArray.Params(PORTS, g, t, BLOCKS, SUM_BITS, PORTS, ternary);
        int padding = ternary ? g : 1;
        int lanes = g * t;
        return new AreaEngine(
                name,
                weights,
                AreaTarget.LUT6,
                whole.chained(planes, (K + padding + lanes - 1) / lanes, BLOCKS),
                () -> new StationaryArray(few),
                repeat(AreaTarget.LUT6, PORTS, "StationaryBundle"));
    }

    private static AreaEngine table(
            String name, TableKind kind, int unit, String weights, int planes, int g, int t, AreaTarget target) {
        var whole = new TableArray.Params(kind, N, g, t, unit, SUM_BITS);
        int columns = built(target, unit == N ? PORTS : unit);
        var few = new TableArray.Params(kind, columns, g, t, Math.min(unit, columns), SUM_BITS);
        return new AreaEngine(
                name,
                weights,
                target,
                whole.cycles(planes, K, BLOCKS),
                () -> new TableArray(few),
                unit == N
                        ? repeat(target, columns, "TableColumn")
                        : repeat(target, columns, "TableColumn", "TableRegisters"));
    }

    private static AreaEngine adders(
            String name, String weights, int planes, boolean ternary, int lanes, AreaTarget target) {
        var whole = new AdderArray.Params(N, lanes, SUM_BITS, ternary);
        var few = new AdderArray.Params(built(target, PORTS), lanes, SUM_BITS, ternary);
        return new AreaEngine(
                name,
                weights,
                target,
                whole.cycles(planes, K, BLOCKS),
                () -> new AdderArray(few),
                repeat(target, PORTS, "AdderColumn"));
    }

    private static AreaEngine mac(String name, String weights, int bits, int lanes, AreaTarget target) {
        var whole = new MacArray.Params(N, lanes, bits, SUM_BITS);
        var few = new MacArray.Params(built(target, PORTS), lanes, bits, SUM_BITS);
        return new AreaEngine(
                name,
                weights,
                target,
                whole.cycles(K, BLOCKS),
                () -> new MacArray(few),
                repeat(target, PORTS, "MacColumn"));
    }
}
