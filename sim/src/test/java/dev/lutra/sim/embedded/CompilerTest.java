// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import static dev.lutra.hdl.Hdl.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;
import java.lang.ref.WeakReference;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the generated code looks like to the machine that runs it. */
class CompilerTest {
    /** Multiply-accumulate in a grid: enough code for many methods. */
    private static final class Grid extends Module {
        final Vec<SInt> a;
        final Vec<SInt> b;
        final Vec<SInt> sums;

        Grid(int n) {
            a = in(vec(n, i -> sint(8)));
            b = in(vec(n, i -> sint(8)));
            sums = out(vec(n * n, i -> sint(32)));
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    var sum = reg(sint(32)).init(0);
                    sum.set(sum.wrapAdd(a.get(i).mul(b.get(j))));
                    sums.get(i * n + j).set(sum);
                }
            }
        }
    }

    /** Single operations whose code would be longer than a method may be. */
    private static final class Bulky extends Module {
        final Bits line = in(bits(4000));
        final UInt index = in(uint(10));
        final Bits turned = out(bits(4000));
        final UInt element = out(uint(5));
        final Bits kept = out(bits(4000));

        Bulky() {
            var single = new ArrayList<Bits>();
            for (int i = 0; i < 4000; i++) {
                single.add(line.bits(i, i));
            }
            turned.set(cat(single));
            var elements = new ArrayList<UInt>();
            for (int i = 0; i < 800; i++) {
                elements.add(line.bits(i + 4, i).asUInt());
            }
            var table = wire(vec(800, i -> uint(5)));
            for (int i = 0; i < 800; i++) {
                table.get(i).set(elements.get(i));
            }
            element.set(table.get(index));
            var register = reg(bits(4000)).init(0);
            switchOn(index)
                    .is(1, () -> register.set(line))
                    .is(2, () -> register.set(turned))
                    .is(3, () -> register.set(line.not()));
            kept.set(register);
        }
    }

    @Test
    void methodsStayBelowWhatHotSpotCompiles() {
        for (int chunk : new int[] {0, 1}) {
            var circuit = chunk == 0
                    ? Circuit.of(() -> new Grid(20)).circuit()
                    : Circuit.of(Bulky::new).circuit();
            CompiledDesign compiled = Compiler.compile(Flattener.flatten(circuit, false));
            assertThat(compiled.largestMethod()).isBetween(500, Compiler.HUGE_METHOD_BYTES);
        }
    }

    @Test
    void bulkyOperationsComputeTheSame() {
        var design = Circuit.of(Bulky::new);
        var top = design.top();
        var random = new Random(5);
        try (Simulator sim = Simulators.embedded(design)) {
            BigInteger line = new BigInteger(4000, random);
            sim.poke(top.line, line);
            BigInteger turned = BigInteger.ZERO;
            for (int i = 0; i < 4000; i++) {
                turned = line.testBit(i) ? turned.setBit(3999 - i) : turned;
            }
            assertThat(sim.peekBig(top.turned)).isEqualTo(turned);
            for (int i : new int[] {0, 1, 63, 64, 799, 800, 1023}) {
                sim.poke(top.index, i);
                long expected = i < 800 ? line.shiftRight(i).intValue() & 31 : 0;
                assertThat(sim.peek(top.element)).as("element %d", i).isEqualTo(expected);
            }
            sim.poke(top.index, 2);
            sim.step(1);
            assertThat(sim.peekBig(top.kept)).isEqualTo(turned);
            sim.poke(top.index, 3);
            sim.step(1);
            BigInteger ones = BigInteger.ONE.shiftLeft(4000).subtract(BigInteger.ONE);
            assertThat(sim.peekBig(top.kept)).isEqualTo(line.xor(ones));
        }
    }

    /** Registers that take each other's old values in a circle. */
    private static final class Circle extends Module {
        final Vec<UInt> values = out(vec(5, i -> uint(70)));

        Circle() {
            var registers = new ArrayList<UInt>();
            for (int i = 0; i < 5; i++) {
                registers.add(reg(uint(70)).init(BigInteger.ONE.shiftLeft(13 * i)));
            }
            for (int i = 0; i < 5; i++) {
                registers.get(i).set(registers.get((i + 1) % 5));
                values.get(i).set(registers.get(i));
            }
        }
    }

    @Test
    void registersInACircleKeepTheirOldValuesUntilAllHaveRead() {
        var design = Circuit.of(Circle::new);
        try (Simulator sim = Simulators.embedded(design)) {
            sim.reset(1);
            for (int step = 0; step < 7; step++) {
                for (int i = 0; i < 5; i++) {
                    assertThat(sim.peekBig(design.top().values.get(i)))
                            .isEqualTo(BigInteger.ONE.shiftLeft(13 * ((i + step) % 5)));
                }
                sim.step(1);
            }
        }
    }

    @Test
    void generatedClassesGoWithTheSimulation() throws InterruptedException {
        var circuit = Circuit.of(Circle::new).circuit();
        var gone = new ArrayList<WeakReference<Class<?>>>();
        for (int i = 0; i < 20; i++) {
            CompiledDesign compiled = Compiler.compile(Flattener.flatten(circuit, false));
            compiled.codeClasses().forEach(c -> gone.add(new WeakReference<>(c)));
        }
        for (int i = 0; i < 50 && gone.stream().anyMatch(c -> c.get() != null); i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertThat(gone).isNotEmpty().allMatch(c -> c.get() == null);
    }

    @Test
    void batchesRunInTheEngine() {
        var design = Circuit.of(() -> new Grid(4));
        try (Simulator sim = Simulators.embedded(design)) {
            var batch = sim.batch(List.of(design.top().a, design.top().b), List.of(design.top().sums), 100);
            var random = new Random(3);
            long[] expected = new long[16];
            for (int row = 0; row < 100; row++) {
                for (int i = 0; i < 8; i++) {
                    batch.set(row, i, (byte) random.nextInt());
                }
            }
            batch.run(100);
            for (int row = 0; row < 100; row++) {
                for (int i = 0; i < 16; i++) {
                    assertThat(batch.get(row, i)).isEqualTo(expected[i]);
                    long a = batch.stimulus().get(8 * row + i / 4);
                    long b = batch.stimulus().get(8 * row + 4 + i % 4);
                    expected[i] += a * b;
                }
            }
        }
    }
}
