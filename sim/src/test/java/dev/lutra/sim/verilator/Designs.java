// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.sim.engine.AxiPorts;
import dev.lutra.sim.verilator.DesignSource.SourcePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Small designs in hand-written Verilog. */
final class Designs {
    private Designs() {}

    /** Skips a test, and says so, where the tools are missing. */
    static void needTools() {
        for (String tool : List.of("verilator", "g++")) {
            boolean found = List.of(System.getenv("PATH").split(":")).stream()
                    .anyMatch(d -> java.nio.file.Files.isExecutable(java.nio.file.Path.of(d, tool)));
            assumeTrue(found, "skipped: " + tool + " is not on the PATH");
        }
    }

    /** A design of one file; ports as {@code in a 8}, {@code out s 9}, {@code in b 8 signed}. */
    static DesignSource of(String top, String verilog, boolean clocked, boolean resettable, String... ports) {
        List<SourcePort> list = new ArrayList<>();
        for (String port : ports) {
            String[] word = port.split(" ");
            list.add(new SourcePort(word[1], Integer.parseInt(word[2]), word[0].equals("in"), word.length > 3));
        }
        return new DesignSource(top, Map.of(top + ".v", verilog), list, clocked, resettable);
    }

    /** Combinational: unsigned and signed sums. Ports 0 a, 1 b, 2 sum, 3 diff. */
    static DesignSource adder() {
        return of("adder", """
                module adder(input wire [7:0] a, input wire [7:0] b, output wire [8:0] sum, output wire signed [8:0] diff);
                  assign sum = {1'b0, a} + {1'b0, b};
                  assign diff = {1'b0, a} - {1'b0, b};
                endmodule
                """, false, false, "in a 8", "in b 8", "out sum 9", "out diff 9 signed");
    }

    /** Counts while enabled, {@code hit} at {@code limit}. Ports 0 en, 1 limit, 2 count, 3 hit, 4 next. */
    static DesignSource counter() {
        return of("counter", """
                module counter(input wire clk, input wire rst, input wire en, input wire [15:0] limit,
                               output reg [15:0] count, output wire hit, output wire [15:0] next);
                  always @(posedge clk)
                    if (rst) count <= 16'd0;
                    else if (en) count <= count + 16'd1;
                  assign hit = count == limit;
                  assign next = count + {15'd0, en};
                endmodule
                """, true, true, "in en 1", "in limit 16", "out count 16", "out hit 1", "out next 16");
    }

    /**
     * Ports of every size, and the clock as data. Ports 0 a 100, 1 b 200, 2 c 64 signed, 3 q 200, 4 s 100 signed, 5 k 64 signed, 6 d 5 signed,
     * 7 e 12, 8 f 30, 9 g 128, 10 notD 5 signed, 11 notE 12, 12 notF 30, 13 notG 128, 14 level 1.
     */
    static DesignSource wide() {
        return of(
                "wide",
                """
                module wide(input wire clk, input wire [99:0] a, input wire [199:0] b, input wire signed [63:0] c,
                            output reg [199:0] q, output wire signed [99:0] s, output wire signed [63:0] k,
                            input wire signed [4:0] d, input wire [11:0] e, input wire [29:0] f, input wire [127:0] g,
                            output wire signed [4:0] notD, output wire [11:0] notE, output wire [29:0] notF,
                            output wire [127:0] notG, output wire level);
                  always @(posedge clk) q <= q + b;
                  assign s = -a;
                  assign k = c - 64'sd1;
                  assign notD = ~d;
                  assign notE = ~e;
                  assign notF = ~f;
                  assign notG = ~g;
                  assign level = clk;
                endmodule
                """,
                true,
                false,
                "in a 100",
                "in b 200",
                "in c 64 signed",
                "out q 200",
                "out s 100 signed",
                "out k 64 signed",
                "in d 5 signed",
                "in e 12",
                "in f 30",
                "in g 128",
                "out notD 5 signed",
                "out notE 12",
                "out notF 30",
                "out notG 128",
                "out level 1");
    }

    /** Number of a port by name. */
    static int port(DesignSource design, String name) {
        for (int i = 0; i < design.ports().size(); i++) {
            if (design.ports().get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException(design.top() + " has no port " + name);
    }

    /** The ports {@code m_axi_*} of a design. */
    static AxiPorts axi(DesignSource d, int dataBytes) {
        int[] p = Stream.of(("arvalid arready araddr arlen arsize arburst arid rvalid rready rdata rresp rlast rid "
                                + "awvalid awready awaddr awlen awsize awburst awid wvalid wready wdata wstrb wlast "
                                + "bvalid bready bresp bid")
                        .split(" "))
                .mapToInt(name -> port(d, "m_axi_" + name))
                .toArray();
        return new AxiPorts(
                "m_axi", dataBytes, p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9], p[10], p[11], p[12],
                p[13], p[14], p[15], p[16], p[17], p[18], p[19], p[20], p[21], p[22], p[23], p[24], p[25], p[26], p[27],
                p[28]);
    }
}
