// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import java.util.ArrayList;
import java.util.List;

/** Cuts steps into methods by the estimated length of their code. */
final class Chunker {
    private static final int LOAD_BYTES = Needs.LOAD_BYTES;
    private static final int LOOP_BYTES = 40;

    private final Needs needs;
    private final int chunkBytes;

    Chunker(Needs needs, int chunkBytes) {
        this.needs = needs;
        this.chunkBytes = chunkBytes;
    }

    List<Step.Chunk> cut(List<Step> steps) {
        var chunks = new ArrayList<Step.Chunk>();
        var current = new ArrayList<Step>();
        int size = 0;
        for (Step step : steps) {
            int bytes = bytes(step);
            if (size + bytes > chunkBytes && !current.isEmpty()) {
                chunks.add(new Step.Chunk(List.copyOf(current)));
                current.clear();
                size = 0;
            }
            current.add(step);
            size += bytes;
        }
        if (!current.isEmpty()) {
            chunks.add(new Step.Chunk(List.copyOf(current)));
        }
        return chunks;
    }

    private int bytes(Step step) {
        if (step instanceof Step.Define define) {
            Value v = define.value();
            int words = v.isWide() ? v.words() : 1;
            return needs.cost(v) * (define.to() - define.from()) / words + LOAD_BYTES * (define.to() - define.from());
        } else if (step instanceof Step.Copy copy) {
            return 2 * LOAD_BYTES * copy.element().words();
        } else if (step instanceof Step.Update update) {
            return needs.costInto(update.register().next());
        } else if (step instanceof Step.Commit commit) {
            return 2 * LOAD_BYTES * commit.register().value().words();
        } else if (step instanceof Step.Writes writes) {
            int sum = 0;
            for (Design.Write write : writes.store().writes) {
                sum += 20 + 40 * write.data().words();
            }
            return sum;
        } else if (step instanceof Step.DefineLanes define) {
            return bytes(define.lanes());
        } else if (step instanceof Step.UpdateLanes update) {
            return bytes(update.group().next());
        }
        return step instanceof Step.Gather gather ? 20 * gather.moves().size() : LOOP_BYTES;
    }

    private int bytes(Lanes lanes) {
        int sum = LOOP_BYTES;
        for (Lanes operand : lanes.in) {
            sum += needs.lanes().isStored(operand) ? 2 * LOAD_BYTES : bytes(operand);
        }
        return sum;
    }
}
