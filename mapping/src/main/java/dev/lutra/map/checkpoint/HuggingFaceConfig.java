// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.checkpoint;

import static dev.lutra.machine.UserException.badInput;

import dev.lutra.machine.UserException;
import dev.lutra.map.model.Gate;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.RopePairing;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What config.json says.
 *
 * @param model sizes and constants
 * @param scaleDirection what a packed ternary matrix's weight_scale does, or null if the checkpoint is not quantised
 */
record HuggingFaceConfig(LlamaConfig model, @Nullable ScaleDirection scaleDirection) {
    private static final String SUPPORTED =
            "supported: LlamaForCausalLM, Qwen2ForCausalLM and BitNetForCausalLM with hidden_act silu or relu2, attention to all positions, no rope scaling,"
                    + " no biases but those of Qwen2's q, k and v, floating-point or BitNet ternary weights";

    /** The two conventions of the BitNet integration; reading one as the other gives garbage without an error. */
    enum ScaleDirection {
        /** {@code linear_class} autobitlinear: result = integer x weight_scale / activation scale. */
        MULTIPLY,
        /** {@code linear_class} bitlinear, the default: weight_scale holds the reciprocal and divides. */
        DIVIDE
    }

    static HuggingFaceConfig read(Path file) {
        JsonFile json = JsonFile.read(file);
        Architecture architecture = architecture(json);
        checkLayers(json, architecture);
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
                    ropeTheta(json, architecture),
                    RopePairing.HALF_SPLIT,
                    (float) json.get("rms_norm_eps").number(),
                    json.flag("tie_word_embeddings", false),
                    json.integer("bos_token_id", 0, vocab - 1, -1),
                    endTokens(json, vocab),
                    architecture.layer.with(gate(json, architecture)));
        } catch (IllegalArgumentException e) {
            throw badInput(file + ": " + e.getMessage(), "the configuration is inconsistent; fetch it again");
        }
        return new HuggingFaceConfig(config, scaleDirection(json));
    }

    private static int size(JsonFile json, String key) {
        return json.get(key).integer(1, LlamaConfig.MAX_SIZE);
    }

    /** What model_type and architectures both say, of which one is enough. */
    private static Architecture architecture(JsonFile json) {
        Architecture found = null;
        JsonFile type = json.find("model_type");
        if (type != null) {
            found = named(type, architecture -> architecture.modelType);
        }
        JsonFile architectures = json.find("architectures");
        for (JsonFile name : architectures == null ? List.<JsonFile>of() : architectures.elements()) {
            Architecture also = named(name, architecture -> architecture.className);
            if (found != null && also != found) {
                throw badInput(
                        name.where() + " is " + Quote.of(name.text()) + ", but the rest of the file describes a "
                                + found.className,
                        "the configuration is inconsistent; fetch it again");
            }
            found = also;
        }
        if (found == null) {
            throw badInput(json.where() + ": neither model_type nor architectures says what model this is", SUPPORTED);
        }
        return found;
    }

    private static Architecture named(JsonFile value, Function<Architecture, String> name) {
        return Arrays.stream(Architecture.values())
                .filter(architecture -> name.apply(architecture).equals(value.text()))
                .findFirst()
                .orElseThrow(() -> notSupported(value));
    }

    private static Gate gate(JsonFile json, Architecture architecture) {
        JsonFile activation = json.find("hidden_act");
        if (activation == null) {
            return architecture.layer.gate();
        }
        return switch (activation.text()) {
            case "silu" -> Gate.SILU;
            case "relu2" -> Gate.SQUARED_RELU;
            default -> throw notSupported(activation);
        };
    }

    /** Refuses what would change results without another tensor to tell. */
    private static void checkLayers(JsonFile json, Architecture architecture) {
        refused(json, "mlp_bias", "biases of the MLP are");
        if (!architecture.layer.qkvBiases()) {
            refused(json, "attention_bias", "biases of the output projection are");
        }
        refused(json, "use_sliding_window", "attention to a window is");
        JsonFile types = json.find("layer_types");
        for (JsonFile type : types == null ? List.<JsonFile>of() : types.elements()) {
            if (!type.text().equals("full_attention")) {
                throw notSupported(type);
            }
        }
    }

    private static void refused(JsonFile json, String flag, String what) {
        if (json.flag(flag, false)) {
            throw badInput(json.where() + ": " + flag + " is true: " + what + " not supported", SUPPORTED);
        }
    }

    private static UserException notSupported(JsonFile value) {
        return badInput(value.where() + " is " + Quote.of(value.text()) + ", which is not supported", SUPPORTED);
    }

    /** The rotary base, from where older or newer files keep it; any other kind of rotary embedding than the plain one is refused. */
    private static float ropeTheta(JsonFile json, Architecture architecture) {
        for (String key : List.of("rope_scaling", "rope_parameters")) {
            JsonFile rope = json.find(key);
            if (rope != null) {
                String kind = rope.text("rope_type", rope.text("type", "default"));
                if (!kind.equals("default")) {
                    throw badInput(rope.where() + ": rope type " + Quote.of(kind) + " is not supported", SUPPORTED);
                }
            }
        }
        JsonFile parameters = json.find("rope_parameters");
        JsonFile theta = json.find("rope_theta");
        if (theta == null && parameters != null) {
            theta = parameters.find("rope_theta");
        }
        return theta == null ? architecture.ropeTheta : (float) theta.number();
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
                    SUPPORTED);
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
