// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.arith;

import static dev.lutra.hdl.Hdl.cat;
import static dev.lutra.hdl.Hdl.lit;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.UInt;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Bits to be added up, each with its weight, modulo 2^width. Fill it in the constructor of a module and {@link #reduce} it once.
 *
 * <p>Constants are added up beforehand; a constant one costs an adder less than a bit does. A signed number s of w bits is added without
 * extending its sign: its bits with the sign inverted, and the constant -2^(w-1).
 */
public final class BitHeap {

    /** Sum and carry, each as wide as the heap. */
    public record Rows(UInt sum, UInt carry) {}

    private final int width;
    private BigInteger constant = BigInteger.ZERO;
    private List<List<Bool>> columns = new ArrayList<>();
    private final List<Boolean> ones = new ArrayList<>();
    private int levels;
    private int fullAdders;
    private int halfAdders;

    /** @param width bits of the sum; weights beyond are dropped */
    public BitHeap(int width) {
        this.width = width;
        for (int i = 0; i < width; i++) {
            columns.add(new ArrayList<>());
        }
    }

    /** Adds a bit of weight 2^place. */
    public void add(Bool bit, int place) {
        if (place < width) {
            columns.get(place).add(bit);
        }
    }

    /** Adds an unsigned number times 2^place. */
    public void add(UInt number, int place) {
        for (int i = 0; i < number.width() && place + i < width; i++) {
            add(number.bit(i), place + i);
        }
    }

    /** Adds a two's complement number times 2^place. */
    public void addSigned(Bits number, int place) {
        int sign = number.width() - 1;
        for (int i = 0; i < sign; i++) {
            add(number.bit(i), place + i);
        }
        add(number.bit(sign).not(), place + sign);
        add(BigInteger.ONE.shiftLeft(place + sign).negate());
    }

    /** Adds a constant, which may be negative. */
    public void add(BigInteger number) {
        constant = constant.add(number).mod(BigInteger.ONE.shiftLeft(width));
    }

    /** Two numbers of the same sum, modulo 2^width; the heap is used up. */
    public Rows reduce(Tree tree) {
        for (int i = 0; i < width; i++) {
            ones.add(constant.testBit(i));
        }
        while (height() > 2) {
            levels++;
            switch (tree) {
                case WALLACE -> wallace();
                case DADDA -> dadda();
                case FOUR_TWO -> fourTwo();
            }
        }
        List<Data> sum = new ArrayList<>();
        List<Data> carry = new ArrayList<>();
        for (int i = width - 1; i >= 0; i--) {
            List<Bool> column = columns.get(i);
            Bool one = lit(ones.get(i));
            sum.add(column.isEmpty() ? one : column.get(0));
            carry.add(column.size() == 2 ? column.get(1) : column.isEmpty() ? lit(false) : one);
        }
        return new Rows(cat(sum).asUInt(), cat(carry).asUInt());
    }

    /** Levels of adders (of 4:2 compressors) that {@link #reduce} took. */
    public int levels() {
        return levels;
    }

    int fullAdders() {
        return fullAdders;
    }

    int halfAdders() {
        return halfAdders;
    }

    private int heightOf(int column) {
        return columns.get(column).size() + (ones.get(column) ? 1 : 0);
    }

    private int height() {
        int height = 0;
        for (int i = 0; i < width; i++) {
            height = Math.max(height, heightOf(i));
        }
        return height;
    }

    /** The next level, whose columns take what the adders of this one give. */
    private final class Level {
        final List<List<Bool>> next = new ArrayList<>();

        Level() {
            for (int i = 0; i <= width; i++) {
                next.add(new ArrayList<>());
            }
        }

        void fullAdder(int column, Bool a, Bool b, Bool c) {
            fullAdders++;
            next.get(column).add(a.xor(b).xor(c));
            next.get(column + 1).add(majority(a, b, c));
        }

        void halfAdder(int column, Bool a, Bool b) {
            halfAdders++;
            next.get(column).add(a.xor(b));
            next.get(column + 1).add(a.and(b));
        }

        /** Two bits and the column's constant one, for the price of two bits. */
        void halfAdderWithOne(int column, Bool a, Bool b) {
            halfAdders++;
            ones.set(column, false);
            next.get(column).add(a.xor(b).not());
            next.get(column + 1).add(a.or(b));
        }

        /** A bit and the column's constant one, for nothing. */
        void one(int column, Bool a) {
            ones.set(column, false);
            next.get(column).add(a.not());
            next.get(column + 1).add(a);
        }

        void become() {
            next.remove(width); // beyond the modulus
            columns = next;
        }
    }

    private void wallace() {
        Level level = new Level();
        for (int i = 0; i < width; i++) {
            addAll(level, i, columns.get(i));
        }
        level.become();
    }

    /** Full adders on threes, a half adder on a pair that is left. */
    private void addAll(Level level, int column, List<Bool> bits) {
        int at = 0;
        if (ones.get(column) && bits.size() >= 2) {
            level.halfAdderWithOne(column, bits.get(0), bits.get(1));
            at = 2;
        }
        for (; bits.size() - at >= 3; at += 3) {
            level.fullAdder(column, bits.get(at), bits.get(at + 1), bits.get(at + 2));
        }
        if (bits.size() - at == 2) {
            level.halfAdder(column, bits.get(at), bits.get(at + 1));
        } else if (bits.size() - at == 1 && ones.get(column)) {
            level.one(column, bits.get(at));
        } else if (bits.size() - at == 1) {
            level.next.get(column).add(bits.get(at));
        }
    }

    private void dadda() {
        int target = 2;
        for (int next = 3; next < height(); next = next * 3 / 2) {
            target = next;
        }
        Level level = new Level();
        for (int i = 0; i < width; i++) {
            Deque<Bool> bits = new ArrayDeque<>(columns.get(i));
            List<Bool> given = level.next.get(i);
            int excess = heightOf(i) + given.size() - target;
            while (excess > 0) {
                if (ones.get(i) && bits.size() >= 2) {
                    level.halfAdderWithOne(i, bits.remove(), bits.remove());
                    excess -= 2;
                } else if (ones.get(i) && bits.size() == 1) {
                    level.one(i, bits.remove());
                    excess -= 1;
                } else if (excess == 1) {
                    level.halfAdder(i, bits.remove(), bits.remove());
                    excess -= 1;
                } else {
                    level.fullAdder(i, bits.remove(), bits.remove(), bits.remove());
                    excess -= 2;
                }
            }
            given.addAll(0, bits);
        }
        level.become();
    }

    private void fourTwo() {
        Level level = new Level();
        List<Bool> aside = List.of(); // from the column before, within this level
        for (int i = 0; i < width; i++) {
            List<Bool> bits = columns.get(i);
            List<Bool> nextAside = new ArrayList<>();
            int groups = bits.size() / 4;
            for (int g = 0; g < groups; g++) {
                List<Bool> four = bits.subList(4 * g, 4 * g + 4);
                fullAdders++;
                Bool three = four.get(0).xor(four.get(1)).xor(four.get(2));
                nextAside.add(majority(four.get(0), four.get(1), four.get(2)));
                if (g < aside.size()) {
                    level.fullAdder(i, three, four.get(3), aside.get(g));
                } else {
                    level.halfAdder(i, three, four.get(3));
                }
            }
            level.next.get(i).addAll(aside.subList(Math.min(groups, aside.size()), aside.size()));
            addAll(level, i, bits.subList(4 * groups, bits.size()));
            aside = nextAside;
        }
        level.become();
    }

    private static Bool majority(Bool a, Bool b, Bool c) {
        return a.and(b).or(a.and(c)).or(b.and(c));
    }
}
