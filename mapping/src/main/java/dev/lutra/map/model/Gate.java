// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.model;

/** What a gated MLP does to its gate before it multiplies by it. */
public enum Gate {
    /** {@code x / (1 + e^-x)}: SwiGLU (arXiv 2002.05202). */
    SILU,
    /** {@code max(x, 0)^2} (arXiv 2109.08668), as in BitNet b1.58 2B4T (arXiv 2504.12285). */
    SQUARED_RELU
}
