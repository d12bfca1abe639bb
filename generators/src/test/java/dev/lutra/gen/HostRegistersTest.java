// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.gen.accel.HostRegisters;
import dev.lutra.hdl.lib.registers.MarkdownPage;
import dev.lutra.hdl.lib.registers.RegisterMap;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class HostRegistersTest {

    private static String row(Machine machine, String register) {
        return MarkdownPage.of(HostRegisters.of(machine))
                .lines()
                .filter(line -> line.contains("| " + register + " |"))
                .findFirst()
                .orElse("none");
    }

    /** docs/registers.md is the page of the standard machine under a heading of its own. */
    @Test
    void theManualHasThePageOfTheStandardMachine() throws IOException {
        Path page = Path.of(System.getProperty("basedir", "."), "..", "docs", "registers.md");
        RegisterMap map = HostRegisters.of(Machine.standard());
        String table = MarkdownPage.of(map);
        assertThat(Files.readString(page)).endsWith(table.substring(table.indexOf("| offset")));
    }

    @Test
    void aMachineHasOnlyWhatItNeeds() {
        Machine s = Machine.standard();
        assertThat(row(s, "CYCLES_LO")).contains("31:0", "RO");
        assertThat(row(s, "PROG_LO")).contains("31:0", "RW");
        assertThat(row(s, "PROG_HI")).isEqualTo("none");
        assertThat(row(Machine.smallest(), "CYCLES_LO")).isEqualTo("none");
        assertThat(row(Machine.smallest(), "PROG_LO")).contains("16:0", "WO");
        Machine wide = new Machine(
                s.engine(), new Bus(Bus.Kind.AXI4, 128, 40, 64, 4), s.buffers(), s.queueDepth(), s.counters());
        assertThat(row(wide, "BASE2_HI")).contains("7:0", "RW");
    }
}
