// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import java.util.ArrayList;

/**
 * Sum of the products of INT8 activations and weights of W = 2..8 bits, two's complement: radix-4 Booth digits choose 0, +-a or +-2a, one
 * tree of adders per digit adds the lanes up, and the trees' sums are joined by their weights.
 */
public final class BoothTree {

    private BoothTree() {}

    /** Cycles from the weights to the sum. */
    public static int stages(int lanes, int weightBits) {
        return 1 + SignTree.stages(lanes) + digits(weightBits) - 1;
    }

    private static int digits(int weightBits) {
        return (weightBits + 1) / 2;
    }

    /**
     * The registered sum.
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
        int lanes = activations.width() / 8;
        int digits = digits(weightBits);
        var trees = new ArrayList<Row>();
        for (int digit = 0; digit < digits; digit++) {
            var rows = new ArrayList<Row>();
            for (int k = 0; k < lanes; k++) {
                // Of two rows that meet in an adder, one is chosen a cycle before and the other one in the LUTs of the
                // sum. A row that meets none is chosen before.
                boolean early = k % 2 == 0;
                var a = (early ? activations : activationsLater)
                        .bits(8 * k + 7, 8 * k)
                        .asSInt();
                var w = (early ? weights : weightsLater).bits((k + 1) * weightBits - 1, k * weightBits);
                var row = row(a, w, digit);
                rows.add(early ? row.registered(registers) : row);
            }
            trees.add(Row.tree(rows, registers));
        }
        var total = trees.get(digits - 1);
        for (int digit = digits - 2; digit >= 0; digit--) {
            var low = trees.get(digit);
            for (int i = digits - 2; i > digit; i--) low = low.registered(registers);
            var joined = Adders.add(low.value().shr(2), total.value(), total.carry());
            total = new Row(Hdl.cat(joined, low.value().bits(1, 0)).asSInt(), low.carry()).registered(registers);
        }
        return total;
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
