// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.checkpoint;

import static dev.lutra.machine.UserException.badInput;

import dev.lutra.machine.UserException;
import dev.lutra.map.checkpoint.HuggingFaceConfig.ScaleDirection;
import dev.lutra.map.checkpoint.SafetensorsFile.Tensor;
import dev.lutra.map.model.FloatMatrix;
import dev.lutra.map.model.LayerWeights;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.WeightMatrix;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A directory with config.json and model.safetensors. */
final class HuggingFaceReader {
    static final String CONFIG = "config.json";
    static final String WEIGHTS = "model.safetensors";

    private final SafetensorsFile file;
    private final LlamaConfig config;
    private final HuggingFaceConfig described;
    private final Set<String> used = new HashSet<>();

    private HuggingFaceReader(SafetensorsFile file, HuggingFaceConfig described) {
        this.file = file;
        this.described = described;
        this.config = described.model();
    }

    static LlamaModel read(Path directory, String name) {
        Path weights = directory.resolve(WEIGHTS);
        HuggingFaceConfig described = HuggingFaceConfig.read(directory.resolve(CONFIG));
        if (!Files.exists(weights)) {
            boolean sharded = Files.exists(directory.resolve(WEIGHTS + ".index.json"));
            throw badInput(
                    directory + ": " + CONFIG + " is there, but " + WEIGHTS + " is not",
                    sharded
                            ? "the weights are split over several files, which is not supported; join them into one "
                                    + WEIGHTS
                            : "supported weights: one file " + WEIGHTS);
        }
        return new HuggingFaceReader(SafetensorsFile.open(weights), described).model(name);
    }

