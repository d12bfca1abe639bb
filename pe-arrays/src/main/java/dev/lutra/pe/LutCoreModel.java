// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import org.jspecify.annotations.Nullable;

/**
 * Functional model of the LUT tensor core in integer mode, written from the equations of LUT Tensor Core (arXiv 2408.06003, ISCA 2025,
 * eq. 1-6) and not from the hardware: bit-serial weights as bipolar planes, tables of G activations halved by odd symmetry, offline-mapped
 * codes, zero-point correction, 8-bit integer scales per group.
 *
 * <p>The result of {@link #multiply} is {@code sum_k a[m][k] * w[n][k]}, or {@code sum_groups u[n][group] * sum_(k in group) a * w} with
 * scales: exact, or an {@link ArithmeticException} if an accumulator of the stated width could not hold it. It never clamps or wraps.
 *
 * <p>The model starts from integers (natural weights, INT8 activations). Packed layouts and tiling are not its business, since sums of
 * integers depend on neither.
 */
public final class LutCoreModel {

    private final int g;
    private final int innerBits;
    private final int outerBits;

    /**
     * @param g activations per table, 2..8
     * @param innerBits width that must hold {@code inner - z' S} of one group (twice its dot product, where z' is not 0)
     * @param outerBits width that must hold a result
     */
    public LutCoreModel(int g, int innerBits, int outerBits) {
        if (g < 2 || g > 8) throw new IllegalArgumentException("activations per table must be 2..8, not " + g);
        if (innerBits < 2 || innerBits > 63 || outerBits < 2 || outerBits > 64) {
            throw new IllegalArgumentException(
                    "accumulators of " + innerBits + " and " + outerBits + " bits: must be 2..63 and 2..64");
        }
        this.g = g;
        this.innerBits = innerBits;
        this.outerBits = outerBits;
    }

    /**
     * Offline half of the computation: splits a weight matrix into planes of G-bit codes and maps them (eq. 6).
     *
     * @param weights [n][k] integers, all rows of one length
     * @param group weights per scale group, or 0 for one group per row; the last group may be short
     * @throws IllegalArgumentException if a weight is not a value of the code (names row and column) or the shape is wrong
     */
    public Weights map(byte[][] weights, WeightCode code, int group) {
        if (weights.length == 0) throw new IllegalArgumentException("a weight matrix needs at least one row");
        if (group < 0) throw new IllegalArgumentException("group of " + group + " weights");
        int k = weights[0].length;
        int size = group == 0 ? Math.max(k, 1) : group;
        int groups = group == 0 ? 1 : (k + size - 1) / size;
        int tables = (Math.min(size, k) + g - 1) / g;
        byte[][] codes = new byte[weights.length][groups * code.planes() * tables];
        for (int n = 0; n < weights.length; n++) {
            if (weights[n].length != k) {
                throw new IllegalArgumentException(
                        "row " + n + " has " + weights[n].length + " weights, row 0 has " + k);
            }
            for (int i = 0; i < k; i++) {
                if (!code.contains(weights[n][i])) {
                    throw new IllegalArgumentException(
                            "weight [" + n + "][" + i + "] = " + weights[n][i] + " is not a value of " + code);
                }
                int q = code.encode(weights[n][i]);
                int inGroup = i % size;
                for (int b = 0; b < code.planes(); b++) {
                    codes[n][(i / size * code.planes() + b) * tables + inGroup / g] |=
                            (byte) ((q >> b & 1) << inGroup % g);
                }
            }
            for (int j = 0; j < codes[n].length; j++) codes[n][j] = (byte) mapOffline(codes[n][j] & 0xff, g);
        }
        return new Weights(code, k, size, groups, tables, codes);
    }

    /** A weight matrix split into planes and mapped, for one G; immutable. */
    public static final class Weights {
        private final WeightCode code;
        private final int k;
        private final int group;
        private final int groups;
        private final int tables; // per group; a short last group leaves some unused
        private final byte[][] codes; // [n][(group * planes + plane) * tables + table]

        private Weights(WeightCode code, int k, int group, int groups, int tables, byte[][] codes) {
            this.code = code;
            this.k = k;
            this.group = group;
            this.groups = groups;
            this.tables = tables;
            this.codes = codes;
        }

        /** Output columns N. */
        public int n() {
            return codes.length;
        }

        /** Reduction length K. */
        public int k() {
            return k;
        }

        /** Scale groups per row. */
        public int groups() {
            return groups;
        }

        public WeightCode code() {
            return code;
        }
    }

