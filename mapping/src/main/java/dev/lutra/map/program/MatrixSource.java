// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

import dev.lutra.machine.Machine;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.Region;
import dev.lutra.map.plan.GatedRows;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.SparseRows;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The matrices of one region, one per layer, all of one shape and format. They may be made anew at each call. */
public interface MatrixSource {
    /** Name of the region's entry point. */
    String name();

    /** Number of layers, at least 1. */
    int layers();

    /** The matrix of a layer. */
    CodedMatrix matrix(int layer);

    /** The outliers of a layer's matrices, one above the other, that the machine's side engine is to add up; empty for none, in all layers or in no layer. */
    default List<? extends SparseRows> outliers(int layer) {
        return List.of();
    }

    /** Matrices that are at hand, without outliers. */
    static MatrixSource of(String name, List<? extends CodedMatrix> matrices) {
        return of(name, matrices, layer -> List.of());
    }

    /** Matrices that are at hand, and the outliers of each layer. */
    static MatrixSource of(
            String name, List<? extends CodedMatrix> matrices, IntFunction<List<? extends SparseRows>> outliers) {
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
            public CodedMatrix matrix(int layer) {
                return matrices.get(layer);
            }

            @Override
            public List<? extends SparseRows> outliers(int layer) {
                return outliers.apply(layer);
            }
        };
    }

    /** The regions of a model as a machine runs them, in the order of a step; a head in floating point is left out. */
    static List<MatrixSource> of(QuantizedModel model, Machine machine) {
        LlamaConfig config = model.model().config();
        int[] gated = GatedRows.order(machine.vector(), config.intermediate());
        boolean gap = gated.length > 2 * config.intermediate();
        List<MatrixSource> sources = new ArrayList<>();
        for (Region region : Region.values()) {
            if (model.has(region)) {
                int layers = region == Region.HEAD ? 1 : config.layers();
                sources.add(of(
                        region.name(),
                        IntStream.range(0, layers)
                                .mapToObj(layer -> model.matrix(region, layer))
                                .map(m -> gap && region == Region.GATE_UP ? m.rows(gated) : m)
                                .toList(),
                        layer -> machine.side().exists() ? model.outliers().of(region, layer) : List.of()));
            }
        }
        return sources;
    }
}
