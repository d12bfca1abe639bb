// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.random.Tool;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What random circuits found in the text of casts and shifts. */
class CastsIT {
    @TempDir
    private Path directory;

    /** An input, another name of it, and an output that is the same under another type. */
    static final class Inner extends Module {
        final SInt sign = in(sint(1));
        final Bool any = out(bool());
        final UInt held = out(uint(1));

        Inner() {
            var register = reg(uint(1));
            var alias = sign.asUInt();
            register.set(alias);
            held.set(register);
            any.set(sign.xorR());
        }
    }

    static final class Outer extends Module {
        final SInt sign = in(sint(1));
        final Bool any = out(bool());
        final UInt held = out(uint(1));

        Outer() {
            var inner = new Inner();
            inner.sign.set(sign);
            any.set(inner.any);
            held.set(inner.held);
        }
    }

    /** An amount that only turns out to be constant. */
    static final class FarShift extends Module {
        final UInt word = in(uint(8));
        final UInt shifted = out(uint(8));

        FarShift() {
            var amount = mux(lit(true), lit(BigInteger.ONE.shiftLeft(53), 54), lit(3, 54));
            shifted.set(word.shr(amount));
        }
    }

    @Test
    void icarusKeepsOutputsThatAreInputsUnderAnotherType() throws IOException {
        assumeTrue(Tool.present("iverilog"), "skipped: no iverilog on the path");
        VerilogWriter.writeTo(Circuit.of(Outer::new).circuit(), directory);
        Files.writeString(
                directory.resolve("tb.v"),
                "module tb; reg clk, sign; wire any, held;"
                        + " Outer dut (.clk(clk), .sign(sign), .any(any), .held(held)); endmodule");
        var run = Tool.run(
                directory, List.of("iverilog", "-g2005", "-Wall", "-s", "tb", "-o", "sim", "-c", "Outer.f", "tb.v"));
        assertThat(run.output()).isEmpty();
    }

    @Test
    void verilatorTakesAConstantShiftByMoreThanAnInt() throws IOException {
        assumeTrue(Tool.present("verilator"), "skipped: no verilator on the path");
        VerilogWriter.writeTo(Circuit.of(FarShift::new).circuit(), directory);
        var run = Tool.run(directory, List.of("verilator", "--lint-only", "-Wall", "FarShift.v"));
        assertThat(run.output()).isEmpty();
    }
}
