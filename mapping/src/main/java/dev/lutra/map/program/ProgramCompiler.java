// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

import dev.lutra.machine.Bus;
import dev.lutra.machine.FlashImage;
import dev.lutra.machine.Instruction;
import dev.lutra.machine.Instruction.SetBase;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.machine.RowFormat;
import dev.lutra.machine.UserException;
import dev.lutra.map.check.Finding;
import dev.lutra.map.check.ProgramChecker;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.Region;
import dev.lutra.map.pack.EntryPacker;
import dev.lutra.map.pack.RowLayout;
import dev.lutra.map.pack.WeightPacker;
import dev.lutra.map.plan.Planner;
import dev.lutra.map.plan.RegionPlan;
import dev.lutra.map.plan.RegionShape;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.SparseRows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Compiles all regions of a model into one program, and writes the weight image as it goes. */
public final class ProgramCompiler {
    /** Every tensor of the image begins at a multiple of this (and of a beat, which is at most 128 bytes). */
    private static final int ALIGNMENT = 128;

    private final Machine machine;
    private final Choosing choosing;

    /** For programs of this machine. */
    public ProgramCompiler(Machine machine) {
        this(machine, Choosing.GREATEST);
    }

    /** For programs whose step, if there is one, ends so if the program cache has room for that, else with the greatest logit. */
    public ProgramCompiler(Machine machine, Choosing choosing) {
        this.machine = machine;
        this.choosing = choosing;
    }

    /**
     * A region and where its matrices are: layer l at {@code imageOffset + l * layerStride}, or at BASE3 whatever the layer.
     *
     * @param inImage whether the matrices are in the weight image
     */
    private record Placed(RegionPlan plan, boolean inImage, long imageOffset, long layerStride, boolean compact) {
        long end() {
            return imageOffset + plan.shape().layers() * layerStride;
        }
    }

    /**
     * Compiles all that a model runs on the device: linear layers, and products with cached keys and values where it has these as codes.
     *
     * @param image receives the weight image; not closed
     * @throws UserException if a region or the whole does not fit the machine, with the numbers
     * @throws IOException if the image cannot be written
     */
    public MappedProgram compile(QuantizedModel model, OutputStream image) throws IOException {
        return compile(MatrixSource.of(model, machine), Shapes.ofCache(model, machine.engine()), model, image);
    }

    /**
     * Compiles.
     *
     * @param sources regions in the order of their entries
     * @param image receives the weight image; not closed
     * @throws UserException if a region or the whole does not fit the machine, with the numbers
     * @throws IOException if the image cannot be written
     */
    public MappedProgram compile(List<? extends MatrixSource> sources, OutputStream image) throws IOException {
        return compile(sources, List.of(), null, image);
    }

    /**
     * @param given regions whose matrix comes with each start, behind the others; left out where there is a step
     * @param model whose whole step becomes a region, behind these, if the machine has a vector unit; null for none
     */
    MappedProgram compile(
            List<? extends MatrixSource> sources,
            List<RegionShape> given,
            @Nullable QuantizedModel model,
            OutputStream image)
            throws IOException {
        var ratios = new LayerRatios(machine);
        List<LayerRatios.Part> parts =
                sources.stream().flatMap(s -> ratios.of(s, true).stream()).toList();
        Layout layout = layout(parts, given, model);
        if (parts.size() > sources.size()
                && layout.code().size() > machine.buffers().instructions()) {
            parts = sources.stream().flatMap(s -> ratios.of(s, false).stream()).toList();
            layout = layout(parts, given, model);
        }
        List<Placed> placed = layout.placed();
        Step step = layout.step();
        long imageBytes = step == null ? imageEnd(placed) : step.end();
        requireFit(layout.code(), imageBytes, layout.regions());
        List<Program.Tensor> tensors = write(parts, placed, image);
        if (step != null) {
            write(step, tensors, image);
        }
        Program program = new Program(machine.fingerprint(), imageBytes, layout.regions(), tensors, layout.code());
        List<Finding> findings = ProgramChecker.check(machine, program);
        if (!findings.isEmpty()) {
            throw new IllegalStateException("the mapper made a wrong program: " + findings);
        }
        return new MappedProgram(
                machine,
                program,
                placed.stream().map(Placed::plan).toList(),
                step == null ? Choosing.GREATEST : step.choosing(),
                layout.noStep());
    }

