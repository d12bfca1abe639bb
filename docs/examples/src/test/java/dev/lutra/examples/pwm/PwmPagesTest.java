// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.pwm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.examples.Tools;
import dev.lutra.hdl.lib.registers.CHeader;
import dev.lutra.hdl.lib.registers.JavaConstants;
import dev.lutra.hdl.lib.registers.MarkdownPage;
import dev.lutra.hdl.lib.registers.RegisterMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made for software of the one declaration. */
class PwmPagesTest {
    private static final RegisterMap MAP = PwmMap.of(PwmTest.CHANNELS);

    @TempDir
    private Path directory;

    /** The class beside this one is the generated one; if this fails, put the expected text there. */
    @Test
    void theDriversConstantsAreGenerated() throws IOException {
        var file =
                Path.of(System.getProperty("basedir", "."), "src/test/java/dev/lutra/examples/pwm/PwmRegisters.java");
        String expected = "// SPDX-License-Identifier: Apache-2.0\n"
                + JavaConstants.of(MAP, "dev.lutra.examples.pwm", "PwmRegisters");
        assertThat(Files.readString(file)).isEqualTo(expected);
    }

    /** A C program with the header prints what Java knows. */
    @Test
    void theHeaderIsForC() throws IOException {
        Tools.require("gcc");
        Files.writeString(directory.resolve(CHeader.fileName(MAP)), CHeader.of(MAP));
        Files.writeString(directory.resolve("main.c"), """
                #include <stdio.h>
                #include "pwm_registers.h"
                int main(void) {
                    printf("%lu %lu %lu %lx", PWM_DUTY3, PWM_CTRL_RESTART_MASK, PWM_IRQ_ENABLE_PERIOD_END_SHIFT, PWM_ID_VALUE);
                    return 0;
                }
                """);
        Tools.run(directory, List.of("gcc", "-std=c89", "-pedantic", "-Wall", "-Werror", "-o", "main", "main.c"));
        assertThat(Tools.run(directory, List.of("./main"))).isEqualTo("44 2 0 4c50574d");
    }

    @Test
    void thePageHasEveryRegister() throws IOException {
        var page = directory.resolve(MarkdownPage.fileName(MAP));
        Files.writeString(page, MarkdownPage.of(MAP));
        assertThat(Files.readAllLines(page))
                .contains("# Registers of pwm", "| 0x04 | CTRL | | | | | control |")
                .anyMatch(line -> line.startsWith("| 0x2C | DUTY3 | 15:0 |"))
                .anyMatch(line -> line.contains("PERIOD_END") && line.contains("a period has ended"));
    }
}
