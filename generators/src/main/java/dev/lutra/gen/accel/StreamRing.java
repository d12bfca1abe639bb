// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/**
 * A stream buffer between the memory and the matrix unit: bus beats in, words out.
 *
 * <p>Room is reserved when a burst is <em>requested</em>, so that read data never has to wait on the bus: the read
 * channel is shared, and a stream that blocked it could wait for data queued behind itself. Words can be taken as soon
 * as their beats are in, one a cycle.
 *
 * <p>Where a beat holds several words, {@code last} marks the last word of a transfer and drops the padding that
 * follows it in its beat.
 */
final class StreamRing extends Module {

    /**
     * @param beatBits width of a bus beat
     * @param wordBits width of a word as consumed
     * @param bytes capacity, a power of two
     * @param maxBurst most beats reserved at once
     */
    record Params(int beatBits, int wordBits, int bytes, int maxBurst) {}

    final Bool clear = in(bool());
    final Bool reserve = in(bool());
    final UInt reserveBeats;
    final UInt freeBeats;
    final Bool beatValid = in(bool());
    final Bits beat;
    final WordStream words;
    final Bool empty = out(bool());

    StreamRing(Params p) {
        super(p);
        doc("Stream buffer: " + p.beatBits + "-bit bus beats in, " + p.wordBits + "-bit words out.");
        doc("Room is reserved when a burst is requested, so that read data never waits on the bus.");
        int beats = p.bytes * 8 / p.beatBits;
        int unitBits = Math.min(p.beatBits, p.wordBits);
        int units = p.bytes * 8 / unitBits;
        int unitsPerBeat = p.beatBits / unitBits;
        int unitsPerWord = p.wordBits / unitBits;
        reserveBeats = in(uint(Log2.bitsFor(p.maxBurst)));
        freeBeats = out(uint(Log2.bitsFor(beats)));
        beat = in(bits(p.beatBits));
        words = in(new WordStream(p.wordBits));

        UInt writePointer = reg(uint(Log2.exact(beats))).init(0);
        UInt readPointer = reg(uint(Log2.exact(p.bytes * 8 / p.wordBits))).init(0);
        UInt level = reg(uint(Log2.bitsFor(units))).init(0);
        UInt free = reg(uint(Log2.bitsFor(beats))).init(beats);

        var ram = new DualWidthRam(new DualWidthRam.Params(p.beatBits, p.wordBits, p.bytes));
        ram.writeEnable.set(beatValid);
        ram.writeAddress.set(writePointer);
        ram.writeData.set(beat);
        ram.readEnable.set(words.pop);
        ram.readAddress.set(readPointer);
        words.word.set(ram.readData);
        freeBeats.set(free);
        words.available.set(level.ge(unitsPerWord));
        empty.set(level.eq(0));

        // What one pop gives back, in units of the level and in whole beats.
        UInt taken = wire(uint(Log2.bitsFor(Math.max(unitsPerWord, unitsPerBeat))));
        UInt released = wire(uint(Log2.bitsFor(Math.max(1, unitsPerWord))));
        UInt nextRead = wire(uint(readPointer.width()));
        if (unitsPerBeat == 1) {
            taken.set(unitsPerWord);
            released.set(unitsPerWord);
            nextRead.set(readPointer.wrapAdd(1));
        } else {
            int laneBits = Log2.exact(unitsPerBeat);
            UInt lane = readPointer.bits(laneBits - 1, 0);
            UInt beatIndex = readPointer.bits(readPointer.width() - 1, laneBits);
            Bool endsBeat = words.last.or(lane.eq(unitsPerBeat - 1));
            taken.set(mux(
                    words.last, lit(unitsPerBeat).sub(lane).asUInt().truncate(taken.width()), lit(1, taken.width())));
            released.set(mux(endsBeat, lit(1, 1), lit(0, 1)));
            nextRead.set(
                    mux(words.last, cat(beatIndex.wrapAdd(1), lit(0, laneBits)).asUInt(), readPointer.wrapAdd(1)));
        }

        UInt arrived = mux(beatValid, lit(unitsPerBeat), lit(0));
        UInt left = mux(words.pop, taken, lit(0));
        UInt givenBack = mux(words.pop, released, lit(0));
        // no burst is longer than the ring, whatever the bus allows
        UInt burst = reserveBeats.width() > free.width() ? reserveBeats.truncate(free.width()) : reserveBeats;
        UInt claimed = mux(reserve, burst, lit(0));
        level.set(level.wrapAdd(arrived).wrapSub(left));
        free.set(free.wrapAdd(givenBack).wrapSub(claimed).truncate(free.width()));
        when(beatValid, () -> writePointer.set(writePointer.wrapAdd(1)));
        when(words.pop, () -> readPointer.set(nextRead));
        when(clear, () -> {
            writePointer.set(0);
            readPointer.set(0);
            level.set(0);
            free.set(beats);
        });
    }
}
