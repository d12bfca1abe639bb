// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import dev.lutra.map.quant.SparseRows;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Sparse rows with entries at random places, of extreme codes among others. */
record RandomSparseRows(int[] starts, int[] columns, short[] codes) implements SparseRows {

    /** @param density of a row, of 100: some rows are empty, and one is full unless it is 0 */
    static RandomSparseRows of(int rows, int k, int density, RandomGenerator random) {
        int[] starts = new int[rows + 1];
        List<Integer> columns = new ArrayList<>();
        List<Short> codes = new ArrayList<>();
        int full = density == 0 ? -1 : random.nextInt(rows);
        for (int r = 0; r < rows; r++) {
            boolean empty = r != full && random.nextInt(4) == 0;
            for (int c = 0; c < k; c++) {
                boolean edge = (c == 0 || c == k - 1) && random.nextBoolean();
                if (r == full || !empty && density != 0 && (edge || random.nextInt(100) < density)) {
                    columns.add(c);
                    codes.add(code(random));
                }
            }
            starts[r + 1] = columns.size();
        }
        short[] all = new short[codes.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = codes.get(i);
        }
        return new RandomSparseRows(
                starts, columns.stream().mapToInt(Integer::intValue).toArray(), all);
    }

    private static short code(RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 -> Short.MIN_VALUE;
            case 1 -> Short.MAX_VALUE;
            default -> (short) random.nextInt();
        };
    }

    /** The sums of a row of activations. */
    long[] sums(int[] activations) {
        long[] sums = new long[rows()];
        for (int r = 0; r < sums.length; r++) {
            for (int i = starts[r]; i < starts[r + 1]; i++) {
                sums[r] += (long) codes[i] * activations[columns[i]];
            }
        }
        return sums;
    }

    @Override
    public int rows() {
        return starts.length - 1;
    }

    @Override
    public int start(int row) {
        return starts[row];
    }

    @Override
    public int end(int row) {
        return starts[row + 1];
    }

    @Override
    public int column(int index) {
        return columns[index];
    }

    @Override
    public short code(int index) {
        return codes[index];
    }
}
