// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.bitstream.board.Board;
import dev.lutra.bitstream.board.Boards;
import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import java.io.IOException;
import java.io.StringReader;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.SAXException;

final class VendorProjectTest {

    static Machine machine(Board board) {
        return board.host().kind().equals("uart") ? Machine.smallest() : Machine.standard();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ulx3s", "arty-a7", "kv260", "zcu104", "u280", "u55c", "vhk158"})
    void everyScriptSaysThatItWasNeverRun(String name) {
        Board board = Boards.named(name);
        VendorProject project = VendorProject.of(board, machine(board));
        project.files().forEach((file, text) -> {
            if (!file.endsWith(".v") && !file.endsWith(".xml")) {
                assertThat(text).as(file).contains(VendorProject.NOT_RUN);
            }
            assertThat(text).as(file).doesNotContain("%s", "null");
        });
        assertThat(project.files()).containsKey(project.top() + ".v");
    }

    /** The part that a script names is the one of the board. */
    @ParameterizedTest
    @ValueSource(strings = {"arty-a7", "kv260", "zcu104", "vhk158"})
    void vivadoIsToldTheBoardsPart(String name) {
        Board board = Boards.named(name);
        assertThat(VendorProject.of(board, machine(board)).files().get("build.tcl"))
                .contains("-part " + board.part().name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"u280", "u55c"})
    void kernelXmlIsAsTheVendorDescribesIt(String name) throws IOException, SAXException {
        String xml =
                VendorProject.of(Boards.named(name), Machine.standard()).files().get("kernel.xml");
        var schema = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(VendorProjectTest.class.getResource("kernel.xsd"));
        schema.newValidator().validate(new StreamSource(new StringReader(xml)));
        // Where the driver writes: docs/registers.md.
        assertThat(xml)
                .containsPattern("name=\"base0\".*id=\"0\" port=\"m00_axi\".*offset=\"0x030\"")
                .containsPattern("name=\"entry\".*port=\"s_axi_control\".*offset=\"0x010\"");
    }

    @Test
    void constraintsPlaceEveryPortOfTheTop() {
        Board arty = Boards.named("arty-a7");
        assertThat(VendorProject.of(arty, Machine.smallest()).files().get("board.xdc"))
                .contains("-period 10.000 [get_ports clk]")
                .contains("PACKAGE_PIN E3 IOSTANDARD LVCMOS33} [get_ports clk]")
                .contains("PACKAGE_PIN A9 IOSTANDARD LVCMOS33} [get_ports uart_rx]")
                .contains("PACKAGE_PIN D10 IOSTANDARD LVCMOS33} [get_ports uart_tx]")
                .contains("PACKAGE_PIN H5 IOSTANDARD LVCMOS33} [get_ports irq]");
        assertThat(VendorProject.of(Boards.named("ulx3s"), Machine.smallest())
                        .files()
                        .get("board.lpf"))
                .contains("FREQUENCY PORT \"clk\" 25.000 MHZ;")
                .contains("LOCATE COMP \"uart_rx\" SITE \"M1\";");
    }

    @Test
    void aMachineWithTheOtherKindOfMemoryIsRefused() {
        assertThatThrownBy(() -> VendorProject.of(Boards.named("u280"), Machine.smallest()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("bus.kind AXI4");
        assertThatThrownBy(() -> VendorProject.of(Boards.named("arty-a7"), Machine.standard()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("bus.kind LOCAL");
    }
}
