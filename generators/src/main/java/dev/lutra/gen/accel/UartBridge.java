// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.registers.RegisterBus;
import dev.lutra.hdl.lib.serial.UartReceiver;
import dev.lutra.hdl.lib.serial.UartTransmitter;

/**
 * Registers and local memory over a serial line, in the protocol of LiteX's UARTBone.
 *
 * <p>A command is {@code CMD LEN ADDR[4] [DATA[4] * LEN]}, big endian; ADDR counts 32-bit words. CMD 1 writes LEN words
 * to ascending addresses, 2 reads them. Reads are answered with the words, writes with nothing. Word addresses from
 * {@link #REGISTERS} on are the host registers, those below the memory.
 */
final class UartBridge extends Module {

    /**
     * @param clocksPerBit cycles of a serial bit
     * @param memoryWordBits width of a word address of the local memory, whose words have 32 bits
     */
    record Params(int clocksPerBit, int memoryWordBits) {}

    /** Word address of the first host register. */
    static final int REGISTERS = 1 << 28;

    /** The bit of {@link #REGISTERS} within the first, most significant byte of an address. */
    private static final int REGISTERS_BIT = Log2.exact(REGISTERS) - 24;

    private static final int WRITE = 1;
    private static final int WORD_BITS = 32;

    private enum State {
        COMMAND,
        LENGTH,
        ADDRESS,
        DATA,
        WRITE,
        READ,
        ANSWER,
        SEND
    }

    final Bool rx = in(bool());
    final Bool tx = out(bool());
    final RegisterBus registers = out(new RegisterBus(HostRegisters.OFFSET_BITS));
    final Bool memoryRequest = out(bool());
    final Bool memoryWrites = out(bool());
    final UInt memoryWord;
    final Bits memoryData = out(bits(WORD_BITS));
    final Bool memoryAccepted = in(bool());
    final Bits memoryAnswer = in(bits(WORD_BITS));

    UartBridge(Params p) {
        super(p);
        doc("Host registers and local memory over a serial line: CMD LEN ADDR[4] DATA[4*LEN], big endian.");
        doc("CMD 1 writes, 2 reads; word addresses from 0x10000000 on are registers, those below memory.");
        memoryWord = out(uint(p.memoryWordBits));
        var receiver = new UartReceiver(new UartReceiver.Params(p.clocksPerBit));
        var transmitter = new UartTransmitter(new UartTransmitter.Params(p.clocksPerBit));
        receiver.rx.set(rx);
        tx.set(transmitter.tx);

        EnumSignal<State> state = reg(enumOf(State.class)).init(State.COMMAND);
        Bool writes = reg(bool());
        UInt words = reg(uint(8));
        // Of a word address only what reaches the memory, or a register, and which of them it is.
        int addressBits = Math.max(p.memoryWordBits, HostRegisters.OFFSET_BITS - 2);
        UInt address = reg(uint(addressBits));
        Bool toRegisters = reg(bool());
        UInt word = reg(uint(WORD_BITS));
        UInt bytes = reg(uint(2));
        Bool firstByte = bytes.eq(0);
        Bool takes = receiver.valid;
        Bool lastByte = bytes.eq(3);
        UInt withByte = cat(word.bits(WORD_BITS - 9, 0), receiver.data).asUInt();
        Bool accesses = state.eq(State.WRITE).or(state.eq(State.READ));
        Bool accepted = toRegisters.or(memoryAccepted);

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
        transmitter.put.valid.set(state.eq(State.SEND));
        transmitter.put.bits.set(word.bits(WORD_BITS - 1, WORD_BITS - 8));

        Bool lastWord = words.eq(1);
        switchOn(state)
                .is(
                        State.COMMAND,
                        () -> when(takes, () -> {
                            writes.set(receiver.data.eq(WRITE));
                            state.set(State.LENGTH);
                        }))
                .is(
                        State.LENGTH,
                        () -> when(takes, () -> {
                            words.set(receiver.data);
                            bytes.set(0);
                            state.set(State.ADDRESS);
                        }))
                .is(
                        State.ADDRESS,
                        () -> when(takes, () -> {
                            when(firstByte, () -> toRegisters.set(receiver.data.bit(REGISTERS_BIT)));
                            address.set(cat(address.bits(addressBits - 9, 0), receiver.data)
                                    .asUInt());
                            bytes.set(bytes.wrapAdd(1));
                            when(lastByte, () -> {
                                when(words.eq(0), () -> state.set(State.COMMAND))
                                        .elseWhen(writes, () -> state.set(State.DATA))
                                        .otherwise(() -> state.set(State.READ));
                            });
                        }))
                .is(
                        State.DATA,
                        () -> when(takes, () -> {
                            word.set(withByte);
                            bytes.set(bytes.wrapAdd(1));
                            when(lastByte, () -> state.set(State.WRITE));
                        }))
                .is(
                        State.WRITE,
                        () -> when(accepted, () -> {
                            address.set(address.wrapAdd(1));
                            words.set(words.wrapSub(1));
                            when(lastWord, () -> state.set(State.COMMAND)).otherwise(() -> state.set(State.DATA));
                        }))
                .is(State.READ, () -> when(accepted, () -> state.set(State.ANSWER)))
                .is(State.ANSWER, () -> {
                    word.set(mux(toRegisters, registers.readData, memoryAnswer.asUInt()));
                    state.set(State.SEND);
                })
                .is(
                        State.SEND,
                        () -> when(transmitter.put.ready, () -> {
                            word.set(word.shl(8).truncate(WORD_BITS));
                            bytes.set(bytes.wrapAdd(1));
                            when(lastByte, () -> {
                                address.set(address.wrapAdd(1));
                                words.set(words.wrapSub(1));
                                when(lastWord, () -> state.set(State.COMMAND)).otherwise(() -> state.set(State.READ));
                            });
                        }));
    }
}
