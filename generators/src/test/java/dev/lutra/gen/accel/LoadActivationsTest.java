// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Decoupled;
import dev.lutra.machine.RowFormat;
import dev.lutra.machine.VectorShape;
import dev.lutra.pe.vector.VectorModel;
import dev.lutra.pe.vector.VectorUnit;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Transfers to rows and halves and SYNCs in random order, on a memory and beside a vector unit of random speed, also broken off in the middle. */
@Engines({EngineKind.EMBEDDED, EngineKind.ICARUS})
class LoadActivationsTest {
    private static final int HALF_BYTES = 256;
    private static final int MEMORY = 1 << 16;
    private static final int INSTRUCTIONS = 30;

    private final EngineKind engine;

    LoadActivationsTest(EngineKind engine) {
        this.engine = engine;
    }

    @Test
    void rowsOfTwoBeats() {
        run(params(64, 8, 4));
    }

    @Test
    void rowsOfABeat() {
        run(params(64, 8, 2));
    }

    @Test
    void twoRowsInABeat() {
        run(params(128, 4, 2));
    }

    /** Memory answers after 40 cycles, and sends a beat in each cycle from then on, through all transfers. */
    @Test
    void transfersFollowEachOtherWithoutAGap() {
        LoadActivations.Params p = params(64, 32, 4);
        List<Load> loads = IntStream.range(0, 20)
                .mapToObj(i -> new Load(Kind.ROWS, 14, 512 * i, 3 * i, RowFormat.WORDS, true, true, true))
                .toList();
        try (var bench = new Bench(p, new Random(1))) {
            long cycles = bench.run(loads, 40, 100, Long.MAX_VALUE);
            assertThat(cycles).isBetween(40L + 20 * 14, 40L + 20 * 14 + 10);
        }
    }

    private static LoadActivations.Params params(int beatBits, int maxBurst, int lanes) {
        return new LoadActivations.Params(
                16, beatBits, maxBurst, HALF_BYTES, 8, new VectorShape(lanes, 64), null, false);
    }

    private void run(LoadActivations.Params p) {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        var random = new Random(seed);
        try (var bench = new Bench(p, random)) {
            for (int percent : List.of(100, 50, 20)) {
                int latency = 1 + random.nextInt(50);
                bench.run(loads(p, random), latency, percent, 50 + random.nextInt(400));
                bench.run(loads(p, random), latency, percent, Long.MAX_VALUE);
            }
        } catch (AssertionError e) {
            throw new AssertionError(p + ", -Dlutra.seed=" + seed, e);
        }
    }

    private static List<Load> loads(LoadActivations.Params p, Random random) {
        return IntStream.range(0, INSTRUCTIONS)
                .mapToObj(i -> Load.random(p, random))
                .toList();
    }

    private enum Kind {
        SYNC,
        HALF,
        ROWS
    }

    /**
     * An instruction.
     *
     * @param at the first row, or the half
     * @param vec tokens are those of the vector unit
     */
    private record Load(
            Kind kind, int beats, int address, int at, RowFormat format, boolean vec, boolean waits, boolean posts) {

        static Load random(LoadActivations.Params p, Random random) {
            Kind kind = List.of(Kind.SYNC, Kind.HALF, Kind.HALF, Kind.ROWS, Kind.ROWS, Kind.ROWS, Kind.ROWS)
                    .get(random.nextInt(7));
            int beatBytes = p.beatBits() / 8;
            int beats = switch (kind) {
                case SYNC -> 0;
                case HALF -> 1 + random.nextInt(HALF_BYTES / beatBytes);
                case ROWS -> Math.max(1, p.vector().rowBytes() / beatBytes) * (1 + random.nextInt(12));
            };
            return new Load(
                    kind,
                    beats,
                    random.nextInt((MEMORY - beats * beatBytes) / beatBytes) * beatBytes,
                    random.nextInt(kind == Kind.ROWS ? p.vector().rows() : 2),
                    RowFormat.values()[kind == Kind.ROWS ? random.nextInt(RowFormat.values().length) : 0],
                    kind == Kind.ROWS || kind == Kind.SYNC && random.nextBoolean(),
                    random.nextInt(3) == 0,
                    random.nextBoolean());
        }

        int waits(boolean ofVec) {
            return waits && vec == ofVec ? 1 : 0;
        }

        boolean posts(boolean toVec) {
            return posts && vec == toVec;
        }
    }

    /** A row or beat that is written. */
    private record Write(int at, BigInteger data) {}

    /** The unit between a queue, a memory, buffers and tokens. */
    private final class Bench implements AutoCloseable {
        private final LoadActivations.Params p;
        private final Random random;
        private final byte[] memory = new byte[MEMORY];
        private final LoadActivations lda;
        private final Decoupled<VectorUnit.Row> put;
        private final RowTransfer rows;
        private final Simulator simulator;

