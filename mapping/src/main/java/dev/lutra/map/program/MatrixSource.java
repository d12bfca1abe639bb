// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

import dev.lutra.map.quant.QuantizedMatrix;
import java.util.List;

/** The matrices of one region, one per layer, all of one shape and format. They may be made anew at each call. */
public interface MatrixSource {
    /** Name of the region's entry point. */
    String name();

    /** Number of layers, at least 1. */
    int layers();

    /** The matrix of a layer. */
    QuantizedMatrix matrix(int layer);

    /** Matrices that are at hand. */
    static MatrixSource of(String name, List<QuantizedMatrix> matrices) {
        return new MatrixSource() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public int layers() {
                return matrices.size();
            }

            @Override
            public QuantizedMatrix matrix(int layer) {
                return matrices.get(layer);
            }
        };
    }
}
