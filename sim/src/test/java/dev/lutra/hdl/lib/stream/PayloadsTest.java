// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SFix;
import dev.lutra.hdl.UInt;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** The streams of the library carry numbers of every kind. */
@Engines
class PayloadsTest {
    private final EngineKind engine;

    PayloadsTest(EngineKind engine) {
        this.engine = engine;
    }

    enum Mode {
        SLOW,
        FAST,
        STOP
    }

    static final class Beat extends Bundle {
        final SFix gain = field(sfix(2, 6));
        final UInt digit = field(uint(range(0, 9)));
        final EnumSignal<Mode> mode = field(enumOf(Mode.class));
    }

    @Test
    void aFifoKeepsFixedPointRangesAndEnumerations() {
        var design = Circuit.of(() -> new StreamFifo<>(new Beat(), 5));
        var fifo = design.top();
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            sim.poke(fifo.put.valid, true);
            for (int i = 0; i < 4; i++) {
                sim.poke(fifo.put.bits.gain, new BigDecimal(i - 2).divide(BigDecimal.valueOf(64)));
                sim.poke(fifo.put.bits.digit, 9 - i);
                sim.poke(fifo.put.bits.mode, i % 3);
                sim.step(1);
            }
            sim.poke(fifo.put.valid, false);
            sim.poke(fifo.take.ready, true);
            for (int i = 0; i < 4; i++) {
                assertThat(sim.peekBool(fifo.take.valid)).isTrue();
                assertThat(sim.peekDecimal(fifo.take.bits.gain))
                        .isEqualByComparingTo(new BigDecimal(i - 2).divide(BigDecimal.valueOf(64)));
                assertThat(sim.peek(fifo.take.bits.digit)).isEqualTo(9 - i);
                assertThat(sim.peek(fifo.take.bits.mode)).isEqualTo(i % 3);
                sim.step(1);
            }
        }
    }

    @Test
    void soDoTheOthers() {
        assertThat(Circuit.of(() -> new SkidBuffer<>(new Beat())).warnings()).isEmpty();
        var params = new StreamArbiter.Params(3, StreamArbiter.Order.ROUND_ROBIN, true);
        assertThat(Circuit.of(() -> new StreamArbiter<>(new Beat(), params)).warnings())
                .isEmpty();
        assertThat(Circuit.of(() -> new StreamArbiter<>(Hdl.sint(Hdl.range(-1, 1)), params))
                        .warnings())
                .isEmpty();
        assertThat(Circuit.of(() -> new StreamDemultiplexer<>(new Beat(), 3)).warnings())
                .isEmpty();
    }
}