        Bench(LoadActivations.Params p, Random random) {
            this.p = p;
            this.random = random;
            random.nextBytes(memory);
            var design = Circuit.of(() -> new LoadActivations(p));
            lda = design.top();
            put = requireNonNull(lda.put);
            rows = requireNonNull(lda.command.bits.rows);
            simulator = engine.open(design);
            quiet();
            simulator.reset(1);
        }

        private void quiet() {
            for (Data input : List.of(
                    lda.clear,
                    lda.command.valid,
                    lda.tokenAvailable,
                    requireNonNull(lda.rowTokenAvailable),
                    lda.request.ready,
                    lda.reply.valid,
                    put.ready)) {
                simulator.poke(input, 0);
            }
        }

        private boolean chance(int percent) {
            return random.nextInt(100) < percent;
        }

        /**
         * Runs all, or for so many cycles; then nothing more is requested, and the unit is cleared when all beats have come.
         *
         * @param latency cycles from a request to its first beat, if memory is not late
         * @param percent of cycles in which memory, the vector unit and whoever gives tokens are ready
         * @return cycles
         */
        long run(List<Load> loads, int latency, int percent, long stop) {
            Deque<Load> queue = new ArrayDeque<>(loads);
            var requests = new Requests(loads);
            List<Write> toRows = writes(loads, Kind.ROWS);
            List<Write> toHalves = writes(loads, Kind.HALF);
            Deque<BigInteger> beats = new ArrayDeque<>();
            Deque<Long> times = new ArrayDeque<>();
            int[] tokens = new int[2];
            int[] taken = new int[2];
            int[] written = new int[2];
            int ended = 0;
            int rowsDue = 0;
            int beatsDue = 0;
            for (long cycle = 0; cycle < 100_000; cycle++) {
                if (ended == loads.size() || cycle >= stop && beats.isEmpty()) {
                    quiet();
                    simulator.poke(lda.clear, ended < loads.size());
                    simulator.step(1);
                    simulator.poke(lda.clear, 0);
                    assertThat(simulator.peek(lda.busy)).as("busy at the end").isZero();
                    return cycle;
                }
                offer(queue.peek());
                for (int i = 0; i < 2; i++) {
                    tokens[i] += tokens[i] < 2 && chance(percent) ? 1 : 0;
                }
                simulator.poke(lda.tokenAvailable, tokens[0] > 0);
                simulator.poke(requireNonNull(lda.rowTokenAvailable), tokens[1] > 0);
                simulator.poke(lda.request.ready, cycle < stop && chance(percent));
                simulator.poke(put.ready, chance(percent));
                boolean replies = !beats.isEmpty() && times.element() <= cycle && chance(percent);
                reply(replies ? beats.element() : null);

                for (int i = 0; i < 2; i++) {
                    if (simulator.peekBool(i == 0 ? lda.tokenTake : requireNonNull(lda.rowTokenTake))) {
                        assertThat(tokens[i]--).as("tokens").isPositive();
                        taken[i]++;
                    }
                }
                if (replies) {
                    assertThat(simulator.peek(lda.busy)).as("busy with a beat").isEqualTo(1);
                    beats.remove();
                    times.remove();
                }
                if (simulator.peekBool(lda.request.valid) && cycle < stop && simulator.peek(lda.request.ready) == 1) {
                    int count = (int) simulator.peek(lda.request.bits.beats);
                    int address = (int) simulator.peek(lda.request.bits.address);
                    requests.next(address, count, taken);
                    for (int i = 0; i < count; i++) {
                        beats.add(beat(address, i));
                        times.add(cycle + latency);
                    }
                }
                if (simulator.peekBool(lda.writeEnable)) {
                    assertThat(new Write((int) simulator.peek(lda.writeAddress), simulator.peekBig(lda.writeData)))
                            .as("beat %d", written[0])
                            .isEqualTo(toHalves.get(written[0]++));
                }
                if (simulator.peekBool(put.valid) && simulator.peek(put.ready) == 1) {
                    assertThat(simulator.peek(put.bits.lanes))
                            .isEqualTo((1L << p.vector().lanes()) - 1);
                    assertThat(new Write((int) simulator.peek(put.bits.row), simulator.peekBig(put.bits.words)))
                            .as("row %d", written[1])
                            .isEqualTo(toRows.get(written[1]++));
                }
                Load ends = null;
                if (simulator.peekBool(lda.ends)) {
                    ends = loads.get(ended++);
                    rowsDue += rowsOf(ends);
                    beatsDue += ends.kind == Kind.HALF ? ends.beats : 0;
                    assertThat(written).as("written when %s ends", ends).containsExactly(beatsDue, rowsDue);
                }
                assertThat(simulator.peekBool(lda.tokenPost)).isEqualTo(ends != null && ends.posts(false));
                assertThat(simulator.peekBool(requireNonNull(lda.rowTokenPost)))
                        .isEqualTo(ends != null && ends.posts(true));
                if (!queue.isEmpty() && simulator.peekBool(lda.command.ready)) {
                    queue.remove();
                }
                simulator.step(1);
            }
            throw new AssertionError("%d of %d have ended".formatted(ended, loads.size()));
        }

