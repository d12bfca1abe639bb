// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.arith;

import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;

/**
 * An exact signed product from half as many partial products as the multiplier has bits: Booth digits of {@code a} select multiples of
 * {@code b}, which a tree adds up without extending their signs. Combinational; {@link #product} is resolved by a carry-propagate
 * adder, {@link #parts} is the pair before it, for those who go on adding.
 */
public final class BoothMultiplier extends Module {

    /**
     * @param aBits width of the multiplier, which is encoded
     * @param bBits width of the multiplicand
     * @param tree kind of tree
     */
    public record Params(int aBits, int bBits, Tree tree) {}

    public final SInt a;
    public final SInt b;
    public final SInt product;
    public final CarrySave parts;

    public BoothMultiplier(Params p) {
        super(p);
        doc("Product of two signed numbers by Booth recoding and a compressor tree.");
        int width = p.aBits + p.bBits;
        a = in(sint(p.aBits));
        b = in(sint(p.bBits));
        product = out(sint(width));
        parts = out(new CarrySave(width));

        var encoder = new BoothEncoder(p.aBits);
        encoder.value.set(a);
        BitHeap heap = new BitHeap(width);
        for (int i = 0; i < encoder.digits.size(); i++) {
            BoothDigit digit = encoder.digits.get(i);
            heap.addSigned(digit.select(b), 2 * i);
            heap.add(digit.negative, 2 * i);
        }
        BitHeap.Rows rows = heap.reduce(p.tree);
        parts.sum.set(rows.sum());
        parts.carry.set(rows.carry());
        product.set(parts.resolve().asSInt());
    }
}
