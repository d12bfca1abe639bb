// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.checkpoint;

import dev.lutra.map.model.Gate;
import dev.lutra.map.model.LayerVariant;

/** Decoders of Hugging Face's library that we read, and what config.json need not say of them. */
enum Architecture {
    LLAMA("llama", "LlamaForCausalLM", LayerVariant.LLAMA, 10_000),
    QWEN2("qwen2", "Qwen2ForCausalLM", new LayerVariant(Gate.SILU, true, false), 10_000),
    /** BitNet b1.58 2B4T (arXiv 2504.12285). */
    BITNET("bitnet", "BitNetForCausalLM", new LayerVariant(Gate.SQUARED_RELU, false, true), 500_000);

    final String modelType;
    final String className;
    final LayerVariant layer;
    final float ropeTheta;

    Architecture(String modelType, String className, LayerVariant layer, float ropeTheta) {
        this.modelType = modelType;
        this.className = className;
        this.layer = layer;
        this.ropeTheta = ropeTheta;
    }
}
