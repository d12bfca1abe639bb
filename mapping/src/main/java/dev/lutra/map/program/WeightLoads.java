// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

import dev.lutra.machine.Instruction;
import dev.lutra.machine.Instruction.LoadScales;
import dev.lutra.machine.Instruction.LoadWeights;
import dev.lutra.machine.Instruction.SetBase;
import dev.lutra.machine.Instruction.SetStride;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Tokens;
import dev.lutra.map.plan.Piece;
import dev.lutra.map.program.StepEmitter.Matrix;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Loads of the weights of products that follow on each other, as far ahead of the products as the queue of LDW is deep. So memory works while passes make activations, and what
 * comes until then is what the rings hold.
 *
 * <p>A load that does not fit the queue holds up all that follows it in the program. No more of them are therefore ahead of the last product in the program than the queue
 * takes: those of products before it leave the queue by themselves.
 */
final class WeightLoads {
    private static final int BASE = 3;
    private static final int SCALE_STRIDE = 3;
    private static final int NO_STRIDE = 0;

    private record Part(SetBase base, long scales, long weights) {
        /** In the queue of LDW. */
        int loads() {
            return scales > 0 ? 2 : 1;
        }
    }

    private final Machine machine;
    private final List<Instruction> code;
    private final Deque<Part> waiting = new ArrayDeque<>();
    private final Deque<Part> loaded = new ArrayDeque<>();
    private int ahead;

    /**
     * Loads what the queue takes.
     *
     * @param code to which instructions are appended; all products in it have been given their weights
     * @param matrices of the products, in order
     */
    WeightLoads(Machine machine, List<Instruction> code, List<Matrix> matrices) {
        this.machine = machine;
        this.code = code;
        for (Matrix m : matrices) {
            long at = m.offset();
            for (Piece piece : m.plan().pieces()) {
                long scales = m.plan().scaleBytes(piece.blocks(), piece.steps());
                long weights = m.plan().weightBytes(piece.blocks(), piece.steps());
                waiting.add(new Part(new SetBase(BASE, 0, at, m.layerStride()), scales, weights));
                at += scales + weights;
            }
        }
        load();
    }

    /** Behind the product of the next piece, which takes its weights: there is room for others. */
    void taken() {
        ahead -= loaded.remove().loads();
        load();
    }

    private void load() {
        while (!waiting.isEmpty() && (ahead == 0 || ahead + waiting.element().loads() <= machine.queueDepth())) {
            Part part = waiting.remove();
            code.add(part.base());
            if (part.scales() > 0) {
                code.add(new SetStride(SCALE_STRIDE, part.scales()));
                code.add(new LoadScales(Tokens.NONE, BASE, SCALE_STRIDE, machine.beats(part.scales())));
            }
            code.add(new LoadWeights(Tokens.NONE, BASE, NO_STRIDE, machine.beats(part.weights())));
            loaded.add(part);
            ahead += part.loads();
        }
    }
}
