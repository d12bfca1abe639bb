// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.ir.ReadDuringWrite;
import dev.lutra.sim.engine.RequireException;
import dev.lutra.sim.junit.Engines;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Memories with ports against a model in plain Java, the same on every engine. */
@Engines({EngineKind.EMBEDDED, EngineKind.ICARUS})
class MemoryPortTest {
    private final EngineKind engine;

    MemoryPortTest(EngineKind engine) {
        this.engine = engine;
    }

    /** Each is a model to build for engines that build. */
    private int circuits() {
        return engine != EngineKind.EMBEDDED ? Boolean.getBoolean("lutra.deep") ? 12 : 3 : 200;
    }

    @Test
    void randomPortsDoWhatTheirRulesSay() {
        for (long seed = 1; seed <= circuits(); seed++) {
            var random = new Random(seed);
            var params = PortedMemory.Params.random(random);
            try {
                run(params, random);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", " + params, e);
            }
        }
    }

    private void run(PortedMemory.Params p, Random random) {
        var design = Circuit.of(() -> new PortedMemory(p));
        var top = design.top();
        var memory = new BigInteger[p.depth()];
        Arrays.fill(memory, BigInteger.ZERO);
        memory[0] = BigInteger.ONE;
        var held = new BigInteger[] {BigInteger.ZERO, BigInteger.ZERO};
        int period = p.twoClocks() ? 1 + random.nextInt(3) : 1;
        int phase = random.nextInt(period);
        try (var sim = engine.open(design)) {
            if (p.twoClocks()) {
                sim.clock(top.other, period, phase);
            }
            sim.reset(1);
            // Address 0 was read in reset, by ports that have no enable.
            if (!p.enables()) {
                held[0] = memory[0];
                held[1] = phase == 0 ? memory[0] : held[1];
            }
            for (long cycle = 1; cycle < 300; cycle++) {
                int[] address = new int[2];
                boolean[] enable = new boolean[2];
                boolean[] write = new boolean[2];
                BigInteger[] data = new BigInteger[2];
                BigInteger[] bits = new BigInteger[2];
                boolean[] rises = {true, !p.twoClocks() || (cycle - phase) % period == 0};
                int limit = top.addresses.get(0).width();
                for (int i = 0; i < 2; i++) {
                    address[i] = random.nextInt(4) == 0
                            ? random.nextInt(1 << limit)
                            : random.nextInt(Math.min(4, p.depth()));
                    enable[i] = !p.enables() || random.nextInt(4) > 0;
                    write[i] = random.nextBoolean();
                    data[i] = new BigInteger(p.width(), random);
                    if (i == 1 && address[0] == address[1]) {
                        write[1] &= !write[0]; // what is said for that case is another test
                    }
                    bits[i] = BigInteger.ONE.shiftLeft(p.width()).subtract(BigInteger.ONE);
                    sim.poke(top.addresses.get(i), address[i]);
                    sim.poke(top.writes.get(i), write[i]);
                    sim.poke(top.data.get(i), data[i]);
                    if (p.enables()) {
                        sim.poke(top.enables.get(i), enable[i]);
                    }
                    if (p.maskBits() > 0) {
                        int mask = random.nextInt(3) == 0 ? 0 : random.nextInt(1 << p.maskBits());
                        sim.poke(top.masks.get(i), mask);
                        bits[i] = spread(mask, p);
                    }
                }
                int readAddress = random.nextInt(1 << limit);
                sim.poke(top.readAddress, readAddress);
                sim.step(1);

                var before = memory.clone();
                for (int i = 0; i < 2; i++) {
                    if (!rises[i] || !enable[i]) {
                        continue;
                    }
                    boolean inside = address[i] < p.depth();
                    BigInteger old = inside ? before[address[i]] : BigInteger.ZERO;
                    BigInteger merged = old.andNot(bits[i]).or(data[i].and(bits[i]));
                    if (write[i] && inside) {
                        memory[address[i]] = merged;
                    }
                    switch (i == 0 ? p.first() : p.second()) {
                        case READ_FIRST -> held[i] = old;
                        case WRITE_FIRST -> held[i] = write[i] && inside ? merged : old;
                        case NO_CHANGE -> held[i] = write[i] && bits[i].signum() != 0 ? held[i] : old;
                    }
                }
                for (int i = 0; i < 2; i++) {
                    assertThat(sim.peekBig(top.words.get(i)))
                            .as("port " + i + ", cycle " + cycle)
                            .isEqualTo(held[i]);
                }
                assertThat(sim.peekBig(top.readWord))
                        .as("read, cycle " + cycle)
                        .isEqualTo(readAddress < p.depth() ? before[readAddress] : BigInteger.ZERO);
            }
        }
    }

    private static BigInteger spread(int mask, PortedMemory.Params p) {
        int part = p.width() / p.maskBits();
        BigInteger bits = BigInteger.ZERO;
        for (int i = 0; i < p.width(); i++) {
            bits = (mask >> (i / part) & 1) == 1 ? bits.setBit(i) : bits;
        }
        return bits;
    }

    private static Elaboration<PortedMemory> small(boolean twoClocks, boolean exclusive) {
        return Circuit.of(() -> new PortedMemory(new PortedMemory.Params(
                8, 16, 0, ReadDuringWrite.READ_FIRST, ReadDuringWrite.WRITE_FIRST, true, twoClocks, exclusive)));
    }

    private static void write(Simulator sim, PortedMemory top, int port, int address, int data) {
        sim.poke(top.enables.get(port), 1);
        sim.poke(top.writes.get(port), 1);
        sim.poke(top.addresses.get(port), address);
        sim.poke(top.data.get(port), data);
    }

    @Test
    void twoPortsOfOneClockMustNotWriteOneWord() {
        var design = small(false, false);
        var top = design.top();
        try (var sim = engine.open(design)) {
            sim.reset(1);
            write(sim, top, 0, 5, 77);
            write(sim, top, 1, 6, 78);
            sim.step(1);
            write(sim, top, 1, 5, 79);
            assertThatThrownBy(() -> sim.step(1))
                    .isInstanceOf(RequireException.class)
                    .hasMessageContaining("two ports write one word of memory")
                    .hasMessageContaining("PortedMemory.java:");
            sim.poke(top.writes.get(1), 0);
            sim.step(1); // reading it is legal, and gives the old word
            assertThat(sim.peek(top.words.get(1))).isIn(77L, 79L);
        }
    }

    @Test
    void anExclusiveWordIsNotEvenRead() {
        var design = small(false, true);
        var top = design.top();
        try (var sim = engine.open(design)) {
            sim.reset(1);
            sim.poke(top.readAddress, 9);
            write(sim, top, 0, 5, 77);
            sim.poke(top.addresses.get(1), 5);
            sim.step(1);
            sim.poke(top.enables.get(1), 1);
            assertThatThrownBy(() -> sim.step(1))
                    .isInstanceOf(RequireException.class)
                    .hasMessageContaining("a port writes a word of memory that another one touches");
            sim.poke(top.addresses.get(1), 6);
            sim.step(1);
            sim.poke(top.readAddress, 5);
            assertThatThrownBy(() -> sim.step(1)).isInstanceOf(RequireException.class);
        }
    }

    @Test
    void thePortsOfTwoClocksWriteOneWordInTheirOrder() {
        var design = small(true, false);
        var top = design.top();
        try (var sim = engine.open(design)) {
            sim.reset(1);
            for (int i = 0; i < 20; i++) {
                write(sim, top, 0, 5, 2 * i);
                write(sim, top, 1, 5, 2 * i + 1);
                sim.step(1);
                sim.poke(top.writes.get(0), 0);
                sim.poke(top.writes.get(1), 0);
                sim.step(1);
                assertThat(sim.peek(top.words.get(0))).as("the later port").isEqualTo(2 * i + 1);
            }
        }
    }
}