    private LlamaModel model(String name) {
        checkLayerCount();
        FloatMatrix embedding = floats("model.embed_tokens.weight", config.vocab(), config.hidden());
        List<LayerWeights> layers = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            layers.add(layer("model.layers." + i + "."));
        }
        float[] finalNorm = vector("model.norm.weight", config.hidden());
        WeightMatrix head = config.tiedHead() ? embedding : linear("lm_head", config.vocab(), config.hidden());
        checkNothingLeft();
        return new LlamaModel(name, config, embedding, layers, finalNorm, head);
    }

    /** Before reading layer by layer, so that an absurd count is one message and not a million look-ups. */
    private void checkLayerCount() {
        if (config.layers() > file.tensors().size()) {
            throw badInput(
                    path() + ": " + file.tensors().size() + " tensors are too few for the num_hidden_layers "
                            + config.layers() + " of " + CONFIG,
                    "configuration and weights are not of one model");
        }
    }

    private LayerWeights layer(String prefix) {
        int hidden = config.hidden();
        int mlp = config.intermediate();
        boolean subNorms = config.layer().subNorms();
        return new LayerWeights(
                vector(prefix + "input_layernorm.weight", hidden),
                linear(prefix + "self_attn.q_proj", config.queryWidth(), hidden),
                linear(prefix + "self_attn.k_proj", config.kvWidth(), hidden),
                linear(prefix + "self_attn.v_proj", config.kvWidth(), hidden),
                config.layer().qkvBiases() ? qkvBias(prefix + "self_attn.") : new float[0],
                subNorms ? vector(prefix + "self_attn.attn_sub_norm.weight", config.queryWidth()) : new float[0],
                linear(prefix + "self_attn.o_proj", hidden, config.queryWidth()),
                vector(prefix + "post_attention_layernorm.weight", hidden),
                linear(prefix + "mlp.gate_proj", mlp, hidden),
                linear(prefix + "mlp.up_proj", mlp, hidden),
                subNorms ? vector(prefix + "mlp.ffn_sub_norm.weight", mlp) : new float[0],
                linear(prefix + "mlp.down_proj", hidden, mlp));
    }

    private float[] qkvBias(String prefix) {
        float[] q = vector(prefix + "q_proj.bias", config.queryWidth());
        float[] k = vector(prefix + "k_proj.bias", config.kvWidth());
        float[] v = vector(prefix + "v_proj.bias", config.kvWidth());
        return FloatBuffer.allocate(q.length + 2 * k.length)
                .put(q)
                .put(k)
                .put(v)
                .array();
    }

    /** A projection: packed ternary if its weight is U8, floating point otherwise. */
    private WeightMatrix linear(String name, int rows, int cols) {
        Tensor tensor = find(name + ".weight");
        return tensor.dtype() == Dtype.U8 ? ternary(tensor, name, rows, cols) : floats(tensor.name(), rows, cols);
    }

    private WeightMatrix ternary(Tensor tensor, String name, int rows, int cols) {
        ScaleDirection direction = described.scaleDirection();
        if (direction == null) {
            throw badInput(
                    place(tensor) + " is U8, but " + CONFIG + " has no quantization_config to say what that means",
                    "supported U8 weights: BitNet packed ternary with quant_method bitnet");
        }
        if (rows % 4 != 0) {
            throw badInput(
                    place(tensor) + ": " + rows + " outputs cannot be packed four to a byte",
                    "the sizes in " + CONFIG + " are not those of the weights");
        }
        shape(tensor, rows / 4, cols);
        String scaleName = name + ".weight_scale";
        float stored = vector(scaleName, 1)[0];
        float scale = direction == ScaleDirection.MULTIPLY ? stored : 1 / stored;
        if (!(scale > 0 && scale <= Float.MAX_VALUE)) {
            throw badInput(
                    place(find(scaleName)) + " is " + stored + ", which is no usable scale",
                    "the file is damaged; fetch it again");
        }
        return new PackedTernary(file.file(), tensor.name(), tensor.offset(), rows, cols, scale);
    }

    private FloatMatrix floats(String name, int rows, int cols) {
        Tensor tensor = find(name);
        if (!tensor.dtype().isReadableFloat()) {
            throw badInput(
                    place(tensor) + ": dtype " + tensor.dtype() + " is not supported",
                    "supported here: F32, F16, BF16" + (name.contains("_proj.") ? ", and U8 for packed ternary" : ""));
        }
        if (rows == 1 && tensor.shape().size() == 1) {
            shape(tensor, cols);
        } else {
            shape(tensor, rows, cols);
        }
        return new MappedFloats(file.file(), name, tensor.dtype(), tensor.offset(), rows, cols);
    }

    private float[] vector(String name, int length) {
        Tensor tensor = find(name);
        if (!tensor.shape().isEmpty() || length != 1) {
            shape(tensor, length);
        }
        return floats(tensor, length);
    }

    private float[] floats(Tensor tensor, int length) {
        if (!tensor.dtype().isReadableFloat()) {
            throw badInput(
                    place(tensor) + ": dtype " + tensor.dtype() + " is not supported",
                    "supported here: F32, F16, BF16");
        }
        return new MappedFloats(file.file(), tensor.name(), tensor.dtype(), tensor.offset(), 1, length).toArray();
    }

    private Tensor find(String name) {
        Tensor tensor = file.tensors().get(name);
        if (tensor == null) {
            throw badInput(
                    path() + ": tensor " + Quote.of(name) + " is missing",
                    "the model is no such decoder, or " + CONFIG + " belongs to another file");
        }
        used.add(name);
        return tensor;
    }

    private void shape(Tensor tensor, long... wanted) {
        List<Long> shape = new ArrayList<>();
        for (long dimension : wanted) {
            shape.add(dimension);
        }
        if (!tensor.shape().equals(shape)) {
            throw badInput(
                    place(tensor) + " has shape " + tensor.shape() + ", but " + CONFIG + " asks for " + shape,
                    "configuration and weights are not of one model");
        }
    }

    /** A tensor that nothing reads is part of an architecture that we do not have; leaving it out would give garbage. */
    private void checkNothingLeft() {
        for (String name : file.tensors().keySet()) {
            boolean derived = name.endsWith("rotary_emb.inv_freq") || config.tiedHead() && name.startsWith("lm_head.");
            if (!used.contains(name) && !derived) {
                throw unexpected(name);
            }
        }
    }

    private UserException unexpected(String name) {
        return badInput(
                path() + ": tensor " + Quote.of(name) + " has no place in the model that " + CONFIG + " describes",
                "supported: layers of LLaMA, of Qwen2 (biases of q, k and v) and of BitNet b1.58 2B4T (sub-norms), as many as num_hidden_layers says");
    }

    private String place(Tensor tensor) {
        return path() + ": tensor " + Quote.of(tensor.name());
    }

    private Path path() {
        return file.file().path();
    }
}
