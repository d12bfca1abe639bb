// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.stats;

/** Families of FPGAs that estimates are made for. */
@SuppressWarnings("ImmutableEnumChecker") // nobody writes the array, and the record is immutable
public enum Target {
    /** AMD 7 series: tables of 6 inputs, DSP48E1, block memories of 18 Kbit, small memories in tables. */
    AMD("amd", new int[] {1, 1, 1, 1, 1, 1}, false, 3, new Dsp(25, 18, 2, 9, true, 48)),
    /** Lattice iCE40 UP: tables of 4 inputs, SB_MAC16, block memories of 4 Kbit. */
    ICE40("ice40", new int[] {1, 1, 1, 1}, false, 3, new Dsp(16, 16, 2, 11, false, 32)),
    /** Lattice ECP5: tables of 4 inputs that multiplexers join, MULT18X18D, block memories of 18 Kbit, small memories in tables. */
    ECP5("ecp5", new int[] {1, 1, 1, 1, 2, 4, 8}, true, 5, new Dsp(18, 18, 2, 0, false, 0));

    /** Tables that a cell of a small memory takes. */
    static final int TABLES_PER_CELL = 4;

    private final String id;
    private final int[] tableCosts;
    private final boolean shallow;
    private final int carryFrom;
    private final Dsp dsp;

    /**
     * Multipliers of a family.
     *
     * @param a width of one operand
     * @param b width of the other
     * @param least width from which an operand goes there
     * @param leastProduct width from which a product goes there
     * @param signed whether only signed operands fit, so that unsigned ones lose a bit
     * @param adder width of the adder behind the product, 0 if there is none
     */
    record Dsp(int a, int b, int least, int leastProduct, boolean signed, int adder) {}

    Target(String id, int[] tableCosts, boolean shallow, int carryFrom, Dsp dsp) {
        this.id = id;
        this.tableCosts = tableCosts;
        this.shallow = shallow;
        this.carryFrom = carryFrom;
        this.dsp = dsp;
    }

    /** {@code amd}, {@code ice40} or {@code ecp5}. */
    public String id() {
        return id;
    }

    /** Tables that a function of 1, 2, ... inputs takes. */
    int[] tableCosts() {
        return tableCosts;
    }

    /** Whether functions of many inputs are made for short paths at the cost of tables. */
    boolean shallow() {
        return shallow;
    }

    /** Width up to which a comparison with a constant is one table. */
    int tableInputs() {
        return this == AMD ? 6 : 4;
    }

    /** Width from which sums go through carry chains. */
    int carryFrom() {
        return carryFrom;
    }

    Dsp dsp() {
        return dsp;
    }

    /** Whether small memories go into tables. */
    boolean tableMemories() {
        return this != ICE40;
    }

    /** Cells of tables for one write and one read port: 32 x 6 or 64 x 3 (RAM32M, RAM64M), or 16 x 4 (DPR16X4). */
    long tableCells(int depth, int width) {
        if (this == AMD && depth <= 32) {
            return up(width, 6);
        }
        return this == AMD ? up(depth, 64) * up(width, 3) : up(depth, 16) * up(width, 4);
    }

    /** What Yosys compares. */
    double tableCellCost() {
        return this == AMD ? 8 : 4;
    }

    /** What Yosys compares. */
    double blockCost() {
        return switch (this) {
            case AMD -> 129;
            case ICE40 -> 64;
            case ECP5 -> 128;
        };
    }

    /** Blocks for a memory of one write and one read port. Their widest form is wider by parity bits, which bytes cannot use. */
    long blocks(int depth, int width, boolean bytes) {
        long best = Long.MAX_VALUE;
        if (this == ICE40) {
            for (int w = 2; w <= 16; w *= 2) {
                best = Math.min(best, up(width, w) * up(depth, 4096 / w));
            }
            return best;
        }
        for (int w = 1; w <= 32; w *= 2) {
            int usable = w >= 8 && !bytes ? w / 8 * 9 : w;
            best = Math.min(best, up(width, usable) * up(depth, 16384 / w));
        }
        return best;
    }

    private static long up(int a, int b) {
        return ((long) a + b - 1) / b;
    }
}
