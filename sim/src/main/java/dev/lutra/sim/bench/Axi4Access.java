// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import java.util.List;

/**
 * A burst that was answered.
 *
 * @param address of the first byte
 * @param beats data of each beat, as words; of a write, data and strobes
 * @param response the worst of its beats (0 OKAY, 1 EXOKAY, 2 SLVERR, 3 DECERR)
 * @param cycle of the last answer
 */
public record Axi4Access(boolean write, long id, long address, List<Item> beats, int response, long cycle) {
    public Axi4Access {
        beats = List.copyOf(beats);
    }
}
