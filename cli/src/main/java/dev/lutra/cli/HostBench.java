// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.map.host.HostKernels;
import dev.lutra.map.host.HostProduct;
import dev.lutra.map.host.PlaneMatrix;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * {@code lutra bench host}: table lookup on the host beside a plain INT8 dot product, the same matrix, row and kernels. The two take
 * turns, and the least CPU time of many rounds counts, so that what else the machine does falls on both alike.
 */
final class HostBench {

    private static final int ROWS = 4096;
    private static final int COLS = 4096;
    private static final int GROUP = 128;

    /** CPU time of one pair; compiling the kernels is over long before its end. */
    private static final double SECONDS = 2;

    private HostBench() {}

    /**
     * One width of weights.
     *
     * @param kernels scalar, or vectors of some width
     * @param bits of a weight
     * @param lookup nanoseconds of a row of activations, by table lookup, tables included
     * @param dot the same for the plain INT8 dot product
     */
    record Row(String kernels, int bits, double lookup, double dot) {
        double ratio() {
            return dot / lookup;
        }

        Map<String, Object> json() {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("kernels", kernels);
            row.put("weights", bits);
            row.put("rows", ROWS);
            row.put("cols", COLS);
            row.put("group", GROUP);
            row.put("lookup_us", lookup / 1000);
            row.put("int8_dot_us", dot / 1000);
            row.put("ratio", ratio());
            return row;
        }
    }

    static List<Row> measure(Consumer<String> progress) {
        List<Row> rows = new ArrayList<>();
        for (HostKernels kernels : HostKernels.all()) {
            for (int bits : new int[] {1, 2, 3, 4, 8}) {
                progress.accept("timing " + bits + "-bit weights, " + kernels.name());
                rows.add(measure(kernels, bits));
            }
        }
        return rows;
    }

    private static Row measure(HostKernels kernels, int bits) {
        Random random = new Random(bits);
        byte[] codes = new byte[ROWS * COLS];
        random.nextBytes(codes);
        for (int i = 0; i < codes.length; i++) {
            codes[i] &= (byte) ((1 << bits) - 1);
        }
        short[] offsets = new short[ROWS * COLS / GROUP];
        Arrays.fill(offsets, (short) (bits == 1 ? 1 : 1 << bits - 1));
        byte[] scales = new byte[offsets.length];
        random.nextBytes(scales);
        PlaneMatrix matrix = new PlaneMatrix(ROWS, COLS, bits, bits == 1 ? 2 : 1, GROUP, codes, offsets, scales);
        byte[] activations = new byte[COLS];
        for (int i = 0; i < COLS; i++) {
            activations[i] = (byte) (random.nextInt(255) - 127);
        }
        HostProduct lookup = kernels.lookup(matrix);
        HostProduct dot = kernels.dot(matrix);
        if (!Arrays.equals(lookup.multiply(activations), dot.multiply(activations))) {
            throw new IllegalStateException(kernels.name() + ": lookup and dot product differ, W = " + bits);
        }
        long ofLookup = Long.MAX_VALUE;
        long ofDot = Long.MAX_VALUE;
        long start = cpu();
        while (cpu() - start < SECONDS * 1e9) {
            ofLookup = Math.min(ofLookup, time(lookup, activations));
            ofDot = Math.min(ofDot, time(dot, activations));
        }
        return new Row(kernels.name(), bits, ofLookup, ofDot);
    }

    private static long time(HostProduct product, byte[] activations) {
        long start = cpu();
        product.multiply(activations);
        return cpu() - start;
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    static String table(List<Row> rows) {
        var table = new StringBuilder();
        table.append("%-42s %7s %12s %14s %14s%n"
                .formatted("kernels", "weights", "lookup us", "INT8 dot us", "dot / lookup"));
        for (Row row : rows) {
            table.append("%-42s %7d %12.0f %14.0f %14.2f%n"
                    .formatted(row.kernels(), row.bits(), row.lookup() / 1000, row.dot() / 1000, row.ratio()));
        }
        return table.toString();
    }
}
