// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.machine.Machine;
import dev.lutra.machine.NmRatio;
import dev.lutra.machine.UserException;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.plan.Ceiling;
import dev.lutra.map.plan.Planner;
import dev.lutra.map.plan.RegionPlan;
import dev.lutra.map.program.MapDirectory;
import dev.lutra.map.program.MappedProgram;
import dev.lutra.map.prune.PrunedModel;
import dev.lutra.map.prune.Pruning;
import dev.lutra.map.quant.QuantizedModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "map",
        description = "Compiles the linear layers of a checkpoint into one program and a weight image.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example:",
            "  ./lutra map --model stories260K --weights int4 --group 32 --out build/stories",
            "",
            "Written: program.bin (code and tables), program.txt (the same as text), weights.bin (the image that",
            "argument BASE0 of every region points to) and manifest.json. The binary is checked independently of how it",
            "was made. ./lutra run --program DIR uses it."
        })
final class MapCommand implements Runnable {

    @Option(
            names = "--model",
            required = true,
            paramLabel = "PATH",
            description = "A checkpoint: its directory or weights file.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path model;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder to write to; made if it is not there.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path out;

    @Mixin
    private final ModelOptions options = new ModelOptions();

    @Mixin
    private final MachineOptions machineOptions = new MachineOptions();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        if (options.isFloat()) {
            throw UserException.badInput("--weights float has nothing to map", "Formats: int1 to int8, ternary");
        }
        Machine machine = machineOptions.machine();
        var checkpoint = Checkpoint.open(model);
        Pruning pruning = options.pruning();
        LlamaModel kept = pruning == null ? checkpoint.model() : PrunedModel.of(checkpoint.model(), pruning, null);
        QuantizedModel quantized = new QuantizedModel(kept, options.quantization(kept))
                .withActivations(machine.engine().activations());
        print(quantized, machine, MapDirectory.write(out, quantized, pruning, machine));
    }

    /** The plan of a region with all its weights stored. */
    private static RegionPlan dense(RegionPlan plan) {
        return new Planner(plan.machine()).plan(plan.shape().keeping(NmRatio.DENSE), false);
    }

    /** N:M, steps of all, each of which is a tile of a block of columns, or all of which the codes that are not 0 lie in memory. */
    private static String kept(RegionPlan plan) {
        if (plan.shape().listed()) {
            return plan.storedSteps() + " of " + plan.kSteps();
        }
        if (plan.shape().hasBitmaps()) {
            return "bitmaps";
        }
        return plan.shape().kept().indexed() ? plan.shape().kept().toString() : "all";
    }

    private void print(QuantizedModel quantized, Machine machine, MappedProgram mapped) {
        PrintWriter printer = spec.commandLine().getOut();
        if (json) {
            Map<String, @Nullable Object> all = new LinkedHashMap<>();
            all.put("weights", quantized.quantization().toString());
            all.put("fingerprint", machine.fingerprintText());
            all.put("program_bytes", mapped.program().codeBytes());
            all.put("image_bytes", mapped.program().imageBytes());
            all.put("no_step", mapped.noStep());
            List<Map<String, @Nullable Object>> regions = new ArrayList<>();
            for (RegionPlan plan : mapped.plans()) {
                Ceiling ceiling = Ceiling.of(machine, plan.shape(), 1);
                Map<String, @Nullable Object> region = new LinkedHashMap<>();
                region.put("name", plan.shape().name());
                region.put("layers", plan.shape().layers());
                region.put("k", plan.shape().k());
                region.put("n", plan.shape().n());
                region.put("kept", plan.shape().kept().toString());
                region.put("steps", plan.kSteps());
                region.put("stored_steps", plan.storedSteps());
                region.put("bitmaps", plan.shape().hasBitmaps());
                region.put("predicted_cycles", plan.predictedCycles());
                region.put("predicted_dense_cycles", dense(plan).predictedCycles());
                region.put("bytes", plan.tensorBytes());
                region.put("dense_bytes", dense(plan).tensorBytes());
                region.put("ceiling_memory_cycles", ceiling.memoryCycles());
                region.put("ceiling_compute_cycles", ceiling.computeCycles());
                regions.add(region);
            }
            all.put("regions", regions);
            printer.println(JsonMapper.shared().writeValueAsString(all));
        } else {
            printer.println("weights      " + quantized.quantization());
            printer.println("machine      fingerprint " + machine.fingerprintText());
            printer.println("program      " + mapped.program().codeBytes() + " bytes for all layers and positions");
            printer.println("image        " + mapped.program().imageBytes() + " bytes");
            if (mapped.noStep() != null) {
                printer.println("no STEP      " + mapped.noStep());
            }
            printer.println();
            printer.println("%-9s %6s %6s %6s %16s %16s %9s %10s %9s %8s %9s"
                    .formatted(
                            "region",
                            "layers",
                            "k",
                            "n",
                            "memory cycles",
                            "compute cycles",
                            "kept",
                            "predicted",
                            "if dense",
                            "bytes",
                            "if dense"));
            for (RegionPlan plan : mapped.plans()) {
                Ceiling ceiling = Ceiling.of(machine, plan.shape(), 1);
                printer.println("%-9s %6d %6d %6d %16d %16d %9s %10d %9d %8d %9d"
                        .formatted(
                                plan.shape().name(),
                                plan.shape().layers(),
                                plan.shape().k(),
                                plan.shape().n(),
                                ceiling.memoryCycles(),
                                ceiling.computeCycles(),
                                kept(plan),
                                plan.predictedCycles(),
                                dense(plan).predictedCycles(),
                                plan.tensorBytes(),
                                dense(plan).tensorBytes()));
            }
        }
        printer.flush();
    }
}
