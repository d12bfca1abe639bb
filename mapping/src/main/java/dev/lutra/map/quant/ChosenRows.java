// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

/**
 * Rows of another matrix in another order, some of them more than once.
 *
 * @param of the other one
 * @param order number in it of each row
 */
record ChosenRows(CodedMatrix of, int... order) implements CodedMatrix {

    @Override
    public LayerFormat format() {
        return of.format();
    }

    @Override
    public int rows() {
        return order.length;
    }

    @Override
    public int cols() {
        return of.cols();
    }

    @Override
    public int groupSize() {
        return of.groupSize();
    }

    @Override
    public int groups() {
        return of.groups();
    }

    @Override
    public int groupScale(int row, int group) {
        return of.groupScale(order[row], group);
    }

    @Override
    public int mark(int row, int group) {
        return of.mark(order[row], group);
    }

    @Override
    public float rowScale(int row) {
        return of.rowScale(order[row]);
    }

    @Override
    public void readCodes(int row, int[] into) {
        of.readCodes(order[row], into);
    }

    @Override
    public void readValues(int row, short[] into) {
        of.readValues(order[row], into);
    }

    @Override
    public int value(int row, int col) {
        return of.value(order[row], col);
    }

    @Override
    public double weight(int row, int col) {
        return of.weight(order[row], col);
    }

    @Override
    public String toString() {
        return rows() + " rows of " + of;
    }
}
