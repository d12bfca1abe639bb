// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.check;

import static dev.lutra.hdl.Hdl.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.axi.AxiLite;
import dev.lutra.hdl.lib.axi.AxiStream;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.engine.RequireException;
import dev.lutra.sim.junit.Engines;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The rules of streams, AXI4-Stream and AXI4-Lite, each broken once, and legal random traffic. */
@Engines
class CheckersTest {
    private final EngineKind engine;

    CheckersTest(EngineKind engine) {
        this.engine = engine;
    }

    /** What the checkers say in one cycle. */
    private static String said(Simulator sim) {
        try {
            sim.step(1);
            return "";
        } catch (RequireException e) {
            return e.getMessage();
        }
    }

    @Test
    void anOfferIsHeld() {
        Elaboration<StreamChecker<UInt>> design = Circuit.of(() -> new StreamChecker<>(uint(8), Side.MASTER));
        Decoupled<UInt> stream = design.top().stream;
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            sim.poke(stream.valid, true);
            sim.poke(stream.bits, 5);
            assertThat(said(sim)).isEmpty();
            sim.poke(stream.bits, 6);
            assertThat(said(sim))
                    .startsWith("require failed")
                    .contains(": payload changed while valid waited for ready;");
            sim.poke(stream.ready, true);
            assertThat(said(sim)).isEmpty();
            sim.poke(stream.bits, 7);
            sim.poke(stream.ready, false);
            assertThat(said(sim)).isEmpty();
            sim.poke(stream.valid, false);
            assertThat(said(sim)).contains(": valid fell before ready;");
            sim.poke(stream.valid, true);
            sim.step(1);
            sim.poke(stream.valid, false);
            sim.reset(1);
            assertThat(said(sim)).as("reset ends all offers").isEmpty();
        }
    }

    @Test
    void theOtherSideIsAssumed() {
        Elaboration<StreamChecker<UInt>> design = Circuit.of(() -> new StreamChecker<>(uint(8), Side.SLAVE));
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            sim.poke(design.top().stream.valid, true);
            sim.step(1);
            sim.poke(design.top().stream.valid, false);
            assertThat(said(sim)).startsWith("assume failed").contains("valid fell before ready");
        }
    }

    @Test
    void beatsOfAnAxiStream() {
        var design = Circuit.of(() -> new AxiStreamChecker(new AxiStreamChecker.Params(16, Side.BOTH)));
        AxiStream bus = design.top().bus;
        try (Simulator sim = engine.open(design)) {
            sim.poke(bus.tvalid, true);
            sim.reset(1);
            assertThat(said(sim)).contains("T: valid at the first edge after reset");
            sim.poke(bus.tkeep, 1);
            assertThat(said(sim)).contains("T: payload changed");
            sim.poke(bus.tlast, true);
            assertThat(said(sim)).contains("T: payload changed");
            sim.poke(bus.tvalid, false);
            assertThat(said(sim)).contains("T: valid fell");
            var random = new SplittableRandom(3);
            boolean waits = false;
            for (int cycle = 0; cycle < 1000; cycle++) {
                if (!waits) {
                    sim.poke(bus.tvalid, random.nextBoolean());
                    sim.poke(bus.tdata, random.nextInt(1 << 16));
                    sim.poke(bus.tkeep, random.nextInt(4));
                    sim.poke(bus.tlast, random.nextBoolean());
                }
                sim.poke(bus.tready, random.nextBoolean());
                waits = sim.peekBool(bus.tvalid) && !sim.peekBool(bus.tready);
                sim.step(1);
            }
        }
    }

    private final Elaboration<AxiLiteChecker> lite =
            Circuit.of(() -> new AxiLiteChecker(new AxiLiteChecker.Params(8, 3, Side.BOTH)));
    private final AxiLite bus = lite.top().bus;

    private Simulator startLite() {
        Simulator sim = engine.open(lite);
        sim.reset(1);
        sim.step(1);
        return sim;
    }

    @Test
    void everyChannelOfAxiLiteHoldsItsOffers() {
        record Channel(String name, Bool valid, Data payload) {}
        for (var channel : List.of(
                new Channel("AR", bus.arvalid, bus.araddr),
                new Channel("AW", bus.awvalid, bus.awaddr),
                new Channel("W", bus.wvalid, bus.wdata),
                new Channel("W", bus.wvalid, bus.wstrb),
                new Channel("R", bus.rvalid, bus.rdata),
                new Channel("R", bus.rvalid, bus.rresp),
                new Channel("B", bus.bvalid, bus.bresp))) {
            try (Simulator sim = engine.open(lite)) {
                sim.reset(1);
                sim.poke(channel.valid, true);
                assertThat(said(sim)).contains(channel.name + ": valid at the first edge after reset");
                sim.poke(channel.payload, 2);
                assertThat(said(sim)).contains(channel.name + ": payload changed");
                sim.poke(channel.valid, false);
                assertThat(said(sim)).contains(channel.name + ": valid fell");
            }
        }
    }

    @Test
    void responsesOfAxiLiteAnswerSomething() {
        try (Simulator sim = startLite()) {
            sim.poke(bus.rready, true);
            sim.poke(bus.bready, true);
            sim.poke(bus.rvalid, true);
            assertThat(said(sim)).contains("R: read data for an ID without an open read");
            sim.poke(bus.arvalid, true);
            sim.poke(bus.arready, true);
            assertThat(said(sim)).as("in the same cycle").contains("R: read data for an ID without an open read");
            sim.poke(bus.rvalid, false);
            sim.step(3);
            assertThat(said(sim)).contains("AR: more accesses are open than the checker follows");
            sim.poke(bus.arvalid, false);
            sim.poke(bus.rvalid, true);
            sim.poke(bus.rresp, 1);
            assertThat(said(sim)).contains("R: EXOKAY without an exclusive access");
            sim.poke(bus.rvalid, false);

            sim.poke(bus.wvalid, true);
            sim.poke(bus.wready, true);
            sim.step(1);
            sim.poke(bus.wvalid, false);
            sim.poke(bus.bvalid, true);
            assertThat(said(sim)).contains("B: write response for an ID without a finished write");
        }
    }

    /** Everything that AXI4-Lite allows, data before its address too. */
    @Test
    void legalAxiLiteTrafficPasses() {
        var random = new SplittableRandom(5);
        try (Simulator sim = startLite()) {
            int reads = 0;
            int addresses = 0;
            int data = 0;
            int answers = 0;
            boolean[] waits = new boolean[5];
            for (int cycle = 0; cycle < 5000; cycle++) {
                if (!waits[0]) {
                    sim.poke(bus.arvalid, reads < 3 && random.nextBoolean());
                    sim.poke(bus.araddr, random.nextInt(256));
                }
                if (!waits[1]) {
                    sim.poke(bus.awvalid, addresses < 3 && random.nextBoolean());
                    sim.poke(bus.awaddr, random.nextInt(256));
                }
                if (!waits[2]) {
                    sim.poke(bus.wvalid, data < 3 && random.nextBoolean());
                    sim.poke(bus.wdata, random.nextLong(1L << 32));
                    sim.poke(bus.wstrb, random.nextInt(16));
                }
                if (!waits[3]) {
                    sim.poke(bus.rvalid, reads > 0 && random.nextInt(3) == 0);
                    sim.poke(bus.rdata, random.nextLong(1L << 32));
                    sim.poke(bus.rresp, random.nextBoolean() ? 2 : 0);
                }
                if (!waits[4]) {
                    sim.poke(bus.bvalid, addresses > 0 && data > 0 && random.nextInt(3) == 0);
                    sim.poke(bus.bresp, random.nextBoolean() ? 3 : 0);
                }
                sim.poke(bus.arready, random.nextBoolean());
                sim.poke(bus.awready, random.nextBoolean());
                sim.poke(bus.wready, random.nextBoolean());
                sim.poke(bus.rready, random.nextBoolean());
                sim.poke(bus.bready, random.nextBoolean());
                Bool[] valid = {bus.arvalid, bus.awvalid, bus.wvalid, bus.rvalid, bus.bvalid};
                Bool[] ready = {bus.arready, bus.awready, bus.wready, bus.rready, bus.bready};
                int[] taken = new int[5];
                for (int i = 0; i < 5; i++) {
                    taken[i] = sim.peekBool(valid[i]) && sim.peekBool(ready[i]) ? 1 : 0;
                    waits[i] = sim.peekBool(valid[i]) && taken[i] == 0;
                }
                reads += taken[0] - taken[3];
                addresses += taken[1] - taken[4];
                data += taken[2] - taken[4];
                answers += taken[4];
                sim.step(1);
                assertThat(sim.peek(lite.top().reads)).isEqualTo(reads);
                assertThat(sim.peek(lite.top().writeAddresses)).isEqualTo(addresses);
                assertThat(sim.peek(lite.top().writeData)).isEqualTo(data);
            }
            assertThat(answers).isGreaterThan(500);
        }
    }

    /** Two streams watched by name. */
    private static final class Watched extends Module {
        final Decoupled<UInt> in = in(decoupled(uint(4)));
        final Decoupled<UInt> out = out(decoupled(uint(4)));
        final StreamChecker<UInt> before = StreamChecker.watch(in, Side.SLAVE);

        Watched() {
            out.set(in);
            var after = StreamChecker.watch(out, Side.MASTER);
            require(after.stream.valid.eq(before.stream.valid), "valid passes");
        }
    }

    @Test
    void aMessageNamesTheChecker() {
        var design = Circuit.of(Watched::new);
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            sim.poke(design.top().in.valid, true);
            sim.step(1);
            sim.poke(design.top().in.valid, false);
            assertThatThrownBy(() -> sim.step(1))
                    .hasMessageContaining("(in Watched.before")
                    .hasMessageContaining("(in Watched.after");
        }
    }
}
