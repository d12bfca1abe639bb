// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.BlackBox;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import org.junit.jupiter.api.Test;

class EmbeddedBlackBoxTest extends BlackBoxCases {
    @Override
    Simulator open(Elaboration<?> design) {
        return Simulators.embedded(design);
    }

    static final class VerilogOnly extends Module {
        final UInt o = out(uint(4));

        VerilogOnly() {
            var box = new BlackBox("FIVE") {
                final UInt o = out(uint(4));

                {
                    verilog("five.v", "module FIVE(output [3:0] o); assign o = 5; endmodule\n");
                }
            };
            o.set(box.o);
        }
    }

    @Test
    void verilogIsForVerilator() {
        var design = Circuit.of(VerilogOnly::new);
        assertThatThrownBy(() -> open(design))
                .hasMessageContaining("has no model, which the embedded engine needs")
                .hasMessageContaining("simulate with Verilator, which takes five.v");
    }
}
