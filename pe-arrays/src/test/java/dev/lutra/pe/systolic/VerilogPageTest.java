// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.systolic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The Verilog shown in docs/hdl/verilog.md is what the writer writes. */
class VerilogPageTest {
    private static final Path PAGE = Path.of("..", "docs", "hdl", "verilog.md");
    private static final String START = "```verilog\n";

    @Test
    void theExcerptIsTrue() throws IOException {
        var circuit = Circuit.of(() -> new SystolicArray(new SystolicArray.Params(2, 8, 32)))
                .circuit();
        String written = VerilogWriter.write(circuit).get(0).text();
        String page = Files.readString(PAGE);
        int from = page.indexOf(START) + START.length();
        assertThat(page.substring(from, page.indexOf("```\n", from))).isEqualTo(written);
    }

    @Test
    void theTextIsTheSameEveryTime() {
        var first = VerilogWriter.write(Circuit.of(() -> new SystolicArray(new SystolicArray.Params(3, 8, 32)))
                .circuit());
        var second = VerilogWriter.write(Circuit.of(() -> new SystolicArray(new SystolicArray.Params(3, 8, 32)))
                .circuit());
        assertThat(second).isEqualTo(first);
    }
}
