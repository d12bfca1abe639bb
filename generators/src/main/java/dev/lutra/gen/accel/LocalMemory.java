// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Memory;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/**
 * The memory port of an accelerator whose memory is on the chip: one word a cycle, read or written. There are no
 * bursts: each beat is requested.
 *
 * <p>The store unit goes first, then the readers, program before activations before weights, then the host, which sees
 * the memory only while the accelerator leaves it alone.
 */
final class LocalMemory extends Module {

    /**
     * @param addressBits width of a byte address, which is also the size of the memory
     * @param wordBits width of a word, which is a bus beat
     */
    record Params(int addressBits, int wordBits) {}

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
        doc("Memory on the chip: one " + p.wordBits + "-bit word a cycle, for the store unit, a reader, or the host.");
        int shift = Log2.exact(p.wordBits / 8);
        int wordAddressBits = p.addressBits - shift;
        bus = in(new MemoryBus(p.addressBits, p.wordBits, 1));
        hostWord = in(uint(wordAddressBits));
        hostData = in(bits(p.wordBits));
        hostAnswer = out(bits(p.wordBits));

        // --- who has the memory in this cycle ---------------------------------------------------------------------
        Bool stores = bus.storeData.valid;
        Bool acceptsRead = bus.hold.or(stores).not();
        Bool acceptsActivations = acceptsRead.and(bus.program.valid.not());
        Bool acceptsWeights = acceptsActivations.and(bus.activations.valid.not());
        Bool reads = bus.program.fire().or(bus.activations.fire()).or(bus.weights.fire());
        Bool hostTurn = hostRequest.and(stores.or(reads).not());
        bus.store.ready.set(bus.hold.not());
        bus.storeData.ready.set(true);
        bus.program.ready.set(acceptsRead);
        bus.activations.ready.set(acceptsActivations);
        bus.weights.ready.set(acceptsWeights);

        // --- the memory: one port --------------------------------------------------------------------------------
        UInt address = mux(bus.activations.valid, bus.activations.bits.address, bus.weights.bits.address);
        address = mux(bus.program.valid, bus.program.bits.address, address);
        address = mux(stores, bus.store.bits.address, address);
        UInt word = mux(stores.or(reads), address.bits(p.addressBits - 1, shift), hostWord);
        Bool writes = stores.or(hostTurn.and(hostWrites));
        Bits written = mux(stores, bus.storeData.bits.data, hostData);
        Memory<Bits> words = memory(bits(p.wordBits), 1 << wordAddressBits);
        when(writes, () -> words.write(word, written));
        Bits found = words.read(word, writes.not());
        Bool answers = reg(bool()).init(false);
        UInt answerFor = reg(uint(ReadPort.ID_BITS));
        answers.set(reads);
        UInt weightStream = mux(bus.weightsAreScales, id(ReadPort.SCALES), id(ReadPort.WEIGHTS));
        answerFor.set(mux(
                bus.program.valid,
                id(ReadPort.PROGRAM),
                mux(bus.activations.valid, id(ReadPort.ACTIVATIONS), weightStream)));
        bus.reply.valid.set(answers);
        bus.reply.id.set(answerFor);
        bus.reply.data.set(found);
        hostAccepted.set(hostTurn);
        hostAnswer.set(found);

        // A write is done when it is made, so its response comes with its data.
        bus.events.readsPending.set(answers);
        bus.events.writesPending.set(stores);
        bus.events.readBeat.set(answers);
        bus.events.writtenBeat.set(stores);
        bus.events.writeResponse.set(stores);
        bus.events.readError.set(false);
        bus.events.writeError.set(false);
    }

    private static UInt id(ReadPort port) {
        return lit(port.ordinal(), ReadPort.ID_BITS);
    }
}
