// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.arith;

import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;

/**
 * Many numbers become two of the same sum, modulo 2^width, without carry propagation. Combinational; the depth grows with the
 * logarithm of the number of operands.
 */
public final class CompressorTree extends Module {

    /**
     * @param operands numbers to add up, at least 2
     * @param bits width of an operand, zeros above
     * @param width bits of the sum
     * @param tree kind of tree
     */
    public record Params(int operands, int bits, int width, Tree tree) {
        public Params {
            if (operands < 2 || bits < 1 || bits > width) {
                throw new IllegalArgumentException(
                        "a tree for %d operands of %d bits, with a sum of %d: at least 2, and no wider than the sum"
                                .formatted(operands, bits, width));
            }
        }
    }

    public final Vec<UInt> operands;
    public final CarrySave sum;

    public CompressorTree(Params p) {
        super(p);
        doc("The sum of " + p.operands + " numbers as sum + carry, modulo 2^" + p.width + ".");
        operands = in(vec(p.operands, i -> uint(p.bits)));
        sum = out(new CarrySave(p.width));
        BitHeap heap = new BitHeap(p.width);
        operands.forEach(operand -> heap.add(operand, 0));
        BitHeap.Rows rows = heap.reduce(p.tree);
        sum.sum.set(rows.sum());
        sum.carry.set(rows.carry());
    }
}
