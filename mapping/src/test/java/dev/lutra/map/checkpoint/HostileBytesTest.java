// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.checkpoint;

import dev.lutra.machine.UserException;
import dev.lutra.map.forward.FloatLinears;
import dev.lutra.map.forward.KvCache;
import dev.lutra.map.forward.QuantizedLinears;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.forward.Transformer;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever the bytes: a checkpoint is either used up to its first logits, or refused as bad input; nothing else ever comes out. */
class HostileBytesTest {
    private static Path directory;

    @BeforeContainer
    static void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("lutra-hostile");
    }

    @AfterContainer
    static void removeDirectory() throws IOException {
        try (var files = Files.walk(directory)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(f -> f.toFile().delete());
        }
    }

    @Property(tries = 300)
    void truncated(@ForAll @IntRange(min = 0, max = 2) int which, @ForAll long seed) throws IOException {
        Path file = write(which);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, new Random(seed).nextInt(bytes.length)));
        useOrRefuse(file);
    }

    @Property(tries = 800)
    void changed(@ForAll @IntRange(min = 0, max = 2) int which, @ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Path file = write(which);
        byte[] bytes = Files.readAllBytes(file);
        // Near the front, where headers are, as often as anywhere.
        int range = random.nextBoolean() ? Math.min(bytes.length, 600) : bytes.length;
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(range)] = (byte) random.nextInt(256);
        }
        Files.write(file, bytes);
        useOrRefuse(file);
    }

    /** A fresh checkpoint; the file to be damaged is config.json, model.safetensors or a llama2.c file. */
    private static Path write(int which) throws IOException {
        if (which == 2) {
            return Files.write(directory.resolve("model.bin"), TestCheckpoint.llama2c(16, 1));
        }
        TestCheckpoint.ternary(directory.resolve("hf"), "autobitlinear", 1);
        return directory.resolve("hf").resolve(which == 0 ? "config.json" : "model.safetensors");
    }

    private static void useOrRefuse(Path file) {
        try {
            LlamaModel model = Checkpoint.open(file).model();
            QuantizedModel quantized =
                    new QuantizedModel(model, new Quantization(WeightFormat.TERNARY, 4, Quantization.Head.INT8));
            new Transformer(model, new QuantizedLinears(quantized, new ReferenceBackend(quantized)))
                    .next(new int[] {0}, new KvCache(model.config()));
            new Transformer(model, new FloatLinears(model)).next(new int[] {0}, new KvCache(model.config()));
        } catch (UserException refused) {
            if (refused.kind() != UserException.Kind.BAD_INPUT) {
                throw refused;
            }
        }
    }
}
