// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

/**
 * Codes whose meaning a group's mark completes ({@link WeightPacking#TYPED_CODES}), as BitMoD has them (HPCA 2025, arXiv 2411.11745). In the
 * stream of scales a group of column c has its scale at byte 2c, unsigned, and its mark at byte 2c + 1, signed.
 *
 * <pre>
 *   kind      code of an element                                                     mark
 *   integers  two's complement, sign-extended to whole passes                        0
 *   OFFSETS   the same                                                               zero point: what is subtracted from the code
 *   FLOATS    FP4: sign, index into 0 0.5 1 1.5 2 3 4 6; FP3: the same, 0 appended   special value in halves: what 1000 stands for
 * </pre>
 *
 * <p>Values of floating-point codes count in halves, so that all are integers; the half is in the row's factor.
 */
public final class TypedCodes {

    /** Integers with a zero point per group, in the place of z' of a format. */
    public static final int OFFSETS = 2;

    /** Floating-point codes with a special value per group, in the place of z' of a format. */
    public static final int FLOATS = 3;

    private TypedCodes() {}
}
