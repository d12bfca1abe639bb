// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream;

import dev.lutra.bitstream.board.Board;
import dev.lutra.gen.GeneratedDesign;
import dev.lutra.hdl.verilog.VerilogFile;
import dev.lutra.machine.Bus;
import dev.lutra.machine.FlashImage;
import dev.lutra.machine.IoReason;
import dev.lutra.machine.Machine;
import dev.lutra.machine.StrictJson;
import dev.lutra.machine.UserException;
import dev.lutra.sim.build.Command;
import dev.lutra.sim.build.ContentCache;
import dev.lutra.sim.build.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Bitstreams for iCE40 boards with a serial line or an SPI bus: the accelerator of a machine, the top of the board around it, and the tools. What was built is
 * kept in a catalogue under all that it depends on, the tools included, so that the same inputs give the same bits, and at once the second time.
 */
public final class BoardBuild {

    private static final String KIND = "board";
    private static final String WEIGHTS = "weights.flash";
    private static final int PROGRAM_DIGITS = 16;

    private final ContentCache catalogue;
    private final Path root;
    private final String searchPath;

    /**
     * @param root folder of the catalogue
     * @param searchPath where the tools are, as PATH has it
     */
    public BoardBuild(Path root, String searchPath) {
        this.root = root;
        catalogue = new ContentCache(root, ContentCache.DEFAULT_LIMIT);
        this.searchPath = searchPath;
    }

    /**
     * Builds, or takes from the catalogue.
     *
     * @param out folder for bitstream, manifest, machine.json, Verilog, constraints, and the router's report and log; made if it is not there
     * @param progress told, in words for people, of what takes long
     * @throws UserException if the board has no flow that is run, the machine is none for it, a tool is missing or fails, the design does not
     *     fit or does not reach the board's clock
     */
    public BitstreamManifest build(Board board, Machine machine, Path out, Consumer<String> progress)
            throws InterruptedException {
        Ice40Flow.Part part = Ice40Flow.Part.named(board.part().name())
                .filter(known -> board.flow().isRun())
                .orElseThrow(() -> UserException.badInput(
                        "board " + board.name() + " has the tools '" + board.flow() + "', which Lutra does not run",
                        "Boards that can be built: icebreaker, hx8k"));
        if (machine.bus().kind() != Bus.Kind.LOCAL) {
            throw UserException.badInput(
                    "board " + board.name() + " has no memory behind AXI4, which this machine wants",
                    "A machine that fits: lutra boards " + board.name() + " --preset default --write machine.json");
        }
        boolean flash = machine.bus().hasFlash();
        GeneratedDesign design = GeneratedDesign.serial(machine, BoardTop.line(board));
        BoardTop top = BoardTop.of(board, design.elaboration().circuit().top().name(), flash);
        Map<String, String> tools = tools();
        // Where a line comes from is no part of a design.
        Map<String, String> sources = new LinkedHashMap<>();
        for (VerilogFile file : design.verilog()) {
            sources.put(file.name(), file.text().replaceAll("(?m) *//.*$", ""));
        }
        sources.put(BoardTop.NAME + ".v", top.verilog());
        List<String> key = new ArrayList<>(List.of(part.toString(), top.pins(), board.name(), tools.toString()));
        sources.forEach((name, text) -> key.addAll(List.of(name, text)));
        Path kept = catalogue.get(KIND, Digest.of(key), work -> {
            List<Path> files = new ArrayList<>();
            for (var source : sources.entrySet()) {
                files.add(Files.writeString(work.resolve(source.getKey()), source.getValue()));
            }
            progress.accept("synthesising, placing and routing for " + board.title() + ", about a minute");
            Ice40Flow flow = new Ice40Flow(work);
            Ice40Report report = flow.run(BoardTop.NAME, files, new Ice40Flow.Goal(part, top.megahertz(), top.pins()));
            Path bits = flow.pack(BoardTop.NAME);
            Files.writeString(work.resolve("machine.json"), design.machineFile().toJson());
            Files.writeString(
                    work.resolve(BitstreamManifest.FILE),
                    StrictJson.write(manifest(board, design, top, report, bits, tools)));
            Files.delete(work.resolve(BoardTop.NAME + ".json")); // the netlist: 10 MB
        });
        copy(kept, out);
        return BitstreamManifest.in(out);
    }