    /** Code for all regions, with the largest ones in their shorter form if it would not fit otherwise. */
    private record Layout(
            List<Placed> placed,
            @Nullable Step step,
            @Nullable String noStep,
            List<Program.Region> regions,
            List<Instruction> code) {}

    private Layout layout(List<LayerRatios.Part> parts, List<RegionShape> given, @Nullable QuantizedModel model) {
        List<RegionShape> shapes = Stream.concat(parts.stream().map(LayerRatios.Part::shape), given.stream())
                .toList();
        Planner planner = new Planner(machine);
        String noStep = null;
        if (model != null && machine.vector().exists()) {
            // products with keys and values are its own
            List<Placed> large = place(shapes.subList(0, parts.size()), parts, Set.of(), planner::planLargest);
            noStep = stepObstacle(model, large).orElse(null);
            Set<Choosing> ways = noStep == null ? new LinkedHashSet<>(List.of(choosing, Choosing.GREATEST)) : Set.of();
            for (Choosing way : ways) {
                List<Program.Region> regions = new ArrayList<>();
                List<Instruction> code = emit(large, regions);
                Step step = step(model, large, code, regions, way);
                boolean fits = code.size() <= machine.buffers().instructions();
                if (fits || way == Choosing.GREATEST) {
                    return new Layout(large, step, null, regions, code);
                }
            }
        }
        Set<RegionShape> compact = Collections.newSetFromMap(new IdentityHashMap<>());
        Function<RegionShape, RegionPlan> plans = shape -> planner.plan(shape, compact.contains(shape));
        List<Placed> placed = place(shapes, parts, compact, plans);
        List<Program.Region> regions = new ArrayList<>();
        List<Instruction> code = emit(placed, regions);
        // the larger a region, the less it loses by the shorter form
        List<RegionShape> bySize = new ArrayList<>(shapes);
        bySize.sort(Comparator.comparingLong(s -> -(long) s.n() * s.k() * s.bits()));
        for (RegionShape next : bySize) {
            if (code.size() <= machine.buffers().instructions()) {
                break;
            }
            compact.add(next);
            placed = place(shapes, parts, compact, plans);
            regions.clear();
            code = emit(placed, regions);
        }
        return new Layout(placed, null, noStep, regions, code);
    }

    /** @param parts of the first regions, whose matrices are in the image; those of the others are at BASE3 */
    private static List<Placed> place(
            List<RegionShape> shapes,
            List<LayerRatios.Part> parts,
            Set<RegionShape> compact,
            Function<RegionShape, RegionPlan> plans) {
        List<Placed> placed = new ArrayList<>();
        long at = 0;
        for (RegionShape shape : shapes) {
            RegionPlan plan = plans.apply(shape);
            boolean in = placed.size() < parts.size();
            if (in) {
                plan = withEntries(plan, parts.get(placed.size()));
            }
            Placed next =
                    new Placed(plan, in, in ? at : 0, in ? aligned(plan.tensorBytes()) : 0, compact.contains(shape));
            placed.add(next);
            at = in ? next.end() : at;
        }
        return placed;
    }

    /** With the entries of its outliers, if the side engine takes them. */
    private static RegionPlan withEntries(RegionPlan plan, LayerRatios.Part part) {
        EntryPacker packer = new EntryPacker(plan);
        return part.outliers(0).isEmpty() || !packer.fits()
                ? plan
                : packer.planned(IntStream.range(0, part.shape().layers())
                        .<List<? extends SparseRows>>mapToObj(part::outliers)
                        .toList());
    }

    private static List<Instruction> emit(List<Placed> placed, List<Program.Region> regions) {
        List<Instruction> code = new ArrayList<>();
        for (Placed p : placed) {
            RegionPlan plan = p.plan();
            RegionShape shape = plan.shape();
            regions.add(new Program.Region(
                    shape.name(),
                    code.size(),
                    shape.layers(),
                    shape.k(),
                    shape.n(),
                    shape.bits(),
                    shape.zeroPoint(),
                    shape.groupSize(),
                    shape.wide(),
                    plan.inBytes(),
                    plan.outBytes(),
                    shape.kept(),
                    shape.listedSteps(),
                    shape.bitmapBytes(),
                    0,
                    plan.entryBytes()));
            long layerStride = shape.layers() == 1 ? 0 : p.layerStride();
            SetBase weights = p.inImage()
                    ? RegionEmitter.weightsInImage(p.imageOffset(), layerStride)
                    : RegionEmitter.weightsGiven();
            code.addAll(RegionEmitter.emit(plan, weights, p.compact()));
        }
        return code;
    }

