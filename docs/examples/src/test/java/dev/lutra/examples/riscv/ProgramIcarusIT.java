// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.examples.Tools;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program in four-state logic: registers that are unknown after reset, as those of the processor are, must not spread. */
class ProgramIcarusIT {
    private static final String BENCH = """
            module bench;
              reg clk = 1'b0;
              reg rst = 1'b1;
              wire valid;
              wire [7:0] bits;
              wire halted;
              wire [2:0] cause;

              Computer computer (
                .clk(clk), .rst(rst), .console_valid(valid), .console_ready(1'b1), .console_bits(bits),
                .halted(halted), .cause(cause)
              );

              always #1 clk = !clk;
              initial begin
                repeat (2) @(posedge clk);
                #1 rst = 1'b0;
                repeat (500000) begin
                  @(posedge clk);
                  if (valid !== 1'b0) $display("%b%h", valid, bits);
                  if (halted && !valid) begin
                    $display("cause %0d", cause);
                    $finish;
                  end
                end
                $display("not halted");
                $finish;
              end
            endmodule
            """;

    @TempDir
    private Path directory;

    @Test
    void unknownRegistersDoNotSpread() throws IOException {
        Tools.require("iverilog", "vvp");
        var work = Program.WORDS.work(new Random(5));
        long[] image = new Gcc(directory).image(Program.WORDS.file(), "-O2", work.input());
        VerilogWriter.writeTo(
                Circuit.of(() -> new Computer(Gcc.MEMORY_WORDS, image)).circuit(), directory);
        Files.writeString(directory.resolve("bench.v"), BENCH);
        Tools.run(
                directory, List.of("iverilog", "-g2005", "-s", "bench", "-o", "bench", "bench.v", "-f", "Computer.f"));
        var lines = Tools.run(directory, List.of("vvp", "-n", "bench")).lines().toList();
        var expected = new StringBuilder();
        for (byte b : work.output()) {
            expected.append('1').append(HexFormat.of().toHexDigits(b)).append('\n');
        }
        expected.append("cause ").append(Cause.CALL.ordinal());
        assertThat(String.join("\n", lines)).isEqualTo(expected.toString());
    }
}
