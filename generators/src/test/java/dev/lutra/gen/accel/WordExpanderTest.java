// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.machine.BitmapWords;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random transfers with random gaps at both ends; the beats are written here from the text of {@link BitmapWords}. */
@Engines({EngineKind.EMBEDDED, EngineKind.ICARUS})
class WordExpanderTest {
    private static final int JOBS = 12;

    private final EngineKind engine;

    WordExpanderTest(EngineKind engine) {
        this.engine = engine;
    }

    /** Beats and the words that they hold. */
    private record Transfer(List<BigInteger> beats, List<BigInteger> words, boolean plain) {}

    @Test
    void wordsOfTwoBeats() {
        run(new WordExpander.Params(new BitmapWords(32, 8), 128, 12, 12));
    }

    @Test
    void wordsOfABeat() {
        run(new WordExpander.Params(new BitmapWords(32, 4), 128, 12, 12));
    }

    /** A bitmap is half of a unit. */
    @Test
    void wordsOfFourCodes() {
        run(new WordExpander.Params(new BitmapWords(4, 8), 32, 12, 12));
    }

    @Test
    void wordsOfEightBeats() {
        run(new WordExpander.Params(new BitmapWords(128, 2), 32, 12, 12));
    }

    /** Where the beats have enough for it, a word each cycle: with 12 of 32 codes it takes a beat of 16 bytes. */
    @Test
    void aWordACycle() {
        var p = new WordExpander.Params(new BitmapWords(32, 8), 128, 12, 12);
        var random = new Random(1);
        List<BigInteger> words = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            words.add(word(p.words(), random, lane -> lane % 8 < 3));
        }
        long cycles = run(p, List.of(transfer(p, words, 0)), random, 100, 100);
        assertThat(cycles).isBetween(200L, 210L);
    }

    private void run(WordExpander.Params p) {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        var random = new Random(seed);
        List<Transfer> transfers = new ArrayList<>();
        for (int job = 0; job < JOBS; job++) {
            List<BigInteger> words = new ArrayList<>();
            int share = List.of(0, 100, 50, 10, 90).get(random.nextInt(5));
            int run = 1 + random.nextInt(4);
            for (int i = random.nextInt(20); i >= 0; i--) {
                // words of none and of all among the others
                int own = random.nextInt(8) < run ? share : random.nextInt(3) * 50;
                words.add(word(p.words(), random, lane -> random.nextInt(100) < own));
            }
            transfers.add(random.nextInt(3) == 0 ? plain(p, words) : transfer(p, words, random.nextInt(4)));
        }
        try {
            run(p, transfers, random, 100, 100);
            run(p, transfers, random, 30, 100);
            run(p, transfers, random, 100, 30);
            run(p, transfers, random, 60, 60);
        } catch (AssertionError e) {
            throw new AssertionError(p + ", -Dlutra.seed=" + seed, e);
        }
    }

    private interface Lanes {
        boolean has(int lane);
    }

    private static BigInteger word(BitmapWords layout, Random random, Lanes lanes) {
        var word = BigInteger.ZERO;
        for (int lane = 0; lane < layout.lanes(); lane++) {
            if (lanes.has(lane)) {
                int code = 1 + random.nextInt((1 << layout.bits()) - 1);
                word = word.or(BigInteger.valueOf(code).shiftLeft(lane * layout.bits()));
            }
        }
        return word;
    }

    private static Transfer plain(WordExpander.Params p, List<BigInteger> words) {
        List<BigInteger> beats = new ArrayList<>();
        for (BigInteger word : words) {
            cut(word, p.wordBits(), p.beatBits(), beats);
        }
        return new Transfer(beats, words, true);
    }

    private static Transfer transfer(WordExpander.Params p, List<BigInteger> words, int padding) {
        BitmapWords layout = p.words();
        var all = BigInteger.ZERO;
        int units = 0;
        for (int i = -2; i < words.size(); i++) {
            for (int lane = 0; i + 2 < words.size() && lane < layout.lanes(); lane++) {
                if (code(layout, words.get(i + 2), lane) != 0) {
                    all = all.setBit(units * layout.bits() + lane);
                }
            }
            units += (layout.lanes() + layout.bits() - 1) / layout.bits();
            for (int lane = 0; i >= 0 && lane < layout.lanes(); lane++) {
                int code = code(layout, words.get(i), lane);
                if (code != 0) {
                    all = all.or(BigInteger.valueOf(code).shiftLeft(units++ * layout.bits()));
                }
            }
        }
        List<BigInteger> beats = new ArrayList<>();
        cut(all, units * layout.bits(), p.beatBits(), beats);
        // not zeros: nothing may look at them
        for (int i = 0; i < padding; i++) {
            beats.add(BigInteger.ONE.shiftLeft(p.beatBits()).subtract(BigInteger.ONE));
        }
        return new Transfer(beats, words, false);
    }

    private static int code(BitmapWords layout, BigInteger word, int lane) {
        return word.shiftRight(lane * layout.bits()).intValue() & (1 << layout.bits()) - 1;
    }

    private static void cut(BigInteger value, int bits, int beatBits, List<BigInteger> into) {
        for (int at = 0; at < bits; at += beatBits) {
            into.add(value.shiftRight(at).mod(BigInteger.ONE.shiftLeft(beatBits)));
        }
    }

    /**
     * All transfers, one after the other.
     *
     * @param arrives percent of the cycles in which the ring has a beat, if there is one
     * @param takes percent of the cycles in which MX takes a word, if there is one
     * @return cycles
     */
    private long run(WordExpander.Params p, List<Transfer> transfers, Random random, int arrives, int takes) {
        var design = Circuit.of(() -> new WordExpander(p));
        WordExpander top = design.top();
        Deque<Transfer> jobs = new ArrayDeque<>(transfers);
        Deque<BigInteger> beats = new ArrayDeque<>();
        Deque<BigInteger> expected = new ArrayDeque<>();
        transfers.forEach(t -> beats.addAll(t.beats()));
        transfers.forEach(t -> expected.addAll(t.words()));
        int words = 0;
        try (Simulator simulator = engine.open(design)) {
            simulator.poke(top.clear, 0);
            simulator.poke(top.job.valid, 0);
            simulator.poke(top.beats.available, 0);
            simulator.poke(top.words.pop, 0);
            simulator.reset(1);
            boolean taken = false;
            for (long cycle = 0; cycle < 100_000; cycle++) {
                if (taken) {
                    assertThat(simulator.peekBig(top.words.word))
                            .as("word " + words + ", cycle " + cycle)
                            .isEqualTo(expected.remove());
                    words++;
                }
                Transfer job = jobs.peek();
                simulator.poke(top.job.valid, job != null);
                if (job != null) {
                    simulator.poke(top.job.bits.beats, job.beats().size());
                    simulator.poke(
                            top.job.bits.words, job.plain() ? 0 : job.words().size());
                }
                simulator.poke(top.beats.available, !beats.isEmpty() && random.nextInt(100) < arrives);
                taken = random.nextInt(100) < takes && simulator.peek(top.words.available) == 1;
                simulator.poke(top.words.pop, taken);
                boolean fetches = simulator.peek(top.beats.pop) == 1;
                if (job != null && simulator.peek(top.job.ready) == 1) {
                    jobs.remove();
                }
                if (expected.isEmpty() && !taken) {
                    if (simulator.peek(top.empty) == 1) {
                        assertThat(beats).as("beats that nobody took").isEmpty();
                        return cycle;
                    }
                    assertThat(simulator.peek(top.drops) == 1 || job != null).isTrue();
                }
                simulator.step(1);
                if (fetches) {
                    simulator.poke(top.beats.word, beats.remove());
                }
            }
        }
        throw new AssertionError("%d of %d words came".formatted(words, words + expected.size()));
    }
}
