// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.uart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@Engines
class UartEchoTest {
    private final EngineKind engine;

    UartEchoTest(EngineKind engine) {
        this.engine = engine;
    }

    private static final int CLOCKS_PER_BIT = 16;

    private final SerialLine other = new SerialLine(CLOCKS_PER_BIT * 0.98);
    private UartEcho echo;

    /** Runs the design with the other end for some cycles after that has nothing more to send. */
    private void run(int depth, int bitsMore, java.util.function.Consumer<Simulator> check) {
        var design = Circuit.of(() -> new UartEcho(new UartEcho.Params(CLOCKS_PER_BIT, depth)));
        echo = design.top();
        try (var sim = engine.open(design)) {
            sim.poke(echo.rx, 1);
            sim.reset(1);
            long end = Long.MAX_VALUE;
            while (sim.cycle() < end) {
                if (!other.sends() && end == Long.MAX_VALUE) {
                    end = sim.cycle() + (long) bitsMore * CLOCKS_PER_BIT;
                }
                sim.poke(echo.rx, other.level(sim.cycle()));
                other.observe(sim.cycle(), sim.peekBool(echo.tx));
                sim.step(1);
            }
            check.accept(sim);
        }
    }

    @Test
    void whatComesGoesBackInOrder() {
        var random = new Random(1);
        List<Integer> sent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            sent.add(random.nextInt(256));
            other.send(sent.get(i));
        }
        run(8, 80, sim -> {
            assertThat(other.received).isEqualTo(sent);
            assertThat(sim.peek(echo.overflows)).isZero();
            assertThat(sim.peek(echo.framingErrors)).isZero();
        });
    }

    /** The other end is 2 % faster: of a long stream without a pause some bytes are lost, and counted. */
    @Test
    void bytesThatFindTheQueueFullAreCounted() {
        List<Integer> sent = IntStream.range(0, 250).boxed().collect(Collectors.toList());
        sent.forEach(other::send);
        run(1, 40, sim -> {
            long lost = sim.peek(echo.overflows);
            assertThat(lost).isPositive();
            assertThat(other.received)
                    .hasSize(250 - (int) lost)
                    .isSubsetOf(sent)
                    .isSorted();
        });
    }

    @Test
    void bytesWithoutStopBitAreCounted() {
        for (int i = 0; i < 300; i++) {
            other.sendWithoutStop(0x55);
        }
        other.send(0x33);
        run(4, 40, sim -> {
            assertThat(other.received).containsExactly(0x33);
            assertThat(sim.peek(echo.framingErrors)).isEqualTo(255);
        });
    }
}
