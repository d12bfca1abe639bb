// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import dev.lutra.sim.Simulator;
import java.util.Random;

/** Memories in Java around a processor: they answer in the next cycle, or some cycles later at random. */
final class CoreBench {
    private final Simulator sim;
    private final Rv32iCore core;
    private final Iss.Memory memory;
    private final Random random;
    private final boolean waits;

    private int fetchWait;
    private int fetched;
    private int dataWait;
    private int loaded;

    /** Cycles since the reset. */
    long cycles;

    /** @param waits whether memories take more than a cycle */
    CoreBench(Simulator sim, Rv32iCore core, Iss.Memory memory, Random random, boolean waits) {
        this.sim = sim;
        this.core = core;
        this.memory = memory;
        this.random = random;
        this.waits = waits;
        sim.poke(core.fetch.ready, 0);
        sim.poke(core.data.ready, 0);
        sim.reset(1);
    }

    /** What an instruction did, as the processor says. */
    record Retirement(int pc, int instruction, int rd, int value) {
        @Override
        public String toString() {
            return "%08x (%08x), x%d = %08x".formatted(pc, instruction, rd, value);
        }
    }

    /** Runs until an instruction ends; null where the processor halts instead. */
    Retirement next() {
        for (int patience = 0; patience < 1000; patience++) {
            sim.poke(core.fetch.ready, fetchWait == 0);
            sim.poke(core.fetch.word, word(fetchWait == 0 ? fetched : random.nextInt()));
            sim.poke(core.data.ready, dataWait == 0);
            sim.poke(core.data.readWord, word(dataWait == 0 ? loaded : random.nextInt()));
            if (sim.peekBool(core.halted)) {
                return null;
            }
            boolean retires = sim.peekBool(core.retired.valid);
            var retirement = retires
                    ? new Retirement(
                            (int) sim.peek(core.retired.pc),
                            (int) sim.peek(core.retired.instruction),
                            (int) sim.peek(core.retired.rd),
                            (int) sim.peek(core.retired.value))
                    : null;
            answer();
            sim.step(1);
            cycles++;
            if (retires) {
                return retirement;
            }
        }
        throw new AssertionError("nothing happens for 1000 cycles");
    }

    private static long word(int value) {
        return value & 0xffff_ffffL;
    }

    /** Takes the requests of this cycle. */
    private void answer() {
        fetchWait = Math.max(0, fetchWait - 1);
        dataWait = Math.max(0, dataWait - 1);
        if (sim.peekBool(core.fetch.request)) {
            fetched = memory.instruction((int) sim.peek(core.fetch.address));
            fetchWait = wait(fetchWait);
        }
        if (sim.peekBool(core.data.request)) {
            int address = (int) sim.peek(core.data.address) & ~3;
            if (sim.peekBool(core.data.write)) {
                long mask = sim.peek(core.data.mask);
                long value = sim.peek(core.data.writeWord);
                for (int i = 0; i < 4; i++) {
                    if ((mask >> i & 1) == 1) {
                        memory.store(address + i, (int) (value >> 8 * i & 255));
                    }
                }
            } else {
                loaded = 0;
                for (int i = 0; i < 4; i++) {
                    loaded |= memory.load(address + i) << 8 * i;
                }
            }
            dataWait = wait(dataWait);
        }
    }

    /** How long a new request takes; there must be none before the last one is done. */
    private int wait(int left) {
        if (left > 0) {
            throw new AssertionError("a request before the last one is done");
        }
        return waits ? Math.max(0, random.nextInt(6) - 2) : 0;
    }
}
