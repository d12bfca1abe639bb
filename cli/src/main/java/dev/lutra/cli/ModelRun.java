// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.forward.DecodeStep;
import dev.lutra.map.forward.FloatLinears;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.forward.Transformer;
import dev.lutra.map.forward.VectorStep;
import dev.lutra.map.host.HostBackend;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.program.MapDirectory;
import dev.lutra.map.program.StepLayout;
import dev.lutra.map.prune.PrunedModel;
import dev.lutra.map.prune.Pruning;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.device.DeviceAddress;
import dev.lutra.runtime.linear.DeviceBackend;
import dev.lutra.runtime.linear.RegionRun;
import dev.lutra.runtime.session.CheckedBackend;
import dev.lutra.runtime.session.Generation;
import dev.lutra.runtime.session.MappedModel;
import dev.lutra.runtime.session.RunMeter;
import dev.lutra.runtime.session.StepTrace;
import dev.lutra.runtime.session.TextSession;
import dev.lutra.runtime.text.Sampler;
import dev.lutra.runtime.text.Tokenizer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One text from one model: opens the checkpoint, maps it, opens the device, writes.
 *
 * @param model the checkpoint
 * @param options how its weights are stored; of no effect with {@code mapped}
 * @param mapped folder of a model mapped before, or null to map it now
 * @param device address of a device, {@code host:lut} or {@code reference}
 * @param check whether every accumulator is compared with the reference's
 * @param timeout for one region on the device
 * @param trace where the page of the last step goes, or null
 */
