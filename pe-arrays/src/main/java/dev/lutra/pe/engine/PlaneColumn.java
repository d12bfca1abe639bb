// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.engine;

import static dev.lutra.hdl.Hdl.cat;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.pe.CarryTree;
import dev.lutra.pe.MatrixShape;
import dev.lutra.pe.dot.Pipelined;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The popcounts of a column: all planes of the activations, in two's complement, with one of the weights. With planes of 0 and 1 an AND; with planes of +1 and
 * -1 an XNOR, since minus a is the complement of a and one more: what is missing comes as {@code minuses}, the weights that are -1.
 */
final class PlaneColumn extends Pipelined {
    /** Cycles from activations and weights, which come a cycle before, to the sum. */
    static final int DEPTH = 3;

    record Params(int lanes, int planes, boolean bipolar) {}

    final Bits planes;
    final Bits weights;

    /** Weights of the plane that are -1, a cycle after the activations; null with planes of 0 and 1. */
    final @Nullable UInt minuses;

    final SInt sum;

    PlaneColumn(Params p) {
        super(p);
        doc("Popcounts of %d planes of %d activations with a plane of weights, which comes a cycle before."
                .formatted(p.planes(), p.lanes()));
        planes = in(bits(p.planes() * p.lanes()));
        weights = in(bits(p.lanes()));
        minuses = p.bipolar() ? in(uint(countBits(p.lanes()))) : null;
        var plane = registered(weights);
        List<SInt> counts = new ArrayList<>();
        for (int i = 0; i < p.planes(); i++) {
            var lanes = planes.bits((i + 1) * p.lanes() - 1, i * p.lanes());
            var both = p.bipolar() ? lanes.xor(plane).not() : lanes.and(plane);
            counts.add(registered(count(both)).toSInt());
        }
        // Neighbours first, so that each sum is as wide as it needs to be; the sign plane counts negative.
        int top = p.planes() - 1;
        counts.set(top, counts.get(top).neg());
        if (minuses != null) {
            counts.set(0, counts.get(0).add(minuses.toSInt()));
        }
        for (int weight = 1; counts.size() > 1; weight *= 2) {
            List<SInt> next = new ArrayList<>();
            for (int i = 0; i < counts.size(); i += 2) {
                next.add(
                        i + 1 == counts.size()
                                ? counts.get(i)
                                : counts.get(i).add(counts.get(i + 1).shl(weight)));
            }
            counts = next;
        }
        var total = registered(counts.get(0));
        sum = out(sint(total.width()));
        sum.set(total);
    }

    /** Ones among some bits. */
    static UInt count(Bits bits) {
        List<Bool> each = new ArrayList<>();
        for (int k = 0; k < bits.width(); k++) each.add(bits.bit(k));
        return CarryTree.count(each);
    }

    /** Width of {@link #count} of so many bits. */
    static int countBits(int lanes) {
        int bits = 1;
        for (int n = lanes; n > 1; n = (n + 1) / 2) bits++;
        return bits;
    }

    /** Of an activation line: bit i of activation k of row m at bit {@code (m A + i) lanes + k}. */
    static Bits planes(Bits line, MatrixShape s) {
        List<Bool> bits = new ArrayList<>();
        for (int m = s.m() - 1; m >= 0; m--) {
            for (int i = s.elementBits() - 1; i >= 0; i--) {
                for (int k = s.step() - 1; k >= 0; k--) {
                    bits.add(line.bit(8 * (m * s.step() + k) + i));
                }
            }
        }
        return cat(bits);
    }
}
