// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import org.jspecify.annotations.Nullable;

/**
 * What a backend has added up of one region.
 *
 * @param codes [row][N]: accumulators of the codes
 * @param outliers [row][N]: exact sums of activations times INT16 codes of outliers ({@link dev.lutra.map.quant.OutlierRows}); null where the backend leaves them to
 *     the host, or there are none
 */
public record Sums(long[][] codes, long @Nullable [][] outliers) {}
