// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.stats;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Logic of single bits as a graph of and, exclusive or and multiplexer. A value is a node number times two, plus one for its inverse; 0 is
 * false and 1 is true. Equal gates are one node, and what a constant decides makes none.
 */
final class Gates {
    static final int FALSE = 0;
    static final int TRUE = 1;

    private static final int NONE = -1;

    /** Three fan-ins a node; of an input all are {@link #NONE}, of a gate of two the last one. */
    private int[] fanins = new int[3 * 64];

    private int count;
    private final Map<Key, Integer> known = new HashMap<>();

    private record Key(int kind, int a, int b, int c) {}

    Gates() {
        input(); // node 0 is the constant
    }

    /** Number of nodes; fan-ins of a node have smaller numbers. */
    int count() {
        return count;
    }

    /** The value at a position of a node, or a negative number where there is none. */
    int fanin(int node, int position) {
        return fanins[3 * node + position];
    }

    boolean isGate(int node) {
        return fanins[3 * node] != NONE;
    }

    /** Whether a node is a multiplexer of condition, then, else. */
    boolean isMux(int node) {
        return fanins[3 * node + 2] != NONE;
    }

    /** A value from elsewhere. */
    int input() {
        return 2 * node(NONE, NONE, NONE);
    }

    static int not(int a) {
        return a ^ 1;
    }

    int and(int a, int b) {
        if (a == FALSE || b == FALSE || a == not(b)) {
            return FALSE;
        }
        if (a == TRUE || a == b) {
            return b;
        }
        if (b == TRUE) {
            return a;
        }
        return gate(0, Math.min(a, b), Math.max(a, b), NONE);
    }

    int or(int a, int b) {
        return not(and(not(a), not(b)));
    }

    int xor(int a, int b) {
        if (a <= TRUE) {
            return b ^ a;
        }
        if (b <= TRUE) {
            return a ^ b;
        }
        if (a >> 1 == b >> 1) {
            return a == b ? FALSE : TRUE;
        }
        int inverse = (a ^ b) & 1;
        int x = a & ~1;
        int y = b & ~1;
        return gate(1, Math.min(x, y), Math.max(x, y), NONE) ^ inverse;
    }

    int mux(int condition, int t, int f) {
        if (condition <= TRUE || t == f) {
            return condition == FALSE ? f : t;
        }
        if (t <= TRUE) {
            return t == TRUE ? or(condition, f) : and(not(condition), f);
        }
        if (f <= TRUE) {
            return f == TRUE ? or(not(condition), t) : and(condition, t);
        }
        if (t == not(f)) {
            return xor(condition, f);
        }
        if (t >> 1 == condition >> 1) {
            return mux(condition, t == condition ? TRUE : FALSE, f);
        }
        if (f >> 1 == condition >> 1) {
            return mux(condition, t, f == condition ? FALSE : TRUE);
        }
        if ((condition & 1) == 1) {
            return mux(not(condition), f, t);
        }
        int inverse = t & 1;
        return gate(2, condition, t ^ inverse, f ^ inverse) ^ inverse;
    }

    /** Sum bit of three. */
    int parity(int a, int b, int c) {
        return xor(xor(a, b), c);
    }

    /** Carry bit of three. */
    int majority(int a, int b, int c) {
        return or(and(a, b), and(c, xor(a, b)));
    }

    private int gate(int kind, int a, int b, int c) {
        return 2 * known.computeIfAbsent(new Key(kind, a, b, c), key -> node(a, b, c));
    }

    private int node(int a, int b, int c) {
        if (3 * count == fanins.length) {
            fanins = Arrays.copyOf(fanins, 2 * fanins.length);
        }
        fanins[3 * count] = a;
        fanins[3 * count + 1] = b;
        fanins[3 * count + 2] = c;
        return count++;
    }
}
