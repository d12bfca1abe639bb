// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.registers.RegisterBus;
import dev.lutra.machine.SerialProtocol;

/**
 * Registers and local memory over a line of bytes, in the protocol of LiteX's UARTBone, and in one of checked frames for lines that lose bytes. Which line it
 * is does not matter here ({@link UartLine}, {@link SpiLine}): bytes come and go, and it says when it is silent.
 *
 * <p>A command is {@code CMD LEN ADDR[4] [DATA[4] * LEN]}, big endian; ADDR counts 32-bit words. CMD 1 writes LEN words
 * to ascending addresses, 2 reads them. Reads are answered with the words, writes with nothing. Word addresses from
 * {@link SerialProtocol#REGISTERS} on are the host registers, those below the memory.
 *
 * <p>A checked frame is {@code CMD LEN ADDR[4] SEQ CRC[4] [DATA[4] * LEN CRC[4]]}. CMD is {@link SerialProtocol#CHECKED_WRITE}, {@link SerialProtocol#CHECKED_READ} or
 * {@link SerialProtocol#CHECKED_OPEN}; the first CRC is of all before it, the second of the data. It is answered by {@code SEQ [DATA[4] * LEN] CRC[4]}
 * when it has been carried out, and not at all if a CRC does not fit. The CRC is {@link SerialCrc}, lowest byte first.
 *
 * <ul>
 *   <li>The last word of a write is written when the CRC of the data has been seen to fit: a write of one word, as all those of registers are,
 *       happens as it was sent or not at all, and a longer one that is repeated puts right what it got wrong.
 *   <li>A write whose SEQ is that of the last one carried out is answered, but its last word is not written: it was the answer that got lost.
 *       OPEN has no words; it makes its SEQ the last one, so that a new host knows it.
 *   <li>After a frame that does not fit, bytes are dropped until the line is silent, which also ends a frame that does not go on and an answer that nobody
 *       takes.
 *   <li>From the first good frame on, commands without a CRC are dropped as well: no garbled byte can make one.
 * </ul>
 *
 * <p>Bytes that come while an answer goes out, as they do where both directions have one clock, are dropped. The first word that is read is fetched before
 * the answer begins, and the next ones while words go out, so that an answer has no gaps unless memory takes longer than a byte for a word in sequence.
 */
final class SerialBridge extends Module {

    /** @param memoryWordBits width of a word address of the local memory, whose words have 32 bits */
    record Params(int memoryWordBits) {}

    /** The bit of {@link SerialProtocol#REGISTERS} within the first, most significant byte of an address. */
    private static final int REGISTERS_BIT = Log2.exact(SerialProtocol.REGISTERS) - 24;

    private static final int WORD_BITS = 32;

    private enum State {
        COMMAND,
        LENGTH,
        ADDRESS,
        SEQUENCE,
        /** The four bytes of a CRC. */
        CHECK,
        /** Whether it fits. */
        JUDGE,
        DATA,
        WRITE,
        /** The sequence number, first byte of an answer. */
        REPLY,
        READ,
        ANSWER,
        SEND,
        /** The CRC of an answer. */
        SEAL,
        /** Until the line is silent. */
        SKIP
    }

    /** To the host. */
    final ByteLine line = in(new ByteLine());

    final RegisterBus registers = out(new RegisterBus(HostRegisters.OFFSET_BITS));
    final Bool memoryRequest = out(bool());
    final Bool memoryWrites = out(bool());
    final UInt memoryWord;
    final Bits memoryData = out(bits(WORD_BITS));
    final Bool memoryAccepted = in(bool());
    final Bits memoryAnswer = in(bits(WORD_BITS));

