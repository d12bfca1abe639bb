// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.MemoryPort;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.ReadDuringWrite;
import dev.lutra.hdl.stats.Statistics;
import dev.lutra.hdl.stats.Target;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Ports of memories that read and write. */
class MemoryPortTest {
    private static void rejected(Supplier<? extends Module> top, String expected) {
        Reports.assertRejected(MemoryPortTest.class, top, expected);
    }

    private static String verilog(ReadDuringWrite rule, int depth, int maskBits, boolean twoClocks, boolean exclusive) {
        var params = new DualPort.Params(rule, depth, maskBits, twoClocks, exclusive);
        var circuit = Circuit.of(() -> new DualPort(params)).circuit();
        return VerilogWriter.write(circuit).get(0).text().replaceAll(" *// \\S+\\.java:\\d+", "");
    }

    @Test
    void theVerilogOfEachRule() {
        assertThat(verilog(ReadDuringWrite.READ_FIRST, 1024, 0, false, false)).contains("""
                  always @(posedge clk) begin
                    if (aEnable) begin
                      if (aWrite) begin
                        words[aAddress] <= aData;
                      end
                      a <= words[aAddress];
                    end
                  end
                  always @(posedge clk) begin
                    if (bWrite) begin
                      words[bAddress] <= bData;
                    end
                    b <= words[bAddress];
                  end
                """);
        assertThat(verilog(ReadDuringWrite.WRITE_FIRST, 1024, 0, true, false)).contains("""
                  (* no_rw_check = "1" *)
                  /* verilator lint_off MULTIDRIVEN */ // two ports of two clocks
                  reg  [15:0] words [0:1023];
                  /* verilator lint_on MULTIDRIVEN */
                """, """
                  always @(posedge bClock) begin
                    if (bWrite) begin
                      words[bAddress] <= bData;
                      b <= bData;
                    end else begin
                      b <= words[bAddress];
                    end
                  end
                """);
        assertThat(verilog(ReadDuringWrite.NO_CHANGE, 1000, 2, false, true))
                .contains("""
                      if (aWrite) begin
                        if (aAddress < 10'd1000) begin
                          if (mask[0]) begin
                            words[aAddress][7:0] <= aData[7:0];
                          end
                          if (mask[1]) begin
                            words[aAddress][15:8] <= aData[15:8];
                          end
                        end
                      end
                      if (!(aWrite && |mask)) begin
                        a_word <= words[aAddress];
                        a_inside <= aAddress < 10'd1000;
                      end
                """, "rw_addr_collision = \"no\"");
    }

    @Test
    void twoPortsAreCountedAsOneBlock() {
        var params = new DualPort.Params(ReadDuringWrite.READ_FIRST, 1024, 0, true, false);
        var total =
                Statistics.of(Circuit.of(() -> new DualPort(params)).circuit()).total();
        assertThat(total.estimates().get(Target.AMD).blockRams()).isEqualTo(1);
        assertThat(total.estimates().get(Target.ECP5).blockRams()).isEqualTo(1);
        assertThat(total.estimates().get(Target.ICE40).blockRams())
                .as("there is none")
                .isZero();
    }

    @Test
    void onePortNeedsNoReset() {
        var top = Circuit.of(() -> new Module() {
                    final UInt address = in(uint(3));
                    final UInt word = out(uint(4));

                    {
                        var port = memory(uint(4), 8).port(address, ReadDuringWrite.READ_FIRST);
                        port.write(3);
                        word.set(port.word());
                    }
                })
                .circuit()
                .top();
        assertThat(top.usesClock()).isTrue();
        assertThat(top.usesReset()).isFalse();
        assertThat(top.readPorts()).extracting(port -> port.name()).containsExactly("port");
    }

    static final class NamedByField extends Module {
        final UInt address = in(uint(3));
        final UInt word = out(uint(4));
        private final MemoryPort<UInt> left;

        NamedByField() {
            left = memory(uint(4), 8).port(address, ReadDuringWrite.READ_FIRST);
            left.write(3);
            word.set(left.word());
        }
    }

    @Test
    void aFieldNamesThePort() {
        var top = Circuit.of(NamedByField::new).circuit().top();
        assertThat(top.readPorts()).extracting(port -> port.name()).containsExactly("left");
    }

    static final class Slips extends Module {
        Slips() {
            var address = in(uint(3));
            var words = memory(uint(4), 8);
            var a = words.port(address, ReadDuringWrite.READ_FIRST);
            a.write(1);
            when(address.eq(2), () -> a.write(2));
            var b = words.port(address, ReadDuringWrite.READ_FIRST);
            var c = words.port(address, ReadDuringWrite.READ_FIRST);
            b.write(c.word());
            words.write(address, 5);
            out(uint(4)).set(b.word());
        }
    }

    @Test
    void portsAreUsedAsBlockRamHasThem() {
        rejected(Slips::new, """
                [when(address.eq(2), () -> a.write(2));]: error[memory-port]: a second write() of one port of a memory
                    hint: a port has one write: choose its data with mux(), and its conditions with or()
                [var c = words.port(address, ReadDuringWrite.READ_FIRST);]: error[memory-port]: a third port(...) of a memory
                    hint: a memory has up to two; read(...) makes further ports that only read
                [words.write(address, 5);]: error[memory-port]: a memory with write(...) and with port(...)
                    hint: write through its ports only: port(...).write(data)
                3 errors""");
    }
}
