// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.checkpoint;

import dev.lutra.map.checkpoint.TestCheckpoint.TensorBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * Checkpoints of random weights as Hugging Face's library stores those of an architecture: names and types of tensors, members of config.json. Embedding, norms and biases are
 * BF16, and so are the scales of packed ternary projections; other projections are F32.
 *
 * @param type model_type: llama, qwen2 or bitnet, whose projections are packed
 */
public record RandomCheckpoint(
        String type,
        int hidden,
        int intermediate,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        int vocab,
        int context,
        double ropeTheta,
        double rmsEps,
        boolean tied) {

    private static final Map<String, String> CLASSES =
            Map.of("llama", "LlamaForCausalLM", "qwen2", "Qwen2ForCausalLM", "bitnet", "BitNetForCausalLM");

    /** Whether projections are packed ternary. */
    public boolean packed() {
        return type.equals("bitnet");
    }

    /** Writes both files; the weights that they stand for, by name, matrices row by row. */
    public Map<String, float[]> write(Path directory, long seed) throws IOException {
        Map<String, TensorBytes> tensors = new LinkedHashMap<>();
        Map<String, float[]> values = new LinkedHashMap<>();
        Random random = new Random(seed);
        rounded(tensors, values, random, "model.embed_tokens.weight", 1, vocab, hidden);
        for (int i = 0; i < layers; i++) {
            String layer = "model.layers." + i + ".";
            rounded(tensors, values, random, layer + "input_layernorm.weight", 0.5, hidden);
            rounded(tensors, values, random, layer + "post_attention_layernorm.weight", 0.5, hidden);
            projection(tensors, values, random, layer + "self_attn.q_proj", heads * headDim, hidden);
            projection(tensors, values, random, layer + "self_attn.k_proj", kvHeads * headDim, hidden);
            projection(tensors, values, random, layer + "self_attn.v_proj", kvHeads * headDim, hidden);
            projection(tensors, values, random, layer + "self_attn.o_proj", hidden, heads * headDim);
            projection(tensors, values, random, layer + "mlp.gate_proj", intermediate, hidden);
            projection(tensors, values, random, layer + "mlp.up_proj", intermediate, hidden);
            projection(tensors, values, random, layer + "mlp.down_proj", hidden, intermediate);
            if (type.equals("qwen2")) {
                rounded(tensors, values, random, layer + "self_attn.q_proj.bias", 1, heads * headDim);
                rounded(tensors, values, random, layer + "self_attn.k_proj.bias", 1, kvHeads * headDim);
                rounded(tensors, values, random, layer + "self_attn.v_proj.bias", 1, kvHeads * headDim);
            }
            if (type.equals("bitnet")) {
                rounded(tensors, values, random, layer + "self_attn.attn_sub_norm.weight", 0.5, heads * headDim);
                rounded(tensors, values, random, layer + "mlp.ffn_sub_norm.weight", 0.5, intermediate);
            }
        }
        rounded(tensors, values, random, "model.norm.weight", 0.5, hidden);
        if (!tied) {
            reals(tensors, values, random, "lm_head.weight", vocab, hidden);
        }
        TestCheckpoint.write(directory, config(), tensors);
        return values;
    }

    private String config() {
        String more = switch (type) {
            case "qwen2" ->
                ", \"hidden_act\": \"silu\", \"use_sliding_window\": false, \"sliding_window\": 32768, \"max_window_layers\": 21";
            case "bitnet" ->
                ", \"hidden_act\": \"relu2\", \"quantization_config\": {\"quant_method\": \"bitnet\", \"linear_class\": \"autobitlinear\","
                        + " \"quantization_mode\": \"offline\"}";
            default -> ", \"hidden_act\": \"silu\"";
        };
        return """
                {"model_type": "%s", "architectures": ["%s"], "hidden_size": %d, "intermediate_size": %d,
                 "num_hidden_layers": %d, "num_attention_heads": %d, "num_key_value_heads": %d, "head_dim": %d,
                 "vocab_size": %d, "max_position_embeddings": %d, "rope_theta": %s, "rms_norm_eps": %s,
                 "tie_word_embeddings": %s, "bos_token_id": 0, "eos_token_id": 1, "torch_dtype": "bfloat16"%s}
                """.formatted(
                        type,
                        CLASSES.get(type),
                        hidden,
                        intermediate,
                        layers,
                        heads,
                        kvHeads,
                        headDim,
                        vocab,
                        context,
                        ropeTheta,
                        rmsEps,
                        tied,
                        more);
    }

    private void projection(
            Map<String, TensorBytes> tensors,
            Map<String, float[]> values,
            Random random,
            String name,
            int rows,
            int cols) {
        if (!packed()) {
            reals(tensors, values, random, name + ".weight", rows, cols);
            return;
        }
        // a power of two has no other BF16
        float scale = Math.scalb(1f, -2 - random.nextInt(2));
        float[] weights = new float[rows * cols];
        byte[] bytes = new byte[rows / 4 * cols];
        for (int i = 0; i < weights.length; i++) {
            int code = random.nextInt(3);
            weights[i] = (code - 1) * scale;
            bytes[i % bytes.length] |= (byte) (code << 2 * (i / bytes.length));
        }
        tensors.put(name + ".weight", new TensorBytes("U8", "[" + rows / 4 + "," + cols + "]", bytes));
        tensors.put(name + ".weight_scale", new TensorBytes("BF16", "[1]", bf16(new float[] {scale})));
        values.put(name + ".weight", weights);
    }

    private static void reals(
            Map<String, TensorBytes> tensors,
            Map<String, float[]> values,
            Random random,
            String name,
            int rows,
            int cols) {
        float[] weights = new float[rows * cols];
        ByteBuffer bytes = ByteBuffer.allocate(4 * weights.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (random.nextGaussian() / Math.sqrt(cols));
            bytes.putFloat(weights[i]);
        }
        tensors.put(name, new TensorBytes("F32", "[" + rows + "," + cols + "]", bytes.array()));
        values.put(name, weights);
    }

    /** Around 1 for norms, else around 0. */
    private static void rounded(
            Map<String, TensorBytes> tensors,
            Map<String, float[]> values,
            Random random,
            String name,
            double size,
            int... shape) {
        int count = 1;
        for (int dimension : shape) {
            count *= dimension;
        }
        float[] weights = new float[count];
        for (int i = 0; i < count; i++) {
            float value = (float) ((name.contains("norm") ? 1 : 0) + random.nextGaussian() * size);
            weights[i] = Float.intBitsToFloat(Float.floatToIntBits(value) & 0xffff0000);
        }
        tensors.put(name, new TensorBytes("BF16", Arrays.toString(shape).replace(" ", ""), bf16(weights)));
        values.put(name, weights);
    }

    private static byte[] bf16(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putShort((short) (Float.floatToIntBits(value) >> 16));
        }
        return bytes.array();
    }
}
