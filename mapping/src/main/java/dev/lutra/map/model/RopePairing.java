// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.model;

/** Which two elements of a head the rotary embedding turns together, in pair i of headDim / 2. */
public enum RopePairing {
    /** Elements 2i and 2i + 1, as llama2.c and the original LLaMA release store wq and wk. */
    ADJACENT,
    /** Elements i and i + headDim / 2, as Hugging Face checkpoints store q_proj and k_proj. */
    HALF_SPLIT
}
