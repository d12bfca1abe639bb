// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream;

import dev.lutra.bitstream.board.Board;
import dev.lutra.gen.accel.HostLine;
import dev.lutra.machine.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What stands between an accelerator and the pins of a board with a serial line or an SPI bus: reset after configuration, and the board's polarity. Verilog and pin constraints.
 *
 * @param verilog text of module {@link #NAME}
 * @param pins text of a .pcf file, a line {@code set_io SIGNAL PIN} each
 * @param megahertz clock of the accelerator
 */
public record BoardTop(String verilog, String pins, double megahertz) {

    /** Name of the module. */
    public static final String NAME = "board";

    private static final List<String> FLASH =
            List.of("flash_sck", "flash_cs_n", "flash_io0", "flash_io1", "flash_io2", "flash_io3");

    private static final String FLASH_PORTS = """
            ,
              output wire flash_sck,
              output wire flash_cs_n,
              inout wire flash_io0,
              inout wire flash_io1,
              inout wire flash_io2,
              inout wire flash_io3""";

    /** Lines 1 to 3 only come in. Pulled up: until its bit QE is set, two of them protect the flash and hold it. */
    private static final String FLASH_LINES = """
              wire flash_out, flash_drives;
              wire [3:0] flash_in;
              SB_IO #(.PIN_TYPE(6'b1010_01), .PULLUP(1'b1)) lines [3:0] (
                .PACKAGE_PIN({flash_io3, flash_io2, flash_io1, flash_io0}),
                .OUTPUT_ENABLE({3'b000, flash_drives}),
                .D_OUT_0({3'b111, flash_out}),
                .D_IN_0(flash_in));
            """;

    private static final String FLASH_CONNECTIONS = """
            ,
                .flash_sck(flash_sck), .flash_cs_n(flash_cs_n), .flash_out(flash_out), .flash_drives(flash_drives), .flash_in(flash_in)""";

    private static final List<String> UART = List.of("uart_rx", "uart_tx");

    private static final String UART_PORTS = """
              input wire uart_rx,
              output wire uart_tx,
            """;

    private static final List<String> SPI = List.of("spi_sck", "spi_cs_n", "spi_mosi", "spi_miso");

    private static final String SPI_PORTS = """
              input wire spi_sck,
              input wire spi_cs_n,
              input wire spi_mosi,
              output wire spi_miso,
            """;

    /** Other slaves of the bus may have the line as soon as chip select is high. */
    private static final String SPI_LINES = """
              wire miso;
              assign spi_miso = spi_cs_n ? 1'bz : miso;
            """;

    /** What receivers forgive in the rate of bits, half of it for either end. */
    private static final double MOST_RATE_ERROR = 0.02;

    /**
     * The pins between an accelerator on a board and the host.
     *
     * @throws UserException if the board's clock does not make the rate of its line
     */
    public static HostLine line(Board board) {
        double megahertz = board.clocks().get(0).megahertz();
        int baud = board.host().baud();
        double exact = megahertz * 1e6 / Math.max(1, baud);
        switch (board.host().kind()) {
            case "spi" -> {
                if (exact < HostLine.Spi.CLOCKS_PER_BIT) {
                    throw UserException.badInput(
                            "board " + board.name() + ": a clock of " + megahertz + " MHz has " + exact
                                    + " cycles in a period of " + baud + " Hz",
                            "At least 4 are needed: choose a lower baud in hosts of its description.");
                }
                return new HostLine.Spi();
            }
            case "uart" -> {
                int clocksPerBit = (int) Math.round(exact);
                if (clocksPerBit < 4 || Math.abs(exact / clocksPerBit - 1) > MOST_RATE_ERROR) {
                    throw UserException.badInput(
                            "board " + board.name() + ": a clock of " + megahertz + " MHz has " + exact
                                    + " cycles in a bit of " + baud + " baud",
                            "At least 4 cycles are needed, and a whole number within 2 %: choose another baud in hosts of its description.");
                }
                return new HostLine.Uart(clocksPerBit);
            }
            default ->
                throw UserException.badInput(
                        "board " + board.name() + " has the host link '"
                                + board.host().kind()
                                + "', and an accelerator with its memory on the chip has uart or spi",
                        "Choose another one in hosts of its description.");
        }
    }

    /**
     * The top for a board.
     *
     * @param accelerator name of the module inside
     * @param flash whether it reads the board's flash
     * @throws UserException if the board lacks a pin
     */
    public static BoardTop of(Board board, String accelerator, boolean flash) {
        Board.Clock clock = board.clocks().get(0);
        boolean spi = board.host().kind().equals("spi");
        boolean inverted = board.pin("irq_n").isPresent();
        StringBuilder pins = new StringBuilder();
        pin(pins, "clk", clock.pin());
        List<String> signals = new ArrayList<>(spi ? SPI : UART);
        signals.add(inverted ? "irq_n" : "irq");
        if (flash) {
            signals.addAll(FLASH);
        }
        for (String signal : signals) {
            pin(
                    pins,
                    signal,
                    board.pin(signal)
                            .orElseThrow(() -> UserException.badInput(
                                    "board " + board.name() + " has no pin for " + signal,
                                    "Add it to pins of its description.")));
        }
        String verilog = """
                // %s at %s MHz, %s at %s baud.
                module %s (
                  input wire clk,
                %s  output wire %s%s
                );
                  // Configuration clears registers; block RAM can be read some microseconds later.
                  reg [8:0] since = 0;
                  wire rst = !since[8];
                  always @(posedge clk) if (rst) since <= since + 1'b1;
                  wire irq_out;
                  assign %s = %sirq_out;
                %s%s  %s accelerator (.clk(clk), .rst(rst), %s, .irq(irq_out)%s);
                endmodule
                """.formatted(
                board.title(),
                clock.megahertz(),
                board.host().kind(),
                board.host().baud(),
                NAME,
                spi ? SPI_PORTS : UART_PORTS,
                inverted ? "irq_n" : "irq",
                flash ? FLASH_PORTS : "",
                inverted ? "irq_n" : "irq",
                inverted ? "!" : "",
                spi ? SPI_LINES : "",
                flash ? FLASH_LINES : "",
                accelerator,
                (spi ? SPI : UART)
                        .stream()
                                .map(signal -> ".%s(%s)".formatted(signal, signal.equals("spi_miso") ? "miso" : signal))
                                .collect(Collectors.joining(", ")),
                flash ? FLASH_CONNECTIONS : "");
        return new BoardTop(verilog, pins.toString(), clock.megahertz());
    }

    private static void pin(StringBuilder pins, String signal, String pin) {
        pins.append("set_io ").append(signal).append(' ').append(pin).append('\n');
    }
}
