// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.etherbone;

import dev.lutra.machine.ControlBit;
import dev.lutra.machine.Register;
import dev.lutra.runtime.device.BoardOptions;
import dev.lutra.runtime.device.Link;
import dev.lutra.runtime.device.RegionWatch;
import dev.lutra.runtime.device.WordBus;
import dev.lutra.runtime.linux.LockFile;
import java.nio.ByteBuffer;
import java.time.Duration;

/** An accelerator on the bus of a board on a network; the end of a region is polled. */
final class EtherboneLink implements Link, WordBus {

    private final EtherboneBus bus;
    private final BoardOptions options;
    private final LockFile lock;
    private final RegionWatch watch = new RegionWatch(this);

    EtherboneLink(EtherboneBus bus, BoardOptions options, LockFile lock) {
        this.bus = bus;
        this.options = options;
        this.lock = lock;
        try {
            watch.restIfThere();
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    @Override
    public String description() {
        return "board at " + bus.name();
    }

    @Override
    public int readRegister(int offset) {
        return bus.read(registerAddress(offset), 1)[0];
    }

    @Override
    public void writeRegister(int offset, int value) {
        if (offset == Register.CTRL.offset() && (value & ControlBit.START.mask()) != 0) {
            // A region that ran twice would end twice.
            bus.writeOnce(registerAddress(offset), value, this::isStarted);
        } else {
            bus.write(registerAddress(offset), new int[] {value});
        }
    }

    private boolean isStarted() {
        return (readRegister(Register.CTRL.offset()) & ControlBit.IDLE.mask()) == 0
                || readRegister(Register.ISR.offset()) != 0;
    }

    private int registerAddress(int offset) {
        return (int) (options.registers() + offset);
    }

    @Override
    public long memoryAddress() {
        return options.base();
    }

    @Override
    public long memoryBytes() {
        return options.bytes();
    }

    @Override
    public void readMemory(long address, ByteBuffer destination) {
        readBytes(address, destination);
    }

    @Override
    public void writeMemory(long address, ByteBuffer source) {
        writeBytes(address, source);
    }

    @Override
    public int blockWords() {
        return bus.blockWords();
    }

    @Override
    public int[] readWords(long address, int count) {
        return bus.read((int) address, count);
    }

    @Override
    public void writeWords(long address, int[] words) {
        bus.write((int) address, words);
    }

    @Override
    public boolean awaitInterrupt(Duration limit) {
        return watch.poll(limit);
    }

    @Override
    public void reset() {
        watch.rest();
    }

    @Override
    public void close() {
        bus.close();
        lock.close();
    }
}
