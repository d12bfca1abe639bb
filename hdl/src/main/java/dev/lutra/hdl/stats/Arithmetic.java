// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sums, comparisons, products and quotients as a target builds them: what goes through carry chains and multipliers ends at these and
 * starts anew behind them; the rest is gates. Bit 0 of an array is the least significant.
 */
final class Arithmetic {
    private final Gates gates;
    private final Target target;
    private int[] roots = new int[64];
    private int rootCount;
    private long tables;
    private long dsps;

    /** An operand of a product. */
    record Factor(int[] bits, boolean signed) {
        /** Without the top bits that only repeat the sign or are 0. */
        Factor trimmed() {
            int n = bits.length;
            while (n > 1 && (signed ? bits[n - 1] == bits[n - 2] : bits[n - 1] == Gates.FALSE)) {
                n--;
            }
            return new Factor(Arrays.copyOf(bits, n), signed);
        }
    }

    Arithmetic(Gates gates, Target target) {
        this.gates = gates;
        this.target = target;
    }

    /** Values that must exist. */
    int[] roots() {
        return Arrays.copyOf(roots, rootCount);
    }

    /** Tables that carry chains take beside the covered gates. */
    long tables() {
        return tables;
    }

    long dsps() {
        return dsps;
    }

    void keep(int... values) {
        for (int value : values) {
            if (rootCount == roots.length) {
                roots = Arrays.copyOf(roots, 2 * rootCount);
            }
            roots[rootCount++] = value;
        }
    }

    static int[] extend(int[] bits, boolean signed, int width) {
        int[] wide = Arrays.copyOf(bits, width);
        if (width > bits.length) {
            Arrays.fill(wide, bits.length, width, signed ? bits[bits.length - 1] : Gates.FALSE);
        }
        return wide;
    }

    /** The sum of two numbers of one width and a constant carry, modulo 2^width. */
    int[] sum(int[] a, int[] b, int carry) {
        int width = a.length;
        int low = 0;
        // Below the lowest bit of a constant with zeros there is nothing to add.
        while (low < width && carry == 0 && (a[low] == Gates.FALSE || b[low] == Gates.FALSE)) {
            low++;
        }
        int[] sum = new int[width];
        for (int i = 0; i < low; i++) {
            sum[i] = gates.or(a[i], b[i]);
        }
        if (width - low < target.carryFrom()) {
            int c = carry;
            for (int i = low; i < width; i++) {
                sum[i] = gates.parity(a[i], b[i], c);
                c = gates.majority(a[i], b[i], c);
            }
            return sum;
        }
        chain(Arrays.copyOfRange(a, low, width), Arrays.copyOfRange(b, low, width));
        for (int i = low; i < width; i++) {
            sum[i] = gates.input();
        }
        tables += switch (target) {
            case AMD -> 0;
            case ICE40 -> width - low;
            case ECP5 -> (width - low + 1) / 2 * 2;
        };
        return sum;
    }

    /** The logic in front of a carry chain. */
    private void chain(int[] a, int[] b) {
        for (int i = 0; i < a.length; i++) {
            switch (target) {
                case AMD -> {
                    keep(gates.xor(a[i], b[i]));
                    if (a[i] > Gates.TRUE && b[i] > Gates.TRUE) {
                        keep(a[i] & ~1);
                    }
                }
                case ICE40 -> keep(a[i], b[i]);
                case ECP5 -> keep(a[i], b[i] & ~1); // the chain's own tables invert
            }
        }
    }

    /** Whether a is less than b, both of one width. */
    int less(int[] a, int[] b, boolean signed) {
        int width = a.length;
        boolean constant = Arrays.stream(a).allMatch(x -> x <= Gates.TRUE)
                || Arrays.stream(b).allMatch(x -> x <= Gates.TRUE);
        if (width < target.carryFrom() || constant && width <= target.tableInputs()) {
            int less = Gates.FALSE;
            for (int i = 0; i < width; i++) {
                boolean sign = signed && i == width - 1;
                less = gates.mux(gates.xor(a[i], b[i]), sign ? a[i] : b[i], less);
            }
            return less;
        }
        chain(a, Arrays.stream(b).map(Gates::not).toArray());
        tables += switch (target) {
            case AMD -> 0;
            case ICE40 -> 1;
            case ECP5 -> (width + 1) / 2 * 2;
        };
        int carry = gates.input();
        return signed ? gates.xor(gates.xor(a[width - 1], b[width - 1]), carry) : carry;
    }

