// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;

/** Writes small checkpoints of random weights: 2 layers, hidden 8, MLP 12, 2 heads of 4 on 1 key/value head, 16 ids. */
public final class TestCheckpoint {
    private static final int HIDDEN = 8;
    private static final int MLP = 12;
    private static final int KV = 4;
    private static final int VOCAB = 16;
    private static final int LAYERS = 2;

    /** One tensor of a safetensors file, in the words of its header. */
    public record TensorBytes(String dtype, String shape, byte[] data) {}

    private final Random random;
    private final Map<String, TensorBytes> tensors = new LinkedHashMap<>();

    private TestCheckpoint(long seed) {
        random = new Random(seed);
    }

    /** A directory with config.json and model.safetensors in F32 with a tied head. */
    public static Path huggingFace(Path directory, long seed) throws IOException {
        write(directory, config(""), tensors("F32", false, seed));
        return directory;
    }

    /** The same model as packed ternary; {@code linearClass} decides what its scales mean. */
    public static Path ternary(Path directory, String linearClass, long seed) throws IOException {
        write(
                directory,
                config(", \"quantization_config\": {\"quant_method\": \"bitnet\", \"linear_class\": \"" + linearClass
                        + "\"}"),
                tensors("F32", true, seed));
        return directory;
    }

    /** config.json of this model, tied head, with more members appended. */
    public static String config(String more) {
        return """
                {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_act": "silu",
                 "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 2, "num_attention_heads": 2,
                 "num_key_value_heads": 1, "vocab_size": 16, "max_position_embeddings": 64, "rms_norm_eps": 1e-05,
                 "tie_word_embeddings": true, "bos_token_id": 0, "eos_token_id": [1]%s}
                """.formatted(more);
    }

    /** All tensors of this model in file order, projections packed if {@code ternary}. */
    public static Map<String, TensorBytes> tensors(String dtype, boolean ternary, long seed) {
        TestCheckpoint model = new TestCheckpoint(seed);
        model.floats("model.embed_tokens.weight", dtype, VOCAB, HIDDEN);
        for (int i = 0; i < LAYERS; i++) {
            String layer = "model.layers." + i + ".";
            model.floats(layer + "input_layernorm.weight", dtype, HIDDEN);
            model.floats(layer + "post_attention_layernorm.weight", dtype, HIDDEN);
            model.linear(layer + "self_attn.q_proj", dtype, ternary, HIDDEN, HIDDEN);
            model.linear(layer + "self_attn.k_proj", dtype, ternary, KV, HIDDEN);
            model.linear(layer + "self_attn.v_proj", dtype, ternary, KV, HIDDEN);
            model.linear(layer + "self_attn.o_proj", dtype, ternary, HIDDEN, HIDDEN);
            model.linear(layer + "mlp.gate_proj", dtype, ternary, MLP, HIDDEN);
            model.linear(layer + "mlp.up_proj", dtype, ternary, MLP, HIDDEN);
            model.linear(layer + "mlp.down_proj", dtype, ternary, HIDDEN, MLP);
        }
        model.floats("model.norm.weight", dtype, HIDDEN);
        return model.tensors;
    }

    private void linear(String name, String dtype, boolean ternary, int rows, int cols) {
        if (!ternary) {
            floats(name + ".weight", dtype, rows, cols);
            return;
        }
        byte[] packed = new byte[rows / 4 * cols];
        for (int i = 0; i < packed.length; i++) {
            for (int r = 0; r < 4; r++) {
                packed[i] |= (byte) (random.nextInt(3) << 2 * r);
            }
        }
        tensors.put(name + ".weight", new TensorBytes("U8", "[" + rows / 4 + "," + cols + "]", packed));
        tensors.put(name + ".weight_scale", new TensorBytes("F32", "[1]", bytes("F32", new float[] {0.25f})));
    }

    private void floats(String name, String dtype, int... shape) {
        int count = 1;
        StringJoiner dimensions = new StringJoiner(",", "[", "]");
        for (int dimension : shape) {
            count *= dimension;
            dimensions.add(Integer.toString(dimension));
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            // Few fraction bits, so that every float type holds the value exactly.
            values[i] = (random.nextInt(255) - 127) / 64f;
        }
        tensors.put(name, new TensorBytes(dtype, dimensions.toString(), bytes(dtype, values)));
    }

    private static byte[] bytes(String dtype, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * (dtype.equals("F32") ? 4 : 2))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (dtype) {
                case "F32" -> bytes.putFloat(value);
                case "BF16" -> bytes.putShort((short) (Float.floatToIntBits(value) >> 16));
                case "F16" -> bytes.putShort(half(value));
                default -> throw new IllegalArgumentException(dtype);
            }
        }
        return bytes.array();
    }

    /** Exact for the normal values used here. */
    private static short half(float value) {
        int bits = Float.floatToIntBits(value);
        return (short) (value == 0 ? 0 : bits >>> 16 & 0x8000 | (bits >>> 13) - (112 << 10) & 0x7fff);
    }

    /** Writes both files. */
    public static void write(Path directory, String config, Map<String, TensorBytes> tensors) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("config.json"), config);
        Files.write(directory.resolve("model.safetensors"), safetensors(tensors));
    }

    /** The bytes of a safetensors file. */
    public static byte[] safetensors(Map<String, TensorBytes> tensors) {
        StringJoiner header = new StringJoiner(",", "{\"__metadata__\":{\"format\":\"pt\"},", "}");
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        tensors.forEach((name, tensor) -> {
            int begin = data.size();
            data.writeBytes(tensor.data());
            header.add("\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                    .formatted(name, tensor.dtype(), tensor.shape(), begin, data.size()));
        });
        return file(header.toString(), data.toByteArray());
    }

    /** A safetensors file of any header and data. */
    public static byte[] file(String header, byte[] data) {
        byte[] text = header.getBytes(UTF_8);
        return ByteBuffer.allocate(8 + text.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(data)
                .array();
    }

    /** A llama2.c file of the same sizes, {@code vocab} negative for a separate output matrix. */
    public static byte[] llama2c(int vocab, long seed) {
        Random random = new Random(seed);
        int context = 64;
        int perLayer = 2 * HIDDEN + 2 * HIDDEN * HIDDEN + 2 * KV * HIDDEN + 3 * HIDDEN * MLP;
        int floats = Math.abs(vocab) * HIDDEN * (vocab < 0 ? 2 : 1) + LAYERS * perLayer + HIDDEN + context * HIDDEN / 2;
        ByteBuffer bytes = ByteBuffer.allocate(28 + 4 * floats).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : new int[] {HIDDEN, MLP, LAYERS, 2, 1, vocab, context}) {
            bytes.putInt(value);
        }
        while (bytes.hasRemaining()) {
            bytes.putFloat((random.nextInt(255) - 127) / 64f);
        }
        return bytes.array();
    }
}
