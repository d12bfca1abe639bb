// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.machine.BitmapWords;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Between the ring of weights and MX: makes words of {@link BitmapWords}, or of beats that hold words as they are. A beat is taken and a word made in each cycle, as long as
 * the beats have enough for it.
 *
 * <p>Beats go round in a buffer of as many as the longest word may touch, counted in units of a code. Each turn takes the bitmap of the second next word and the codes of
 * this one, and moves on behind these; meanwhile the codes of the next one are counted. Codes are then aligned, and a cycle later in their places. Words as they are have all codes, and take no
 * bitmaps: they begin one bitmap before the first beat.
 *
 * <p>What follows the last word of an LDW is dropped before the next one begins.
 */
final class WordExpander extends Module {

    /**
     * @param words of the engine
     * @param beatBits width of a bus beat
     * @param jobBits width of the beat count of a transfer
     * @param countBits width of the word count of a transfer
     */
    record Params(BitmapWords words, int beatBits, int jobBits, int countBits) {
        int wordBits() {
            return words.lanes() * words.bits();
        }

        /** Units of a beat. */
        int beatUnits() {
            return beatBits / words.bits();
        }

        /** Units of the longest turn. */
        int mostUnits() {
            return words.bitmapUnits() + words.lanes();
        }

        /** Beats in the buffer, a power of two: those of the longest turn, wherever it begins. */
        int beats() {
            int most = (mostUnits() + 2 * beatUnits() - 2) / beatUnits();
            return Integer.highestOneBit(2 * most - 1);
        }

        int units() {
            return beats() * beatUnits();
        }
    }

    final Bool clear = in(bool());
    final Decoupled<WordJob> job;
    final WordStream beats;
    final WordStream words;

    /** Nothing is left but padding that is dropped. */
    final Bool drops = out(bool());

    /** There is nothing to do, and no word. */
    final Bool empty = out(bool());

    WordExpander(Params p) {
        super(p);
        int lanes = p.words.lanes();
        int codeBits = p.words.bits();
        int bitmapUnits = p.words.bitmapUnits();
        int beatUnits = p.beatUnits();
        int units = p.units();
        doc("Weight words of bitmaps and codes that are not 0: %d codes of %d bits, a word a cycle."
                .formatted(lanes, codeBits));
        doc("A turn takes the bitmap of the second next word and the codes of this one from a buffer of %d beats."
                .formatted(p.beats()));
        job = in(decoupled(new WordJob(p.jobBits, p.countBits)));
        beats = out(new WordStream(p.beatBits));
        words = in(new WordStream(p.wordBits()));

        // --- an LDW ---------------------------------------------------------------------------------------------
        Bool active = reg(bool()).init(false);
        Bool plain = reg(bool());
        UInt beatsLeft = reg(uint(p.jobBits));
        UInt wordsLeft = reg(uint(Math.max(p.jobBits, p.countBits)));
        Bool ends = wordsLeft.eq(0);

        // --- buffer ---------------------------------------------------------------------------------------------
        Vec<Bits> buffer = reg(vec(p.beats(), i -> bits(p.beatBits)));
        UInt slot = reg(uint(Log2.exact(p.beats()))).init(0);
        UInt at = reg(uint(Log2.exact(units))); // first unit that was not taken
        UInt level = reg(uint(Log2.bitsFor(units))); // units from there on
        Bool fetched = reg(bool()).init(false); // a beat is at the output of the ring
        Bool places = fetched.andNot(ends).and(level.le(units - beatUnits));
        Bool leaves = places.or(ends);
        beats.pop.set(active.and(beats.available)
                .and(beatsLeft.ne(0))
                .and(fetched.not().or(leaves)));
        beats.last.set(false);
        when(places, () -> {
            buffer.set(slot, beats.word);
            slot.set(slot.wrapAdd(1));
        });

        // --- turns ----------------------------------------------------------------------------------------------
        Bool known = reg(bool()); // the bitmap of the word of this turn
        Bits bitmap = reg(bits(lanes));
        Bool nextKnown = reg(bool());
        Bits nextBitmap = reg(bits(lanes));
        UInt count = reg(uint(Log2.bitsFor(lanes))); // of its codes
        Bool staged = reg(bool()).init(false);
        Bits stagedCodes = reg(bits(p.wordBits()));
        Bits stagedBitmap = reg(bits(lanes));
        Vec<UInt> stagedEmpty = reg(vec(lanes, i -> uint(Math.max(1, Log2.bitsFor(lanes - 1)))));
        Bits word = reg(bits(p.wordBits()));

        Bits window = window(cat(reversed(buffer.asList())), at, p);
        UInt needed = count.add(bitmapUnits);
        Bool turns = active.andNot(ends).and(level.ge(needed)).and(staged.not().or(words.pop));
        Bool makes = turns.and(known);
        UInt taken = mux(plain, lit(lanes, needed.width()), needed);
        when(turns, () -> {
            known.set(nextKnown);
            nextKnown.set(true);
            at.set(at.wrapAdd(taken.width() > at.width() ? taken.truncate(at.width()) : taken));
            when(plain.not(), () -> {
                nextBitmap.set(window.bits(lanes - 1, 0));
                bitmap.set(nextBitmap);
                count.set(sum(bitsOf(nextBitmap)));
            });
        });
        when(makes, () -> {
            wordsLeft.set(wordsLeft.wrapSub(1));
            stagedCodes.set(window.bits(window.width() - 1, bitmapUnits * codeBits));
            stagedBitmap.set(bitmap);
            List<UInt> below = CodeSpreader.empty(bitmap);
            for (int place = 0; place < lanes; place++) {
                stagedEmpty.get(place).set(below.get(place));
            }
        });
        List<Bits> codes = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            codes.add(stagedCodes.bits((lane + 1) * codeBits - 1, lane * codeBits));
        }
        when(words.pop, () -> word.set(CodeSpreader.spread(codes, stagedBitmap, stagedEmpty.asList())));
        words.available.set(staged);
        words.word.set(word);

