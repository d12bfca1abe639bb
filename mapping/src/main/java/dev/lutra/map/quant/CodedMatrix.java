// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

import java.util.ArrayList;
import java.util.List;

/**
 * A matrix [rows][cols] of small integers with scales: what packing, devices and the reference start from. The integer of an element is its
 * value; {@code weight = value x groupScale[row][group] x rowScale[row]}, so that for INT8 activations a the engine's result,
 * {@code sum over groups of groupScale x sum of a x value}, is an exact integer, and one float factor per row remains.
 */
public sealed interface CodedMatrix permits QuantizedMatrix, MixedMatrix, ChosenRows {

    /** How its codes were made. */
    LayerFormat format();

    int rows();

    int cols();

    /** Elements per group along a row, or 0 if there is one float scale per row and nothing else. */
    int groupSize();

    /** Groups per row: 1 if {@link #groupSize()} is 0. */
    int groups();

    /** The integer scale 0..255 of one group, or 1 if {@link #groupSize()} is 0. */
    int groupScale(int row, int group);

    /** What completes the meaning of a group's codes ({@link dev.lutra.machine.TypedCodes}); 0 for plain integers. */
    int mark(int row, int group);

    /** The float factor of one row. */
    float rowScale(int row);

    /** Copies the codes of one row, as {@link dev.lutra.machine.TypedCodes} has them: integers are themselves. */
    void readCodes(int row, int[] into);

    /** Copies the integers that the elements of one row stand for. */
    void readValues(int row, short[] into);

    /** The integer that an element stands for. */
    int value(int row, int col);

    /** The real value that an element stands for, in double precision (exact). */
    double weight(int row, int col);

    /** Its rows in another order, some of them more than once. */
    default CodedMatrix rows(int[] order) {
        return new ChosenRows(this, order);
    }

    /** The matrices one above the other; all must agree in format, columns and group size. */
    static CodedMatrix stack(List<? extends CodedMatrix> parts) {
        List<QuantizedMatrix> plain = new ArrayList<>();
        List<MixedMatrix> mixed = new ArrayList<>();
        for (CodedMatrix part : parts) {
            if (part instanceof QuantizedMatrix q) {
                plain.add(q);
            } else if (part instanceof MixedMatrix m) {
                mixed.add(m);
            }
        }
        if (plain.size() == parts.size()) {
            return QuantizedMatrix.stack(plain);
        } else if (mixed.size() == parts.size()) {
            return MixedMatrix.stack(mixed);
        }
        throw new IllegalArgumentException("matrices of different kinds: " + parts);
    }
}
