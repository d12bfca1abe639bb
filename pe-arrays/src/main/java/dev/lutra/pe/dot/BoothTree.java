// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import java.util.ArrayList;
import java.util.List;

/**
 * Sum of the products of INT8 activations and weights of W = 2..8 bits, two's complement: radix-4 Booth digits choose 0, +-a or +-2a, adders
 * of their own add up the rows of each digit, and the digits' sums are joined by their weights.
 *
 * <p>The adders of a digit are chains of some lanes and a tree of the chains' sums. Of two operands, synthesis for LUTs of six inputs can choose
 * the right one's multiple in the LUT of the sum, but not the left one's, which takes a LUT per bit. A chain has one such row and adds
 * all others to a sum; its adders are wider than those of a tree.
 */
public final class BoothTree {

    private BoothTree() {}

    /** Cycles from the weights to the sum, in chains of two lanes. */
    public static int stages(int lanes, int weightBits) {
        return stages(lanes, weightBits, 2);
    }

    /** Cycles from the weights to the sum. */
    static int stages(int lanes, int weightBits, int chain) {
        return 1 + (chain - 1 + SignTree.levels((lanes + chain - 1) / chain) + 1) / 2 + digits(weightBits) - 1;
    }

    /** Copies of activations and weights that {@link #sum} takes, each a cycle later than the one before. */
    static int copies(int chain) {
        return 1 + chain / 2;
    }

    static int digits(int weightBits) {
        return (weightBits + 1) / 2;
    }

    /**
     * The registered sum, in chains of two lanes.
     *
     * @param weightBits W
     * @param activations of lane k at bit 8 k
     * @param activationsLater the same a cycle later
     * @param weights of lane k at bit W k, with the activations
     * @param weightsLater the same a cycle later
     */
    public static Row sum(
            int weightBits,
            Bits activations,
            Bits activationsLater,
            Bits weights,
            Bits weightsLater,
            SignTree.Registers registers) {
        return sum(weightBits, 2, List.of(activations, activationsLater), List.of(weights, weightsLater), registers);
    }

    /**
     * The registered sum.
     *
     * @param weightBits W
     * @param chain lanes of a chain, 2 or more
     * @param activations of lane k at bit 8 k; entry i, i cycles later; {@link #copies} of them
     * @param weights of lane k at bit W k, with the activations
     */
    static Row sum(
            int weightBits, int chain, List<Bits> activations, List<Bits> weights, SignTree.Registers registers) {
        var trees = new ArrayList<Row>();
        for (int digit = 0; digit < digits(weightBits); digit++) {
            trees.add(digit(weightBits, digit, chain, activations, weights, registers));
        }
        return joined(trees, registers);
    }

    /** The registered sum of one digit of the weights. */
    static Row digit(
            int weightBits,
            int digit,
            int chain,
            List<Bits> activations,
            List<Bits> weights,
            SignTree.Registers registers) {
        int lanes = activations.get(0).width() / 8;
        var sums = new ArrayList<Row>();
        for (int k = 0; k < lanes; k += chain) {
            sums.add(row(weightBits, k, digit, activations.get(0), weights.get(0))
                    .registered(registers));
        }
        for (int i = 1; i < chain; i++) {
            // Two additions a cycle.
            int late = 1 + (i - 1) / 2;
            for (int c = 0; c < sums.size(); c++) {
                var sum = sums.get(c);
                int k = c * chain + i;
                if (k < lanes) {
                    var longer = sum.plus(row(weightBits, k, digit, activations.get(late), weights.get(late)));
                    // A row is one of 9 bits, and i + 1 of them need no bit per addition.
                    int width = 9 + SignTree.levels(i + 1);
                    sum = new Row(longer.value().truncate(width), longer.carry());
                }
                sums.set(c, i % 2 == 0 || i == chain - 1 && sums.size() == 1 ? sum.registered(registers) : sum);
            }
        }
        return sums.size() == 1 ? sums.get(0) : Row.tree(sums, chain - 1, 2, registers);
    }

    /** The registered sum of the sums of all digits, the least one first. */
    static Row joined(List<Row> trees, SignTree.Registers registers) {
        int digits = trees.size();
        var total = trees.get(digits - 1);
        for (int digit = digits - 2; digit >= 0; digit--) {
            var low = trees.get(digit);
            for (int i = digits - 2; i > digit; i--) low = low.registered(registers);
            var joined = Adders.add(low.value().shr(2), total.value(), total.carry());
            total = new Row(Hdl.cat(joined, low.value().bits(1, 0)).asSInt(), low.carry()).registered(registers);
        }
        return total;
    }

    private static Row row(int weightBits, int lane, int digit, Bits activations, Bits weights) {
        return row(
                activations.bits(8 * lane + 7, 8 * lane).asSInt(),
                weights.bits((lane + 1) * weightBits - 1, lane * weightBits),
                digit);
    }

    private static Row row(SInt a, Bits w, int digit) {
        int width = w.width();
        int high = Math.min(2 * digit + 1, width - 1);
        var negative = w.bit(high);
        var upper = w.bit(high);
        var middle = w.bit(Math.min(2 * digit, width - 1));
        if (digit == 0) {
            // -2 w1 + w0
            var size = Hdl.mux(middle, a.extend(9), Hdl.mux(upper, a.shl(1), Hdl.slit(0, 9)));
            return new Row(Adders.complement(size, negative), negative);
        }
        // -2 w[2d+1] + w[2d] + w[2d-1]
        var lower = w.bit(2 * digit - 1);
        var one = middle.xor(lower);
        var two = upper.xor(middle).andNot(one);
        var size = Hdl.mux(one, a.extend(9), Hdl.mux(two, a.shl(1), Hdl.slit(0, 9)));
        return new Row(Adders.complement(size, negative), negative);
    }
}
