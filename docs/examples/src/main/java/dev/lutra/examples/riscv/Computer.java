// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.stream.StreamFifo;

/**
 * A processor with a memory that holds its program, and a console: bytes stored to {@link #CONSOLE} come out of a stream. While it is
 * full the processor waits. Instructions and data share the memory, which starts at address 0; where there is none, reads give 0 and
 * writes do nothing. A word that is stored must not be the next instruction.
 */
public final class Computer extends Module {
    /** Address of the console. */
    public static final long CONSOLE = 0x1000_0000L;

    private static final int CONSOLE_BYTES = 4;

    public final Decoupled<UInt> console = out(decoupled(uint(8)));
    public final Bool halted = out(bool());
    public final EnumSignal<Cause> cause = out(enumOf(Cause.class));

    /**
     * @param size words of the memory
     * @param image its first words
     */
    public Computer(int size, long[] image) {
        doc("An RV32I processor with " + 4 * size + " bytes of memory and a console at 0x10000000.");
        var core = new Rv32iCore(new Rv32iCore.Params(0));
        var memory = memory(uint(32), size).init(image);
        var fifo = new StreamFifo<>(uint(8), CONSOLE_BYTES);

        var fetch = core.fetch;
        var instruction = memory.read(fetch.address.bits(31, 2), fetch.request);
        fetch.word.set(instruction);
        fetch.ready.set(true);

        var data = core.data;
        var address = data.address.bits(31, 2);
        var stores = data.request.and(data.write);
        when(stores, () -> memory.write(address, data.writeWord, data.mask));
        var word = memory.read(address, data.request);
        data.readWord.set(word);
        data.ready.set(fifo.put.ready);

        fifo.clear.set(false);
        fifo.put.valid.set(stores.and(data.address.eq(CONSOLE)));
        fifo.put.bits.set(data.writeWord.truncate(8));
        console.set(fifo.take);
        halted.set(core.halted);
        cause.set(core.cause);
    }
}
