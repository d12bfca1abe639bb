// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

import dev.lutra.machine.Engine;
import dev.lutra.machine.Fingerprint;
import dev.lutra.machine.IoReason;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.machine.ProgramFile;
import dev.lutra.machine.SideEngine;
import dev.lutra.machine.StrictJson;
import dev.lutra.machine.UserException;
import dev.lutra.map.check.Finding;
import dev.lutra.map.check.ProgramChecker;
import dev.lutra.map.plan.Planner;
import dev.lutra.map.plan.RegionPlan;
import dev.lutra.map.plan.RegionShape;
import dev.lutra.map.prune.Pruning;
import dev.lutra.map.quant.KvFormat;
import dev.lutra.map.quant.LayerFormat;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A mapped model on disk: {@code program.bin}, {@code program.txt} (the same program to be read), {@code weights.bin} (the weight
 * image) and {@code manifest.json}.
 *
 * @param quantization how the model was quantised
 * @param pruning what was left out of it before; null for nothing
 * @param image the weight image, mapped from its file
 */
public record MapDirectory(
        MapManifest manifest,
        Quantization quantization,
        @Nullable Pruning pruning,
        MappedProgram program,
        ByteBuffer image) {
    private static final String PROGRAM = "program.bin";
    private static final String TEXT = "program.txt";
    private static final String WEIGHTS = "weights.bin";
    private static final String MANIFEST = "manifest.json";

    /**
     * Maps a model and writes it. Files appear under their names only when all are complete.
     *
     * @param pruning what was left out of the model; null for nothing
     * @throws UserException if the model does not fit the machine or the files cannot be written
     */
    public static MappedProgram write(
            Path directory, QuantizedModel model, @Nullable Pruning pruning, Machine machine) {
        model.requireActivations(machine.engine().activations());
        List<Path> temporary = Stream.of(PROGRAM, TEXT, WEIGHTS, MANIFEST)
                .map(name -> directory.resolve(name + ".part"))
                .toList();
        try {
            Files.createDirectories(directory);
            MappedProgram mapped;
            try (OutputStream image = new BufferedOutputStream(Files.newOutputStream(temporary.get(2)), 1 << 16)) {
                mapped = new ProgramCompiler(machine).compile(model, image);
            }
            Files.write(temporary.get(0), ProgramFile.write(mapped.program()));
            Files.writeString(temporary.get(1), mapped.dump(), StandardCharsets.UTF_8);
            Files.writeString(
                    temporary.get(3), StrictJson.write(manifest(model, pruning, mapped)), StandardCharsets.UTF_8);
            for (Path part : temporary) {
                String name = part.getFileName().toString();
                Files.move(
                        part,
                        directory.resolve(name.substring(0, name.length() - ".part".length())),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            return mapped;
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT,
                    "%s: the mapped model cannot be written: %s".formatted(directory, IoReason.of(e)),
                    "name a directory that can be written and has room",
                    e);
        } finally {
            temporary.forEach(MapDirectory::deleteQuietly);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // what made the write fail is reported; the leftover has a name that nothing reads
        }
    }

    private static MapManifest manifest(QuantizedModel model, @Nullable Pruning pruning, MappedProgram mapped) {
        Quantization quantization = model.quantization();
        return new MapManifest(
                MapManifest.VERSION,
                model.model().name(),
                quantization.format().optionName(),
                quantization.groupSize(),
                quantization.head().optionName(),
                quantization.kv().optionName(),
                pruning == null ? "" : pruning.toString(),
                quantization.outliers(),
                mapped.machine(),
                mapped.machine().fingerprintText(),
                mapped.program().codeBytes(),
                mapped.program().imageBytes(),
                mapped.plans().stream().map(MapManifest.Region::of).toList());
    }

    /**
     * Reads a mapped model, checks every checksum and the program itself.
     *
     * @throws UserException naming the file and what is wrong
     */
    public static MapDirectory read(Path directory) {
        Path file = directory.resolve(MANIFEST);
        MapManifest manifest = StrictJson.read(file, MapManifest.class, "lutra map");
        if (manifest.version() != MapManifest.VERSION) {
            throw UserException.badInput(
                    "%s, at version: %d, but this Lutra knows %d"
                            .formatted(file, manifest.version(), MapManifest.VERSION),
                    "map the model again");
        }
        Program program = ProgramFile.read(directory.resolve(PROGRAM));
        if (program.fingerprint() != manifest.machine().fingerprint()
                || !manifest.machine().fingerprintText().equals(manifest.fingerprint())
                || program.imageBytes() != manifest.imageBytes()) {
            throw UserException.badInput(
                    "%s and %s do not belong together: machine %s and %s (its parameters give %s), image of %d and %d bytes"
                            .formatted(
                                    directory.resolve(PROGRAM),
                                    MANIFEST,
                                    Fingerprint.text(program.fingerprint()),
                                    manifest.fingerprint(),
                                    manifest.machine().fingerprintText(),
                                    program.imageBytes(),
                                    manifest.imageBytes()),
                    "map the model again");
        }
        List<Finding> findings = ProgramChecker.check(manifest.machine(), program);
        if (!findings.isEmpty()) {
            throw UserException.badInput(
                    "%s is no sound program: %s".formatted(directory.resolve(PROGRAM), findings.get(0)),
                    "map the model again");
        }
        ByteBuffer image = image(directory.resolve(WEIGHTS), program);
        return new MapDirectory(
                manifest,
                quantization(file, manifest),
                pruning(file, manifest),
                new MappedProgram(manifest.machine(), program, plans(file, manifest, program), Choosing.GREATEST, null),
                image);
    }

    private static @Nullable Pruning pruning(Path file, MapManifest manifest) {
        return manifest.sparse().isEmpty()
                ? null
                : Pruning.parse(manifest.sparse())
                        .orElseThrow(() -> wrong(file, "sparse", "'%s' names no weights to keep", manifest.sparse()));
    }

    private static Quantization quantization(Path file, MapManifest manifest) {
        LayerFormat format = LayerFormat.named(manifest.weights())
                .orElseThrow(() -> wrong(file, "weights", "'%s' is no format of weights", manifest.weights()));
        Quantization.Head head = Quantization.Head.named(manifest.head())
                .orElseThrow(() -> wrong(file, "head", "'%s' is no kind of head", manifest.head()));
        if (manifest.groupSize() < 0) {
            throw wrong(file, "groupSize", "%d is below 0", manifest.groupSize());
        }
        KvFormat kv = KvFormat.named(manifest.kv())
                .orElseThrow(() -> wrong(file, "kv", "'%s' is no format of keys and values", manifest.kv()));
        if (!Quantization.isShare(manifest.outliers())) {
            throw wrong(file, "outliers", "%s is no percentage of outliers", manifest.outliers());
        }
        return new Quantization(
                format, manifest.groupSize(), head, manifest.machine().engine().activations(), kv, manifest.outliers());
    }

    /** The manifest's plans, each held against the program, which has checksums, and against the planner. */
    private static List<RegionPlan> plans(Path file, MapManifest manifest, Program program) {
        List<Program.Region> regions = program.regions();
        int steps = regions.size() - manifest.regions().size();
        if (steps != 0 && !(steps == 1 && regions.get(regions.size() - 1).isStep())) {
            throw wrong(
                    file,
                    "regions",
                    "%d regions, but %s has %d",
                    manifest.regions().size(),
                    PROGRAM,
                    regions.size());
        }
        List<RegionPlan> plans = new ArrayList<>();
        for (int i = 0; i < manifest.regions().size(); i++) {
            Program.Region region = regions.get(i);
            RegionShape shape = manifest.regions().get(i).shape();
            RegionShape programs = new RegionShape(
                    region.name(),
                    region.layers(),
                    region.k(),
                    region.n(),
                    region.bits(),
                    region.zeroPoint(),
                    region.groupSize(),
                    shape.largest(),
                    region.kept(),
                    region.listedSteps(),
                    region.bitmapBytes());
            if (!shape.equals(programs) || shape.wide() != region.wide()) {
                throw wrong(file, "regions[" + i + "].shape", "%s, but %s has %s", shape, PROGRAM, programs);
            }
            RegionPlan plan = manifest.regions().get(i).on(manifest.machine());
            Planner planner = new Planner(manifest.machine());
            boolean known = Stream.of(planner.plan(shape, false), planner.plan(shape, true), planner.planLargest(shape))
                    .anyMatch(plan::equals);
            if (!known) {
                throw wrong(file, "regions[" + i + "]", "%s is no plan for this machine", plan);
            }
            plans.add(plan.withEntries(Math.toIntExact(region.entryBytes() / plan.tiles() / SideEngine.ENTRY_BYTES)));
        }
        return plans;
    }

    private static UserException wrong(Path file, String path, String message, Object... values) {
        return UserException.badInput(
                "%s, at %s: %s".formatted(file, path, message.formatted(values)), "map the model again");
    }

    /**
     * Requires that a model is the one that was mapped. The bounds of the results depend on every weight, so that another
     * model of the same sizes is told apart, too.
     *
     * @throws UserException naming the first region that differs
     */
    public void requireModel(QuantizedModel model) {
        Engine engine = program.machine().engine();
        List<RegionShape> given = Stream.concat(
                        MatrixSource.of(model, program.machine()).stream().map(source -> Shapes.of(source, engine)),
                        Shapes.ofCache(model, engine).stream())
                .toList();
        List<RegionShape> mapped = program.whole();
        for (int i = 0; i < Math.max(given.size(), mapped.size()); i++) {
            RegionShape of = i < given.size() ? given.get(i) : null;
            RegionShape was = i < mapped.size() ? mapped.get(i) : null;
            if (!Objects.equals(of, was)) {
                throw UserException.badInput(
                        "the program, of model %s, was mapped from other weights: it has %s, the model %s gives %s"
                                .formatted(
                                        manifest.model(),
                                        named(was),
                                        model.model().name(),
                                        named(of)),
                        "name the model that was mapped, or map this one (lutra map)");
            }
        }
    }

    private static String named(@Nullable RegionShape shape) {
        return shape == null ? "no further region" : shape.toString();
    }

    private static ByteBuffer image(Path file, Program program) {
        MappedByteBuffer image;
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() != program.imageBytes()) {
                throw UserException.badInput(
                        "%s has %d bytes, its program needs %d".formatted(file, channel.size(), program.imageBytes()),
                        "map the model again");
            }
            if (channel.size() > Integer.MAX_VALUE) {
                throw UserException.badInput(
                        "%s has %d bytes: weight images of 2 GiB and more cannot be loaded"
                                .formatted(file, channel.size()),
                        "choose weights of fewer bits");
            }
            image = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        } catch (NoSuchFileException e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT, file + ": there is no such file", "lutra map writes it", e);
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT, "%s: cannot be read: %s".formatted(file, IoReason.of(e)), null, e);
        }
        for (Program.Tensor tensor : program.tensors()) {
            CRC32 crc = new CRC32();
            crc.update(image.slice((int) tensor.offset(), (int) tensor.bytes()));
            if ((int) crc.getValue() != tensor.crc32()) {
                throw UserException.badInput(
                        "%s, byte %d: the checksum of tensor %s is %08x, the program says %08x"
                                .formatted(file, tensor.offset(), tensor.name(), (int) crc.getValue(), tensor.crc32()),
                        "map the model again");
            }
        }
        return image;
    }
}
