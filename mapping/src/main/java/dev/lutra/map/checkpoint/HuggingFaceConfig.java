// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.checkpoint;

import static dev.lutra.machine.UserException.badInput;

import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.RopePairing;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What config.json says.
 *
 * @param model sizes and constants
 * @param scaleDirection what a packed ternary matrix's weight_scale does, or null if the checkpoint is not quantised
 */
record HuggingFaceConfig(LlamaConfig model, @Nullable ScaleDirection scaleDirection) {
    private static final String ONLY_LLAMA =
            "supported: LlamaForCausalLM with hidden_act silu, no biases, no rope scaling, floating-point or BitNet ternary weights";

    /** The two conventions of the BitNet integration; reading one as the other gives garbage without an error. */
    enum ScaleDirection {
        /** {@code linear_class} autobitlinear: result = integer x weight_scale / activation scale. */
        MULTIPLY,
        /** {@code linear_class} bitlinear, the default: weight_scale holds the reciprocal and divides. */
        DIVIDE
    }

    static HuggingFaceConfig read(Path file) {
        JsonFile json = JsonFile.read(file);
        checkArchitecture(json);
        int heads = size(json, "num_attention_heads");
        int hidden = size(json, "hidden_size");
        JsonFile headDim = json.find("head_dim");
        if (headDim == null && hidden % heads != 0) {
            throw badInput(
                    file + ": head_dim is missing, and hidden_size " + hidden
                            + " is not a multiple of num_attention_heads " + heads,
                    "the configuration is inconsistent; fetch it again");
        }
        int vocab = size(json, "vocab_size");
        LlamaConfig config;
        try {
            config = new LlamaConfig(
                    hidden,
                    size(json, "intermediate_size"),
                    size(json, "num_hidden_layers"),
                    heads,
                    json.integer("num_key_value_heads", 1, LlamaConfig.MAX_SIZE, heads),
                    headDim == null ? hidden / heads : headDim.integer(1, LlamaConfig.MAX_SIZE),
                    vocab,
                    size(json, "max_position_embeddings"),
                    ropeTheta(json),
                    RopePairing.HALF_SPLIT,
                    (float) json.get("rms_norm_eps").number(),
                    json.flag("tie_word_embeddings", false),
                    json.integer("bos_token_id", 0, vocab - 1, -1),
                    endTokens(json, vocab));
        } catch (IllegalArgumentException e) {
            throw badInput(file + ": " + e.getMessage(), "the configuration is inconsistent; fetch it again");
        }
        return new HuggingFaceConfig(config, scaleDirection(json));
    }

    private static int size(JsonFile json, String key) {
        return json.get(key).integer(1, LlamaConfig.MAX_SIZE);
    }

    private static void checkArchitecture(JsonFile json) {
        JsonFile architectures = json.find("architectures");
        if (architectures != null) {
            architectures.elements().forEach(name -> only(name, "LlamaForCausalLM"));
        }
        JsonFile type = json.find("model_type");
        if (type != null) {
            only(type, "llama");
        } else if (architectures == null) {
            throw badInput(json.where() + ": neither model_type nor architectures says what model this is", ONLY_LLAMA);
        }
        JsonFile activation = json.find("hidden_act");
        if (activation != null) {
            only(activation, "silu");
        }
        for (String bias : List.of("attention_bias", "mlp_bias")) {
            if (json.flag(bias, false)) {
                throw badInput(json.where() + ": " + bias + " is true: biases are not supported", ONLY_LLAMA);
            }
        }
    }

    private static void only(JsonFile value, String supported) {
        if (!value.text().equals(supported)) {
            throw badInput(value.where() + " is " + Quote.of(value.text()) + ", which is not supported", ONLY_LLAMA);
        }
    }

    /** The rotary base, from where older or newer files keep it; any other kind of rotary embedding than the plain one is refused. */
    private static float ropeTheta(JsonFile json) {
        for (String key : List.of("rope_scaling", "rope_parameters")) {
            JsonFile rope = json.find(key);
            if (rope != null) {
                String kind = rope.text("rope_type", rope.text("type", "default"));
                if (!kind.equals("default")) {
                    throw badInput(rope.where() + ": rope type " + Quote.of(kind) + " is not supported", ONLY_LLAMA);
                }
            }
        }
        JsonFile parameters = json.find("rope_parameters");
        JsonFile theta = json.find("rope_theta");
        if (theta == null && parameters != null) {
            theta = parameters.find("rope_theta");
        }
        return theta == null ? 10000f : (float) theta.number();
    }

    private static List<Integer> endTokens(JsonFile json, int vocab) {
        JsonFile end = json.find("eos_token_id");
        if (end == null) {
            return List.of();
        }
        return end.isArray()
                ? end.elements().stream().map(id -> id.integer(0, vocab - 1)).toList()
                : List.of(end.integer(0, vocab - 1));
    }

    private static @Nullable ScaleDirection scaleDirection(JsonFile json) {
        JsonFile quantization = json.find("quantization_config");
        if (quantization == null) {
            return null;
        }
        JsonFile method = quantization.get("quant_method");
        if (!method.text().equals("bitnet")) {
            throw badInput(
                    method.where() + " is " + Quote.of(method.text()) + ", which is not supported",
                    "supported: bitnet; for any other method use the unquantised checkpoint and quantise with --weights");
        }
        if (quantization.flag("use_rms_norm", false)) {
            throw badInput(
                    quantization.where() + ": use_rms_norm is true: norms inside projections are not supported",
                    ONLY_LLAMA);
        }
        String mode = quantization.text("quantization_mode", "offline");
        if (!mode.equals("offline")) {
            throw badInput(
                    quantization.where() + ": quantization_mode " + Quote.of(mode) + " is not supported",
                    "supported: offline (weights stored packed)");
        }
        String linear = quantization.text("linear_class", "bitlinear");
        return switch (linear) {
            case "autobitlinear" -> ScaleDirection.MULTIPLY;
            case "bitlinear" -> ScaleDirection.DIVIDE;
            default ->
                throw badInput(
                        quantization.where() + ": linear_class " + Quote.of(linear) + " is not supported",
                        "supported: autobitlinear (multiplies by weight_scale), bitlinear (divides by it)");
        };
    }
}
