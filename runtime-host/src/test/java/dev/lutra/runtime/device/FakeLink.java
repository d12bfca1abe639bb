// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import dev.lutra.machine.ControlBit;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Register;
import dev.lutra.machine.RunError;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The registers and memory of an accelerator whose regions end as a test wants, or never. */
class FakeLink implements Link {

    enum Behaviour {
        ENDS,
        FAILS,
        HANGS,
        HANGS_BUT_ABORTS
    }

    final Map<Integer, Integer> registers = new HashMap<>();
    final byte[] memory = new byte[1 << 16];
    Behaviour behaviour = Behaviour.ENDS;
    RunError error = RunError.NONE;
    int resets;
    boolean closed;

    FakeLink(Machine machine) {
        set(Register.ID, Register.ID_VALUE);
        set(Register.ISA_VERSION, Machine.ISA_VERSION);
        set(Register.FINGERPRINT_LO, (int) machine.fingerprint());
        set(Register.FINGERPRINT_HI, (int) (machine.fingerprint() >>> 32));
    }

    void set(Register register, int value) {
        registers.put(register.offset(), value);
    }

    int get(Register register) {
        return registers.getOrDefault(register.offset(), 0);
    }

    @Override
    public String description() {
        return "fake";
    }

    @Override
    public int readRegister(int offset) {
        return registers.getOrDefault(offset, 0);
    }

    @Override
    public void writeRegister(int offset, int value) {
        if (offset == Register.CTRL.offset()) {
            boolean starts = (value & ControlBit.START.mask()) != 0;
            boolean aborts = (value & ControlBit.ABORT.mask()) != 0;
            if (starts && (behaviour == Behaviour.ENDS || behaviour == Behaviour.FAILS)) {
                set(Register.ERROR, error.ordinal());
                set(Register.ISR, 1);
            }
            if (aborts && behaviour == Behaviour.HANGS_BUT_ABORTS) {
                set(Register.ERROR, RunError.ABORTED.ordinal());
                set(Register.ISR, 1);
            }
        } else if (offset == Register.ISR.offset()) {
            set(Register.ISR, 0);
        } else {
            registers.put(offset, value);
        }
    }

    @Override
    public long memoryBytes() {
        return memory.length;
    }

    @Override
    public void readMemory(long address, ByteBuffer destination) {
        destination.put(memory, (int) address, destination.remaining());
    }

    @Override
    public void writeMemory(long address, ByteBuffer source) {
        source.get(memory, (int) address, source.remaining());
    }

    @Override
    public boolean awaitInterrupt(Duration limit) {
        return get(Register.ISR) != 0;
    }

    @Override
    public void reset() {
        resets++;
        set(Register.PROG_LO, 0);
        set(Register.PROG_HI, 0);
        set(Register.PROG_LEN, 0);
        set(Register.WATCHDOG, 0);
        set(Register.ISR, 0);
    }

    @Override
    public void close() {
        closed = true;
    }
}
