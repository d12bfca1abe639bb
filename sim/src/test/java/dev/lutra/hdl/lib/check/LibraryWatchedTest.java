// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Vec;
import dev.lutra.hdl.lib.axi.AxiLite;
import dev.lutra.hdl.lib.registers.Access;
import dev.lutra.hdl.lib.registers.AxiLiteSlave;
import dev.lutra.hdl.lib.registers.RegisterFile;
import dev.lutra.hdl.lib.registers.RegisterMap;
import dev.lutra.hdl.lib.registers.RegisterMap.Register;
import dev.lutra.hdl.lib.stream.SkidBuffer;
import dev.lutra.hdl.lib.stream.StreamArbiter;
import dev.lutra.hdl.lib.stream.StreamArbiter.Order;
import dev.lutra.hdl.lib.stream.StreamDemultiplexer;
import dev.lutra.hdl.lib.stream.StreamFifo;
import dev.lutra.hdl.lib.stream.StreamNarrower;
import dev.lutra.hdl.lib.stream.StreamWidener;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.bench.Bench;
import dev.lutra.sim.bench.Gaps;
import dev.lutra.sim.bench.Scoreboard;
import dev.lutra.sim.bench.Sink;
import dev.lutra.sim.junit.Engines;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The modules of the library keep the rules of their interfaces, with checkers at every port and random traffic. */
@Engines
class LibraryWatchedTest {
    private final EngineKind engine;

    LibraryWatchedTest(EngineKind engine) {
        this.engine = engine;
    }

    /** Two streams become one, which goes through every kind of stream module and is dealt out again. */
    private static final class Chain extends Module {
        final Vec<Decoupled<Bits>> put = in(vec(2, i -> decoupled(bits(16))));
        final Vec<Decoupled<Bits>> take = out(vec(2, i -> decoupled(bits(16))));

        Chain(Order order) {
            var arbiter = new StreamArbiter<>(bits(16), new StreamArbiter.Params(2, order, true));
            for (int i = 0; i < 2; i++) {
                arbiter.put.get(i).set(put.get(i));
                StreamChecker.watch(put.get(i), Side.SLAVE);
                StreamChecker.watch(take.get(i), Side.MASTER);
            }
            var fifo = new StreamFifo<>(bits(16), 3);
            fifo.clear.set(false);
            fifo.put.set(arbiter.take);
            var narrower = new StreamNarrower(new StreamNarrower.Params(4, 4));
            narrower.put.set(fifo.take);
            var skid = new SkidBuffer<>(bits(4));
            skid.put.set(narrower.take);
            var widener = new StreamWidener(new StreamWidener.Params(4, 4));
            widener.put.set(skid.take);
            var demultiplexer = new StreamDemultiplexer<>(bits(16), 2);
            demultiplexer.put.set(widener.take);
            demultiplexer.select.set(widener.take.bits.bits(0, 0).asUInt());
            take.set(demultiplexer.take);
            for (var stream : List.of(arbiter.take, fifo.take, narrower.take, skid.take, widener.take)) {
                StreamChecker.watch(stream, Side.BOTH);
            }
        }
    }

    @Test
    void streams() {
        for (Order order : Order.values()) {
            Elaboration<Chain> design = Circuit.of(() -> new Chain(order));
            try (Simulator sim = engine.open(design)) {
                sim.reset(1);
                sim.step(1); // no offer at the first edge outside reset
                var bench = new Bench(sim);
                List<Sink> sinks = design.top().take.stream()
                        .map(stream -> bench.sink(stream).gaps(Gaps.random(1, 2)))
                        .toList();
                // Items carry their input; their lowest bit is where they go.
                List<Scoreboard> boards = sinks.stream()
                        .map(sink -> bench.scoreboard(sink.taken(), item -> item.get(0) >> 15))
                        .toList();
                for (int i = 0; i < 2; i++) {
                    long input = i;
                    var source = bench.source(design.top().put.get(i)).gaps(Gaps.random(1, 8));
                    source.sent()
                            .forEach(item -> boards.get((int) item.get(0) & 1).expect(item));
                    var values = bench.values(design.top().put.get(i).bits).where(v -> v >> 15 == input);
                    for (int k = 0; k < 400; k++) {
                        source.send(values.next());
                    }
                }
                bench.runUntil(
                        () -> boards.stream().mapToLong(Scoreboard::compared).sum() == 800, 20_000);
                boards.forEach(Scoreboard::done);
            }
        }
    }

    private static final class Registers extends Module {
        static final RegisterMap MAP = new RegisterMap(
                "watched", "A register.", List.of(Register.of("WORD", 0, 32, Access.READ_WRITE, 0, "a word")));

        final AxiLite s_axi = in(new AxiLite(MAP.offsetBits()));

        Registers() {
            var slave = new AxiLiteSlave(MAP.offsetBits());
            slave.bus.set(s_axi);
            new RegisterFile(MAP).bus.set(slave.registers);
            AxiLiteChecker.watch(s_axi, 1, Side.SLAVE);
        }
    }

    /** Register driver and registers, each against the other. */
    @Test
    void registers() {
        Elaboration<Registers> design = Circuit.of(Registers::new);
        var random = new SplittableRandom(1);
        try (Simulator sim = engine.open(design)) {
            var registers = sim.attachMmio("s_axi");
            for (int i = 0; i < 200; i++) {
                if (i % 50 == 0) {
                    sim.reset(1);
                }
                int value = random.nextInt();
                registers.write(0, value);
                assertThat(registers.read(0)).isEqualTo(value);
                sim.step(random.nextInt(3));
            }
        }
    }
}
