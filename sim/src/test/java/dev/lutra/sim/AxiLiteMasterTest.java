// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static dev.lutra.hdl.Hdl.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.sim.junit.Engines;
import org.junit.jupiter.api.Test;

@Engines
class AxiLiteMasterTest {
    private final EngineKind engine;

    AxiLiteMasterTest(EngineKind engine) {
        this.engine = engine;
    }

    /** 16 registers; 0x40 answers with SLVERR, 0x80 never; addresses are accepted with a delay, data only after them. */
    private static final class Registers extends Module {
        final Bool s_axi_awvalid = in(bool());
        final Bool s_axi_awready = out(bool());
        final UInt s_axi_awaddr = in(uint(8));
        final Bool s_axi_wvalid = in(bool());
        final Bool s_axi_wready = out(bool());
        final Bits s_axi_wdata = in(bits(32));
        final Bits s_axi_wstrb = in(bits(4));
        final Bool s_axi_bvalid = out(bool());
        final Bool s_axi_bready = in(bool());
        final UInt s_axi_bresp = out(uint(2));
        final Bool s_axi_arvalid = in(bool());
        final Bool s_axi_arready = out(bool());
        final UInt s_axi_araddr = in(uint(8));
        final Bool s_axi_rvalid = out(bool());
        final Bool s_axi_rready = in(bool());
        final Bits s_axi_rdata = out(bits(32));
        final UInt s_axi_rresp = out(uint(2));

        Registers() {
            var tick = reg(uint(2)).init(0);
            tick.set(tick.wrapAdd(1));
            var file = memory(bits(32), 16);

            var written = reg(bool()).init(false);
            var toWrite = reg(uint(8)).init(0);
            var answer = reg(bool()).init(false);
            s_axi_awready.set(tick.eq(2).and(written.not()).and(answer.not()));
            s_axi_wready.set(written.and(tick.eq(1)));
            when(s_axi_awvalid.and(s_axi_awready), () -> {
                written.set(true);
                toWrite.set(s_axi_awaddr);
            });
            when(s_axi_wvalid.and(s_axi_wready), () -> {
                written.set(false);
                answer.set(toWrite.ne(0x80));
                when(toWrite.lt(0x40), () -> file.write(toWrite.bits(5, 2), s_axi_wdata, s_axi_wstrb));
            });
            when(answer.and(s_axi_bready), () -> answer.set(false));
            s_axi_bvalid.set(answer);
            s_axi_bresp.set(mux(toWrite.ge(0x40), lit(2, 2), lit(0, 2)));

            var data = reg(bool()).init(false);
            var from = reg(uint(8)).init(0);
            s_axi_arready.set(tick.eq(3).and(data.not()));
            when(s_axi_arvalid.and(s_axi_arready), () -> {
                data.set(s_axi_araddr.ne(0x80));
                from.set(s_axi_araddr);
            });
            when(data.and(s_axi_rready), () -> data.set(false));
            s_axi_rvalid.set(data);
            s_axi_rdata.set(file.readAsync(from.bits(5, 2)));
            s_axi_rresp.set(mux(from.ge(0x40), lit(2, 2), lit(0, 2)));
        }
    }

    private final dev.lutra.hdl.Elaboration<Registers> design = Circuit.of(Registers::new);

    @Test
    void readsWhatItWrote() {
        try (var sim = engine.open(design)) {
            var registers = sim.attachMmio("s_axi");
            sim.reset(1);
            for (int i = 0; i < 16; i++) {
                registers.write(4 * i, 0x8000_0001 * i);
            }
            for (int i = 15; i >= 0; i--) {
                assertThat(registers.read(4 * i)).isEqualTo(0x8000_0001 * i);
            }
            assertThat(sim.cycle()).isBetween(16 * 8L, 16 * 16L);
        }
    }

    @Test
    void badAnswersAreErrors() {
        try (var sim = engine.open(design)) {
            var registers = sim.attachMmio("s_axi");
            sim.reset(1);
            assertThatThrownBy(() -> registers.write(0x40, 1))
                    .hasMessageMatching("s_axi: write to 0x40 was answered with SLVERR in cycle \\d+");
            assertThatThrownBy(() -> registers.read(0x44))
                    .hasMessageContaining("read of 0x44 was answered with SLVERR");
            assertThatThrownBy(() -> registers.read(0x80)).hasMessageContaining("read of 0x80 was not answered");
            assertThatThrownBy(() -> registers.read(0x42)).hasMessageContaining("multiple of 4");
            assertThatThrownBy(() -> registers.read(0x100)).hasMessageContaining("8 bits");
            assertThatThrownBy(() -> sim.poke(design.top().s_axi_awvalid, 1)).hasMessageContaining("driven by");
        }
    }
}