        UInt arrived = mux(places, lit(beatUnits, level.width()), lit(0, level.width()));
        UInt left = mux(turns, taken, lit(0, taken.width()));
        level.set(level.wrapAdd(arrived).wrapSub(left).truncate(level.width()));
        fetched.set(beats.pop.or(fetched.andNot(leaves)));
        staged.set(makes.or(staged.andNot(words.pop)));
        when(beats.pop, () -> beatsLeft.set(beatsLeft.wrapSub(1)));

        // --- start and end --------------------------------------------------------------------------------------
        Bool done = active.and(ends).and(beatsLeft.eq(0)).andNot(fetched);
        when(done, () -> active.set(false));
        job.ready.set(active.not());
        when(job.fire(), () -> {
            Bool asTheyAre = job.bits.words.eq(0);
            int beatsOfWord = Log2.exact(p.wordBits() / p.beatBits);
            UInt first = cat(slot, lit(0, Log2.exact(beatUnits))).asUInt();
            active.set(true);
            plain.set(asTheyAre);
            beatsLeft.set(job.bits.beats);
            wordsLeft.set(mux(
                    asTheyAre,
                    job.bits.beats.shr(beatsOfWord).extend(wordsLeft.width()),
                    job.bits.words.extend(wordsLeft.width())));
            known.set(asTheyAre);
            nextKnown.set(asTheyAre);
            nextBitmap.set(0);
            at.set(mux(asTheyAre, first.wrapSub(bitmapUnits), first));
            level.set(mux(asTheyAre, lit(bitmapUnits, level.width()), lit(0, level.width())));
            bitmap.set(fill(lanes, asTheyAre));
            count.set(mux(asTheyAre, lit(lanes, count.width()), lit(0, count.width())));
        });
        drops.set(active.and(ends));
        empty.set(active.or(job.valid).or(staged).not());
        when(clear, () -> {
            active.set(false);
            fetched.set(false);
            staged.set(false);
        });
    }

    /** The longest turn from unit {@code at} on, of a buffer that goes round. */
    private static Bits window(Bits buffer, UInt at, Params p) {
        int unit = p.words.bits();
        Bits rest = buffer;
        for (int stage = at.width() - 1; stage >= 0; stage--) {
            int shift = 1 << stage;
            // what the stages below may need
            int keep = Math.min(p.units(), p.mostUnits() + shift - 1) * unit;
            int over = shift * unit + keep - rest.width();
            Bits round = over > 0 ? cat(rest.bits(over - 1, 0), rest) : rest;
            rest = mux(at.bit(stage), round.bits(shift * unit + keep - 1, shift * unit), rest.bits(keep - 1, 0));
        }
        return rest;
    }

    private static List<UInt> bitsOf(Bits value) {
        List<UInt> all = new ArrayList<>();
        for (int i = 0; i < value.width(); i++) {
            all.add(value.bit(i).asUInt());
        }
        return all;
    }

    private static <T> List<T> reversed(List<T> list) {
        List<T> all = new ArrayList<>(list);
        Collections.reverse(all);
        return all;
    }
}