        private void offer(@Nullable Load load) {
            simulator.poke(lda.command.valid, load != null);
            if (load != null) {
                simulator.poke(lda.command.bits.address, load.address);
                simulator.poke(lda.command.bits.beats, load.beats);
                simulator.poke(lda.command.bits.select, load.kind == Kind.HALF ? load.at : 0);
                simulator.poke(lda.command.bits.waits, load.waits(false));
                simulator.poke(lda.command.bits.posts, load.posts(false));
                simulator.poke(rows.selected, load.kind == Kind.ROWS);
                simulator.poke(rows.row, load.kind == Kind.ROWS ? load.at : 0);
                simulator.poke(rows.format, load.format.ordinal());
                simulator.poke(rows.waits, load.waits(true));
                simulator.poke(rows.posts, load.posts(true));
            }
        }

        /** A beat for the unit, or nothing, or one for another. */
        private void reply(@Nullable BigInteger beat) {
            simulator.poke(lda.reply.valid, beat != null || random.nextBoolean());
            ReadPort port = beat != null ? ReadPort.ACTIVATIONS : ReadPort.WEIGHTS;
            simulator.poke(lda.reply.id, port.ordinal());
            simulator.poke(lda.reply.data, beat != null ? beat : new BigInteger(p.beatBits(), random));
        }

        private BigInteger beat(int address, int i) {
            return little(address + i * p.beatBits() / 8, p.beatBits() / 8);
        }

        private BigInteger little(int address, int bytes) {
            var value = BigInteger.ZERO;
            for (int i = bytes - 1; i >= 0; i--) {
                value = value.shiftLeft(8).or(BigInteger.valueOf(memory[address + i] & 0xff));
            }
            return value;
        }

        private int rowsOf(Load load) {
            int bytes = load.beats * p.beatBits() / 8;
            return load.kind == Kind.ROWS
                    ? bytes * load.format.rows() / p.vector().rowBytes()
                    : 0;
        }

        private List<Write> writes(List<Load> loads, Kind kind) {
            List<Write> writes = new ArrayList<>();
            for (Load load : loads) {
                for (int i = 0; kind == Kind.HALF && load.kind == kind && i < load.beats; i++) {
                    int half = load.at * HALF_BYTES * 8 / p.beatBits();
                    writes.add(new Write(half + i, beat(load.address, i)));
                }
                for (int i = 0; kind == Kind.ROWS && i < rowsOf(load); i++) {
                    writes.add(new Write((load.at + i) % p.vector().rows(), row(load, i)));
                }
            }
            return writes;
        }

        /** Row i of those that a load brings. */
        private BigInteger row(Load load, int i) {
            int bytes = p.vector().rowBytes() / load.format.rows();
            int from = load.address + i * bytes;
            var model = new VectorModel(p.vector());
            model.load(0, Arrays.copyOfRange(memory, from, from + bytes), load.format);
            var words = BigInteger.ZERO;
            for (int lane = p.vector().lanes() - 1; lane >= 0; lane--) {
                words = words.shiftLeft(32).or(BigInteger.valueOf(model.get(0, lane) & 0xffff_ffffL));
            }
            return words;
        }

        @Override
        public void close() {
            simulator.close();
        }

        /** What is still to be requested, in order. */
        private final class Requests {
            private final Deque<Load> loads;
            private final int[] waited = new int[2];
            private int asked;

            Requests(List<Load> loads) {
                this.loads = new ArrayDeque<>(loads);
            }

            /** A request comes, and so many tokens have been taken. */
            void next(int address, int beats, int[] taken) {
                while (asked == loads.element().beats) {
                    pass();
                }
                Load load = loads.element();
                assertThat(address).as("address of %s", load).isEqualTo(load.address + asked * p.beatBits() / 8);
                asked += beats;
                assertThat(asked).as("beats of %s", load).isLessThanOrEqualTo(load.beats);
                assertThat(taken[0]).isGreaterThanOrEqualTo(waited[0] + load.waits(false));
                assertThat(taken[1]).isGreaterThanOrEqualTo(waited[1] + load.waits(true));
            }

            private void pass() {
                Load load = loads.remove();
                waited[0] += load.waits(false);
                waited[1] += load.waits(true);
                asked = 0;
            }
        }
    }
}
