// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.forward.KvBackend;
import dev.lutra.map.forward.LinearBackend;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.forward.Transformer;
import dev.lutra.map.host.HostBackend;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.quant.KvFormat;
import dev.lutra.map.quant.KvPage;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.linear.DeviceBackend;
import dev.lutra.runtime.session.CheckedBackend;
import dev.lutra.runtime.session.Generation;
import dev.lutra.runtime.session.MappedModel;
import dev.lutra.runtime.session.RunMeter;
import dev.lutra.runtime.session.TextSession;
import dev.lutra.runtime.text.Sampler;
import dev.lutra.runtime.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Models whose text on a device must be the text of the reference, token for token, with every accumulator on the way equal to the
 * reference's and to that of table lookup on the host.
 */
enum GoldenText {
    STORIES_W8(false, "stories260K", new Quantization(WeightFormat.INT8, 0, Quantization.Head.INT8)),
    STORIES_W4_G32(false, "stories260K", new Quantization(WeightFormat.INT4, 32, Quantization.Head.INT8)),
    STORIES_W4_G32_KV8(
            false,
            "stories260K",
            new Quantization(WeightFormat.INT4, 32, Quantization.Head.INT8).withKv(KvFormat.INT8)),
    POCKET_BITNET_TERNARY(true, "pocket-bitnet", new Quantization(WeightFormat.TERNARY, 0, Quantization.Head.INT8));

    /** A start from nothing, a usual one, and quotes, numbers and bytes outside ASCII, which take many tokens. */
    static final List<String> PROMPTS = List.of(
            "Once upon a time",
            "",
            "Lily's dog didn't bark.",
            "\"Hello!\" said Tim.\n42 cats sat",
            "The na\u00efve caf\u00e9 owner was");

    private static final Duration REGION_TIMEOUT = Duration.ofMinutes(5);

    private final boolean bundled;
    private final String model;
    private final Quantization quantization;

    GoldenText(boolean bundled, String model, Quantization quantization) {
        this.bundled = bundled;
        this.model = model;
        this.quantization = quantization;
    }

    /** The checkpoint's folder; skips the test if it is none of this repository's and not to be found. */
    private Path folder() {
        if (bundled) {
            return Path.of("..", "cli", "src", "main", "resources", "models", model);
        }
        String root = System.getenv("LUTRA_TEST_DATA");
        assumeTrue(root != null, "LUTRA_TEST_DATA is not set: no checkpoint of " + model + " to test with");
        Path folder = Path.of(root, "models", model);
        assumeTrue(Files.isDirectory(folder), folder + " is missing: no checkpoint to test with");
        return folder;
    }

    /** Maps the model once, loads the one program once, and writes all the texts with it. */
    void writesWhatTheReferenceWrites(Device device, List<String> prompts, int tokens) {
        writesWhatTheReferenceWrites(device, quantization, prompts, tokens);
    }

    /** The same with another quantisation. */
    void writesWhatTheReferenceWrites(Device device, Quantization how, List<String> prompts, int tokens) {
        Checkpoint checkpoint = Checkpoint.open(folder());
        Tokenizer tokenizer = Tokenizer.load(checkpoint);
        QuantizedModel quantized = new QuantizedModel(checkpoint.model(), how);
        ReferenceBackend reference =
                new ReferenceBackend(quantized, device.machine().engine());
        // table lookup on the host takes bytes
        LinearBackend twin = how.activations().bytes() > 1 ? reference : new HostBackend(quantized);
        MappedModel mapped = MappedModel.of(quantized, device.machine());
        RunMeter meter = new RunMeter(mapped.program());
        long regions = 0;
        try (DeviceBackend backend =
                new DeviceBackend(device, mapped.program(), mapped.image(), REGION_TIMEOUT, meter)) {
            for (String prompt : prompts) {
                CheckedBackend checked = new CheckedBackend(backend, reference);
                // lookup on the host is exact
                boolean exact = !device.machine().engine().tables().quantised();
                CheckedBackend twice = new CheckedBackend(checked, exact ? twin : reference);
                Generation got = write(quantized, tokenizer, twice, checked.cache(backend, reference), prompt, tokens);
                assertThat(checked.firstDifference())
                        .as("%s, '%s'", this, prompt)
                        .isNull();
                assertThat(twice.firstDifference())
                        .as("%s, '%s', table lookup on the host", this, prompt)
                        .isNull();
                assertThat(got)
                        .as("%s, '%s'", this, prompt)
                        .isEqualTo(write(quantized, tokenizer, reference, reference, prompt, tokens));
                regions += regions(got, checkpoint.model().config(), how);
            }
        }
        assertThat(meter.regions()).isEqualTo(regions);
        System.out.printf(
                "%s, %s: %d texts, %d regions, %d device cycles, program %d bytes%n",
                this,
                how,
                prompts.size(),
                meter.regions(),
                meter.counters().cycles(),
                mapped.program().program().codeBytes());
    }

    /** The prompt is one step, each written token but the last is another: all of it ran on the device. */
    private static long regions(Generation text, LlamaConfig config, Quantization how) {
        int head = how.head() == Quantization.Head.INT8 ? 1 : 0;
        long regions = 0;
        for (int step = 0; step < text.tokenIds().size(); step++) {
            int positions = text.promptIds().size() + step;
            int pages = (positions + KvPage.POSITIONS - 1) / KvPage.POSITIONS;
            int ofCache = how.kv().codes() == null ? 0 : 2 * pages * config.kvHeads();
            regions += (long) config.layers() * (4 + ofCache) + head;
        }
        return regions;
    }

    private static Generation write(
            QuantizedModel model,
            Tokenizer tokenizer,
            LinearBackend backend,
            KvBackend cache,
            String prompt,
            int tokens) {
        return new TextSession(model.model(), Transformer.of(model, backend, cache), tokenizer)
                .generate(prompt, tokens, new Sampler(0, 0, 1, 0), piece -> {});
    }
}
