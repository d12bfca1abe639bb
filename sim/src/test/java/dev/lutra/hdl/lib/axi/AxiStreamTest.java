// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.axi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.lib.check.AxiStreamChecker;
import dev.lutra.hdl.lib.check.Side;
import dev.lutra.hdl.lib.stream.StreamFifo;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.bench.Bench;
import dev.lutra.sim.bench.Gaps;
import dev.lutra.sim.junit.Engines;
import org.junit.jupiter.api.Test;

@Engines
class AxiStreamTest {
    private final EngineKind engine;

    AxiStreamTest(EngineKind engine) {
        this.engine = engine;
    }

    /** A packet buffer between two AXI4-Streams. */
    private static final class Buffer extends Module {
        final AxiStream s_axis = in(new AxiStream(16));
        final AxiStream m_axis = out(new AxiStream(16));

        Buffer() {
            var queue = new StreamFifo<>(new AxiStreamBeat(16), 4);
            queue.clear.set(false);
            s_axis.receive(queue.put);
            m_axis.send(queue.take);
            AxiStreamChecker.watch(s_axis, Side.SLAVE);
            AxiStreamChecker.watch(m_axis, Side.MASTER);
        }
    }

    @Test
    void beatsPassWithAllTheirParts() {
        Elaboration<Buffer> design = Circuit.of(Buffer::new);
        assertThat(design.circuit().top().ports().stream().map(Port::name))
                .contains("s_axis_tvalid", "s_axis_tready", "s_axis_tdata", "s_axis_tkeep", "s_axis_tlast")
                .contains("m_axis_tvalid", "m_axis_tready", "m_axis_tdata", "m_axis_tkeep", "m_axis_tlast");
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            sim.step(1); // no offer at the first edge outside reset
            var bench = new Bench(sim);
            AxiStream in = design.top().s_axis;
            var source = bench.source(in).gaps(Gaps.random(1, 2));
            var sink = bench.sink(design.top().m_axis).gaps(Gaps.random(1, 2));
            var board = bench.scoreboard(sink.taken());
            source.sent().forEach(board::expect);
            var data = bench.values(in.tdata);
            var keep = bench.values(in.tkeep);
            var last = bench.values(in.tlast);
            for (int i = 0; i < 1000; i++) {
                source.send(data.next(), keep.next(), last.next());
            }
            bench.runUntil(() -> board.compared() == 1000, 10_000);
            board.done();
        }
    }

    @Test
    void partsOfBytesAreRefused() {
        assertThatThrownBy(() -> new AxiStream(12)).hasMessage("an AXI4-Stream of 12 bits: whole bytes, at least one");
    }
}
