// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import static dev.lutra.hdl.Hdl.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SFix;
import dev.lutra.hdl.UFix;
import dev.lutra.hdl.UInt;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;
import dev.lutra.sim.engine.SimulationException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VcdTraceTest {
    @TempDir
    Path directory;

    private static final class Counter extends Module {
        final Bool en = in(bool());
        final UInt limit = in(uint(16));
        final UInt count = out(uint(16));
        final Bool hit = out(bool());

        Counter() {
            var value = reg(uint(16)).init(0);
            when(en, () -> value.set(value.wrapAdd(1)));
            count.set(value);
            hit.set(value.eq(limit));
        }
    }

    private static final class Top extends Module {
        final Bool en = in(bool());
        final UInt limit = in(uint(16));
        final Bool hit = out(bool());

        Top() {
            var inner = new Counter();
            inner.en.set(en);
            inner.limit.set(limit);
            var unused = wire(uint(40));
            unused.set(cat(inner.count, lit(3, 24)).asUInt());
            hit.set(inner.hit.and(unused.orR()));
        }
    }

    /** Keeps what it is given in a memory of ints and one of words, and gives it back. */
    private static final class Notebook extends Module {
        final Bool write = in(bool());
        final UInt line = in(uint(3));
        final UInt text = in(uint(100));
        final UInt narrow = out(uint(20));
        final UInt wide = out(uint(100));

        Notebook() {
            var small = memory(uint(20), 8);
            var large = memory(uint(100), 8);
            when(write, () -> {
                small.write(line, text.bits(19, 0).asUInt());
                large.write(line, text);
            });
            narrow.set(small.readAsync(line));
            wide.set(large.readAsync(line));
        }
    }

    @Test
    void memoriesKeepTheirContentsBeforeInAndAfterTheWindow() {
        var design = Circuit.of(Notebook::new);
        var top = design.top();
        try (var sim = Simulators.embedded(design)) {
            sim.trace(directory.resolve("notebook.vcd"), 3, 5);
            // Three are written before the window, two in it, three behind it.
            sim.poke(top.write, 1);
            for (int i = 0; i < 8; i++) {
                sim.poke(top.line, i);
                sim.poke(top.text, text(i));
                sim.step(1);
            }
            sim.poke(top.write, 0);
            for (int i = 0; i < 8; i++) {
                sim.poke(top.line, i);
                assertThat(sim.peek(top.narrow)).as("line %d", i).isEqualTo(i + 1);
                assertThat(sim.peekBig(top.wide)).as("line %d", i).isEqualTo(text(i));
            }
        }
    }

    private static BigInteger text(int line) {
        return BigInteger.valueOf(line + 1).shiftLeft(90).or(BigInteger.valueOf(line + 1));
    }

    @Test
    void holdsItsWindowOfCyclesAndChangesNothing() throws Exception {
        Path vcd = directory.resolve("counter.vcd");
        var design = Circuit.of(Top::new);
        try (var sim = Simulators.embedded(design)) {
            sim.poke(design.top().en, 1);
            sim.poke(design.top().limit, 50);
            sim.step(3);
            sim.trace(vcd, 10, 13);
            assertThat(sim.runUntil(design.top().hit, 100)).isEqualTo(47);
            assertThat(values(vcd, "count"))
                    .as("complete after the window, before the simulation closes")
                    .containsExactly("#20 1010", "#21 1011", "#23 1100", "#25 1101");
            assertThat(values(vcd, "unused").get(0)).isEqualTo("#20 " + Long.toBinaryString(10L << 24 | 3));
        }
        assertThat(Files.readString(vcd))
                .contains("$scope module Top $end", "$scope module inner $end", "$var wire 16 ", " limit [15:0] $end");
        assertThat(Files.readAllLines(vcd).stream()
                        .filter(line -> line.startsWith("$scope"))
                        .count())
                .isEqualTo(Files.readAllLines(vcd).stream()
                        .filter(line -> line.startsWith("$upscope"))
                        .count());
    }

    @Test
    void showsResetAndTheClock() throws Exception {
        Path vcd = directory.resolve("reset.vcd");
        var design = Circuit.of(Top::new);
        try (var sim = Simulators.embedded(design)) {
            sim.poke(design.top().en, 1);
            sim.step(2);
            sim.trace(vcd);
            sim.reset(2);
            sim.step(1);
        }
        assertThat(values(vcd, "count")).containsExactly("#4 10", "#5 0", "#9 1");
        assertThat(values(vcd, "rst")).containsExactly("#4 1", "#8 0");
        assertThat(values(vcd, "clk")).containsExactly("#4 0", "#5 1", "#6 0", "#7 1", "#8 0", "#9 1");
    }

    private enum Mode {
        FAST,
        SLOW
    }

    private static final class Fixed extends Module {
        final EnumSignal<Mode> mode = in(enumOf(Mode.class));
        final SFix gain = in(sfix(2, 6));
        final UFix twice = out(ufix(3, 6));

        Fixed() {
            twice.set(gain.abs().shl(1));
        }
    }

    @Test
    void tellsFormatsAndCodes() throws Exception {
        Path vcd = directory.resolve("fixed.vcd");
        var design = Circuit.of(Fixed::new);
        try (var sim = Simulators.embedded(design)) {
            sim.trace(vcd);
            sim.poke(design.top().gain, -24);
            sim.step(1);
            sim.poke(design.top().mode, 1);
            sim.step(1);
        }
        assertThat(Files.readAllLines(vcd))
                .containsSubsequence("$var integer 8 $ gain [7:0] $end", "$comment gain: Q2.6 $end")
                .contains("$var real 64 % gain$value $end", "$var string 1 # mode$name $end")
                .contains("$comment twice: UQ3.6 $end")
                .containsSubsequence("#0", "b11101000 $", "r-0.375 %", "b110000 &", "r0.75 '")
                .containsSubsequence("#2", "1\"", "sSLOW #");
    }

    @Test
    void mistakesAreNamed() {
        Path missing = directory.resolve("no/x.vcd");
        try (Simulator sim = Simulators.embedded(Circuit.of(Top::new))) {
            sim.trace(missing);
            assertThatThrownBy(() -> sim.step(1))
                    .isInstanceOf(SimulationException.class)
                    .hasMessageContaining("no/x.vcd");
            assertThatThrownBy(() -> sim.trace(missing)).hasMessageContaining("already");
        }
    }

    /** Times and values of the first signal of a name. */
    private static List<String> values(Path vcd, String name) throws Exception {
        String code = "";
        String time = "";
        var values = new ArrayList<String>();
        for (String line : Files.readAllLines(vcd)) {
            String[] word = line.split(" ");
            if (word.length > 4 && word[0].equals("$var") && word[4].equals(name) && code.isEmpty()) {
                code = word[3];
            } else if (line.startsWith("#")) {
                time = line;
            } else if (word.length == 2 && word[1].equals(code) && line.startsWith("b")) {
                values.add(time + " " + word[0].substring(1));
            } else if (!code.isEmpty() && line.length() == code.length() + 1 && line.endsWith(code)) {
                values.add(time + " " + line.charAt(0));
            }
        }
        return values;
    }
}
