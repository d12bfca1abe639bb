// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.bitstream.board.Board;
import dev.lutra.bitstream.board.Boards;
import dev.lutra.bitstream.board.Fit;
import dev.lutra.gen.GeneratedDesign;
import dev.lutra.gen.accel.HostLine;
import dev.lutra.hdl.verilog.VerilogFile;
import dev.lutra.machine.Machine;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.model.WeightMatrix;
import dev.lutra.map.program.MappedProgram;
import dev.lutra.map.program.MatrixSource;
import dev.lutra.map.program.ProgramCompiler;
import dev.lutra.map.quant.QuantizedMatrix;
import dev.lutra.map.quant.Quantizer;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.linear.DeviceBackend;
import dev.lutra.runtime.serial.FrameLink;
import dev.lutra.runtime.serial.UartLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The two rungs below RTL: the netlist of synthesis, and the netlist that is read back from the bitstream. Each computes the key projection of a layer
 * of pocket-bitnet (64 x 128, in tiles of the machine's 4 rows) behind its serial pins in Icarus, driven by the runtime as a board is.
 */
@EnabledIfSystemProperty(named = "lutra.deep", matches = "true", disabledReason = "minutes; ./lutra test --deep")
final class BelowRtlIT {

    private static final Path CELLS = Path.of("/usr/share/yosys/ice40/cells_sim.v");
    private static final int LAYER = 3;

    @TempDir
    private Path directory;

    @BeforeAll
    static void needsTools() {
        Tool.need(Ice40Flow.TOOLS);
        Tool.need(List.of("iverilog", "vvp", "iceunpack", "icebox_vlog"));
        assumeTrue(Files.exists(CELLS), CELLS + " is missing");
        assumeTrue(System.getenv("LUTRA_TEST_DATA") != null, "LUTRA_TEST_DATA is not set");
    }

    /** The icebreaker's design, single-port RAM included. */
    @Test
    void theNetlistOfSynthesisComputesAKeyProjection() throws IOException, InterruptedException {
        Machine machine = Machine.smallest();
        flow("icebreaker", machine);
        computesAKeyProjection(machine, "board", netlist());
    }

    /** A part without single-port RAM and multipliers, of which {@code icebox_vlog} writes nothing. */
    @Test
    void theNetlistReadBackFromTheBitstreamComputesAKeyProjection() throws IOException, InterruptedException {
        Machine machine = Fit.of(Boards.named("hx8k"), Machine.smallest())
                .smaller()
                .orElseThrow()
                .machine();
        flow("hx8k", machine).pack(BoardTop.NAME);
        Tool.run(directory, List.of("iceunpack", "board.bin", "back.asc"));
        Path back = Tool.run(directory, List.of("icebox_vlog", "-s", "-n", "chip", "-p", "board.pcf", "back.asc"));
        computesAKeyProjection(machine, "chip", back);
    }

    private Ice40Flow flow(String name, Machine machine) throws IOException, InterruptedException {
        Board known = Boards.named(name);
        Board.Host host = known.host();
        int baud = (int) (known.clocks().get(0).megahertz() * 1e6) / NetlistPort.CLOCKS_PER_BIT;
        Board board = new Board(
                known.name(),
                known.title(),
                known.part(),
                known.clocks(),
                known.pins(),
                known.memories(),
                List.of(new Board.Host(host.kind(), host.device(), host.bytesPerSecond(), baud, host.source())),
                known.flow(),
                known.program());
        GeneratedDesign design = GeneratedDesign.serial(machine, new HostLine.Uart(NetlistPort.CLOCKS_PER_BIT));
        BoardTop top = BoardTop.of(
                board,
                design.elaboration().circuit().top().name(),
                machine.bus().hasFlash());
        List<Path> files = new ArrayList<>();
        files.add(Files.writeString(directory.resolve("board.v"), top.verilog()));
        for (VerilogFile file : design.verilog()) {
            files.add(Files.writeString(directory.resolve(file.name()), file.text()));
        }
        Ice40Flow flow = new Ice40Flow(directory);
        Ice40Flow.Part part = Ice40Flow.Part.named(board.part().name()).orElseThrow();
        System.out.println(
                name + ": " + flow.run(BoardTop.NAME, files, new Ice40Flow.Goal(part, top.megahertz(), top.pins())));
        return flow;
    }

    private Path netlist() throws IOException, InterruptedException {
        Tool.run(
                directory,
                List.of("yosys", "-q", "-p", "read_json board.json; write_verilog -noattr -noexpr netlist.v"));
        return directory.resolve("netlist.v");
    }

    private void computesAKeyProjection(Machine machine, String top, Path netlist)
            throws IOException, InterruptedException {
        WeightMatrix keys = Checkpoint.open(Path.of(System.getenv("LUTRA_TEST_DATA"), "models", "pocket-bitnet"))
                .model()
                .layers()
                .get(LAYER)
                .k();
        QuantizedMatrix matrix = Quantizer.quantize(keys, WeightFormat.TERNARY, 0);
        assertThat(matrix.rows()).isEqualTo(64);
        assertThat(matrix.cols()).isEqualTo(128);
        byte[][] row = new byte[1][matrix.cols()];
        new SplittableRandom(LAYER).nextBytes(row[0]);
        for (int i = 0; i < row[0].length; i++) {
            row[0][i] = (byte) Math.max(-127, row[0][i]);
        }
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        MappedProgram mapped =
                new ProgramCompiler(machine).compile(List.of(MatrixSource.of("K", List.of(matrix))), image);
        NetlistPort port = new NetlistPort(directory, top, netlist, CELLS);
        try (Device device = Device.over(
                        machine,
                        new FrameLink(
                                new UartLine(port, NetlistPort.TIMING),
                                machine.bus().addressable()));
                DeviceBackend backend = new DeviceBackend(
                        device, mapped, ByteBuffer.wrap(image.toByteArray()), Duration.ofMinutes(10), run -> {})) {
            long[][] results = backend.run("K", 0, row);
            System.out.println(netlist.getFileName() + ": " + port.cycles() + " cycles");
            assertThat(results).isDeepEqualTo(ReferenceBackend.multiply(matrix, row));
        }
    }
}
