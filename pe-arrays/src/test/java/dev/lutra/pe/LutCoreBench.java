// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Data;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import java.math.BigInteger;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Runs slots through a simulated {@link LutCore} and compares every cycle of its outputs. */
final class LutCoreBench {

    private final LutCore.Params p;
    private final LutCore core;
    private final Simulator simulator;

    LutCoreBench(LutCore.Params p, LutCore core, Simulator simulator) {
        this.p = p;
        this.core = core;
        this.simulator = simulator;
    }

    /** Compares a core of a shape with its model on random products; a failure tells the seed. */
    static void randomProducts(LutCore.Params p, EngineKind engine, int runs) {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        var random = new Random(seed);
        var design = Circuit.of(() -> new LutCore(p));
        try (var simulator = Tool.open(engine, design)) {
            var bench = new LutCoreBench(p, design.top(), simulator);
            for (int run = 0; run < runs; run++) {
                try {
                    bench.check(LutCoreScenarios.random(p, random, 6));
                } catch (AssertionError e) {
                    throw new AssertionError(p + ", run " + run + ", -Dlutra.seed=" + seed + ": " + e.getMessage(), e);
                }
            }
        }
    }

    /** Resets the core, applies the slots, and requires the results in exactly their cycles, held until the next ones. */
    void check(Slots slots) {
        slots.idle(LutCore.latency(p.t(), true) + 2);
        int cycles = slots.cycles().size();
        var batch = simulator.batch(inputs(), outputs(), cycles);
        var stimulus = batch.stimulus().duplicate();
        slots.cycles().forEach(slot -> put(stimulus, slot));
        simulator.reset(1);
        batch.run(cycles);

        var expected = slots.results().iterator();
        Slots.Result next = expected.hasNext() ? expected.next() : null;
        Slots.Result held = null;
        for (int cycle = 0; cycle < cycles; cycle++) {
            boolean arrives = next != null && next.cycle() == cycle;
            if (arrives) {
                held = next;
                next = expected.hasNext() ? expected.next() : null;
            }
            if (batch.get(cycle, 0) != 0 != arrives) {
                fail("cycle %d: resultValid should be %b", cycle, arrives);
            }
            for (int m = 0; held != null && m < held.values().length; m++) {
                for (int n = 0; n < held.values()[m].length; n++) {
                    long actual = batch.get(cycle, 1 + m * p.n() + n);
                    if (actual != held.values()[m][n]) {
                        fail(
                                "cycle %d: result [%d][%d] of cycle %d is %d, should be %d",
                                cycle, m, n, held.cycle(), actual, held.values()[m][n]);
                    }
                }
            }
        }
        assertThat(next).as("results that never came").isNull();
    }

    private List<Data> inputs() {
        var control = core.control;
        var inputs = new ArrayList<Data>(List.of(
                control.valid,
                control.planeFirst,
                control.planeLast,
                control.groupFirst,
                control.groupLast,
                control.blockFirst,
                control.blockLast,
                control.zeroPoint,
                core.activations,
                core.weights));
        if (core.scale != null) {
            inputs.add(core.scale.valid);
            inputs.add(core.scale.values);
        }
        return inputs;
    }

    private List<Data> outputs() {
        var outputs = new ArrayList<Data>(List.of(core.resultValid));
        outputs.addAll(core.result.asList());
        return outputs;
    }

    private void put(LongBuffer row, Slots.Slot slot) {
        put(row, slot.valid());
        put(row, slot.planeFirst());
        put(row, slot.planeLast());
        put(row, slot.groupFirst());
        put(row, slot.groupLast());
        put(row, slot.blockFirst());
        put(row, slot.blockLast());
        row.put(slot.zeroPoint());
        put(row, slot.activations(), core.activations.width());
        put(row, slot.weights(), core.weights.width());
        if (core.scale != null) {
            put(row, slot.scaled());
            put(row, slot.scales(), core.scale.values.width());
        }
    }

    private static void put(LongBuffer row, boolean value) {
        row.put(value ? 1 : 0);
    }

    private static void put(LongBuffer row, BigInteger value, int width) {
        for (int bit = 0; bit < width; bit += 64) {
            row.put(value.shiftRight(bit).longValue());
        }
    }
}
