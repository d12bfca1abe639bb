// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.verilog.VerilogWriter;
import org.junit.jupiter.api.Test;

class CommentsTest {
    @Test
    void noCommentIsAnOrderToATool() {
        String text = VerilogWriter.write(Circuit.of(VerilatorPins::new).circuit())
                .get(0)
                .text();
        assertThat(text)
                .contains(
                        "// - VerilatorPins\n",
                        "// - synthesis translate_off and what one writes of Synopsys.\n",
                        "// - Pragma of nobody.\n",
                        "// - verilator_me lint_off.\n",
                        " // - VerilatorPins.java:")
                .doesNotContainPattern("(?i)//\\s*(verilator|synthesis|synopsys|pragma)");
    }
}
