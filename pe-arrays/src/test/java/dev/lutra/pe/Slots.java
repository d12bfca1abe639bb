// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The issue slots of a product on a {@link LutCore}: an issuer in software, with its own packing of lines and words, written from the
 * layouts in the documentation.
 */
final class Slots {

    /** One cycle of inputs. */
    record Slot(
            boolean valid,
            boolean planeFirst,
            boolean planeLast,
            boolean groupFirst,
            boolean groupLast,
            boolean blockFirst,
            boolean blockLast,
            int zeroPoint,
            boolean scaled,
            BigInteger activations,
            BigInteger weights,
            BigInteger scales) {}

    /** Results [row][column] that must appear in a cycle; those of padding are left out. */
    record Result(int cycle, long[][] values) {}

    private final LutCore.Params p;
    private final Random random;
    private final double bubbles;
    private final List<Slot> cycles = new ArrayList<>();
    private final List<Result> results = new ArrayList<>();
    private int lastGroupEnd = -LutCoreCycles.SCALE;
    private boolean lastGroupScaled;

    /**
     * @param bubbles probability of an extra idle cycle before a slot
     */
    Slots(LutCore.Params p, Random random, double bubbles) {
        this.p = p;
        this.random = random;
        this.bubbles = bubbles;
    }

    List<Slot> cycles() {
        return cycles;
    }

    List<Result> results() {
        return results;
    }

    /** Adds idle cycles, with noise on everything but the valid flag. */
    void idle(int count) {
        for (int i = 0; i < count; i++) {
            cycles.add(new Slot(
                    false,
                    random.nextBoolean(),
                    random.nextBoolean(),
                    random.nextBoolean(),
                    random.nextBoolean(),
                    random.nextBoolean(),
                    random.nextBoolean(),
                    random.nextInt(3),
                    random.nextBoolean(),
                    new BigInteger(p.activationBits(), random),
                    new BigInteger(p.weightBits(), random),
                    new BigInteger(8 * p.n(), random)));
        }
    }

    /**
     * Adds a product: blocks of M rows, inside them blocks of N columns.
     *
     * @param groupSteps steps per group; without scales the groups of a block are simply added
     */
    void add(Product product, int groupSteps) {
        int k = product.weights()[0].length;
        int stepLength = p.t() * p.g();
        int steps = (k + stepLength - 1) / stepLength;
        boolean scaled = product.scales() != null;
        if (scaled && product.group() != groupSteps * stepLength) {
            throw new IllegalArgumentException("scale groups of " + product.group());
        }
        long[][] expected = product.expected();
        for (int row = 0; row < product.activations().length; row += p.m()) {
            for (int column = 0; column < product.weights().length; column += p.n()) {
                for (int first = 0; first < steps; first += groupSteps) {
                    int last = Math.min(first + groupSteps, steps);
                    group(product, row, column, first, last, first == 0, last == steps, scaled);
                }
                int columns = Math.min(p.n(), product.weights().length - column);
                long[][] values = new long[Math.min(p.m(), expected.length - row)][];
                for (int m = 0; m < values.length; m++) {
                    values[m] = Arrays.copyOfRange(expected[row + m], column, column + columns);
                }
                results.add(new Result(cycles.size() - 1 + LutCore.latency(p.t(), scaled), values));
            }
        }
    }

    private void group(
            Product product,
            int row,
            int column,
            int firstStep,
            int endStep,
            boolean blockFirst,
            boolean blockLast,
            boolean scaled) {
        int planes = product.code().planes();
        int start = cycles.size();
        for (int plane = planes - 1; plane >= 0; plane--) {
            for (int step = firstStep; step < endStep; step++) {
                while (random.nextDouble() < bubbles) {
                    idle(1);
                }
                boolean last = plane == 0 && step == endStep - 1;
                if (last && scaled) {
                    idle(Math.max(0, LutCoreCycles.SCALE - 1 - (cycles.size() - start)));
                }
                if (last && lastGroupScaled) {
                    idle(Math.max(0, LutCoreCycles.SCALE - (cycles.size() - lastGroupEnd)));
                }
                cycles.add(new Slot(
                        true,
                        step == firstStep,
                        plane == 0,
                        plane == planes - 1 && step == firstStep,
                        last,
                        last ? blockFirst : random.nextBoolean(),
                        last ? blockLast : random.nextBoolean(),
                        product.code().zeroPoint() < 0 ? 2 : product.code().zeroPoint(),
                        last ? scaled : random.nextBoolean(),
                        activations(product, row, step),
                        weights(product, column, step, plane),
                        last && scaled ? scales(product, column, firstStep) : new BigInteger(8 * p.n(), random)));
            }
        }
        lastGroupEnd = cycles.size() - 1;
        lastGroupScaled = scaled;
    }

    private BigInteger activations(Product product, int row, int step) {
        byte[] line = new byte[p.activationBits() / 8];
        for (int m = 0; m < p.m() && row + m < product.activations().length; m++) {
            byte[] a = product.activations()[row + m];
            int from = step * p.t() * p.g();
            int length = Math.min(p.t() * p.g(), a.length - from);
            System.arraycopy(a, from, line, m * p.t() * p.g(), length);
        }
        return littleEndian(line);
    }

    private BigInteger weights(Product product, int column, int step, int plane) {
        BigInteger word = BigInteger.ZERO;
        for (int n = 0; n < p.n(); n++) {
            for (int t = 0; t < p.t(); t++) {
                // What stands in padded rows and columns must not matter.
                int code = random.nextInt(1 << p.g());
                for (int k = 0; k < p.g() && column + n < product.weights().length; k++) {
                    byte[] w = product.weights()[column + n];
                    int at = (step * p.t() + t) * p.g() + k;
                    if (at < w.length) {
                        int bit = product.code().encode(w[at]) >> plane & 1;
                        code = code & ~(1 << k) | bit << k;
                    }
                }
                int top = 1 << p.g() - 1;
                int mapped = (code & top) != 0 ? top | ~code & top - 1 : code;
                word = word.or(BigInteger.valueOf(mapped).shiftLeft((n * p.t() + t) * p.g()));
            }
        }
        return word;
    }

    private BigInteger scales(Product product, int column, int firstStep) {
        byte[] line = new byte[p.n()];
        int group = firstStep * p.t() * p.g() / product.group();
        for (int n = 0; n < p.n(); n++) {
            line[n] = column + n < product.weights().length
                    ? (byte) product.scales()[column + n][group]
                    : (byte) random.nextInt(256);
        }
        return littleEndian(line);
    }

    private static BigInteger littleEndian(byte[] bytes) {
        byte[] reversed = new byte[bytes.length + 1];
        for (int i = 0; i < bytes.length; i++) {
            reversed[bytes.length - i] = bytes[i];
        }
        return new BigInteger(reversed);
    }
}
