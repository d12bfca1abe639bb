// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Data;
import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorShape;
import dev.lutra.pe.Tool;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import java.math.BigInteger;
import java.util.List;

/** A simulated vector unit beside its model: the same words, the same passes, the same bits in the cycles of the formula. */
public final class VectorBench implements AutoCloseable {
    private final VectorShape shape;
    private final VectorUnit unit;
    private final Simulator simulator;
    private final VectorModel model;

    public VectorBench(EngineKind engine, VectorShape shape) {
        this.shape = shape;
        var design = Circuit.of(() -> new VectorUnit(shape));
        unit = design.top();
        simulator = Tool.open(engine, design);
        model = new VectorModel(shape);
        simulator.poke(unit.passes.valid, false);
        simulator.poke(unit.put.valid, false);
        simulator.poke(unit.ask.valid, false);
        simulator.reset(2);
    }

    public VectorModel model() {
        return model;
    }

    /** Puts a row of the model into the unit. */
    public void put(int row) {
        var words = BigInteger.ZERO;
        for (int lane = shape.lanes() - 1; lane >= 0; lane--) {
            words = words.shiftLeft(32).or(BigInteger.valueOf(model.get(row, lane) & 0xFFFFFFFFL));
        }
        simulator.poke(unit.put.valid, true);
        simulator.poke(unit.put.bits.row, row);
        simulator.poke(unit.put.bits.lanes, (1L << shape.lanes()) - 1);
        simulator.poke(unit.put.bits.words, words);
        while (!simulator.peekBool(unit.put.ready)) simulator.step(1);
        simulator.step(1);
        simulator.poke(unit.put.valid, false);
    }

    /** Puts a vector into both. */
    public void put(int row, float[] vector) {
        model.put(row, vector);
        for (int r = 0; r < shape.rowsOf(vector.length); r++) put(row + r);
    }

    private List<Data> command() {
        var c = unit.passes.bits;
        return List.of(
                c.source,
                c.sign,
                c.constant,
                c.swapLanes,
                c.repeat,
                c.block,
                c.spread,
                c.factor,
                c.factorScalar,
                c.addend,
                c.addendScalar,
                c.function,
                c.result,
                c.reduction,
                c.keep,
                c.target,
                c.length,
                c.after,
                c.posts,
                c.x,
                c.swapRows,
                c.y,
                c.period,
                c.out);
    }

    /** Runs passes on both, compares the cycles. The unit must be idle before. */
    public long run(List<VectorPass> passes) {
        long start = -1;
        for (var pass : passes) {
            model.run(pass);
            offer(pass);
            if (start < 0) start = simulator.cycle();
        }
        simulator.poke(unit.passes.valid, false);
        simulator.runUntil(unit.idle, 1_000_000);
        long cycles = simulator.cycle() - start;
        assertThat(cycles).as("cycles of %s", passes).isEqualTo(VectorCycles.of(shape, passes));
        return cycles;
    }

    /** Puts rows of the model into the unit while a pass writes its results; the cycles that this takes. The unit must be idle before. */
    public long putBeside(VectorPass pass, int first, int count) {
        model.run(pass);
        offer(pass);
        simulator.poke(unit.passes.valid, false);
        simulator.step(VectorCycles.LATENCY);
        long start = simulator.cycle();
        for (int row = first; row < first + count; row++) put(row);
        long cycles = simulator.cycle() - start;
        simulator.runUntil(unit.idle, 1_000_000);
        return cycles;
    }

    /** A pass that the unit takes. */
    private void offer(VectorPass pass) {
        var ports = command();
        long[] values = VectorCommand.values(shape, pass);
        for (int i = 0; i < values.length; i++) simulator.poke(ports.get(i), values[i]);
        simulator.poke(unit.passes.valid, true);
        while (!simulator.peekBool(unit.passes.ready)) simulator.step(1);
        simulator.step(1);
    }

    /** Compares rows of the scratchpad and all scalar registers. */
    public void compare(int rows, Object about) {
        simulator.poke(unit.ask.valid, true);
        for (int row = 0; row < rows; row++) {
            simulator.poke(unit.ask.bits, row);
            simulator.step(1);
            var words = simulator.peekBig(unit.answer);
            for (int lane = 0; lane < shape.lanes(); lane++) {
                int actual = words.shiftRight(32 * lane).intValue();
                if (actual != model.get(row, lane)) {
                    assertThat("%08x".formatted(actual))
                            .as("row %d, lane %d; %s", row, lane, about)
                            .isEqualTo("%08x".formatted(model.get(row, lane)));
                }
            }
        }
        simulator.poke(unit.ask.valid, false);
        for (int i = 0; i < VectorShape.SCALARS; i++) {
            simulator.poke(unit.scalar, i);
            assertThat("%08x".formatted((int) simulator.peek(unit.scalarBits)))
                    .as("scalar %d; %s", i, about)
                    .isEqualTo("%08x".formatted(model.scalar(i)));
        }
    }

    @Override
    public void close() {
        simulator.close();
    }
}
