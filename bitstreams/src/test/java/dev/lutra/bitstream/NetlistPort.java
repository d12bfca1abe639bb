// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream;

import dev.lutra.runtime.serial.LineTiming;
import dev.lutra.runtime.serial.SerialPort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The serial pins of a netlist that Icarus simulates, in the time of the simulation. The bench takes a line of text per step on its standard input
 * ({@code s BYTE}: send it; {@code w CYCLES}: run until bytes have come, or so long) and says {@code r BYTE} and {@code k CYCLES}.
 */
final class NetlistPort implements SerialPort {

    static final int CLOCKS_PER_BIT = 4;
    private static final int MEGAHERTZ = 12;

    /** Nothing but the board is on this line, and a cycle takes a while. */
    static final LineTiming TIMING =
            new LineTiming(MEGAHERTZ * 1_000_000 / CLOCKS_PER_BIT, Duration.ofMillis(2), Duration.ofNanos(100_000), 1);

    private static final String BENCH = """
            `timescale 1ns / 1ps
            module bench;
              reg clk = 0, rx = 1;
              wire tx;
              integer cycles = 0, heard = 0, since = 0, n, i, got;
              reg [7:0] op, in;
              always #5 clk = !clk;
              always @(posedge clk) cycles = cycles + 1;
              @TOP@ dut(.clk(clk), .uart_rx(rx), .uart_tx(tx));
              always begin : receiver
                integer b;
                @(negedge clk);
                if (tx === 1'b0) begin
                  repeat (@HALF@) @(negedge clk);
                  for (b = 0; b < 8; b = b + 1) begin
                    repeat (@BIT@) @(negedge clk);
                    in[b] = tx;
                  end
                  repeat (@BIT@) @(negedge clk);
                  $display("r %0d", in);
                  heard = heard + 1;
                end
              end
              initial begin
                repeat (1000) @(negedge clk);
                forever begin
                  got = $fscanf('h8000_0000, " %c %d", op, n);
                  if (got != 2) $finish;
                  if (op == "s") begin
                    rx = 0;
                    repeat (@BIT@) @(negedge clk);
                    for (i = 0; i < 8; i = i + 1) begin
                      rx = n[i];
                      repeat (@BIT@) @(negedge clk);
                    end
                    rx = 1;
                    repeat (@BIT@) @(negedge clk);
                  end else begin
                    while (n > 0 && heard == since) begin
                      @(negedge clk);
                      n = n - 1;
                    end
                    since = heard;
                    $display("k %0d", cycles);
                    $fflush;
                  end
                end
              end
            endmodule
            """;

    private final Process simulation;
    private final PrintWriter steps;
    private final BufferedReader said;
    private final ArrayDeque<Integer> received = new ArrayDeque<>();
    private long cycles;

    /**
     * Compiles and starts.
     *
     * @param top name of the module with the pins
     * @param netlist Verilog of all its modules but the cells
     * @param cells simulation models of the FPGA's cells
     */
    NetlistPort(Path directory, String top, Path netlist, Path cells) throws IOException, InterruptedException {
        Path bench = directory.resolve(top + "-bench.v");
        Files.writeString(
                bench,
                BENCH.replace("@TOP@", top)
                        .replace("@HALF@", Integer.toString(CLOCKS_PER_BIT / 2))
                        .replace("@BIT@", Integer.toString(CLOCKS_PER_BIT)));
        Path compiled = directory.resolve(top + ".vvp");
        List<String> words = List.of(
                "iverilog",
                "-g2012",
                "-DNO_ICE40_DEFAULT_ASSIGNMENTS",
                "-s",
                "bench",
                "-o",
                compiled.toString(),
                bench.toString(),
                netlist.toString(),
                cells.toString());
        Tool.run(directory, words);
        simulation = new ProcessBuilder("vvp", "-n", compiled.toString())
                .redirectErrorStream(true)
                .start();
        steps = new PrintWriter(simulation.getOutputStream(), false, StandardCharsets.US_ASCII);
        said = new BufferedReader(new InputStreamReader(simulation.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** Clock cycles simulated so far. */
    long cycles() {
        return cycles;
    }

    @Override
    public String name() {
        return "the pins of the netlist";
    }

    @Override
    public void write(byte[] bytes) {
        for (byte value : bytes) {
            steps.println("s " + (value & 0xFF));
        }
    }

    @Override
    public int read(byte[] into, int offset, int length, Duration limit) {
        if (received.isEmpty()) {
            steps.println("w " + limit.toNanos() * MEGAHERTZ / 1000);
            steps.flush();
            listen();
        }
        int count = 0;
        while (count < length && !received.isEmpty()) {
            into[offset + count++] = (byte) (int) received.remove();
        }
        return count;
    }

    private void listen() {
        List<String> other = new ArrayList<>();
        try {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.startsWith("k ")) {
                    cycles = Long.parseLong(line.substring(2));
                    return;
                } else if (line.startsWith("r ")) {
                    received.add(Integer.parseInt(line.substring(2).strip()));
                } else {
                    other.add(line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("the simulation of the netlist ended: " + other);
    }

    @Override
    public void close() {
        simulation.destroyForcibly();
    }
}
