// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.host;

/** A matrix made ready to be multiplied by rows of activations; may be used by several threads. */
public interface HostProduct {
    /**
     * The exact product with one row.
     *
     * @param activations [cols], each in -127..127
     * @return [rows]: sum over groups of scale x sum of activation x weight
     */
    long[] multiply(byte[] activations);
}