    private static long imageEnd(List<Placed> placed) {
        return placed.stream().mapToLong(Placed::end).max().orElse(0);
    }

    /** The step and where its vectors are: those of layer l at {@code vectors + l * layerStride}. */
    private record Step(QuantizedModel model, StepLayout layout, Choosing choosing, long vectors, long layerStride) {
        LlamaConfig config() {
            return model.model().config();
        }

        long headVectors() {
            return vectors + config().layers() * layerStride;
        }

        long embeddings() {
            return headVectors() + aligned(layout.beforeBytes(true) + layout.afterBytes(true));
        }

        long end() {
            return embeddings() + config().vocab() * layout.inBytes();
        }
    }

    /** Why the machine cannot run the whole step of a model; empty if it can. */
    private Optional<String> stepObstacle(QuantizedModel model, List<Placed> placed) {
        Optional<RowFormat> format = model.quantization().kv().stepRows();
        if (!model.has(Region.HEAD)) {
            return Optional.of("the head is the host's");
        }
        if (format.isEmpty()) {
            return Optional.of(
                    "keys and values are " + model.quantization().kv().optionName());
        }
        if (model.outliers().exist()) {
            return Optional.of("outliers are the host's, in between");
        }
        LlamaConfig config = model.model().config();
        List<RegionPlan> plans = parts(placed).stream().map(Placed::plan).toList();
        return plans.stream()
                        .limit(plans.size() - 1L)
                        .allMatch(plan -> plan.shape().layers() == config.layers())
                ? new StepLayout(machine, config, format.get()).obstacle(plans)
                : Optional.of("layers are stored in different ways");
    }

    /** Those of a step, in its order. */
    private static List<Placed> parts(List<Placed> placed) {
        List<Placed> parts = new ArrayList<>();
        for (Region part : Region.values()) {
            placed.stream()
                    .filter(p -> p.plan().shape().name().equals(part.name()))
                    .forEach(parts::add);
        }
        return parts;
    }

    /** Appends the step to the code. */
    private Step step(
            QuantizedModel model,
            List<Placed> placed,
            List<Instruction> code,
            List<Program.Region> regions,
            Choosing way) {
        LlamaConfig config = model.model().config();
        List<Placed> parts = parts(placed);
        StepLayout layout = StepLayout.of(machine, model);
        Step step = new Step(
                model, layout, way, imageEnd(placed), aligned(layout.beforeBytes(false) + layout.afterBytes(false)));
        RegionShape shape = parts.get(0).plan().shape();
        regions.add(new Program.Region(
                StepLayout.REGION,
                code.size(),
                config.layers(),
                config.hidden(),
                config.vocab(),
                shape.bits(),
                shape.zeroPoint(),
                shape.groupSize(),
                false,
                layout.inBytes(),
                layout.outBytes(),
                shape.kept(),
                0,
                0,
                layout.lineBytes(),
                0));
        List<StepEmitter.Matrix> matrices = parts.stream()
                .map(p -> new StepEmitter.Matrix(p.plan(), p.imageOffset(), p.layerStride()))
                .toList();
        code.addAll(StepEmitter.emit(
                machine,
                config,
                layout,
                way,
                matrices,
                step.vectors(),
                step.layerStride(),
                step.headVectors(),
                step.embeddings()));
        return step;
    }

    private static void write(Step step, List<Program.Tensor> tensors, OutputStream image) throws IOException {
        int layers = step.config().layers();
        for (int layer = 0; layer < layers; layer++) {
            byte[] bytes = step.layout().vectors(step.model(), layer);
            write(
                    StepLayout.REGION + "." + layer,
                    layer,
                    step.vectors() + layer * step.layerStride(),
                    bytes,
                    tensors,
                    image);
            image.write(new byte[Math.toIntExact(step.layerStride() - bytes.length)]);
        }
        byte[] head = step.layout().headVectors(step.model());
        write(StepLayout.REGION + ".head", 0, step.headVectors(), head, tensors, image);
        image.write(new byte[Math.toIntExact(step.embeddings() - step.headVectors() - head.length)]);
        ByteArrayOutputStream embeddings = new ByteArrayOutputStream();
        for (int token = 0; token < step.config().vocab(); token++) {
            embeddings.writeBytes(step.layout().embedding(step.model(), token));
        }
        write(StepLayout.EMBEDDINGS, 0, step.embeddings(), embeddings.toByteArray(), tensors, image);
    }

