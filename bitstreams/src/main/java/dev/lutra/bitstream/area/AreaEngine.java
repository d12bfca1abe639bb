// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import dev.lutra.hdl.Module;
import dev.lutra.machine.Tables;
import dev.lutra.pe.MatrixEngines;
import dev.lutra.pe.MatrixShape;
import dev.lutra.pe.dot.AdderArray;
import dev.lutra.pe.dot.HalfMacArray;
import dev.lutra.pe.dot.HalfTableArray;
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
 * activations, {@link #COLUMNS} columns of weights. Sums have 24 bits, and every engine of a target has the columns and, in front of a
 * sum, the activations of the target's {@link AreaPoint#standard}. Cycles are those of one product in a chain of products: what fills an engine before the first one
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

    /** Columns at the RAMs of one table, and those that are built where columns share everything but themselves. */
    private static final int PORTS = 7;

    /** Columns of the product. */
    public static final int COLUMNS = 3584;

    /** Blocks of columns whose sums lie in the memories of a stationary array. */
    private static final int BLOCKS = 32;

    private static final int SUM_BITS = 24;

    /** Most slots that a code of the bit-serial engine comes in. */
    private static final int SLICES = 4;

    /** Lanes of a chain of the multiply-accumulate where a LUT has six inputs. */
    private static final int CHAIN = 8;

    /** Bits of FP16 activations under a shared exponent. */
    private static final int ALIGNED = 16;

    /** Bits that lose nothing of any FP16 activation. */
    private static final int LOSSLESS = 41;

    private static final List<String> WEIGHTS = List.of("1", "2", "3", "4", "8", "ternary");

    /** Whether it is an engine with tables, and not a rival of one. */
    public boolean ours() {
        return name.contains("lut-");
    }

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
        boolean lut6 = target == AreaTarget.LUT6;
        // Tables of 8 entries are the best ones in registers there.
        int g = lut6 ? 4 : AreaPoint.standard(target).g();
        int t = Math.round((float) lanes / g);
        if (lut6) {
            engines.add(stationary("lut-stationary", weights, planes, 5, lanes / 5, false));
            if (ternary) engines.add(stationary("lut-stationary-ternary", weights, 1, 3, lanes / 3, true));
        }
        engines.add(table("lut-registers", TableKind.MAPPED, weights, planes, g, t, target));
        if (ternary) engines.add(table("lut-registers-ternary", TableKind.TERNARY, weights, 1, 3, lanes / 3, target));
        engines.add(table("symmetric", TableKind.SYMMETRIC, weights, planes, g, t, target));
        engines.add(table("unpu", TableKind.FULL, weights, planes, g, t, target));
        var kind = lut6 ? AdderArray.Kind.HALVES : AdderArray.Kind.WHOLE;
        engines.add(adders("adders", weights, planes, kind, target));
        engines.add(
                planes == 1
                        ? adders("mac", weights, 1, kind, target)
                        : ternary
                                ? adders("mac", weights, 1, AdderArray.Kind.TERNARY, target)
                                : mac("mac", weights, planes, target));
        engines.add(mac("mac-int8", weights, 8, target));
        engines.add(bitPlanes("bitplane", weights, planes, target));
        engines.add(bitPlanes("bipolar", weights, planes, target));
        engines.add(serial(weights, planes, target));
        if (lut6) {
            engines.add(half("fp16-lut-stationary", weights, planes, ALIGNED));
            engines.add(half("fp16-lut-exact", weights, planes, LOSSLESS));
        } else {
            engines.add(half("fp16-lut-exact", weights, planes, LOSSLESS, g, t, target));
        }
        engines.add(half("fp16-lut-registers", weights, planes, ALIGNED, g, t, target));
        engines.add(rounded(weights, planes, g, t, target));
        engines.add(halfMac(weights, target));
        return engines;
    }

    /** Activations in front of a sum, as near as whole tables come. */
    private static int lanes(AreaTarget target) {
        return AreaPoint.standard(target).lanes();
    }

    /** Columns of every engine. */
    private static int columns(AreaTarget target) {
        return AreaPoint.standard(target).n();
    }

    /** Blocks of columns in the product. */
    private static int blocks(AreaTarget target) {
        return COLUMNS / columns(target);
    }

    /** Columns that share a precompute unit where every unit has its own. */
    private static int unit(AreaTarget target) {
        return columns(target) % 16 == 0 ? 16 : 14;
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
        var target = AreaTarget.LUT6;
        int lanes = lanes(target);
        var whole = new StationaryArray.Params(
                columns(target), 5, lanes / 5, BLOCKS, SUM_BITS + bits - 8, PORTS, false, bits);
        var few = new StationaryArray.Params(PORTS, 5, lanes / 5, BLOCKS, SUM_BITS + bits - 8, PORTS, false, bits);
        return new AreaEngine(
                name,
                weights,
                "fp16",
                target,
                whole.chained(planes, (K + 1 + lanes - 1) / lanes, BLOCKS),
                () -> new SharedExponentStationary(new SharedExponentStationary.Params(few)),
                repeat(target, PORTS, "StationaryBundle", "IntegerToFloat"),
                1);
    }

    /** FP16 activations under a shared exponent, tables in registers. */
    private static AreaEngine half(String name, String weights, int planes, int bits, int g, int t, AreaTarget target) {
        int n = columns(target);
        int built = built(target, PORTS);
        var whole = new TableArray.Params(TableKind.MAPPED, n, g, t, n, SUM_BITS + bits - 8, bits);
        var few = new TableArray.Params(TableKind.MAPPED, built, g, t, built, SUM_BITS + bits - 8, bits);
        return new AreaEngine(
                name,
                weights,
                "fp16",
                target,
                whole.cycles(planes, K, blocks(target)),
                () -> new SharedExponentTables(new SharedExponentTables.Params(few)),
                repeat(target, built, "TableColumn", "IntegerToFloat"),
                1);
    }

    /** FP16 tables with entries rounded to FP16, floating-point sums. */
    private static AreaEngine rounded(String weights, int planes, int g, int t, AreaTarget target) {
        var whole = new HalfTableArray.Params(columns(target), g, t, ALIGNED);
        var few = new HalfTableArray.Params(built(target, PORTS), g, t, ALIGNED);
        return new AreaEngine(
                "fp16-lut-rounded",
                weights,
                "fp16",
                target,
                whole.cycles(planes, K, blocks(target)),
                () -> new HalfTableArray(few),
                repeat(target, PORTS, "HalfTableColumn"),
                1);
    }

    /** FP16 multiply-add: weights of any width are FP16 numbers by then. */
    private static AreaEngine halfMac(String weights, AreaTarget target) {
        boolean carrySave = target == AreaTarget.CELLS;
        var whole = new HalfMacArray.Params(columns(target), lanes(target), carrySave);
        var few = new HalfMacArray.Params(built(target, PORTS), lanes(target), carrySave);
        return new AreaEngine(
                "fp16-mac",
                weights,
                "fp16",
                target,
                whole.cycles(K, blocks(target)),
                () -> new HalfMacArray(few),
                repeat(target, PORTS, "HalfMacColumn"),
                1);
    }

    /** What is counted several times where so few columns are built. */
    private static Repeat repeat(AreaTarget target, int built, String... modules) {
        return target == AreaTarget.CELLS ? Repeat.NONE : new Repeat(List.of(modules), columns(target) / built);
    }

    private static int built(AreaTarget target, int few) {
        return target == AreaTarget.CELLS ? columns(target) : few;
    }

    /** Bit planes of both sides, of the accelerator: a plane of the weights a slot with all of the activations. */
    private static AreaEngine bitPlanes(String name, String weights, int planes, AreaTarget target) {
        int lanes = lanes(target);
        var shape = new MatrixShape(1, columns(target), lanes, 1, false, SUM_BITS, SUM_BITS);
        return new AreaEngine(
                name,
                weights,
                target,
                (long) planes * ((K + lanes - 1) / lanes) * blocks(target),
                () -> MatrixEngines.named(name).core(shape),
                Repeat.NONE);
    }

    /** Term-serial array of the accelerator, without group scales as the others are. */
    private static AreaEngine serial(String weights, int planes, AreaTarget target) {
        int lanes = lanes(target);
        int terms = (planes + 1) / 2;
        int built = built(target, PORTS);
        long slots = (long) terms * ((K + lanes - 1) / lanes);
        return new AreaEngine(
                "bitserial",
                weights,
                target,
                slots * blocks(target),
                () -> MatrixEngines.named("bitserial")
                        .core(new MatrixShape(
                                1,
                                built,
                                lanes,
                                1,
                                false,
                                SUM_BITS,
                                SUM_BITS,
                                2,
                                SLICES,
                                2 * lanes,
                                8,
                                16 * built,
                                Tables.REGISTERS,
                                null)),
                repeat(target, built, "SerialColumn", "SerialElement"));
    }

    private static AreaEngine stationary(String name, String weights, int planes, int g, int t, boolean ternary) {
        var target = AreaTarget.LUT6;
        var whole = new StationaryArray.Params(columns(target), g, t, BLOCKS, SUM_BITS, PORTS, ternary);
        var few = new StationaryArray.Params(PORTS, g, t, BLOCKS, SUM_BITS, PORTS, ternary);
        int padding = ternary ? g : 1;
        int lanes = g * t;
        return new AreaEngine(
                name,
                weights,
                target,
                whole.chained(planes, (K + padding + lanes - 1) / lanes, BLOCKS),
                () -> new StationaryArray(few),
                repeat(target, PORTS, "StationaryBundle"));
    }

    private static AreaEngine table(
            String name, TableKind kind, String weights, int planes, int g, int t, AreaTarget target) {
        int n = columns(target);
        boolean shared = kind == TableKind.MAPPED || kind == TableKind.TERNARY;
        int unit = shared ? n : unit(target);
        var whole = new TableArray.Params(kind, n, g, t, unit, SUM_BITS);
        int built = built(target, shared ? PORTS : unit);
        var few = new TableArray.Params(kind, built, g, t, Math.min(unit, built), SUM_BITS);
        return new AreaEngine(
                name,
                weights,
                target,
                whole.cycles(planes, K, blocks(target)),
                () -> new TableArray(few),
                shared ? repeat(target, built, "TableColumn") : repeat(target, built, "TableColumn", "TableRegisters"));
    }

    private static AreaEngine adders(String name, String weights, int planes, AdderArray.Kind kind, AreaTarget target) {
        var whole = new AdderArray.Params(columns(target), lanes(target), SUM_BITS, kind);
        var few = new AdderArray.Params(built(target, PORTS), lanes(target), SUM_BITS, kind);
        return new AreaEngine(
                name,
                weights,
                target,
                whole.cycles(planes, K, blocks(target)),
                () -> new AdderArray(few),
                repeat(target, PORTS, kind == AdderArray.Kind.HALVES ? "HalvesColumn" : "AdderColumn"));
    }

    private static AreaEngine mac(String name, String weights, int bits, AreaTarget target) {
        int chain = target == AreaTarget.LUT6 ? CHAIN : 2;
        var whole = new MacArray.Params(columns(target), lanes(target), bits, SUM_BITS, chain);
        var few = new MacArray.Params(built(target, PORTS), lanes(target), bits, SUM_BITS, chain);
        return new AreaEngine(
                name,
                weights,
                target,
                whole.cycles(K, blocks(target)),
                () -> new MacArray(few),
                repeat(target, PORTS, "MacColumn"));
    }
}
