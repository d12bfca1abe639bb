// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import java.util.Arrays;
import java.util.Optional;

/** What engines are synthesised for. */
public enum AreaTarget {
    /** LUTs of AMD UltraScale+: LUT1 to LUT6 and the LUTs that distributed RAM takes. */
    LUT6("lut6", "LUT"),

    /** Logic cells of Lattice iCE40: LUTs, and flip-flops that share none. */
    ICE40("ice40", "LC"),

    /** Standard cells of a Liberty file, in its unit of area, um2 as a rule. */
    CELLS("cells", "um2");

    private final String id;
    private final String unit;

    AreaTarget(String id, String unit) {
        this.id = id;
        this.unit = unit;
    }

    /** Word for it on the command line and in results. */
    public String id() {
        return id;
    }

    /** Unit of areas. */
    public String unit() {
        return unit;
    }

    /** The target of a word. */
    public static Optional<AreaTarget> of(String id) {
        return Arrays.stream(values()).filter(t -> t.id.equals(id)).findFirst();
    }
}