    private static void write(
            String name, int layer, long offset, byte[] bytes, List<Program.Tensor> tensors, OutputStream image)
            throws IOException {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        tensors.add(new Program.Tensor(name, StepLayout.REGION, layer, offset, bytes.length, (int) crc.getValue()));
        image.write(bytes);
    }

    private void requireFit(List<Instruction> code, long imageBytes, List<Program.Region> regions) {
        int room = machine.buffers().instructions();
        if (code.size() > room) {
            throw UserException.badInput(
                    "the program does not fit this machine: it has %d instructions (%d bytes), the program cache holds %d (%d bytes)"
                            .formatted(
                                    code.size(),
                                    code.size() * Instruction.BYTES,
                                    room,
                                    machine.buffers().program()),
                    "choose a machine with buffers.program of at least %d"
                            .formatted(Integer.highestOneBit(code.size() * Instruction.BYTES - 1) * 2));
        }
        long rows = 0;
        for (Program.Region region : regions) {
            rows = Math.max(rows, region.inBytes() + region.outBytes() + region.positionBytes() + sumBytes(region));
        }
        long all = imageBytes + (long) code.size() * Instruction.BYTES + rows;
        if (machine.bus().hasFlash()) {
            requireFlash(imageBytes, all - imageBytes);
        } else if (all > machine.bus().addressable()) {
            throw UserException.badInput(
                    ("the model does not fit this machine: %d bytes of weights, %d of program and %d of activations and results "
                                    + "need %d, an address of %d bits reaches %d")
                            .formatted(
                                    imageBytes,
                                    code.size() * Instruction.BYTES,
                                    rows,
                                    all,
                                    machine.bus().addrBits(),
                                    machine.bus().addressable()),
                    "choose a machine with bus.addrBits of at least %d, or weights of fewer bits"
                            .formatted(64 - Long.numberOfLeadingZeros(all - 1)));
        }
    }

    private long sumBytes(Program.Region region) {
        return region.hasEntries() ? new RowLayout(machine, region).sumBytes(1) : 0;
    }

    private void requireFlash(long imageBytes, long rest) {
        Bus bus = machine.bus();
        if (imageBytes + FlashImage.HEAD_BYTES > bus.flashBase() || rest > bus.writable()) {
            throw UserException.badInput(
                    ("the model does not fit this machine: %d bytes of weights in a flash of which it reads %d, %d of program, activations "
                                    + "and results in a memory of %d")
                            .formatted(imageBytes, bus.flashBase() - FlashImage.HEAD_BYTES, rest, bus.writable()),
                    "choose a machine with a larger bus.addrBits or bus.onChipBits, or weights of fewer bits");
        }
    }

    private static List<Program.Tensor> write(List<LayerRatios.Part> parts, List<Placed> placed, OutputStream image)
            throws IOException {
        List<Program.Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Placed p = placed.get(i);
            for (int layer = 0; layer < p.plan().shape().layers(); layer++) {
                byte[] bytes = packed(p.plan(), parts.get(i), layer);
                CRC32 crc = new CRC32();
                crc.update(bytes);
                String region = p.plan().shape().name();
                tensors.add(new Program.Tensor(
                        region + "." + layer,
                        region,
                        layer,
                        p.imageOffset() + layer * p.layerStride(),
                        bytes.length,
                        (int) crc.getValue()));
                image.write(bytes);
                image.write(new byte[Math.toIntExact(p.layerStride() - bytes.length)]);
            }
        }
        return tensors;
    }

    /** A layer's matrix, and behind it the entries of its outliers. */
    private static byte[] packed(RegionPlan plan, LayerRatios.Part part, int layer) {
        byte[] matrix = WeightPacker.pack(plan, part.matrix(layer));
        if (plan.tileEntries() == 0) {
            return matrix;
        }
        byte[] entries = new EntryPacker(plan).pack(part.outliers(layer));
        byte[] both = Arrays.copyOf(matrix, matrix.length + entries.length);
        System.arraycopy(entries, 0, both, matrix.length, entries.length);
        return both;
    }

    private static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