    /**
     * Products without scales.
     *
     * @param activations [m][k] in -127..127
     * @return [m][n]: {@code sum_k a w}
     */
    public long[][] multiply(byte[][] activations, Weights weights) {
        return multiply(activations, weights, null);
    }

    /**
     * Products with a scale per group.
     *
     * @param activations [m][k] in -127..127
     * @param scales [n][group] unsigned 8 bits in 0..255, or null for 1 everywhere
     * @return [m][n]: {@code sum_groups u sum_k a w}
     * @throws ArithmeticException if an accumulator overflows (names row, column and group)
     */
    public long[][] multiply(byte[][] activations, Weights weights, int @Nullable [][] scales) {
        long[][] result = new long[activations.length][weights.n()];
        for (int m = 0; m < activations.length; m++) {
            int[][] tables = tables(activations[m], weights, m);
            for (int group = 0; group < weights.groups; group++) {
                long sumA = 0;
                for (int t = 0; t < weights.tables; t++) sumA -= tables[group * weights.tables + t][0];
                for (int n = 0; n < weights.n(); n++) {
                    long twice = fit(
                            inner(tables, weights, n, group) - weights.code.zeroPoint() * sumA,
                            innerBits,
                            "inner",
                            m,
                            n,
                            group);
                    long d = weights.code.zeroPoint() == 0 ? twice : twice / 2; // always even
                    long u = scales == null ? 1 : scale(scales, n, group);
                    result[m][n] =
                            fit(Math.addExact(result[m][n], Math.multiplyExact(u, d)), outerBits, "outer", m, n, group);
                }
            }
        }
        return result;
    }

    private long inner(int[][] tables, Weights weights, int n, int group) {
        long acc = 0;
        for (int b = 0; b < weights.code.planes(); b++) {
            int at = (group * weights.code.planes() + b) * weights.tables;
            long plane = 0;
            for (int t = 0; t < weights.tables; t++)
                plane += lookup(tables[group * weights.tables + t], weights.codes[n][at + t] & 0xff, g);
            acc += plane << b;
        }
        return acc;
    }

    /** All tables of one row, [group * tables + table][entry]; activations beyond a group's end are 0, for which any code is right. */
    private int[][] tables(byte[] row, Weights weights, int m) {
        if (row.length != weights.k) {
            throw new IllegalArgumentException(
                    "activation row " + m + " has " + row.length + " values, the weights have K = " + weights.k);
        }
        int[][] tables = new int[weights.groups * weights.tables][];
        int[] a = new int[g];
        for (int group = 0; group < weights.groups; group++) {
            int end = Math.min((group + 1) * weights.group, weights.k);
            for (int t = 0; t < weights.tables; t++) {
                for (int i = 0; i < g; i++) {
                    int at = group * weights.group + t * g + i;
                    a[i] = at < end ? row[at] : 0;
                    if (a[i] == -128)
                        throw new IllegalArgumentException(
                                "activation [" + m + "][" + at + "] = -128: the range is -127..127");
                }
                tables[group * weights.tables + t] = table(a);
            }
        }
        return tables;
    }

    private static long scale(int[][] scales, int n, int group) {
        int u = scales[n][group];
        if (u < 0 || u > 255)
            throw new IllegalArgumentException("scale [" + n + "][" + group + "] = " + u + ": the range is 0..255");
        return u;
    }

    private static long fit(long value, int bits, String accumulator, int m, int n, int group) {
        if (value << 64 - bits >> 64 - bits != value) {
            throw new ArithmeticException("the " + accumulator + " accumulator of row " + m + ", column " + n
                    + " would be " + value + " in group " + group + ": more than " + bits + " bits");
        }
        return value;
    }

    /** Half table of G activations (eq. 4): {@code T[i] = -a[G-1] + sum_(k < G-1) (bit k of i ? +a[k] : -a[k])}. */
    static int[] table(int[] a) {
        int[] entries = new int[1 << a.length - 1];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = -a[a.length - 1];
            for (int k = 0; k < a.length - 1; k++) entries[i] += (i >> k & 1) == 1 ? a[k] : -a[k];
        }
        return entries;
    }

    /** Offline map of a G-bit code (eq. 6): a code with its top bit set has the other bits inverted. Its own inverse. */
    static int mapOffline(int code, int g) {
        int top = 1 << g - 1;
        return (code & top) == 0 ? code : code ^ top - 1;
    }

    /** Value of a mapped code: top bit = negate, the others = index into the half table. */
    static int lookup(int[] table, int mapped, int g) {
        int top = 1 << g - 1;
        int entry = table[mapped & top - 1];
        return (mapped & top) == 0 ? entry : -entry;
    }
}
