// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.linear;

import dev.lutra.machine.ControlBit;
import dev.lutra.machine.Instruction;
import dev.lutra.machine.InstructionCodec;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Register;
import dev.lutra.machine.RunError;
import dev.lutra.machine.Word;
import dev.lutra.map.exec.ProgramInterpreter;
import dev.lutra.map.exec.RunArguments;
import dev.lutra.runtime.device.Link;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** An accelerator that is a program interpreter. What steps leave comes to its memory one by one, at each wait for the interrupt; bytes over the link are counted. */
final class InterpretedLink implements Link {
    private final Machine machine;
    private final Map<Integer, Integer> registers = new HashMap<>();
    private final ByteBuffer memory = ByteBuffer.allocate(8 << 20);
    private final long resultBytes;
    private byte[] after = {};
    private int steps;
    private int come;
    private boolean running;

    /** Bytes that went over the link. */
    long bytes;

    /** Regions that were started. */
    int starts;

    /** Regions that were aborted. */
    int aborts;

    /** @param resultBytes of a step */
    InterpretedLink(Machine machine, long resultBytes) {
        this.machine = machine;
        this.resultBytes = resultBytes;
        registers.put(Register.ID.offset(), Register.ID_VALUE);
        registers.put(Register.ISA_VERSION.offset(), Machine.ISA_VERSION);
        registers.put(Register.FINGERPRINT_LO.offset(), (int) machine.fingerprint());
        registers.put(Register.FINGERPRINT_LO.high().offset(), (int) (machine.fingerprint() >>> 32));
    }

    private int get(Register register) {
        return registers.getOrDefault(register.offset(), 0);
    }

    private void start() {
        starts++;
        List<Instruction> code = new ArrayList<>();
        for (int i = 0; i < get(Register.PROG_LEN); i++) {
            code.add(InstructionCodec.decode(
                    Word.read(memory.slice(get(Register.PROG_LO) + i * Instruction.BYTES, Instruction.BYTES))));
        }
        ByteBuffer copy = ByteBuffer.allocate(memory.capacity()).put(memory.array());
        new ProgramInterpreter(machine, code, copy, 3)
                .run(new RunArguments(
                        get(Register.ENTRY),
                        get(Register.LAYER),
                        IntStream.range(0, 3)
                                .mapToObj(i -> get(Register.length(i)))
                                .toList(),
                        IntStream.range(0, RunArguments.BASES)
                                .mapToObj(i -> (long) get(Register.base(i)))
                                .toList()));
        after = copy.array();
        steps = get(Register.LEN2);
        come = 0;
        running = true;
        registers.put(Register.ERROR.offset(), RunError.NONE.ordinal());
    }

    /** Steps that have not come yet. */
    int toCome() {
        return steps - come;
    }

    @Override
    public String description() {
        return "interpreter";
    }

    @Override
    public int readRegister(int offset) {
        bytes += Integer.BYTES;
        return registers.getOrDefault(offset, 0);
    }

    @Override
    public void writeRegister(int offset, int value) {
        bytes += Integer.BYTES;
        registers.put(offset, value);
        if (offset == Register.ISR.offset()) {
            registers.put(offset, 0);
        } else if (offset == Register.CTRL.offset() && (value & ControlBit.START.mask()) != 0) {
            start();
        } else if (offset == Register.CTRL.offset() && (value & ControlBit.ABORT.mask()) != 0) {
            aborts++;
            running = false;
            registers.put(Register.ISR.offset(), 1);
        }
    }

    @Override
    public long memoryBytes() {
        return memory.capacity();
    }

    @Override
    public void readMemory(long address, ByteBuffer destination) {
        bytes += destination.remaining();
        destination.put(memory.array(), (int) address, destination.remaining());
    }

    @Override
    public void writeMemory(long address, ByteBuffer source) {
        bytes += source.remaining();
        source.get(memory.array(), (int) address, source.remaining());
    }

    @Override
    public boolean awaitInterrupt(Duration limit) {
        if (running && come < steps) {
            int at = get(Register.BASE2_LO) + (int) (come++ * resultBytes);
            memory.put(at, after, at, (int) resultBytes);
            sleep();
            return false;
        }
        if (running) {
            running = false;
            memory.put(0, after);
            registers.put(Register.ISR.offset(), 1);
        }
        return get(Register.ISR) != 0;
    }

    private static void sleep() {
        try {
            Thread.sleep(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void reset() {
        throw new AssertionError("it comes to rest without a reset");
    }

    @Override
    public void close() {}
}
