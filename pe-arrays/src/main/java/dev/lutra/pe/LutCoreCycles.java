// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

/**
 * Exact cycle formula of the LUT core: the number of cycles its issuer takes for a product when nothing makes it wait. A step is one
 * issue slot: T*G activations of M rows against one plane of N columns.
 *
 * <p>A group takes {@code max(planes * steps, scaled ? 8 : 0)} cycles: bit-serial scaling of a group runs beside the planes of the next one
 * and needs 8 cycles. Groups and blocks follow each other without a gap. The pipeline's fill comes once, after
 * the last slot.
 */
public final class LutCoreCycles {

    /** Cycles in which one group's 8-bit scales are applied. */
    public static final int SCALE = 8;

    private LutCoreCycles() {}

    /**
     * Cycles of one group.
     *
     * @param planes passes over the steps, 1..16: weight bits on an engine that takes one plane a slot
     * @param steps steps of the group, at least 1
     */
    public static long group(int planes, int steps, boolean scaled) {
        if (planes < 1 || planes > 16 || steps < 1) {
            throw new IllegalArgumentException("a group of " + planes + " planes and " + steps + " steps");
        }
        return Math.max((long) planes * steps, scaled ? SCALE : 0);
    }

    /**
     * Cycles of {@code blocks} times N output columns over one run of K.
     *
     * @param planes passes over the steps, 1..16: weight bits on an engine that takes one plane a slot
     * @param kSteps steps of the reduction, ceil(K / (T*G))
     * @param gSteps steps per scale group, the last group may be short; 0 for one unscaled group
     * @param blocks blocks of N columns
     */
    public static long product(int planes, int kSteps, int gSteps, int blocks) {
        if (gSteps < 0 || blocks < 0)
            throw new IllegalArgumentException(gSteps + " steps per group, " + blocks + " blocks");
        if (gSteps == 0) return blocks * group(planes, kSteps, false);
        int rest = kSteps % gSteps;
        long whole = kSteps / gSteps * group(planes, gSteps, true);
        return blocks * (whole + (rest == 0 ? 0 : group(planes, rest, true)));
    }
}
