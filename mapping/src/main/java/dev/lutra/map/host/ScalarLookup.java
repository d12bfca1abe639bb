// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.host;

import java.util.List;

/**
 * Table lookup without vectors: a table of all 256 sums of 8 activations, and for each row and plane one byte that says which of the 8
 * weights have the plane's bit. So 8 products of a plane are one load from a table in the first-level cache and one addition.
 *
 * <p>T-MAC's tables hold {@code +-a} sums of 4 activations in 8 bits, rounded; here they hold 0/1 sums, exact in 16 bits.
 */
final class ScalarLookup implements HostProduct {
    private static final int G = 8;
    private static final int ENTRIES = 1 << G;

    /** Tables of a segment: 16 KiB, so that they stay in the first-level cache while the rows go by. */
    private static final int TABLES = 32;

    private final PlaneMatrix matrix;
    private final List<Segment> segments;
    private final byte[][] codes; // [segment][(row * planes + plane) * tables + table]

    ScalarLookup(PlaneMatrix matrix) {
        this.matrix = matrix;
        segments = Segment.of(matrix, TABLES * G);
        codes = new byte[segments.size()][];
        for (int s = 0; s < codes.length; s++) {
            codes[s] = pack(segments.get(s));
        }
    }

    private byte[] pack(Segment segment) {
        int tables = tables(segment);
        int planes = matrix.planes();
        byte[] packed = new byte[Math.multiplyExact(matrix.rows() * planes, tables)];
        for (int row = 0; row < matrix.rows(); row++) {
            for (int k = 0; k < segment.length(); k++) {
                int q = matrix.code(row, segment.from() + k);
                for (int b = 0; b < planes; b++) {
                    packed[(row * planes + b) * tables + k / G] |= (byte) ((q >> b & 1) << k % G);
                }
            }
        }
        return packed;
    }

    private static int tables(Segment segment) {
        return (segment.length() + G - 1) / G;
    }

    @Override
    public long[] multiply(byte[] activations) {
        matrix.requireActivations(activations);
        long[] sums = new long[matrix.rows()];
        short[] tables = new short[TABLES * ENTRIES];
        for (int s = 0; s < codes.length; s++) {
            Segment segment = segments.get(s);
            int sum = 0;
            for (int k = segment.from(); k < segment.to(); k++) {
                sum += activations[k];
            }
            fill(tables, activations, segment);
            add(sums, tables, codes[s], segment, sum);
        }
        return sums;
    }

    /** Each half of a table is the half before it plus one activation. */
    private static void fill(short[] tables, byte[] activations, Segment segment) {
        for (int t = 0; t < tables(segment); t++) {
            int at = t * ENTRIES;
            tables[at] = 0;
            for (int k = 0; k < G; k++) {
                int column = segment.from() + t * G + k;
                int a = column < segment.to() ? activations[column] : 0;
                int half = 1 << k;
                for (int i = at; i < at + half; i++) {
                    tables[i + half] = (short) (tables[i] + a);
                }
            }
        }
    }

    private void add(long[] sums, short[] tables, byte[] packed, Segment segment, int sumOfActivations) {
        int count = tables(segment);
        int at = 0;
        for (int row = 0; row < sums.length; row++) {
            int sum = 0;
            for (int b = 0; b < matrix.planes(); b++) {
                sum += lookup(tables, packed, at, count) << b;
                at += count;
            }
            int group = segment.group();
            long weighted = (long) matrix.step() * sum - (long) matrix.offset(row, group) * sumOfActivations;
            sums[row] += matrix.scale(row, group) * weighted;
        }
    }

    private static int lookup(short[] tables, byte[] packed, int from, int count) {
        int even = 0;
        int odd = 0;
        int t = 0;
        for (; t + 1 < count; t += 2) {
            even += tables[t * ENTRIES + (packed[from + t] & 0xff)];
            odd += tables[(t + 1) * ENTRIES + (packed[from + t + 1] & 0xff)];
        }
        if (t < count) {
            even += tables[t * ENTRIES + (packed[from + t] & 0xff)];
        }
        return even + odd;
    }
}
