// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.hdl.lib.fp.FloatAdder;
import dev.lutra.hdl.lib.fp.FloatFormat;
import dev.lutra.hdl.lib.fp.IntegerToFloat;
import java.util.ArrayList;
import java.util.List;

/** One column of {@link HalfMacArray}. */
final class HalfMacColumn extends Pipelined {

    record Params(int lanes, boolean carrySave) {
        /** Cycles from the codes to the accumulator's addition. */
        int stages() {
            return 1 + 2 + SignTree.stages(lanes) + 2;
        }
    }

    final Vec<UInt> once;
    final Vec<UInt> thrice;
    final Vec<UInt> exponents;
    final Bits signs;
    final Bits codes;
    final Bool first = in(bool());
    final Bool enable = in(bool());
    final Bits sum = out(bits(32));

    HalfMacColumn(Params p) {
        super(p);
        doc("Multiply-accumulate of %d lanes of FP16: exact products, aligned, added up, rounded once to binary32."
                .formatted(p.lanes()));
        int lanes = p.lanes();
        once = in(vec(lanes, k -> uint(11)));
        thrice = in(vec(lanes, k -> uint(13)));
        exponents = in(vec(lanes, k -> uint(5)));
        signs = in(bits(lanes));
        codes = in(bits(16 * lanes));
        var weights = registered(codes);
        var products = new ArrayList<HalfMultiplier>();
        List<UInt> most = new ArrayList<>();
        for (int k = 0; k < lanes; k++) {
            var product = new HalfMultiplier(new HalfMultiplier.Params(p.carrySave()));
            product.once.set(once.get(k));
            product.thrice.set(thrice.get(k));
            product.activationSign.set(signs.bit(k));
            product.activationExponent.set(exponents.get(k));
            product.weight.set(weights.bits(16 * k + 15, 16 * k));
            products.add(product);
            most.add(product.exponentEarly);
        }
        // Half the levels in each of the two cycles that a product takes.
        int levels = SignTree.levels(lanes);
        for (int l = 0; most.size() > 1; l++) {
            var next = new ArrayList<UInt>();
            for (int i = 0; i < most.size(); i += 2) {
                next.add(i + 1 < most.size() ? most.get(i).max(most.get(i + 1)) : most.get(i));
            }
            most = next;
            if (l == (levels - 1) / 2)
                most = most.stream().map(this::registered).toList();
        }
        var greatest = registered(most.get(0));

        var rows = new ArrayList<Row>();
        for (var product : products) {
            product.greatest.set(greatest);
            rows.add(new Row(product.aligned, product.negative));
        }
        var total = Row.tree(rows, this::registered);
        var whole = Adders.add(total.value(), Hdl.slit(0, total.value().width()), total.carry());
        var exponent = greatest;
        for (int i = 0; i < SignTree.stages(lanes); i++) exponent = registered(exponent);
        var converter = new IntegerToFloat(new IntegerToFloat.Params(whole.width(), 7, FloatFormat.BINARY32, 2));
        converter.a.set(whole);
        converter.scale.set(exponent.toSInt().sub(Hdl.slit(52)).truncate(7));
        var acc = reg(bits(32));
        var adder = new FloatAdder(new FloatAdder.Params(FloatFormat.BINARY32, 0));
        adder.subtract.set(false);
        adder.a.set(mux(first, lit(0, 32).asBits(), acc));
        adder.b.set(converter.result);
        when(enable, () -> acc.set(adder.result));
        sum.set(acc);
    }
}
