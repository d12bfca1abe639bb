// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import static dev.lutra.sim.EngineKind.EMBEDDED;
import static dev.lutra.sim.EngineKind.VERILATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.stream.StreamFifo;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.engine.RequireException;
import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.junit.Engines;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Drivers, monitors and what they say, on every engine. */
@Engines({EMBEDDED, VERILATOR})
class BenchTest {
    static final class Beat extends Bundle {
        final SInt value = field(sint(12));
        final UInt wide = field(uint(100));
        final Bool last = field(bool());
    }

    /** A queue that can be broken: it spoils items, loses them, withdraws offers, claims too much. */
    static final class Queue extends Module {
        final Decoupled<Beat> put = in(decoupled(new Beat()));
        final Decoupled<Beat> take = out(decoupled(new Beat()));
        final UInt spoil = in(uint(8));
        final Bool lose = in(bool());
        final Bool withdraw = in(bool());
        final UInt limit = in(uint(8));

        Queue() {
            var fifo = new StreamFifo<>(new Beat(), 5);
            fifo.clear.set(false);
            fifo.put.bits.value.set(put.bits.value);
            fifo.put.bits.wide.set(put.bits.wide);
            fifo.put.bits.last.set(put.bits.last);
            fifo.put.valid.set(put.valid.and(lose.not()));
            put.ready.set(fifo.put.ready);
            var count = reg(uint(8)).init(0);
            when(take.fire(), () -> count.set(count.wrapAdd(1)));
            take.valid.set(fifo.take.valid.and(withdraw.not()));
            take.bits.value.set(fifo.take.bits.value);
            take.bits.wide.set(fifo.take.bits.wide);
            take.bits.last.set(fifo.take.bits.last.xor(spoil.ne(0).and(count.eq(spoil))));
            fifo.take.ready.set(take.ready.and(withdraw.not()));
            require(count.le(limit), "too many");
            cover(count.eq(7), "seven");
            cover(count.eq(200), "two hundred");
        }
    }

    private final EngineKind engine;
    private final Elaboration<Queue> design = Circuit.of(Queue::new);
    private final Queue top = design.top();

    BenchTest(EngineKind engine) {
        this.engine = engine;
    }

    private Simulator open() {
        var sim = engine.open(design);
        sim.poke(top.limit, 255);
        sim.reset(1);
        return sim;
    }

    private static Bench start(Simulator sim, Queue top, int items, int block) {
        var bench = new Bench(sim, 7, block);
        var values = bench.values(top.put.bits.value);
        var source = bench.source(top.put).gaps(Gaps.random(2, 3));
        var sink = bench.sink(top.take).gaps(Gaps.random(1, 2));
        var board = bench.scoreboard(sink.taken());
        source.sent().forEach(board::expect);
        for (int i = 0; i < items; i++) {
            long value = values.next();
            source.send(value, value * 0x123456789ABCDEFL, i, i & 1);
        }
        return bench;
    }

    @Test
    void itemsPassInOrder() {
        try (var sim = open()) {
            var bench = new Bench(sim, 3);
            var source = bench.source(top.put).gaps(Gaps.random(1, 2));
            var sink = bench.sink(top.take).gaps(Gaps.phases(50, Gaps.none(), Gaps.random(1, 8)));
            var sent = new ArrayList<Item>();
            for (int i = 0; i < 200; i++) {
                var item = Item.of(i - 100, -i, i, i & 1);
                sent.add(item);
                source.send(item);
            }
            bench.runUntil(() -> sink.taken().count() == 200, 10_000);
            assertThat(sink.items()).isEqualTo(sent);
            assertThat(source.sent().count()).isEqualTo(200);
            assertThat(source.waiting()).isZero();
        }
    }

    /** The block is how often Java looks, and changes nothing else. */
    @Test
    void blocksDoNotMatter() {
        var all = new ArrayList<List<Long>>();
        for (int block : new int[] {1, 7, 1024}) {
            try (var sim = open()) {
                var bench = new Bench(sim, 11, block);
                var source = bench.source(top.put).gaps(Gaps.random(1, 2));
                var sink = bench.sink(top.take).gaps(Gaps.random(1, 3));
                var cycles = new ArrayList<Long>();
                sink.forEach(item -> cycles.add(sink.taken().lastCycle()));
                for (int i = 0; i < 100; i++) {
                    source.send(i, 0, 0, 0);
                }
                bench.run(300);
                bench.run(300);
                all.add(cycles);
            }
        }
        assertThat(all.get(0)).hasSize(100).isEqualTo(all.get(1)).isEqualTo(all.get(2));
    }

    @Test
    void aSpoiltItemIsShown() {
        try (var sim = open()) {
            sim.poke(top.spoil, 4);
            var bench = start(sim, top, 20, 1024);
            assertThatThrownBy(() -> bench.run(200))
                    .isInstanceOf(BenchFailure.class)
                    .hasMessageMatching(
                            "take_valid, item 4, cycle \\d+: take_bits_last expected 0, actual 1 \\(all of it:"
                                    + " expected \\(.*, 0\\), actual \\(.*, 1\\)\\); seed 7 \\(run again with -Dlutra.seed=7\\)");
        }
    }

