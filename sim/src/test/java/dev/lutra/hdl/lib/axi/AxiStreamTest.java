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
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AxiStreamTest {
    private record Beat(long data, long keep, boolean last) {}

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
        var random = new SplittableRandom(1);
        Elaboration<Buffer> design = Circuit.of(Buffer::new);
        AxiStream in = design.top().s_axis;
        AxiStream out = design.top().m_axis;
        assertThat(design.circuit().top().ports().stream().map(Port::name))
                .contains("s_axis_tvalid", "s_axis_tready", "s_axis_tdata", "s_axis_tkeep", "s_axis_tlast")
                .contains("m_axis_tvalid", "m_axis_tready", "m_axis_tdata", "m_axis_tkeep", "m_axis_tlast");
        List<Beat> sent = new ArrayList<>();
        List<Beat> received = new ArrayList<>();
        try (Simulator sim = Simulators.embedded(design)) {
            sim.reset(1);
            sim.step(1); // no offer at the first edge outside reset
            Beat waiting = null;
            for (int cycle = 0; cycle < 2000; cycle++) {
                if (waiting == null && random.nextBoolean()) {
                    waiting = new Beat(random.nextInt(1 << 16), random.nextInt(4), random.nextBoolean());
                    sim.poke(in.tdata, waiting.data);
                    sim.poke(in.tkeep, waiting.keep);
                    sim.poke(in.tlast, waiting.last);
                }
                sim.poke(in.tvalid, waiting != null);
                sim.poke(out.tready, random.nextBoolean());
                if (waiting != null && sim.peekBool(in.tready)) {
                    sent.add(waiting);
                    waiting = null;
                }
                if (sim.peekBool(out.tvalid) && sim.peek(out.tready) == 1) {
                    received.add(new Beat(sim.peek(out.tdata), sim.peek(out.tkeep), sim.peekBool(out.tlast)));
                }
                sim.step(1);
            }
        }
        assertThat(received).hasSizeGreaterThan(500).isEqualTo(sent.subList(0, received.size()));
        assertThat(sent.size() - received.size()).isBetween(0, 4);
    }

    @Test
    void partsOfBytesAreRefused() {
        assertThatThrownBy(() -> new AxiStream(12)).hasMessage("an AXI4-Stream of 12 bits: whole bytes, at least one");
    }
}
