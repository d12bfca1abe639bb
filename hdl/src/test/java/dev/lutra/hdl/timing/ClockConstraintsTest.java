// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.timing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Reset;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.hdl.lib.AsyncFifo;
import dev.lutra.hdl.lib.BitSync;
import dev.lutra.hdl.lib.ResetSync;
import dev.lutra.hdl.lib.WordSync;
import dev.lutra.hdl.random.Tool;
import dev.lutra.hdl.verilog.VerilogFile;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClockConstraintsTest {
    private static final Map<String, Double> PERIODS = Map.of("clk", 10.0, "fast", 3.2, "io", 40.0);

    @TempDir
    private Path directory;

    private static void pass(Decoupled<Bits> from, Decoupled<Bits> to) {
        to.valid.set(from.valid);
        to.bits.set(from.bits);
        from.ready.set(to.ready);
    }

    /** Words go out through two modules, so that names have paths. */
    static final class Link extends Module {
        final Clock there = in(clock());
        final Reset reset = in(reset(ResetKind.ASYNC));
        final Decoupled<Bits> put = in(decoupled(bits(8)));
        final Decoupled<Bits> take = out(decoupled(bits(8)));

        Link() {
            var queue = new AsyncFifo<>(bits(8), new AsyncFifo.Params(8, ResetKind.ASYNC));
            queue.clock.set(there);
            queue.reset.set(reset);
            pass(put, queue.in);
            pass(queue.out, take);
        }
    }

    /** Three clocks: words from clk to fast, words from fast to io, an input without a clock, a reset released in fast. */
    static final class Top extends Module {
        final Clock fast = in(clock());
        final Clock io = in(clock());
        final Reset button = in(reset(ResetKind.ASYNC));
        final Reset ioReset = in(reset(ResetKind.ASYNC));
        final Bool pin = in(bool());
        final Bool seen = out(bool());
        final Decoupled<Bits> put = in(decoupled(bits(8)));
        final Decoupled<Bits> take = out(decoupled(bits(8)));

        Top() {
            var release = new ResetSync();
            release.clock.set(fast);
            release.in.set(button);
            var link = new Link();
            link.there.set(fast);
            link.reset.set(release.out);
            pass(put, link.put);
            var out =
                    domain(fast, release.out).make(() -> new WordSync<>(bits(8), new WordSync.Params(ResetKind.ASYNC)));
            out.clock.set(io);
            out.reset.set(ioReset);
            pass(link.take, out.in);
            pass(out.out, take);
            var debounce = new BitSync();
            debounce.in.set(pin);
            seen.set(debounce.out);
        }
    }

    private static dev.lutra.hdl.ir.Circuit circuit() {
        return Circuit.of(Top::new).circuit();
    }

    private static List<String> statements(String text) {
        return text.lines().filter(l -> !l.isEmpty() && !l.startsWith("#")).toList();
    }

    @Test
    void clocksAreDefinedAtTheInputsOfTheTop() {
        for (String text :
                List.of(ClockConstraints.sdc(circuit(), PERIODS), ClockConstraints.xdc(circuit(), PERIODS))) {
            assertThat(statements(text).stream().filter(l -> l.startsWith("create_clock")))
                    .containsExactly(
                            "create_clock -name clk -period 10.000 [get_ports {clk}]",
                            "create_clock -name fast -period 3.200 [get_ports {fast}]",
                            "create_clock -name io -period 40.000 [get_ports {io}]");
        }
    }

    @Test
    void sdcSeparatesClocksThatMeetInSynchronisers() {
        assertThat(statements(ClockConstraints.sdc(circuit(), PERIODS)).stream().skip(3))
                .containsExactly(
                        "set_clock_groups -asynchronous -group [get_clocks {clk}] -group [get_clocks {fast}]",
                        "set_clock_groups -asynchronous -group [get_clocks {fast}] -group [get_clocks {io}]",
                        "set_false_path -from [get_ports {button}]",
                        "set_false_path -from [get_ports {pin}]");
    }

    @Test
    void xdcBoundsEveryRegisterThatTakesACrossingValue() {
        assertThat(statements(ClockConstraints.xdc(circuit(), PERIODS)).stream().skip(3))
                .containsExactlyInAnyOrder(
                        "set_false_path -to [get_pins {release_/first_reg/PRE}]",
                        "set_false_path -to [get_pins {release_/second_reg/PRE}]",
                        "set_max_delay -datapath_only -from [get_clocks {fast}]"
                                + " -to [get_cells {link/queue/readSeen_first_reg[*]}] 3.200",
                        "set_max_delay -datapath_only -from [get_clocks {clk}]"
                                + " -to [get_cells {link/queue/writeSeen_first_reg[*]}] 3.200",
                        "set_max_delay -datapath_only -from [get_clocks {clk}]"
                                + " -to [get_cells {link/queue/word_reg[*]}] 3.200",
                        "set_max_delay -datapath_only -from [get_clocks {io}]"
                                + " -to [get_cells {out/answered/stage_0_reg}] 3.200",
                        "set_max_delay -datapath_only -from [get_clocks {fast}]"
                                + " -to [get_cells {out/asked/stage_0_reg}] 3.200",
                        "set_max_delay -datapath_only -from [get_clocks {fast}]"
                                + " -to [get_cells {out/word_reg[*]}] 3.200",
                        "set_false_path -from [get_ports {pin}] -to [get_cells {debounce/stage_0_reg}]");
    }

    /** Every cell of the XDC is a register of the Verilog, found by the names of the instances on its path. */
    @Test
    void everyNameIsInTheVerilog() {
        var circuit = circuit();
        var texts = new TreeMap<String, String>();
        for (VerilogFile file : VerilogWriter.write(circuit)) {
            texts.put(file.name().replace(".v", ""), file.text());
        }
        Matcher cells = Pattern.compile("-to \\[get_(?:cells|pins) \\{([^}]*)}")
                .matcher(ClockConstraints.xdc(circuit, PERIODS));
        int found = 0;
        while (cells.find()) {
            String[] path = cells.group(1).replaceAll("/(CLR|PRE)$", "").split("/");
            String module = circuit.top().name();
            for (String instance : Arrays.copyOf(path, path.length - 1)) {
                Matcher line =
                        Pattern.compile("(?m)^ *(\\w+) " + instance + " \\(").matcher(texts.get(module));
                assertThat(line.find()).as(instance + " in " + module).isTrue();
                module = line.group(1);
            }
            String register = path[path.length - 1];
            boolean wide = register.endsWith("[*]");
            assertThat(texts.get(module))
                    .containsPattern("reg +(signed )?" + (wide ? "\\[\\d+:0\\] +" : "")
                            + register.replaceAll("_reg(\\[\\*])?$", "") + ";");
            found++;
        }
        assertThat(found).isEqualTo(9);
    }

    @Test
    void oneClockNeedsNothingElse() {
        var single = Circuit.of(BitSync::new).circuit();
        assertThat(statements(ClockConstraints.sdc(single, Map.of("clk", 5.0))))
                .containsExactly(
                        "create_clock -name clk -period 5.000 [get_ports {clk}]",
                        "set_false_path -from [get_ports {in}]");
    }

    @Test
    void everyClockNeedsAPeriod() {
        assertThatThrownBy(() -> ClockConstraints.sdc(circuit(), Map.of("clk", 10.0, "fast", 5.0)))
                .hasMessage("clock io of Top has no period");
        assertThatThrownBy(() -> ClockConstraints.xdc(circuit(), Map.of("clk", 0.0, "fast", 5.0, "io", 1.0)))
                .hasMessage("clock clk of Top has a period of 0.0 ns");
        assertThatThrownBy(() -> ClockConstraints.sdc(Circuit.of(BitSync::new).circuit(), Map.of("clk", 1.0, "x", 1.0)))
                .hasMessage("x is no clock of BitSync; its clocks: clk");
    }

    /** A Tcl interpreter reads both files, each command being one that prints its words. */
    @Test
    void tclReadsThem() throws IOException {
        assumeTrue(Tool.present("tclsh"), "skipped: no tclsh on the path");
        String commands = List.of(
                        "create_clock",
                        "set_clock_groups",
                        "set_false_path",
                        "set_max_delay",
                        "get_ports",
                        "get_clocks",
                        "get_cells",
                        "get_pins")
                .stream()
                .map(c -> "proc " + c + " {args} { return [list " + c + " $args] }\n")
                .reduce("", String::concat);
        Path script = directory.resolve("read.tcl");
        for (String text :
                List.of(ClockConstraints.sdc(circuit(), PERIODS), ClockConstraints.xdc(circuit(), PERIODS))) {
            Files.writeString(script, commands + text + "puts read");
            assertThat(Tool.run(directory, List.of("tclsh", script.toString())))
                    .isEqualTo(new Tool.Result(0, "read\n"));
        }
    }
}