    @Test
    void aLostItemIsMissed() {
        try (var sim = open()) {
            sim.poke(top.lose, true);
            var bench = new Bench(sim, 7);
            var source = bench.source(top.put);
            var board = bench.scoreboard(bench.sink(top.take).taken());
            source.sent().forEach(board::expect);
            source.send(5, 0, 0, 1).send(6, 0, 0, 1);
            bench.run(20);
            assertThatThrownBy(board::done)
                    .hasMessage("take_valid: 2 of 2 items did not come; the next is (5, 0, 0, 1);"
                            + " seed 7 (run again with -Dlutra.seed=7)");
            assertThatThrownBy(() -> bench.runUntil(() -> board.missing() == 0, 30))
                    .hasMessage("not done after 30 cycles: put_valid has sent 2 of 2, take_valid has brought 0;"
                            + " seed 7 (run again with -Dlutra.seed=7)");
        }
    }

    @Test
    void anOfferMustBeHeld() {
        try (var sim = open()) {
            var bench = new Bench(sim, 7);
            bench.source(top.put).send(5, 0, 0, 1);
            bench.sink(top.take).gaps((random, cycle) -> false);
            bench.run(5);
            sim.poke(top.withdraw, true);
            assertThatThrownBy(() -> bench.run(5))
                    .hasMessageStartingWith(
                            "take_valid, cycle 6: the offer (5, 0, 0, 1) is withdrawn before it is taken; seed 7");
        }
        try (var sim = open()) {
            var bench = new Bench(sim, 7);
            bench.source(top.put).send(5, 0, 0, 1);
            bench.sink(top.take).gaps((random, cycle) -> false).taken().withdrawable();
            bench.run(5);
            sim.poke(top.withdraw, true);
            bench.run(5);
        }
    }

    @Test
    void aPropertyFailsWithTheSeed() {
        try (var sim = open()) {
            sim.poke(top.limit, 9);
            var bench = start(sim, top, 50, 1024);
            var failed = catchThrowableOfType(RequireException.class, () -> bench.run(500));
            assertThat(failed.getMessage()).contains("too many; count = 10, limit = 9");
            assertThat(failed.getSuppressed()[0]).hasMessage("seed 7 (run again with -Dlutra.seed=7)");
        }
    }

    @Test
    void itemsMustFit() {
        try (var sim = open()) {
            var bench = new Bench(sim, 7);
            var source = bench.source(top.put);
            assertThatThrownBy(() -> source.send(2048, 0, 0, 1))
                    .isInstanceOf(SimulationException.class)
                    .hasMessageMatching("BenchTest.java:\\d+: 2048 does not fit put_bits_value \\(SInt\\(12\\),"
                            + " BenchTest.java:\\d+\\): -2048 to 2047");
            assertThatThrownBy(() -> source.send(1, 0, 1))
                    .hasMessageMatching("BenchTest.java:\\d+: an item of 3 words for put_valid, which takes"
                            + " \\[put_bits_value, put_bits_wide\\[0\\], put_bits_wide\\[64\\], put_bits_last\\]");
            assertThatThrownBy(() -> bench.source(top.take))
                    .hasMessageMatching(
                            "BenchTest.java:\\d+: take_valid \\(Bool, .*\\) is an output, and a source drives it");
            bench.run(1);
            assertThatThrownBy(() -> bench.sink(top.take))
                    .hasMessageMatching("BenchTest.java:\\d+: drivers and monitors are declared before the first run");
        }
    }

    @Test
    void coverageIsATable() {
        try (var sim = open()) {
            var bench = start(sim, top, 30, 64);
            var toggles = bench.toggles(top.put.bits.value, top.take.bits.last, top.spoil);
            bench.runUntilSent(1000);
            assertThat(toggles.lines())
                    .extracting(ToggleCoverage.Line::port)
                    .containsExactly("put_bits_value", "take_bits_last", "spoil");
            assertThat(toggles.lines().get(0).missing()).isEmpty();
            assertThat(toggles.lines().get(0).rose()).isEqualTo(12);
            assertThat(toggles.lines().get(2))
                    .isEqualTo(new ToggleCoverage.Line("spoil", 8, 0, 0, "7..0 rise, 7..0 fall"));
            assertThat(toggles.table()).isEqualTo("""
                    port            bits  rose  fell  not seen
                    put_bits_value    12    12    12
                    take_bits_last     1     1     1
                    spoil              8     0     0  7..0 rise, 7..0 fall
                    toggles: 61.9 %
                    """);
            assertThat(CoverReport.table(sim.covered())
                            .replaceAll(":\\d\\d", ":NN")
                            .replaceFirst("\n\\d+ +", "\nC "))
                    .isEqualTo("""
                            first cycle  instance  place              what
                            C Queue     BenchTest.java:NN  seven
                            never        Queue     BenchTest.java:NN  two hundred
                            covered: 1 of 2
                            """);
        }
    }

    @Test
    void portsAreObservedInEveryCycle() {
        try (var sim = open()) {
            var bench = new Bench(sim, 7, 16);
            var seen = new ArrayList<Long>();
            bench.stimulate(top.spoil, bench.values(top.spoil).within(3, 5));
            bench.observe(List.of(top.spoil, top.limit), (cycle, values) -> {
                assertThat(cycle).isEqualTo(1 + seen.size());
                assertThat(values[1]).isEqualTo(255);
                seen.add(values[0]);
            });
            bench.run(100);
            assertThat(seen).hasSize(100).contains(3L, 4L, 5L).allMatch(value -> value >= 3 && value <= 5);
        }
    }
}