    SerialBridge(Params p) {
        super(p);
        doc("Host registers and local memory over a line of bytes: CMD LEN ADDR[4] DATA[4*LEN], big endian.");
        doc("CMD 1 writes, 2 reads; word addresses from 0x10000000 on are registers, those below memory.");
        doc("Checked frames: CMD LEN ADDR[4] SEQ CRC[4] [DATA[4*LEN] CRC[4]], answered by SEQ [DATA[4*LEN]] CRC[4].");
        memoryWord = out(uint(p.memoryWordBits));

        EnumSignal<State> state = reg(enumOf(State.class)).init(State.COMMAND);
        Bool writes = reg(bool());
        Bool opens = reg(bool());
        Bool checked = reg(bool());
        Bool locked = reg(bool()).init(false);
        // Whether a CRC is that of the data, not of the frame's head.
        Bool afterData = reg(bool());
        UInt sequence = reg(uint(8));
        UInt lastSequence = reg(uint(8)).init(0);
        UInt words = reg(uint(8));
        // Of a word address only what reaches the memory, or a register, and which of them it is.
        int addressBits = Math.max(p.memoryWordBits, HostRegisters.OFFSET_BITS - 2);
        UInt address = reg(uint(addressBits));
        Bool toRegisters = reg(bool());
        UInt word = reg(uint(WORD_BITS));
        UInt bytes = reg(uint(2));
        Bool lastByte = bytes.eq(3);
        UInt withByte = cat(word.bits(WORD_BITS - 9, 0), line.data).asUInt();
        Bool accesses = state.eq(State.WRITE).or(state.eq(State.READ));
        Bool accepted = toRegisters.or(memoryAccepted);
        Bool lastWord = words.eq(1);
        Bool repeated = sequence.eq(lastSequence);
        Bool sent = line.put.fire();
        Bool inFrame = state.eq(State.LENGTH)
                .or(state.eq(State.ADDRESS))
                .or(state.eq(State.SEQUENCE))
                .or(state.eq(State.CHECK))
                .or(state.eq(State.DATA));
        Bool takes = line.valid.and(inFrame.or(state.eq(State.COMMAND)));
        line.listens.set(inFrame.or(state.eq(State.SKIP)));

        var crc = new SerialCrc();
        Bool sends = state.eq(State.REPLY).or(state.eq(State.SEND));
        Bool starts = reg(bool()); // the next byte of a message is its first
        crc.take.set(mux(sends, sent, takes));
        crc.first.set(state.eq(State.COMMAND)
                .or(state.eq(State.REPLY))
                .or(state.eq(State.DATA).and(starts)));
        crc.data.set(mux(sends, line.put.bits, line.data));
        crc.next.set(state.eq(State.SEAL).and(sent));

        UInt offset = address.bits(HostRegisters.OFFSET_BITS - 3, 0).shl(2);
        registers.write.set(state.eq(State.WRITE).and(toRegisters));
        registers.writeOffset.set(offset);
        registers.writeData.set(word);
        registers.read.set(state.eq(State.READ).and(toRegisters));
        registers.readOffset.set(offset);
        memoryRequest.set(accesses.and(toRegisters.not()));
        memoryWrites.set(state.eq(State.WRITE));
        memoryWord.set(address.truncate(p.memoryWordBits));
        memoryData.set(word.asBits());
        line.put.valid.set(sends.or(state.eq(State.SEAL).and(crc.idle)));
        line.put.bits.set(mux(
                state.eq(State.REPLY),
                sequence,
                mux(state.eq(State.SEAL), crc.low, word.bits(WORD_BITS - 1, WORD_BITS - 8))));

        switchOn(state)
                .is(
                        State.COMMAND,
                        () -> when(takes, () -> {
                            Bool checkedWrite = line.data.eq(SerialProtocol.CHECKED_WRITE);
                            Bool checkedRead = line.data.eq(SerialProtocol.CHECKED_READ);
                            Bool open = line.data.eq(SerialProtocol.CHECKED_OPEN);
                            Bool isChecked = checkedWrite.or(checkedRead).or(open);
                            checked.set(isChecked);
                            opens.set(open);
                            writes.set(line.data.eq(SerialProtocol.WRITE).or(checkedWrite));
                            afterData.set(false);
                            when(isChecked.or(locked.not()), () -> state.set(State.LENGTH))
                                    .otherwise(() -> state.set(State.SKIP));
                        }))
                .is(
                        State.LENGTH,
                        () -> when(takes, () -> {
                            words.set(line.data);
                            bytes.set(0);
                            state.set(State.ADDRESS);
                        }))
                .is(
                        State.ADDRESS,
                        () -> when(takes, () -> {
                            when(bytes.eq(0), () -> toRegisters.set(line.data.bit(REGISTERS_BIT)));
                            address.set(cat(address.bits(addressBits - 9, 0), line.data)
                                    .asUInt());
                            bytes.set(bytes.wrapAdd(1));
                            when(lastByte, () -> {
                                when(checked, () -> state.set(State.SEQUENCE))
                                        .elseWhen(words.eq(0), () -> state.set(State.COMMAND))
                                        .elseWhen(writes, () -> state.set(State.DATA))
                                        .otherwise(() -> state.set(State.READ));
                            });
                        }))
                .is(
                        State.SEQUENCE,
                        () -> when(takes, () -> {
                            sequence.set(line.data);
                            state.set(State.CHECK);
                        }))
                .is(
                        State.CHECK,
                        () -> when(takes, () -> {
                            bytes.set(bytes.wrapAdd(1));
                            when(lastByte, () -> state.set(State.JUDGE));
                        }))
                .is(
                        State.JUDGE,
                        () -> when(crc.idle, () -> {
                            starts.set(true);
                            afterData.set(true);
                            when(crc.good.not(), () -> state.set(State.SKIP)).otherwise(() -> {
                                locked.set(true);
                                when(opens, () -> lastSequence.set(sequence));
                                when(opens, () -> state.set(State.REPLY))
                                        .elseWhen(writes.not(), () -> state.set(State.READ))
                                        .elseWhen(afterData.not(), () -> state.set(State.DATA))
                                        .elseWhen(repeated, () -> state.set(State.REPLY))
                                        .otherwise(() -> state.set(State.WRITE));
                            });
                        }))
                .is(
                        State.DATA,
                        () -> when(takes, () -> {
                            starts.set(false);
                            word.set(withByte);
                            bytes.set(bytes.wrapAdd(1));
                            when(
                                    lastByte,
                                    () -> when(checked.and(lastWord), () -> state.set(State.CHECK))
                                            .otherwise(() -> state.set(State.WRITE)));
                        }))
                .is(
                        State.WRITE,
                        () -> when(accepted, () -> {
                            address.set(address.wrapAdd(1));
                            words.set(words.wrapSub(1));
                            when(lastWord.not(), () -> state.set(State.DATA))
                                    .elseWhen(checked, () -> {
                                        lastSequence.set(sequence);
                                        state.set(State.REPLY);
                                    })
                                    .otherwise(() -> state.set(State.COMMAND));
                        }))
                .is(
                        State.REPLY,
                        () -> when(sent, () -> {
                            starts.set(false);
                            when(opens.or(writes), () -> state.set(State.SEAL)).otherwise(() -> state.set(State.SEND));
                        }))
                .is(State.READ, () -> when(accepted, () -> state.set(State.ANSWER)))
                .is(State.ANSWER, () -> {
                    word.set(mux(toRegisters, registers.readData, memoryAnswer.asUInt()));
                    when(checked.and(starts), () -> state.set(State.REPLY)).otherwise(() -> state.set(State.SEND));
                })
                .is(
                        State.SEND,
                        () -> when(sent, () -> {
                            word.set(word.shl(8).truncate(WORD_BITS));
                            bytes.set(bytes.wrapAdd(1));
                            when(lastByte, () -> {
                                address.set(address.wrapAdd(1));
                                words.set(words.wrapSub(1));
                                when(lastWord.not(), () -> state.set(State.READ))
                                        .elseWhen(checked, () -> state.set(State.SEAL))
                                        .otherwise(() -> state.set(State.COMMAND));
                            });
                        }))
                .is(
                        State.SEAL,
                        () -> when(sent, () -> {
                            bytes.set(bytes.wrapAdd(1));
                            when(lastByte, () -> state.set(State.COMMAND));
                        }))
                .is(State.SKIP, () -> {});
        // What does not go on is forgotten.
        when(line.silent, () -> state.set(State.COMMAND));
    }
}
