// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.machine.UserException;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.forward.AfterAttention;
import dev.lutra.map.forward.FloatLinears;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.forward.Transformer;
import dev.lutra.map.forward.VectorAfterAttention;
import dev.lutra.map.host.HostBackend;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.program.MapDirectory;
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

    /** Events that simulated hardware keeps for a page. */
    private static final int TRACED_EVENTS = 8192;

    /** Runs; {@code request} is given the text as it comes. */
    RunResult run(Request request) {
        request.progress.accept("reading " + model);
        Checkpoint checkpoint = Checkpoint.open(model);
        Tokenizer tokenizer = Tokenizer.load(checkpoint);
        if (trace != null && (options.isFloat() || device.equals(REFERENCE) || device.equals(HostBackend.ADDRESS))) {
            throw UserException.badInput(
                    "--trace needs an accelerator, and nothing runs on one here",
                    "Give --device sim:verilator, or leave --trace out.");
        }
        MapDirectory directory = mapped == null || options.isFloat() ? null : MapDirectory.read(mapped);
        Pruning pruning = directory == null ? options.pruning() : directory.pruning();
        LlamaModel model = pruning == null ? checkpoint.model() : PrunedModel.of(checkpoint.model(), pruning, null);
        String sparse = pruning == null ? "" : ", " + pruning;
        if (options.isFloat()) {
            Timed text = request.write(checkpoint, tokenizer, new Transformer(model, new FloatLinears(model)));
            return new RunResult(
                    name(),
                    "float" + sparse,
                    "host",
                    request.prompt,
                    text.generation,
                    text.seconds,
                    null,
                    null,
                    null,
                    null);
        }
        Quantization quantization = directory == null ? options.quantization(model) : directory.quantization();
        QuantizedModel quantized = new QuantizedModel(model, quantization);
        if (directory != null) {
            directory.requireModel(quantized);
        }
        ReferenceBackend reference = new ReferenceBackend(quantized);
        if (device.equals(REFERENCE)) {
            String weights = quantized.quantization() + sparse;
            Timed text = request.write(checkpoint, tokenizer, Transformer.of(quantized, reference, reference));
            return new RunResult(
                    name(), weights, device, request.prompt, text.generation, text.seconds, null, null, null, null);
        }
        if (device.equals(HostBackend.ADDRESS)) {
            if (quantization.kv() != null) {
                throw UserException.badInput(
                        "--kv " + quantization.kv().optionName() + " with --device " + device
                                + ": table lookup on the host is for weights, which it prepares once",
                        "Leave --kv away, or take a simulator, a board or " + REFERENCE);
            }
            HostBackend host = new HostBackend(quantized);
            CheckedBackend checked = check ? new CheckedBackend(host, reference) : null;
            Timed text = request.write(
                    checkpoint, tokenizer, Transformer.of(quantized, checked == null ? host : checked, reference));
            return new RunResult(
                    name(),
                    quantized.quantization() + sparse,
                    host.description(),
                    request.prompt,
                    text.generation,
                    text.seconds,
                    null,
                    null,
                    checked == null ? null : checked.exact(),
                    checked == null ? null : checked.firstDifference());
        }
        if (!device.contains(":") || device.startsWith("host:")) {
            throw UserException.badInput(
                    "--device is '" + device + "'",
                    "Devices: sim:verilator, sim:embedded, sim:icarus, " + HostBackend.ADDRESS + ", " + REFERENCE);
        }
        request.progress.accept("opening " + device);
        try (Device opened = Device.open(address(), request.progress)) {
            if (trace != null && opened.machine().trace() == 0) {
                throw UserException.badInput(
                        "--trace: " + device + " keeps no trace",
                        "Generate its hardware with one: lutra gen --trace-events " + TRACED_EVENTS);
            }
            QuantizedModel onIt =
                    quantized.withActivations(opened.machine().engine().activations());
            String weights = onIt.quantization() + sparse;
            request.progress.accept("mapping " + checkpoint.model().config().layers() + " layers, " + weights);
            MappedModel onDevice = directory == null
                    ? MappedModel.of(onIt, opened.machine())
                    : new MappedModel(directory.program(), directory.image());
            RunMeter meter = new RunMeter(onDevice.program());
            StepTrace step = new StepTrace(opened, onDevice.program());
            Consumer<RegionRun> observer = trace == null ? meter : meter.andThen(step);
            try (DeviceBackend backend =
                    new DeviceBackend(opened, onDevice.program(), onDevice.image(), timeout, observer)) {
                ReferenceBackend expected =
                        new ReferenceBackend(onIt, opened.machine().engine());
                CheckedBackend checked = check ? new CheckedBackend(backend, expected) : null;
                AfterAttention after = backend.afterAttention(onIt.model().config());
                if (after != null && checked != null) {
                    int lanes = opened.machine().vector().lanes();
                    after = checked.after(after, new VectorAfterAttention(onIt, lanes));
                }
                Transformer transformer = checked == null
                        ? Transformer.of(onIt, backend, backend, after)
                        : Transformer.of(onIt, checked, checked.cache(backend, expected), after);
                Timed text = request.write(checkpoint, tokenizer, transformer);
                if (trace != null) {
                    TracePage.write(trace, name() + ", " + weights, onDevice.program(), step.regions());
                }
                return new RunResult(
                        name(),
                        weights,
                        device,
                        request.prompt,
                        text.generation,
                        text.seconds,
                        onDevice.program(),
                        meter,
                        checked == null ? null : checked.exact(),
                        checked == null ? null : checked.firstDifference());
            }
        }
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

        private Timed write(Checkpoint checkpoint, Tokenizer tokenizer, Transformer transformer) {
            long start = System.nanoTime();
            Generation generation = new TextSession(checkpoint.model(), transformer, tokenizer)
                    .generate(prompt, maxTokens, sampler, pieces);
            return new Timed(generation, (System.nanoTime() - start) / 1e9);
        }
    }

    private record Timed(Generation generation, double seconds) {}
}
