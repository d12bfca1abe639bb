// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

import dev.lutra.machine.Machine;
import dev.lutra.map.plan.RegionPlan;
import dev.lutra.map.plan.RegionShape;
import java.util.List;

/**
 * {@code manifest.json} of a mapped model.
 *
 * @param version of this file's layout
 * @param model name of the model
 * @param weights format of the linear layers, such as {@code int4}
 * @param groupSize weights that share a scale, or 0
 * @param head {@code int8} or {@code float}
 * @param kv format of cached keys and values, such as {@code float}
 * @param sparse which weights were left out, such as {@code 2:4}; empty for none
 * @param outliers percent of the weights that are kept apart, for the host or the side engine; 0 for none
 * @param machine what it was mapped for
 * @param fingerprint of that machine
 * @param programBytes size of the code
 * @param imageBytes size of {@code weights.bin}
 * @param regions how each region is cut
 */
public record MapManifest(
        int version,
        String model,
        String weights,
        int groupSize,
        String head,
        String kv,
        String sparse,
        double outliers,
        Machine machine,
        String fingerprint,
        int programBytes,
        long imageBytes,
        List<Region> regions) {

    static final int VERSION = 4;

    /** A {@link RegionPlan} without its machine. */
    public record Region(
            RegionShape shape, int kSteps, int gSteps, int chunkSteps, int chunks, int blocks, int tileBlocks) {
        static Region of(RegionPlan p) {
            return new Region(
                    p.shape(), p.kSteps(), p.gSteps(), p.chunkSteps(), p.chunks(), p.blocks(), p.tileBlocks());
        }

        RegionPlan on(Machine machine) {
            return new RegionPlan(machine, shape, kSteps, gSteps, chunkSteps, chunks, blocks, tileBlocks);
        }
    }
}
