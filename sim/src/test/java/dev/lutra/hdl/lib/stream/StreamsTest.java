// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.stream;

import static dev.lutra.hdl.Hdl.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.bench.Bench;
import dev.lutra.sim.bench.Gaps;
import dev.lutra.sim.bench.Sink;
import dev.lutra.sim.junit.Engines;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The stream modules against queues in plain Java, with random gaps on both sides. */
@Engines
class StreamsTest {
    private final EngineKind engine;

    StreamsTest(EngineKind engine) {
        this.engine = engine;
    }

    private static final int CYCLES = 2000;
    private static final int BITS = 20;

    private static boolean chance(SplittableRandom random, int ofFour) {
        return random.nextInt(4) < ofFour;
    }

    /** Every port in every cycle, with clears now and then. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8, 13})
    void aFifoIsAQueue(int depth) {
        var random = new SplittableRandom(depth);
        Elaboration<StreamFifo<UInt>> design = Circuit.of(() -> new StreamFifo<>(uint(BITS), depth));
        StreamFifo<UInt> fifo = design.top();
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            Deque<Long> model = new ArrayDeque<>();
            var source = new StreamSource(sim, fifo.put, () -> random.nextInt(1 << BITS));
            boolean full = false;
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                String where = "seed " + depth + ", cycle " + cycle;
                int phase = cycle / 100 % 3; // filling, both, draining
                source.drive(chance(random, 4 - phase));
                boolean ready = chance(random, 1 + phase);
                boolean clear = random.nextInt(100) == 0;
                sim.poke(fifo.take.ready, ready);
                sim.poke(fifo.clear, clear);
                assertThat(sim.peek(fifo.count)).as(where).isEqualTo(model.size());
                assertThat(sim.peekBool(fifo.put.ready)).as(where).isEqualTo(model.size() < depth);
                assertThat(sim.peekBool(fifo.take.valid)).as(where).isEqualTo(!model.isEmpty());
                full |= model.size() == depth;
                if (!model.isEmpty()) {
                    assertThat(sim.peek(fifo.take.bits)).as(where).isEqualTo(model.peekFirst());
                    if (ready) {
                        model.removeFirst();
                    }
                }
                if (source.finish()) {
                    model.addLast(source.item());
                }
                if (clear) {
                    model.clear();
                }
                sim.step(1);
            }
            assertThat(full).isTrue();
        }
    }

    @Test
    void aSkidBufferIsAQueueOfTwoWhosePortsComeFromRegisters() {
        var random = new SplittableRandom(1);
        Elaboration<SkidBuffer<UInt>> design = Circuit.of(() -> new SkidBuffer<>(uint(BITS)));
        SkidBuffer<UInt> buffer = design.top();
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            Deque<Long> model = new ArrayDeque<>();
            var source = new StreamSource(sim, buffer.put, () -> random.nextInt(1 << BITS));
            var sink = new StreamSink(sim, buffer.take, true);
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                String where = "cycle " + cycle;
                boolean all = cycle / 100 % 2 == 0;
                boolean readyBefore = sim.peekBool(buffer.put.ready);
                boolean validBefore = sim.peekBool(buffer.take.valid);
                source.drive(all || chance(random, 2));
                sink.drive(all || chance(random, 2));
                assertThat(sim.peekBool(buffer.put.ready)).as(where).isEqualTo(readyBefore);
                assertThat(sim.peekBool(buffer.take.valid)).as(where).isEqualTo(validBefore);
                assertThat(validBefore).as(where).isEqualTo(!model.isEmpty());
                assertThat(readyBefore).as(where).isEqualTo(model.size() < 2);
                if (sink.finish(where)) {
                    assertThat(sink.taken.get(sink.taken.size() - 1)).as(where).isEqualTo(model.removeFirst());
                } else {
                    assertThat(all && cycle % 100 > 2).as(where + ": a bubble").isFalse();
                }
                if (source.finish()) {
                    model.addLast(source.item());
                }
                sim.step(1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2, FIXED, false",
        "3, FIXED, true",
        "5, FIXED, false",
        "2, ROUND_ROBIN, true",
        "3, ROUND_ROBIN, false",
        "4, ROUND_ROBIN, true",
        "7, ROUND_ROBIN, true",
    })
    void anArbiterChoosesByItsOrder(int inputs, StreamArbiter.Order order, boolean holds) {
        var random = new SplittableRandom(inputs);
        var params = new StreamArbiter.Params(inputs, order, holds);
        Elaboration<StreamArbiter<UInt>> design = Circuit.of(() -> new StreamArbiter<>(uint(BITS), params));
        StreamArbiter<UInt> arbiter = design.top();
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            List<StreamSource> sources = new ArrayList<>();
            for (int i = 0; i < inputs; i++) {
                sources.add(new StreamSource(sim, arbiter.put.get(i), () -> random.nextInt(1 << BITS)));
            }
            var sink = new StreamSink(sim, arbiter.take, holds);
            int last = inputs - 1;
            int kept = -1;
            int[] takes = new int[inputs];
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                String where = "cycle " + cycle;
                boolean crowd = cycle >= CYCLES / 2;
                for (StreamSource source : sources) {
                    source.drive(crowd || random.nextInt(3 * inputs) == 0);
                }
                boolean ready = chance(random, 3);
                sink.drive(ready);
                int expected = kept;
                for (int i = 0; expected < 0 && i < inputs; i++) {
                    int candidate = order == StreamArbiter.Order.FIXED ? i : (last + 1 + i) % inputs;
                    if (sources.get(candidate).offers()) {
                        expected = candidate;
                    }
                }
                assertThat(sim.peekBool(arbiter.take.valid)).as(where).isEqualTo(expected >= 0);
                if (expected >= 0) {
                    assertThat(sim.peek(arbiter.chosen)).as(where).isEqualTo(expected);
                    assertThat(sim.peek(arbiter.take.bits))
                            .as(where)
                            .isEqualTo(sources.get(expected).item());
                }
                sink.finish(where);
                for (int i = 0; i < inputs; i++) {
                    boolean taken = sources.get(i).finish();
                    assertThat(taken).as(where + ", input " + i).isEqualTo(ready && i == expected);
                    takes[i] += taken && crowd ? 1 : 0;
                }
                kept = holds && !ready ? expected : -1;
                if (ready && expected >= 0) {
                    last = expected;
                }
                sim.step(1);
            }
            if (order == StreamArbiter.Order.ROUND_ROBIN) {
                assertThat(takes[0] - takes[inputs - 1]).as("fair").isBetween(-1, 1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 6})
    void aDemultiplexerSendsEachItemWhereItIsToGo(int outputs) {
        var random = new SplittableRandom(outputs);
        Elaboration<StreamDemultiplexer<UInt>> design =
                Circuit.of(() -> new StreamDemultiplexer<>(uint(BITS), outputs));
        StreamDemultiplexer<UInt> demultiplexer = design.top();
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            var bench = new Bench(sim, outputs, 1); // the selection follows the item, so Java looks in every cycle
            var source = bench.source(demultiplexer.put).gaps(Gaps.random(3, 4));
            List<Sink> sinks = demultiplexer.take.stream()
                    .map(stream -> bench.sink(stream).gaps(Gaps.random(1, 2)))
                    .toList();
            // an item carries its destination
            List<Long> items = random.longs(CYCLES, 0, 1 << BITS).boxed().toList();
            items.forEach(source::send);
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                int next = (int) source.sent().count();
                sim.poke(demultiplexer.select, items.get(next) % outputs);
                bench.run(1);
                assertThat(sinks.stream()
                                .mapToLong(sink -> sink.taken().count())
                                .sum())
                        .as("cycle " + cycle)
                        .isEqualTo(source.sent().count());
            }
            for (int i = 0; i < outputs; i++) {
                int output = i;
                assertThat(sinks.get(i).items().stream().map(item -> item.get(0)))
                        .hasSizeGreaterThan(50)
                        .containsExactlyElementsOf(
                                items.subList(0, (int) source.sent().count()).stream()
                                        .filter(item -> item % outputs == output)
                                        .toList());
            }
        }
    }

    @Test
    void anItemForAnOutputThatDoesNotExistWaits() {
        Elaboration<StreamDemultiplexer<UInt>> design = Circuit.of(() -> new StreamDemultiplexer<>(uint(BITS), 3));
        StreamDemultiplexer<UInt> demultiplexer = design.top();
        try (Simulator sim = engine.open(design)) {
            demultiplexer.take.forEach(stream -> sim.poke(stream.ready, true));
            sim.poke(demultiplexer.put.valid, true);
            assertThat(sim.peekBool(demultiplexer.put.ready)).isTrue();
            sim.poke(demultiplexer.select, 3);
            assertThat(sim.peekBool(demultiplexer.put.ready)).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 2", "5, 3", "1, 8", "15, 4"})
    void narrowWordsMakeWideOnes(int narrow, int parts) {
        Elaboration<StreamWidener> design =
                Circuit.of(() -> new StreamWidener(new StreamWidener.Params(narrow, parts)));
        List<Long> sent = new ArrayList<>();
        List<Long> taken = new ArrayList<>();
        convert(design, design.top().put, design.top().take, narrow, 1, sent, taken);
        int whole = sent.size() / parts;
        assertThat(taken.size()).isBetween(whole - 1, whole);
        for (int i = 0; i < taken.size(); i++) {
            long word = 0;
            for (int part = 0; part < parts; part++) {
                word |= sent.get(i * parts + part) << (part * narrow);
            }
            assertThat(taken.get(i)).as("word " + i).isEqualTo(word);
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 2", "5, 3", "1, 8", "12, 4"})
    void wideWordsMakeNarrowOnes(int narrow, int parts) {
        Elaboration<StreamNarrower> design =
                Circuit.of(() -> new StreamNarrower(new StreamNarrower.Params(narrow, parts)));
        List<Long> sent = new ArrayList<>();
        List<Long> taken = new ArrayList<>();
        convert(design, design.top().put, design.top().take, narrow * parts, parts, sent, taken);
        List<Long> expected = new ArrayList<>();
        for (long word : sent) {
            for (int part = 0; part < parts; part++) {
                expected.add(word >>> (part * narrow) & (1L << narrow) - 1);
            }
        }
        assertThat(taken).hasSizeGreaterThan(CYCLES / 2).isEqualTo(expected.subList(0, taken.size()));
        assertThat(expected.size() - taken.size()).isBetween(0, parts);
    }

    /** Random gaps, then none: in the second half a narrow word moves in every cycle. */
    private void convert(
            Elaboration<? extends Module> design,
            Decoupled<?> put,
            Decoupled<?> take,
            int putBits,
            int cyclesPerWord,
            List<Long> sent,
            List<Long> taken) {
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            var bench = new Bench(sim);
            Gaps gaps = Gaps.phases(CYCLES / 2, Gaps.random(3, 4), Gaps.none());
            var source = bench.source(put).gaps(gaps);
            var sink = bench.sink(take).gaps(gaps);
            source.sent().forEach(item -> sent.add(item.get(0)));
            sink.forEach(item -> taken.add(item.get(0)));
            var values = bench.values(put.bits);
            for (int i = 0; i < CYCLES; i++) {
                source.send(values.next());
            }
            bench.run(CYCLES / 2 + 20);
            int before = sent.size();
            bench.run(CYCLES / 2 - 20);
            int last = (CYCLES / 2 - 20) / cyclesPerWord;
            assertThat(sent.size() - before).as("words in full flow").isBetween(last - 1, last + 1);
        }
    }

    @Test
    void sizesThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new StreamArbiter.Params(1, StreamArbiter.Order.FIXED, false))
                .hasMessage("an arbiter of 1 inputs: at least 2");
        assertThatThrownBy(() -> new StreamFifo.Params(0)).hasMessage("a queue of 0 entries: at least 1");
    }
}
