// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.bitstream.board.Board;
import dev.lutra.bitstream.board.Boards;
import dev.lutra.gen.accel.HostLine;
import dev.lutra.machine.UserException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tops of boards that are built, for each way to their host. */
final class BoardTopTest {

    private static final Pattern PORT = Pattern.compile("(?:input|output|inout) wire (\\w+)");

    @ParameterizedTest
    @CsvSource({"icebreaker, uart, uart_tx", "icebreaker, spi, spi_miso", "hx8k, uart, uart_tx", "hx8k, spi, spi_miso"})
    void eachPortHasItsPin(String name, String host, String answers) {
        Board board = Boards.named(name).through(host);
        for (boolean flash : name.equals("icebreaker") ? new boolean[] {false, true} : new boolean[] {false}) {
            BoardTop top = BoardTop.of(board, "inner", flash);
            List<String> ports =
                    PORT.matcher(top.verilog()).results().map(m -> m.group(1)).toList();
            assertThat(ports).contains("clk", answers).doesNotHaveDuplicates();
            assertThat(top.pins().lines().map(line -> line.split(" ")[1]).toList())
                    .containsExactlyInAnyOrderElementsOf(ports);
            assertThat(top.pins().lines().map(line -> line.split(" ")[2]).toList())
                    .doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @CsvSource({"uart, 1000000", "spi, 3000000"})
    void theClockOfTheBoardMakesTheRateOfTheLine(String host, int baud) {
        Board board = Boards.named("icebreaker").through(host);
        assertThat(board.host().baud()).isEqualTo(baud);
        assertThat(BoardTop.line(board)).isEqualTo(host.equals("uart") ? new HostLine.Uart(12) : new HostLine.Spi());
        assertThatThrownBy(() -> BoardTop.line(at(board, 4_000_000)))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("board icebreaker: a clock of 12.0 MHz has 3.0 cycles in a ");
    }

    private static Board at(Board b, int baud) {
        Board.Host host = new Board.Host(b.host().kind(), b.host().device(), 0, baud, "");
        return new Board(
                b.name(),
                b.title(),
                b.part(),
                b.clocks(),
                b.pins(),
                b.memories(),
                List.of(host),
                b.flow(),
                b.program());
    }
}
