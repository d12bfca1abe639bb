// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream;

import dev.lutra.bitstream.board.Board;
import dev.lutra.machine.UserException;

/**
 * What stands between an accelerator and the pins of an iCE40 board: reset after configuration, and the board's polarity. Verilog and pin constraints.
 *
 * @param verilog text of module {@link #NAME}
 * @param pins text of a .pcf file
 * @param megahertz clock of the accelerator
 * @param clocksPerBit of its serial line
 */
record BoardTop(String verilog, String pins, double megahertz, int clocksPerBit) {

    static final String NAME = "board";

    /** What receivers forgive in the rate of bits, half of it for either end. */
    private static final double MOST_RATE_ERROR = 0.02;

    /**
     * The top for a board.
     *
     * @param accelerator name of the module inside
     * @throws UserException if the board lacks a pin, or its clock does not make the baud rate
     */
    static BoardTop of(Board board, String accelerator) {
        Board.Clock clock = board.clocks().get(0);
        int baud = board.host().baud();
        double exact = clock.megahertz() * 1e6 / Math.max(1, baud);
        int clocksPerBit = (int) Math.round(exact);
        if (clocksPerBit < 4 || Math.abs(exact / clocksPerBit - 1) > MOST_RATE_ERROR) {
            throw UserException.badInput(
                    "board " + board.name() + ": a clock of " + clock.megahertz() + " MHz has " + exact
                            + " cycles in a bit of " + baud + " baud",
                    "At least 4 cycles are needed, and a whole number within 2 %: choose another host.baud.");
        }
        boolean inverted = board.pin("irq_n").isPresent();
        StringBuilder pins = new StringBuilder();
        pin(pins, "clk", clock.pin());
        for (String signal : new String[] {"uart_rx", "uart_tx", inverted ? "irq_n" : "irq"}) {
            pin(
                    pins,
                    signal,
                    board.pin(signal)
                            .orElseThrow(() -> UserException.badInput(
                                    "board " + board.name() + " has no pin for " + signal,
                                    "Add it to pins of its description.")));
        }
        String verilog = """
                // %s at %s MHz, %s baud.
                module %s (
                  input wire clk,
                  input wire uart_rx,
                  output wire uart_tx,
                  output wire %s
                );
                  // Configuration clears registers; block RAM can be read some microseconds later.
                  reg [8:0] since = 0;
                  wire rst = !since[8];
                  always @(posedge clk) if (rst) since <= since + 1'b1;
                  wire irq_out;
                  assign %s = %sirq_out;
                  %s accelerator (.clk(clk), .rst(rst), .uart_rx(uart_rx), .uart_tx(uart_tx), .irq(irq_out));
                endmodule
                """.formatted(
                        board.title(),
                        clock.megahertz(),
                        baud,
                        NAME,
                        inverted ? "irq_n" : "irq",
                        inverted ? "irq_n" : "irq",
                        inverted ? "!" : "",
                        accelerator);
        return new BoardTop(verilog, pins.toString(), clock.megahertz(), clocksPerBit);
    }

    private static void pin(StringBuilder pins, String signal, String pin) {
        pins.append("set_io ").append(signal).append(' ').append(pin).append('\n');
    }
}
