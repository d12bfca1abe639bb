// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.plan;

import dev.lutra.pe.EngineCycles;

/**
 * Cycles of a region whose reduction is not split, for one chunk of rows and a tile size: weights stream without a pause, a tile
 * is computed when its weights are there and its output half is free, and is stored when it is computed. The constants
 * below rank tile sizes; they are estimates and promise no cycle count.
 */
final class TileCost {
    /** Cycles the memory port loses to the bursts of one tile. */
    private static final int TILE_READ = 2;
    /** Cycles from the last weight of a tile to its last result. */
    private static final int PIPELINE = 16;

    private TileCost() {}

    /** Of a plan as it is. A split reduction streams each block's activations again if they stay in no half; the larger of streams and slots counts. */
    static long of(RegionPlan plan) {
        if (plan.chunks() == 1) {
            return of(plan, plan.tileBlocks());
        }
        long reloads = plan.chunks() > 2 ? plan.blocks() : 1;
        long read = plan.tensorBytes() + reloads * plan.inBytes() + plan.outBytes();
        long loads = (long) plan.blocks() * plan.chunks() * TILE_READ;
        return Math.max(read / plan.machine().bus().beatBytes() + loads, plan.computeCycles()) + PIPELINE;
    }

    static long of(RegionPlan plan, int tileBlocks) {
        int beat = plan.machine().bus().beatBytes();
        int kSteps = plan.storedSteps();
        long read = 0;
        long computed = 0;
        long stored = 0;
        long storedBefore = 0;
        for (int block = 0; block < plan.blocks(); block += tileBlocks) {
            int blocks = Math.min(tileBlocks, plan.blocks() - block);
            read += (plan.scaleBytes(blocks, kSteps) + plan.weightBytes(blocks, kSteps)) / beat + TILE_READ;
            long start = Math.max(computed, storedBefore);
            long cycles = EngineCycles.of(
                    plan.machine().engine(), plan.shape().bits(), plan.shape().kept(), kSteps, plan.gSteps(), blocks);
            computed = Math.max(read, start + cycles);
            storedBefore = stored;
            stored = Math.max(stored, computed + PIPELINE) + (long) blocks * plan.blockBytes() / beat;
        }
        return stored;
    }
}
