// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Memory;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/**
 * The memory port of an accelerator whose memory is on the chip: one word a cycle, read or written.
 *
 * <p>The store unit goes first, then the burst that is being read, then the host, which sees the memory only while the
 * accelerator leaves it alone.
 */
final class LocalMemory extends Module {

    /**
     * @param addressBits width of a byte address, which is also the size of the memory
     * @param wordBits width of a word, which is a bus beat
     * @param maxBurst longest burst, words
     */
    record Params(int addressBits, int wordBits, int maxBurst) {}

    final MemoryBus bus;
    final Bool hostRequest = in(bool());
    final Bool hostWrites = in(bool());
    final UInt hostWord;
    final Bits hostData;
    final Bool hostAccepted = out(bool());

    /** The word that a host read accepted in the cycle before found. */
    final Bits hostAnswer;

    LocalMemory(Params p) {
        super(p);
        doc("Memory on the chip: one " + p.wordBits
                + "-bit word a cycle, for the store unit, a read burst, or the host.");
        int shift = Log2.exact(p.wordBits / 8);
        int wordAddressBits = p.addressBits - shift;
        int burstBits = Log2.bitsFor(p.maxBurst);
        bus = in(new MemoryBus(p.addressBits, p.wordBits, p.maxBurst));
        hostWord = in(uint(wordAddressBits));
        hostData = in(bits(p.wordBits));
        hostAnswer = out(bits(p.wordBits));

        UInt storeWord = reg(uint(wordAddressBits));
        UInt storeLeft = reg(uint(burstBits)).init(0);
        UInt readWord = reg(uint(wordAddressBits));
        UInt readLeft = reg(uint(burstBits)).init(0);
        UInt reader = reg(uint(ReadPort.ID_BITS));

        // --- a burst at a time in each direction -----------------------------------------------------------------
        Bool storeIdle = storeLeft.eq(0);
        Bool acceptsStore = storeIdle.and(bus.hold.not());
        bus.store.ready.set(acceptsStore);
        Bool stores = bus.storeData.valid.and(storeIdle.not());
        bus.storeData.ready.set(storeIdle.not());
        when(bus.store.fire(), () -> {
            storeWord.set(bus.store.bits.address.bits(p.addressBits - 1, shift));
            storeLeft.set(bus.store.bits.beats);
        });
        when(stores, () -> {
            storeWord.set(storeWord.wrapAdd(1));
            storeLeft.set(storeLeft.wrapSub(1));
        });

        Bool acceptsRead = readLeft.eq(0).and(bus.hold.not());
        Bool acceptsActivations = acceptsRead.and(bus.program.valid.not());
        Bool acceptsWeights = acceptsActivations.and(bus.activations.valid.not());
        bus.program.ready.set(acceptsRead);
        bus.activations.ready.set(acceptsActivations);
        bus.weights.ready.set(acceptsWeights);
        when(bus.program.fire(), () -> begin(bus.program.bits, shift, readWord, readLeft, reader, ReadPort.PROGRAM));
        when(
                bus.activations.fire(),
                () -> begin(bus.activations.bits, shift, readWord, readLeft, reader, ReadPort.ACTIVATIONS));
        when(bus.weights.fire(), () -> {
            begin(bus.weights.bits, shift, readWord, readLeft, reader, ReadPort.WEIGHTS);
            when(bus.weightsAreScales, () -> reader.set(ReadPort.SCALES.ordinal()));
        });
        Bool reads = readLeft.ne(0).and(stores.not());
        when(reads, () -> {
            readWord.set(readWord.wrapAdd(1));
            readLeft.set(readLeft.wrapSub(1));
        });

        // --- the memory: one port --------------------------------------------------------------------------------
        Bool hostTurn = hostRequest.and(stores.not()).and(readLeft.eq(0));
        Bool writes = stores.or(hostTurn.and(hostWrites));
        UInt word = mux(stores, storeWord, mux(reads, readWord, hostWord));
        Bits written = mux(stores, bus.storeData.bits.data, hostData);
        Memory<Bits> words = memory(bits(p.wordBits), 1 << wordAddressBits);
        when(writes, () -> words.write(word, written));
        Bits found = words.read(word, writes.not());
        Bool answers = reg(bool()).init(false);
        UInt answerFor = reg(uint(ReadPort.ID_BITS));
        answers.set(reads);
        answerFor.set(reader);
        bus.reply.valid.set(answers);
        bus.reply.id.set(answerFor);
        bus.reply.data.set(found);
        hostAccepted.set(hostTurn);
        hostAnswer.set(found);

        // A write is done when it is made, so its response comes with its last word.
        bus.events.readsPending.set(readLeft.ne(0).or(answers));
        bus.events.writesPending.set(storeIdle.not());
        bus.events.readBeat.set(answers);
        bus.events.writtenBeat.set(stores);
        bus.events.writeResponse.set(stores.and(storeLeft.eq(1)));
        bus.events.readError.set(false);
        bus.events.writeError.set(false);
    }

    private static void begin(BurstSpan burst, int shift, UInt readWord, UInt readLeft, UInt reader, ReadPort port) {
        readWord.set(burst.address.bits(burst.address.width() - 1, shift));
        readLeft.set(burst.beats);
        reader.set(port.ordinal());
    }
}
