// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.plan;

import dev.lutra.pe.EngineCycles;

/**
 * Cycles of a region whose reduction is not split, for a tile size: weights stream without a pause, a tile
 * is computed when its weights are there and its output half is free, a block at a time drains into that half, and the tile is stored when all have. The constants
 * below rank tile sizes; they are estimates and promise no cycle count.
 *
 * <p>For one chunk of rows small tiles are best: the store of the last one follows the last product. Where chunks follow each other, large ones are, whose drain and
 * store hide how long a half is in use.
 */
final class TileCost {
    /** Cycles the memory port loses to the bursts of one tile. */
    private static final int TILE_READ = 2;
    /** Cycles from the last weight of a tile to the first result of its last block. */
    private static final int PIPELINE = 12;
    /** Chunks of rows that a machine is planned for which takes several rows together: a prompt's. */
    private static final int PROMPT = 8;

    private TileCost() {}

    /** Of a plan as it is, one chunk of rows. A split reduction streams each block's activations again if they stay in no half; the larger of streams and slots counts. */
    static long of(RegionPlan plan) {
        if (plan.chunks() == 1) {
            return end(plan, plan.tileBlocks(), 1);
        }
        long reloads = plan.chunks() > 2 ? plan.blocks() : 1;
        long read = plan.tensorBytes() + reloads * plan.inBytes() + plan.outBytes();
        long loads = (long) plan.blocks() * plan.chunks() * TILE_READ;
        return Math.max(read / plan.machine().bus().beatBytes() + loads, plan.computeCycles()) + PIPELINE;
    }

    /** What a tile size is ranked by. */
    static long of(RegionPlan plan, int tileBlocks) {
        return end(plan, tileBlocks, plan.machine().engine().m() == 1 ? 1 : PROMPT);
    }

    /** End of the last store of so many chunks of rows. */
    private static long end(RegionPlan plan, int tileBlocks, int chunks) {
        int beat = plan.machine().bus().beatBytes();
        int kSteps = plan.storedSteps();
        int drain = plan.blockBytes() / beat;
        long slots = cycles(plan, 1);
        long read = 0;
        long computed = 0;
        long stored = 0;
        long storedBefore = 0;
        for (int chunk = 0; chunk < chunks; chunk++) {
            for (int block = 0; block < plan.blocks(); block += tileBlocks) {
                int blocks = Math.min(tileBlocks, plan.blocks() - block);
                read += (plan.scaleBytes(blocks, kSteps) + plan.weightBytes(blocks, kSteps)) / beat + TILE_READ;
                long start = Math.max(computed, storedBefore);
                long issued = start + Math.max(cycles(plan, blocks), slots + (blocks - 1L) * drain);
                computed = Math.max(Math.max(read, issued), computed + (long) blocks * drain);
                storedBefore = stored;
                stored = Math.max(stored, computed + PIPELINE + drain) + (long) blocks * drain;
            }
        }
        return stored;
    }

    private static long cycles(RegionPlan plan, int blocks) {
        return EngineCycles.of(
                plan.machine().engine(),
                plan.shape().bits(),
                plan.shape().kept(),
                plan.storedSteps(),
                plan.gSteps(),
                blocks);
    }
}