record ModelRun(
        Path model,
        ModelOptions options,
        @Nullable Path mapped,
        String device,
        boolean check,
        Duration timeout,
        @Nullable Path trace) {

    static final String REFERENCE = "reference";

    /** Tokens that a device writes after one start, at most: what its results take in memory, with all logits of each. */
    private static final int STEPS = 64;

    /** Events that simulated hardware keeps for a page. */
    private static final int TRACED_EVENTS = 8192;

    /** Runs; {@code request} is given the text as it comes. */
    RunResult run(Request request) {
        requireDevice();
        request.progress.accept("reading " + model);
        Checkpoint checkpoint = Checkpoint.open(model);
        Tokenizer tokenizer = Tokenizer.load(checkpoint);
        MapDirectory directory = mapped == null ? null : MapDirectory.read(mapped);
        Pruning pruning = directory == null ? options.pruning() : directory.pruning();
        LlamaModel pruned = pruning == null ? checkpoint.model() : PrunedModel.of(checkpoint.model(), pruning, null);
        Writer writer = new Writer(name(), request, pruned, tokenizer, pruning);
        if (isFloat()) {
            return writer.write("float", "host", new Transformer(pruned, new FloatLinears(pruned)));
        }
        QuantizedModel quantized =
                new QuantizedModel(pruned, directory == null ? options.quantization(pruned) : directory.quantization());
        if (directory != null) {
            directory.requireModel(quantized);
        }
        return switch (device) {
            case REFERENCE -> onReference(writer, quantized);
            case HostBackend.ADDRESS -> onHost(writer, quantized);
            default -> onDevice(writer, quantized, directory);
        };
    }

    private boolean isFloat() {
        return mapped == null && options.isFloat();
    }

    /** What can be said of the device before a model is read. */
    private void requireDevice() {
        boolean none = device.equals(REFERENCE) || device.equals(HostBackend.ADDRESS);
        if (!none && (!device.contains(":") || device.startsWith("host:"))) {
            throw UserException.badInput(
                    "--device is '" + device + "'",
                    "Devices: %s, %s, %s".formatted(String.join(", ", Device.forms()), HostBackend.ADDRESS, REFERENCE));
        }
        if (trace != null && (none || isFloat())) {
            throw UserException.badInput(
                    "--trace needs an accelerator, and nothing runs on one here",
                    "Give --device sim:verilator, or leave --trace out.");
        }
        if (trace != null) {
            TracePage.requirePlace(trace);
        }
    }

    private RunResult onReference(Writer writer, QuantizedModel model) {
        ReferenceBackend reference = new ReferenceBackend(model);
        return writer.write(model.quantization().toString(), device, Transformer.of(model, reference, reference));
    }

    private RunResult onHost(Writer writer, QuantizedModel model) {
        Quantization quantization = model.quantization();
        if (quantization.kv().codes() != null) {
            throw UserException.badInput(
                    "--kv " + quantization.kv().optionName() + " with --device " + device
                            + ": table lookup on the host is for weights, which it prepares once",
                    "Leave --kv away, or take a simulator, a board or " + REFERENCE);
        }
        HostBackend host = new HostBackend(model);
        ReferenceBackend reference = new ReferenceBackend(model);
        CheckedBackend checked = check ? new CheckedBackend(host, reference) : null;
        Transformer transformer = Transformer.of(model, checked == null ? host : checked, reference);
        return writer.write(quantization.toString(), host.description(), transformer)
                .checked(checked);
    }

    private RunResult onDevice(Writer writer, QuantizedModel quantized, @Nullable MapDirectory directory) {
        Consumer<String> progress = writer.request.progress;
        progress.accept("opening " + device);
        try (Device opened = Device.open(address(), progress)) {
            Machine machine = opened.machine();
            if (trace != null && machine.trace() == 0) {
                throw UserException.badInput(
                        "--trace: " + device + " keeps no trace",
                        "Generate its hardware with one: lutra gen --trace-events " + TRACED_EVENTS);
            }
            QuantizedModel model = quantized.withActivations(machine.engine().activations());
            String weights = model.quantization().toString();
            progress.accept("mapping " + model.model().config().layers() + " layers, " + writer.stored(weights));
            MappedModel mapped = directory == null
                    ? MappedModel.of(model, machine, writer.request.sampler.onDevice())
                    : new MappedModel(directory.program(), directory.image());
            if (mapped.program().noStep() != null) {
                progress.accept("the host does what is between linear layers: "
                        + mapped.program().noStep());
            }
            RunMeter meter = new RunMeter(mapped.program());
            StepTrace step = new StepTrace(opened, mapped.program());
            Consumer<RegionRun> observer = trace == null ? meter : meter.andThen(step);
            try (DeviceBackend backend =
                    new DeviceBackend(opened, mapped.program(), mapped.image(), timeout, observer)) {
                ReferenceBackend reference = new ReferenceBackend(model, machine.engine());
                CheckedBackend checked = check ? new CheckedBackend(backend, reference) : null;
                // a trace is of one step: that of more than one would have room for the end of the last
                int steps = trace == null ? STEPS : 1;
                RunResult result =
                        writer.write(weights, device, transformer(model, machine, backend, reference, checked, steps));
                if (trace != null) {
                    String title = writer.name + ", " + writer.stored(weights);
                    TracePage.write(trace, title, mapped.program(), step.regions());
                }
                return result.on(mapped.program(), meter).checked(checked);
            }
        }
    }

    private static Transformer transformer(
            QuantizedModel model,
            Machine machine,
            DeviceBackend backend,
            ReferenceBackend reference,
            @Nullable CheckedBackend checked,
            int steps) {
        if (checked == null) {
            return backend.transformer(model, steps);
        }
        DecodeStep step = backend.step(model.model().config(), steps);
        if (step == null) {
            return Transformer.of(model, checked, checked.cache(backend, reference));
        }
        int positions = StepLayout.of(machine, model).positions();
        var expected = new VectorStep(model, machine.vector().lanes(), positions);
        return Transformer.of(model.model(), checked.step(step, expected));
    }

    /** Simulated hardware is generated for the run, so it gets a trace where one is wanted. */
    private DeviceAddress address() {
        DeviceAddress address = DeviceAddress.parse(device);
        if (trace == null
                || !address.scheme().equals("sim")
                || address.options().containsKey("trace")) {
            return address;
        }
        Map<String, String> with = new LinkedHashMap<>(address.options());
        with.put("trace", Integer.toString(TRACED_EVENTS));
        return new DeviceAddress(address.scheme(), address.name(), with);
    }

    private String name() {
        Path file = model.toAbsolutePath().normalize().getFileName();
        return file == null ? model.toString() : file.toString();
    }

    /**
     * What is to be written.
     *
     * @param maxTokens tokens at most
     * @param progress told of each step before the text begins
     * @param pieces given the text as it comes
     */
    record Request(String prompt, int maxTokens, Sampler sampler, Consumer<String> progress, Consumer<String> pieces) {
        Request {
            int replaced = prompt.indexOf('\uFFFD');
            if (replaced >= 0) { // Java puts it in the place of bytes that it cannot decode
                throw UserException.badInput(
                        "--prompt: character " + (replaced + 1) + " is no valid UTF-8 (or is U+FFFD itself)",
                        "Give the prompt in UTF-8.");
            }
            if (maxTokens < 1) {
                throw UserException.badInput("--max-tokens is " + maxTokens, "At least one token has to be written.");
            }
        }
    }

    /**
     * Writes the text, wherever the model runs.
     *
     * @param model what is left of the checkpoint's
     * @param pruning what was left out; null for nothing
     */
    private record Writer(
            String name,
            Request request,
            LlamaModel model,
            Tokenizer tokenizer,
            @Nullable Pruning pruning) {

        /**
         * @param weights how they are stored
         * @param device for people
         */
        RunResult write(String weights, String device, Transformer transformer) {
            long start = System.nanoTime();
            Generation generation = new TextSession(model, transformer, tokenizer)
                    .generate(request.prompt, request.maxTokens, request.sampler, request.pieces);
            double seconds = (System.nanoTime() - start) / 1e9;
            return RunResult.of(name, stored(weights), device, request.prompt, generation, seconds);
        }

        /** How the weights are stored and what was left out of them, for people. */
        String stored(String weights) {
            return pruning == null ? weights : weights + ", " + pruning;
        }
    }
}