    /**
     * Writes weights for the flash beside a bitstream, and says so in its manifest.
     *
     * @param out folder that {@link #build} wrote
     * @param image all that remains in it; what {@code lutra map} made for {@code machine}
     * @throws UserException if the machine reads no flash, or the image does not fit its window
     */
    public static BitstreamManifest addWeights(Path out, Machine machine, ByteBuffer image) {
        Bus bus = machine.bus();
        if (!bus.hasFlash()) {
            throw UserException.badInput(
                    "the machine of these weights reads no flash", "Map the model for one that does: --preset flash.");
        }
        Path file = out.resolve(WEIGHTS);
        byte[] bytes = FlashImage.of(bus, image);
        try {
            Files.write(file, bytes);
            BitstreamManifest manifest = BitstreamManifest.in(out)
                    .with(new BitstreamManifest.Flash(WEIGHTS, bus.flashBase(), bytes.length, sha256(file)));
            Files.writeString(out.resolve(BitstreamManifest.FILE), StrictJson.write(manifest));
            return manifest;
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT, "cannot write to " + out + ": " + IoReason.of(e), null, e);
        }
    }

    /** The manifests of the bitstreams in the catalogue. */
    public List<BitstreamManifest> list() {
        Path entries = root.resolve("entries");
        if (!Files.isDirectory(entries)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(entries)) {
            return all.filter(entry -> entry.getFileName().toString().startsWith(KIND + "-"))
                    .filter(entry -> Files.exists(entry.resolve(BitstreamManifest.FILE)))
                    .sorted()
                    .map(BitstreamManifest::in)
                    .toList();
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT, "cannot read " + entries + ": " + IoReason.of(e), null, e);
        }
    }

    private static BitstreamManifest manifest(
            Board board, GeneratedDesign design, BoardTop top, Ice40Report report, Path bits, Map<String, String> tools)
            throws IOException {
        Map<String, Ice40Report.Use> resources = new LinkedHashMap<>();
        resources.put("logic_cells", report.logicCells());
        resources.put("block_rams", report.blockRams());
        resources.put("single_port_rams", report.singlePortRams());
        resources.put("dsps", report.dspBlocks());
        double fmax = Math.round(report.megahertz() * 100) / 100.0;
        return new BitstreamManifest(
                board.name(),
                board.part().name(),
                bits.getFileName().toString(),
                sha256(bits),
                fmax,
                top.megahertz(),
                Math.round((fmax / top.megahertz() - 1) * 1000) / 10.0,
                board.host().kind(),
                board.host().baud(),
                resources,
                design.machineFile().fingerprint(),
                design.machineFile().buildId(),
                "machine.json",
                Ice40Flow.SEED,
                tools,
                List.of());
    }

    /** What each tool says of its version; icepack, which says nothing, is known by its file. */
    private Map<String, String> tools() throws InterruptedException {
        Map<String, String> versions = new LinkedHashMap<>();
        for (String tool : Ice40Flow.TOOLS) {
            Path program = Command.locate(tool, searchPath);
            if (program == null) {
                throw new UserException(
                        UserException.Kind.TOOL,
                        "there is no " + tool + " on the PATH",
                        "Install the tools: apt-get install yosys nextpnr-ice40 fpga-icestorm");
            }
            String option = tool.equals("yosys") ? "-V" : "--version";
            versions.put(
                    tool,
                    tool.equals("icepack")
                            ? "sha256 " + sha256(program).substring(0, PROGRAM_DIGITS)
                            : Command.run(List.of(program.toString(), option), root(), searchPath)
                                    .output()
                                    .strip());
        }
        return versions;
    }

    private Path root() {
        try {
            return Files.createDirectories(root);
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.TOOL, "cannot write the cache " + root + ": " + IoReason.of(e), null, e);
        }
    }

    private static String sha256(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UserException(UserException.Kind.TOOL, "cannot read " + file + ": " + IoReason.of(e), null, e);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.list(from)) {
            Files.createDirectories(to);
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!name.equals(ContentCache.MANIFEST)) {
                    Files.copy(file, to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT, "cannot write to " + to + ": " + IoReason.of(e), null, e);
        }
    }
}
