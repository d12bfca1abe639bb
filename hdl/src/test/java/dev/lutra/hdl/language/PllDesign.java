// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import dev.lutra.hdl.BlackBox;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.hdl.lib.ResetSync;
import java.math.BigInteger;

/** A clock from a PLL for everything below, and a DSP block there. */
final class PllDesign extends Module {
    final SInt a = in(sint(18));
    final SInt b = in(sint(18));
    final SInt sum = out(sint(48));

    PllDesign() {
        var pll = new Pll();
        pll.bypass.set(false);
        var reset = new ResetSync();
        reset.clock.set(pll.fast);
        reset.in.set(pll.locked.not().asReset(ResetKind.ASYNC));
        var there = domain(pll.fast, reset.out);
        var core = there.make(Core::new);
        core.a.set(a);
        core.b.set(b);
        sum.set(core.sum);
    }

    static final class Pll extends BlackBox {
        final Bool bypass = in(bool());
        final Clock fast = out(clock());
        final Bool locked = out(bool());

        Pll() {
            super("EXAMPLE_PLL");
            parameter("MULTIPLY", 8);
            parameter("FEEDBACK", "INTERNAL");
            parameter("MASK", BigInteger.valueOf(0xab), 12);
            clockPort("refclk");
            verilog("EXAMPLE_PLL.v", """
                    module EXAMPLE_PLL #(
                      parameter MULTIPLY = 1,
                      parameter FEEDBACK = "NONE",
                      parameter [11:0] MASK = 0
                    ) (
                      input  wire refclk,
                      input  wire bypass,
                      output wire fast,
                      output wire locked
                    );
                      assign fast = refclk ^ bypass;
                      assign locked = MULTIPLY > 1 && MASK[0] && FEEDBACK == "INTERNAL";
                    endmodule
                    """);
        }
    }

    static final class Core extends Module {
        final SInt a = in(sint(18));
        final SInt b = in(sint(18));
        final SInt sum = out(sint(48));

        Core() {
            var mac = new Mac();
            mac.A.set(a);
            mac.B.set(b);
            var first = reg(bool()).init(true);
            first.set(false);
            mac.LOAD.set(first);
            sum.set(mac.P);
        }
    }

    /** Adds products up. */
    static final class Mac extends BlackBox {
        final SInt A = in(sint(18));
        final SInt B = in(sint(18));
        final Bool LOAD = in(bool());
        final SInt P = out(sint(48));

        Mac() {
            super("EXAMPLE_MAC");
            clockPort("CLK");
            verilog("EXAMPLE_MAC.v", """
                    module EXAMPLE_MAC (
                      input  wire CLK,
                      input  wire signed [17:0] A,
                      input  wire signed [17:0] B,
                      input  wire LOAD,
                      output reg signed [47:0] P
                    );
                      always @(posedge CLK) begin
                        P <= A * B + (LOAD ? 48'sd0 : P);
                      end
                    endmodule
                    """);
            var total = reg(sint(48));
            total.set(mux(LOAD, slit(0, 48), total).wrapAdd(A.mul(B)));
            P.set(total);
        }
    }
}
