// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

import dev.lutra.machine.ChainLayout;
import dev.lutra.machine.Machine;
import dev.lutra.machine.NmRatio;
import dev.lutra.map.plan.Planner;
import dev.lutra.map.plan.RegionShape;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.map.quant.SparseRows;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses for each layer of a region whether a machine takes it dense, N:M, with some steps of each block left out or from bitmaps, by the predicted cycles: of
 * the forms that its codes keep to, whatever made them so, the one that ends first, and of equals the one of fewest bytes, then dense, then the least M.
 * Layers that follow each other with the same choice are one region of the program.
 */
final class LayerRatios {
    private final Machine machine;
    private final Planner planner;

    LayerRatios(Machine machine) {
        this.machine = machine;
        this.planner = new Planner(machine);
    }

    /**
     * Layers of a matrix that one region computes.
     *
     * @param first layer of the source that is layer 0 of the shape
     */
    record Part(MatrixSource source, int first, RegionShape shape) {
        CodedMatrix matrix(int layer) {
            return source.matrix(first + layer);
        }

        List<? extends SparseRows> outliers(int layer) {
            return source.outliers(first + layer);
        }
    }

    /**
     * The parts of a region.
     *
     * @param split whether layers may differ; if not, the choice is one that all of them keep to
     */
    List<Part> of(MatrixSource source, boolean split) {
        RegionShape whole = Shapes.of(source, machine.engine());
        ChainLayout chains = machine.engine().chains();
        // regions that a vector unit fuses take whole matrices
        if (chains == null && !machine.engine().bitmaps() || machine.vector().exists()) {
            return List.of(new Part(source, 0, whole));
        }
        if (!split) {
            int[] layers = IntStream.range(0, source.layers()).toArray();
            return List.of(new Part(source, 0, choose(source, whole, chains, layers)));
        }
        List<Part> parts = new ArrayList<>();
        RegionShape before = null;
        int first = 0;
        for (int layer = 0; layer <= source.layers(); layer++) {
            RegionShape next = layer == source.layers() ? null : choose(source, whole, chains, layer);
            if (before != null && (next == null || !before.keepsAs(next))) {
                String name = first == 0 ? whole.name() : whole.name() + "." + first;
                parts.add(new Part(source, first, before.part(name, layer - first)));
                first = layer;
            }
            before = next;
        }
        return parts;
    }

    private RegionShape choose(MatrixSource source, RegionShape shape, @Nullable ChainLayout chains, int... layers) {
        List<RegionShape> forms = new ArrayList<>();
        for (int m = 2; chains != null && m <= chains.block(); m *= 2) {
            int most = 1;
            for (int layer : layers) {
                most = Math.max(most, most(source.matrix(layer), m, chains.width()));
            }
            int n = Integer.highestOneBit(2 * most - 1);
            if (n < m) {
                forms.add(shape.keeping(new NmRatio(n, m)));
            }
        }
        var plan = planner.plan(shape, false);
        int steps = 1;
        for (int layer : layers) {
            steps = Math.max(steps, mostSteps(source.matrix(layer), plan.kSteps()));
        }
        if (steps < plan.kSteps() && planner.lists(plan, steps)) {
            forms.add(shape.listing(steps));
        }
        if (planner.mapsBits(plan) && mapsBits(source)) {
            long codes = 0;
            for (int layer : layers) {
                codes = Math.max(codes, mostCodes(source.matrix(layer)));
            }
            long bytes = machine.engine().bitmapWords().bytes((long) plan.kSteps() * plan.passes(), codes);
            forms.add(shape.withBitmaps(Math.toIntExact(bytes)));
        }
        for (RegionShape form : forms) {
            var next = planner.plan(form, false);
            long gain = plan.predictedCycles() - next.predictedCycles();
            if (gain > 0 || gain == 0 && next.tensorBytes() < plan.tensorBytes()) {
                plan = next;
            }
        }
        return plan.shape();
    }

    /** Whether the words of a matrix have its codes, and these as wide as the engine's. */
    private boolean mapsBits(MatrixSource source) {
        int zeroPoint = source.matrix(0).format().zeroPoint();
        return !machine.engine().packs(zeroPoint) && !machine.engine().foldsOffsets(zeroPoint);
    }

    /** The most codes of a block of columns that are not 0. */
    private long mostCodes(CodedMatrix matrix) {
        int n = machine.engine().n();
        int[] row = new int[matrix.cols()];
        long most = 0;
        for (int first = 0; first < matrix.rows(); first += n) {
            long count = 0;
            for (int r = first; r < Math.min(first + n, matrix.rows()); r++) {
                matrix.readCodes(r, row);
                count += IntStream.of(row).filter(code -> code != 0).count();
            }
            most = Math.max(most, count);
        }
        return most;
    }

    /** The most steps of a block of columns in which a code is not 0. */
    private int mostSteps(CodedMatrix matrix, int kSteps) {
        int n = machine.engine().n();
        int step = machine.engine().step();
        int[] row = new int[matrix.cols()];
        int most = 0;
        for (int first = 0; first < matrix.rows(); first += n) {
            boolean[] used = new boolean[kSteps];
            for (int r = first; r < Math.min(first + n, matrix.rows()); r++) {
                matrix.readCodes(r, row);
                for (int k = 0; k < row.length; k++) {
                    used[k / step] |= row[k] != 0;
                }
            }
            int count = 0;
            for (boolean one : used) {
                count += one ? 1 : 0;
            }
            most = Math.max(most, count);
        }
        return most;
    }

    /** The most of M neighbours that are not 0 in any of the rows that share indices. */
    private static int most(CodedMatrix matrix, int m, int width) {
        int[] row = new int[matrix.cols()];
        int most = 0;
        for (int first = 0; first < matrix.rows(); first += width) {
            boolean[] used = new boolean[matrix.cols()];
            for (int r = first; r < Math.min(first + width, matrix.rows()); r++) {
                matrix.readCodes(r, row);
                for (int k = 0; k < row.length; k++) {
                    used[k] |= row[k] != 0;
                }
            }
            for (int from = 0; from < used.length; from += m) {
                int count = 0;
                for (int k = from; k < Math.min(from + m, used.length); k++) {
                    count += used[k] ? 1 : 0;
                }
                most = Math.max(most, count);
            }
        }
        return most;
    }
}
