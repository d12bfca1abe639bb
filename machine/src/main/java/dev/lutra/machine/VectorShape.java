// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

/**
 * Size of a vector unit.
 *
 * @param lanes elements of a row, a power of two, 1..32; 0 where there is no vector unit
 * @param rows of the scratchpad, a power of two, 16..65536, or 0 with 0 lanes; row addresses wrap
 */
public record VectorShape(int lanes, int rows) {

    /** Scalar registers. */
    public static final int SCALARS = 16;

    /** No vector unit. */
    public static final VectorShape NONE = new VectorShape(0, 0);

    public VectorShape {
        if (lanes == 0 && rows != 0) throw new IllegalArgumentException("0 lanes have no rows, not " + rows);
        if (lanes != 0) check(lanes, rows);
    }

    private static void check(int lanes, int rows) {
        if (lanes < 1 || lanes > 32 || Integer.bitCount(lanes) != 1)
            throw new IllegalArgumentException(lanes + " lanes: a power of two, 1..32");
        if (rows < 16 || rows > 65_536 || Integer.bitCount(rows) != 1)
            throw new IllegalArgumentException("a scratchpad of " + rows + " rows: a power of two, 16..65536");
    }

    /** Whether there is a vector unit. */
    public boolean exists() {
        return lanes > 0;
    }

    /** Bytes of a row. */
    public int rowBytes() {
        return Integer.BYTES * lanes;
    }

    /** Steps in which lanes are reduced to one: log2(lanes). */
    public int levels() {
        return Integer.numberOfTrailingZeros(lanes);
    }

    /** Bits of a row address. */
    public int rowBits() {
        return Integer.numberOfTrailingZeros(rows);
    }

    /** Rows of a vector. */
    public int rowsOf(int length) {
        return (length + lanes - 1) / lanes;
    }
}