    /** The sum of any number of terms of one width. */
    int[] sum(List<int[]> terms, int width) {
        List<List<Integer>> columns = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            columns.add(new ArrayList<>());
        }
        for (int[] term : terms) {
            for (int i = 0; i < width; i++) {
                if (term[i] != Gates.FALSE) {
                    columns.get(i).add(term[i]);
                }
            }
        }
        for (int i = 0; i < width; i++) {
            List<Integer> column = columns.get(i);
            while (column.size() > 2) {
                int a = column.remove(0);
                int b = column.remove(0);
                int c = column.remove(0);
                column.add(gates.parity(a, b, c));
                if (i + 1 < width) {
                    columns.get(i + 1).add(gates.majority(a, b, c));
                }
            }
        }
        int[][] rows = new int[2][width];
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < columns.get(i).size(); j++) {
                rows[j][i] = columns.get(i).get(j);
            }
        }
        return Arrays.stream(rows[1]).allMatch(x -> x == Gates.FALSE) ? rows[0] : sum(rows[0], rows[1], 0);
    }

    /** The product modulo 2^width. */
    int[] product(Factor first, Factor second, int width) {
        Factor a = first.trimmed();
        Factor b = second.trimmed();
        Factor wide = a.bits.length >= b.bits.length ? a : b;
        Factor narrow = wide == a ? b : a;
        int product = Math.min(width, wide.bits.length + narrow.bits.length);
        Target.Dsp dsp = target.dsp();
        if (narrow.bits.length >= dsp.least() && product >= dsp.leastProduct()) {
            int sign = dsp.signed() ? 1 : 0;
            int parts = parts(wide.bits.length + (wide.signed ? 0 : sign), dsp.a())
                    * parts(narrow.bits.length + (narrow.signed ? 0 : sign), dsp.b());
            dsps += parts;
            keep(wide.bits);
            keep(narrow.bits);
            if (target != Target.AMD) {
                tables += (long) (parts - 1) * wide.bits.length;
            }
            return IntStream.range(0, width).map(i -> gates.input()).toArray();
        }
        List<int[]> rows = new ArrayList<>();
        int[] x = extend(wide.bits, wide.signed, width);
        for (int j = 0; j < narrow.bits.length; j++) {
            boolean negative = narrow.signed && j == narrow.bits.length - 1;
            int[] row = new int[width];
            for (int i = j; i < width; i++) {
                row[i] = gates.and(x[i - j], narrow.bits[j]);
            }
            if (negative) {
                rows.add(Arrays.stream(row).map(Gates::not).toArray());
                int[] one = new int[width];
                one[0] = Gates.TRUE;
                rows.add(one);
            } else {
                rows.add(row);
            }
        }
        return sum(rows, width);
    }

    private static int parts(int width, int most) {
        return (width + most - 1) / most;
    }

    /** Quotient or remainder by a row of subtractors, of the magnitudes if signed. */
    int[] divide(int[] dividend, int[] divisor, boolean signed, int width, boolean quotient) {
        int n = dividend.length;
        int m = divisor.length;
        int[] x = signed ? magnitude(dividend) : dividend;
        int[] y = extend(signed ? magnitude(divisor) : divisor, false, m + 1);
        int[] rest = new int[m + 1];
        int[] result = new int[n];
        for (int i = n - 1; i >= 0; i--) {
            int[] shifted = new int[m + 1];
            System.arraycopy(rest, 0, shifted, 1, m);
            shifted[0] = x[i];
            result[i] = Gates.not(less(shifted, y, false));
            int[] difference = sum(shifted, Arrays.stream(y).map(Gates::not).toArray(), 1);
            int taken = result[i];
            rest = IntStream.range(0, m + 1)
                    .map(j -> gates.mux(taken, difference[j], shifted[j]))
                    .toArray();
        }
        int[] value = extend(quotient ? result : rest, false, width);
        return signed ? negated(value, dividend[n - 1]) : value;
    }

    private int[] magnitude(int[] a) {
        return negated(a, a[a.length - 1]);
    }

    private int[] negated(int[] a, int condition) {
        int[] flipped = Arrays.stream(a).map(x -> gates.xor(x, condition)).toArray();
        int[] one = new int[a.length];
        one[0] = condition;
        return sum(flipped, one, 0);
    }
}
