// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Integers of a tensor that a design brings element by element, compared with what they must be, to the bit. All are taken before
 * the first difference is told, so that it can be said how many differ.
 */
public final class GoldenTensor {
    private final String name;
    private final int[] shape;
    private final long[] expected;
    private final long[] actual;
    private final long[] cycles;
    private int taken;

    /**
     * @param shape extents, the outermost first
     * @param expected elements, the last index running fastest
     */
    public GoldenTensor(String name, int[] shape, long[] expected) {
        this.name = name;
        this.shape = shape.clone();
        this.expected = expected.clone();
        int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (size != expected.length) {
            throw new IllegalArgumentException(
                    name + ": shape " + Arrays.toString(shape) + " with " + expected.length + " elements");
        }
        actual = new long[size];
        cycles = new long[size];
    }

    /**
     * Takes the next element.
     *
     * @throws BenchFailure if all have come already
     */
    public void take(long value, long cycle) {
        if (taken == expected.length) {
            throw new BenchFailure(name + ": element " + taken + " comes in cycle " + cycle + ", the shape is "
                    + Arrays.toString(shape));
        }
        actual[taken] = value;
        cycles[taken++] = cycle;
    }

    /** Takes the values of a stream's items, word by word. */
    public GoldenTensor from(Monitor stream) {
        stream.forEach(item -> {
            for (int i = 0; i < item.size(); i++) {
                take(item.get(i), stream.lastCycle());
            }
        });
        return this;
    }

    /** Whether all elements have come. */
    public boolean complete() {
        return taken == expected.length;
    }

    /**
     * Compares.
     *
     * @throws BenchFailure with the first element that differs, its cycle and coordinates, and how many do; or if some did not come
     */
    public void check() {
        int first = -1;
        int different = 0;
        for (int i = 0; i < taken; i++) {
            if (actual[i] != expected[i]) {
                first = first < 0 ? i : first;
                different++;
            }
        }
        if (first >= 0) {
            throw new BenchFailure(name + coordinates(first) + " in cycle " + cycles[first] + ": expected "
                    + expected[first]
                    + ", actual " + actual[first] + "; " + different + " of " + expected.length + " elements differ"
                    + (complete() ? "" : " or did not come (" + (expected.length - taken) + ")"));
        }
        if (!complete()) {
            throw new BenchFailure(name + coordinates(taken) + " and " + (expected.length - taken - 1) + " more of "
                    + expected.length + " elements did not come");
        }
    }

    private List<Integer> coordinates(int index) {
        var at = new ArrayList<Integer>();
        int rest = index;
        for (int d = shape.length - 1; d >= 0; d--) {
            at.add(0, rest % shape[d]);
            rest /= shape[d];
        }
        return at;
    }
}
