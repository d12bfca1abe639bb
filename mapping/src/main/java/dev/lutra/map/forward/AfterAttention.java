// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

/** What of a decoder needs no other position: on the host, on a device with a vector unit, or in the model of that. */
public interface AfterAttention {
    /**
     * The rest of a layer.
     *
     * @param mixed what attention gave, [row][heads x headDim]
     * @param x residual stream before the layer, [row][hidden]
     * @return residual stream after the layer, [row][hidden]
     */
    float[][] layer(int layer, float[][] mixed, float[][] x);

    /** The last norm and the head: [row][vocab] of the residual stream after the last layer. */
    float[][] logits(float[][] x);
}
