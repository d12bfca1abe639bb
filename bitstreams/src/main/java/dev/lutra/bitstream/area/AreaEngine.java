// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import dev.lutra.hdl.Module;
import dev.lutra.pe.dot.AdderArray;
import dev.lutra.pe.dot.MacArray;
import dev.lutra.pe.dot.StationaryArray;
import dev.lutra.pe.dot.TableArray;
import dev.lutra.pe.dot.TableKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * An engine at a width of weights on a target, with the cycles it takes for the product that all are compared by: one row of {@link #K}
 * activations, {@link #COLUMNS} columns of weights. Sums have 24 bits, and as many activations meet in front of a sum in every engine of a
 * target: 160 on LUT6 fabric, 16 elsewhere.
 *
 * @param name of the engine
 * @param weights 1..8 bits, or "ternary" for two planes
 * @param target where it is built
 * @param cycles of the product
 * @param design the hardware
 */
public record AreaEngine(
        String name, String weights, AreaTarget target, long cycles, Supplier<? extends Module> design) {

    /** Reduction length of the product. */
    public static final int K = 4096;

    /** Columns of every engine, of multiply-accumulate with wide weights a quarter. */
    static final int N = 112;

    private static final int BLOCKS = 32;

    /** Columns of the product. */
    public static final int COLUMNS = BLOCKS * N;

    private static final int SUM_BITS = 24;

    /** Columns that share a precompute unit where every unit has its own. */
    private static final int UNIT = 16;

    private static final List<String> WEIGHTS = List.of("1", "2", "3", "4", "8", "ternary");

    /** Activations. */
    public String activations() {
        return "int8";
    }

    /** Products of a cycle, of the whole product and all its cycles. */
    public double productsPerCycle() {
        return (double) K * COLUMNS / cycles;
    }

    /** All engines, widths and targets. */
    public static List<AreaEngine> all() {
        var engines = new ArrayList<AreaEngine>();
        for (AreaTarget target : AreaTarget.values()) {
            for (String weights : WEIGHTS) {
                int planes = weights.equals("ternary") ? 2 : Integer.parseInt(weights);
                int lanes = target == AreaTarget.LUT6 ? 160 : 16;
                if (target == AreaTarget.LUT6) {
                    var table = new StationaryArray.Params(N, 5, lanes / 5, BLOCKS, SUM_BITS, 7);
                    // One activation of a row is padding.
                    long cycles = table.cycles(planes, K / lanes + 1, BLOCKS);
                    engines.add(new AreaEngine(
                            "lut-stationary", weights, target, cycles, () -> new StationaryArray(table)));
                }
                engines.add(table("lut-registers", TableKind.MAPPED, N, weights, planes, lanes, target));
                engines.add(table("symmetric", TableKind.SYMMETRIC, UNIT, weights, planes, lanes, target));
                engines.add(table("unpu", TableKind.FULL, UNIT, weights, planes, lanes, target));
                var adders = new AdderArray.Params(N, lanes, SUM_BITS);
                engines.add(new AreaEngine(
                        "adders", weights, target, adders.cycles(planes, K, BLOCKS), () -> new AdderArray(adders)));
                if (planes == 1) {
                    engines.add(new AreaEngine(
                            "mac", weights, target, adders.cycles(1, K, BLOCKS), () -> new AdderArray(adders)));
                } else {
                    engines.add(mac("mac", weights, planes, lanes, target));
                }
                engines.add(mac("mac-int8", weights, 8, lanes, target));
            }
        }
        return engines;
    }

    private static AreaEngine table(
            String name, TableKind kind, int unit, String weights, int planes, int lanes, AreaTarget target) {
        var p = new TableArray.Params(kind, N, 4, lanes / 4, unit, SUM_BITS);
        return new AreaEngine(name, weights, target, p.cycles(planes, K, BLOCKS), () -> new TableArray(p));
    }

    private static AreaEngine mac(String name, String weights, int bits, int lanes, AreaTarget target) {
        // A port has up to 65,536 bits; columns share nothing but control, so a quarter of them says the same.
        int parts = N * lanes * bits > 65_536 ? 4 : 1;
        var p = new MacArray.Params(N / parts, lanes, bits, SUM_BITS);
        return new AreaEngine(name, weights, target, p.cycles(K, BLOCKS * parts), () -> new MacArray(p));
    }
}
