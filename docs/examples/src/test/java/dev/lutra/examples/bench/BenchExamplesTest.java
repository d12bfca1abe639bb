// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.examples.tour.Page;
import dev.lutra.examples.tour.chisel.Gcd;
import dev.lutra.hdl.Circuit;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.bench.Bench;
import dev.lutra.sim.bench.Gaps;
import dev.lutra.sim.bench.GoldenTensor;
import dev.lutra.sim.bench.Item;
import dev.lutra.sim.junit.Engines;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What docs/sim/bench.md shows. */
class BenchExamplesTest {
    @Engines({EngineKind.EMBEDDED, EngineKind.ICARUS})
    void dividesRandomPairs(EngineKind engine) {
        var design = Circuit.of(Gcd::new);
        var gcd = design.top();
        try (var sim = engine.open(design)) {
            sim.reset(1);
            var bench = new Bench(sim);
            var source = bench.source(gcd.operands).gaps(Gaps.random(1, 2));
            var sink = bench.sink(gcd.result).gaps(Gaps.random(1, 3));
            var board = bench.scoreboard(sink.taken());
            source.sent().forEach(pair -> board.expect(gcd(pair)));

            var values = bench.values(gcd.operands.bits.a).within(1, 100);
            for (int i = 0; i < 200; i++) {
                source.send(values.next(), values.next());
            }
            bench.runUntil(() -> board.compared() == 200, 100_000);
            board.done();
        }
    }

    private static Item gcd(Item pair) {
        var a = BigInteger.valueOf(pair.get(0));
        return Item.of(a.gcd(BigInteger.valueOf(pair.get(1))).longValue());
    }

    @Property(tries = 20)
    void aNumberAndItself(
            @ForAll @Engines(EngineKind.EMBEDDED) EngineKind engine, @ForAll @IntRange(min = 1, max = 99) int a) {
        var design = Circuit.of(Gcd::new);
        try (var sim = engine.open(design)) {
            sim.reset(1);
            var bench = new Bench(sim);
            var sink = bench.sink(design.top().result);
            bench.source(design.top().operands).send(a, a);
            bench.runUntil(() -> sink.items().size() == 1, 2000);
            assertThat(sink.items()).containsExactly(Item.of(a));
        }
    }

    @Test
    void coverage() {
        var design = Circuit.of(Gcd::new);
        var gcd = design.top();
        try (var sim = EngineKind.EMBEDDED.open(design)) {
            sim.reset(1);
            var bench = new Bench(sim, 1);
            var toggles = bench.toggles(gcd.operands.bits.a, gcd.result);
            bench.source(gcd.operands).send(12, 18).send(64, 24);
            bench.sink(gcd.result);
            bench.runUntilSent(1000);
            assertThat(toggles.table()).isEqualTo(page().blocks("text").get(0));
        }
    }

    @Test
    void goldenTensors() {
        var tensor = new GoldenTensor("logits", new int[] {2, 3}, new long[] {1, 2, 3, 4, 5, 6});
        for (int i = 0; i < 6; i++) {
            tensor.take(i < 4 ? i + 1 : 0, 100 + i);
        }
        assertThatThrownBy(tensor::check)
                .hasMessage(page().blocks("text").get(1).strip());
    }

    @Test
    void thePageQuotesThisFile() throws IOException {
        page().quotes("dev/lutra/examples/bench", List.of());
    }

    private static Page page() {
        try {
            return new Page("../sim/bench.md");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
