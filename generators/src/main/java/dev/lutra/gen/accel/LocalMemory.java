// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Memory;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import org.jspecify.annotations.Nullable;

/**
 * The memory port of an accelerator whose memory is on the chip: one word a cycle, read or written. There are no
 * bursts: each beat is requested.
 *
 * <p>The store unit goes first, then the readers, program before activations before weights, then the host, which sees
 * the memory only while the accelerator leaves it alone.
 *
 * <p>With a flash, its window is the upper half of the addresses. The weight unit and the host can read it, a word when it has come, and others go on
 * meanwhile. Any other access of the accelerator there is a bus error; what the host writes there is dropped.
 */
final class LocalMemory extends Module {

    /**
     * @param addressBits width of a byte address
     * @param wordBits width of a word, which is a bus beat
     * @param onChipBits width of a byte address of the memory; less than addressBits with a flash
     */
    record Params(int addressBits, int wordBits, int onChipBits) {
        boolean hasFlash() {
            return onChipBits < addressBits;
        }
    }

    final MemoryBus bus;
    final Bool hostRequest = in(bool());
    final Bool hostWrites = in(bool());
    final UInt hostWord;
    final Bits hostData;
    final Bool hostAccepted = out(bool());

    /** The word that a host read accepted in the cycle before found. */
    final Bits hostAnswer;

    /** To the reader of the flash; null without one. */
    final @Nullable Bool flashRequest;

    final @Nullable UInt flashWord;
    final @Nullable Bool flashAccept;
    final @Nullable Bits flashData;

    LocalMemory(Params p) {
        super(p);
        doc("Memory on the chip: one " + p.wordBits + "-bit word a cycle, for the store unit, a reader, or the host.");
        int shift = Log2.exact(p.wordBits / 8);
        int wordAddressBits = p.addressBits - shift;
        bus = in(new MemoryBus(p.addressBits, p.wordBits, 1));
        hostWord = in(uint(wordAddressBits));
        hostData = in(bits(p.wordBits));
        hostAnswer = out(bits(p.wordBits));
        flashRequest = p.hasFlash() ? out(bool()) : null;
        flashWord = p.hasFlash() ? out(uint(wordAddressBits - 1)) : null;
        flashAccept = p.hasFlash() ? in(bool()) : null;
        flashData = p.hasFlash() ? in(bits(p.wordBits)) : null;

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

        // --- the flash -------------------------------------------------------------------------------------------
        Bool toChip = lit(true);
        Bool answersFlash = lit(false);
        Bool readError = lit(false);
        Bool writeError = lit(false);
        if (flashRequest == null || flashWord == null || flashAccept == null) {
            bus.weights.ready.set(acceptsWeights);
            hostAccepted.set(hostTurn);
        } else {
            Bool weights = bus.weights.valid.and(inFlash(bus.weights.bits.address));
            Bool units = bus.program
                    .valid
                    .or(bus.activations.valid)
                    .or(bus.weights.valid)
                    .or(stores);
            Bool host = hostRequest.and(inFlash(hostWord)).and(hostWrites.not());
            // A word that is accepted is answered in the next cycle, so it is asked for only when that is free.
            flashRequest.set(weights.and(acceptsWeights).or(host.and(units.not())));
            UInt asked = mux(weights, bus.weights.bits.address.bits(p.addressBits - 1, shift), hostWord);
            flashWord.set(asked.truncate(wordAddressBits - 1));
            bus.weights.ready.set(acceptsWeights.and(weights.not().or(flashAccept)));
            hostAccepted.set(hostTurn.and(host.not().or(units.not().and(flashAccept))));
            Bool fromFlash = reg(bool());
            fromFlash.set(flashAccept);
            answersFlash = fromFlash;
            toChip = inFlash(mux(stores, bus.store.bits.address.bits(p.addressBits - 1, shift), hostWord))
                    .not();
            writeError = stores.and(toChip.not());
            Bool wrong = reg(bool()).init(false);
            wrong.set(mux(
                    bus.program.fire(),
                    inFlash(bus.program.bits.address),
                    bus.activations.fire().and(inFlash(bus.activations.bits.address))));
            readError = wrong;
        }

        // --- the memory: one port --------------------------------------------------------------------------------
        UInt address = mux(bus.activations.valid, bus.activations.bits.address, bus.weights.bits.address);
        address = mux(bus.program.valid, bus.program.bits.address, address);
        address = mux(stores, bus.store.bits.address, address);
        UInt word = mux(stores.or(reads), address.bits(p.addressBits - 1, shift), hostWord);
        Bool writes = stores.or(hostTurn.and(hostWrites)).and(toChip);
        Bits written = mux(stores, bus.storeData.bits.data, hostData);
        Memory<Bits> words = memory(bits(p.wordBits), 1 << p.onChipBits - shift);
        UInt onChip = word.truncate(p.onChipBits - shift);
        when(writes, () -> words.write(onChip, written));
        Bits found = words.read(onChip, writes.not());
        if (flashData != null) {
            found = mux(answersFlash, flashData, found);
        }
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
        hostAnswer.set(found);

        // A write is done when it is made, so its response comes with its data.
        bus.events.readsPending.set(answers);
        bus.events.writesPending.set(stores);
        bus.events.readBeat.set(answers);
        bus.events.writtenBeat.set(stores);
        bus.events.writeResponse.set(stores);
        bus.events.readError.set(readError);
        bus.events.writeError.set(writeError);
    }

    /** Whether an address, of a byte or of a word, is in the upper half. */
    private static Bool inFlash(UInt address) {
        return address.bit(address.width() - 1);
    }

    private static UInt id(ReadPort port) {
        return lit(port.ordinal(), ReadPort.ID_BITS);
    }
}
