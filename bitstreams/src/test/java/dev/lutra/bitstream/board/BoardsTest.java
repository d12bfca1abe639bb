// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.machine.Bus;
import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Descriptions of boards, and what fits on them. */
final class BoardsTest {

    @Test
    void eachDescriptionSaysWhereItsFactsAreFrom() {
        assertThat(Boards.all())
                .extracting(Board::name)
                .containsExactly("icebreaker", "hx8k", "ulx3s", "arty-a7", "kv260", "zcu104", "u280", "u55c", "vhk158");
        for (Board board : Boards.all()) {
            assertThat(board.part().source()).as(board.name()).isNotBlank();
            assertThat(board.clocks()).as(board.name()).isNotEmpty().allSatisfy(c -> {
                assertThat(c.source()).isNotBlank();
                assertThat(c.megahertz()).isPositive();
            });
            assertThat(board.pins()).allSatisfy(p -> assertThat(p.source()).isNotBlank());
            assertThat(board.memories()).as(board.name()).isNotEmpty().allSatisfy(m -> {
                assertThat(m.source()).isNotBlank();
                assertThat(m.bytes()).isPositive();
            });
            assertThat(board.hosts()).allSatisfy(h -> assertThat(h.source()).isNotBlank());
            if (board.host().kind().equals("uart")) {
                assertThat(board.pin("uart_rx")).as(board.name()).isPresent();
                assertThat(board.pin("uart_tx")).as(board.name()).isPresent();
                assertThat(board.clocks().get(0).megahertz()
                                * 1e6
                                % board.host().baud())
                        .as("the serial line has a whole number of clocks a bit")
                        .isZero();
            }
        }
    }

    @Test
    void aBoardThatIsNotThereIsToldWithThoseThatAre(@TempDir Path directory) throws IOException {
        assertThatThrownBy(() -> Boards.named("icebraker"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("there is no board 'icebraker'")
                .extracting("hint")
                .asString()
                .contains("icebreaker, hx8k");
        Path mine = Files.writeString(directory.resolve("mine.json"), "{\"name\": \"mine\"}");
        assertThatThrownBy(() -> Boards.named(mine.toString()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("mine.json:1")
                .hasMessageContaining("the field is missing");
    }

    @Test
    void theSmallestMachineFitsTheSmallestBoard() {
        Fit fit = Fit.of(Boards.named("icebreaker"), Machine.smallest());
        assertThat(fit.over()).isEmpty();
        assertThat(fit.demands()).contains(new Fit.Demand("single-port RAM", 4, 4));
    }

    @Test
    void whatIsTooLargeIsSaidAndWhatWouldFit() {
        Board hx8k = Boards.named("hx8k");
        Fit small = Fit.of(hx8k, Machine.smallest());
        assertThat(small.over()).extracting(Fit.Demand::resource).containsExactly("block RAM");
        Machine less = small.smaller().orElseThrow().machine();
        assertThat(less.engine()).isEqualTo(Machine.smallest().engine());
        assertThat(less.bus().addressable()).isEqualTo(4096);
    }

    @Test
    void theStandardMachineShrinksToTheSmallestBoard() {
        assumeTrue(Boolean.getBoolean("lutra.deep"), "skipped without --deep");
        Fit standard = Fit.of(Boards.named("icebreaker"), Machine.standard());
        assertThat(standard.over())
                .extracting(Fit.Demand::resource)
                .containsExactly("logic cells", "block RAM", "memories behind AXI4");
        Fit fits = standard.smaller().orElseThrow();
        assertThat(fits.fits()).isTrue();
        assertThat(fits.machine().bus().kind()).isEqualTo(Bus.Kind.LOCAL);
    }
}
