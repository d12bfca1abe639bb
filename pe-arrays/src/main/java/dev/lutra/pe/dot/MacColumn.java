// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import java.util.ArrayList;

/**
 * Multiply-accumulate specialised to weights of W = 2..8 bits, two's complement: radix-4 Booth digits choose 0, +-a or +-2a, one tree of
 * adders per digit adds the lanes up, and the trees' sums are joined by their weights. No product is ever formed by itself, and the negation of
 * a row is its complement and a carry that some adder takes.
 */
final class MacColumn extends Pipelined {

    record Params(int lanes, int weightBits, int sumBits) {
        int digits() {
            return (weightBits + 1) / 2;
        }

        /** Cycles from the codes to the accumulator's addition. */
        int stages() {
            return 2 + SignTree.stages(lanes) + digits() - 1;
        }
    }

    final Bits activations;
    final Bits activationsLater;
    final Bits codes;
    final Bool first = in(bool());
    final Bool enable = in(bool());
    final SInt sum;

    MacColumn(Params p) {
        super(p);
        doc("Multiply-accumulate of %d lanes of INT8 and %d-bit weights.".formatted(p.lanes(), p.weightBits()));
        activations = in(bits(8 * p.lanes()));
        activationsLater = in(bits(8 * p.lanes()));
        codes = in(bits(p.weightBits() * p.lanes()));
        sum = out(sint(p.sumBits()));
        var weights = registered(codes);
        var weightsLater = registered(weights);

        var trees = new ArrayList<Row>();
        for (int digit = 0; digit < p.digits(); digit++) {
            var rows = new ArrayList<Row>();
            for (int k = 0; k < p.lanes(); k++) {
                // Of two rows that meet in an adder, one is chosen a cycle before and the other one in the LUTs of the
                // sum.
                boolean early = k % 2 == 0;
                var a = (early ? activations : activationsLater)
                        .bits(8 * k + 7, 8 * k)
                        .asSInt();
                var w = (early ? weights : weightsLater).bits((k + 1) * p.weightBits() - 1, k * p.weightBits());
                var row = row(a, w, digit);
                rows.add(early ? row.registered(this::registered) : row);
            }
            trees.add(Row.tree(rows, this::registered));
        }
        var total = trees.get(p.digits() - 1);
        for (int digit = p.digits() - 2; digit >= 0; digit--) {
            var low = trees.get(digit);
            for (int i = p.digits() - 2; i > digit; i--) low = low.registered(this::registered);
            var joined = Adders.add(low.value().shr(2), total.value(), total.carry());
            total = new Row(Hdl.cat(joined, low.value().bits(1, 0)).asSInt(), low.carry()).registered(this::registered);
        }
        var acc = reg(sint(p.sumBits()));
        var base = mux(first, 0, acc);
        var next = Adders.wrapAdd(fitted(total.value(), p.sumBits()), base, total.carry());
        when(enable, () -> acc.set(next));
        sum.set(acc);
    }

    private static SInt fitted(SInt value, int width) {
        return value.width() > width ? value.truncate(width) : value.extend(width);
    }

    private static Row row(SInt a, Bits w, int digit) {
        int width = w.width();
        int high = Math.min(2 * digit + 1, width - 1);
        var negative = w.bit(high);
        var upper = w.bit(high);
        var middle = w.bit(Math.min(2 * digit, width - 1));
        if (digit == 0) {
            // -2 w1 + w0
            var size = mux(middle, a.extend(9), mux(upper, a.shl(1), Hdl.slit(0, 9)));
            return new Row(Adders.complement(size, negative), negative);
        }
        // -2 w[2d+1] + w[2d] + w[2d-1]
        var lower = w.bit(2 * digit - 1);
        var one = middle.xor(lower);
        var two = upper.xor(middle).andNot(one);
        var size = mux(one, a.extend(9), mux(two, a.shl(1), Hdl.slit(0, 9)));
        return new Row(Adders.complement(size, negative), negative);
    }
}
