// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.model;

import java.util.List;

/** Linear layers that a vector unit joins into one region, with what lies between them. */
public enum FusedRegion {
    /** Of a layer, all that follows attention: output projection, residual, norm, gate and up, gating, down, residual. */
    AFTER_ATTENTION(Region.O, Region.GATE_UP, Region.DOWN),
    /** The last norm and the vocabulary head. */
    LOGITS(Region.HEAD);

    private final List<Region> parts;

    FusedRegion(Region... parts) {
        this.parts = List.of(parts);
    }

    /** Its linear layers, in order. */
    public List<Region> parts() {
        return parts;
    }
}
