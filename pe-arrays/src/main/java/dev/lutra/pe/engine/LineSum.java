// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.engine;

import static dev.lutra.hdl.Hdl.lit;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.SInt;
import dev.lutra.pe.dot.Pipelined;
import dev.lutra.pe.dot.Row;
import dev.lutra.pe.dot.SignTree;
import java.util.ArrayList;

/** Sum of the INT8 activations of a row, some cycles after them. */
final class LineSum extends Pipelined {

    record Params(int lanes, int cycles) {}

    final Bits activations;
    final SInt sum;

    /** @param p cycles: at least {@link SignTree#stages} of the lanes */
    LineSum(Params p) {
        super(p);
        doc("Sum of %d INT8 activations, %d cycles after them.".formatted(p.lanes(), p.cycles()));
        activations = in(bits(8 * p.lanes()));
        var rows = new ArrayList<Row>();
        for (int k = 0; k < p.lanes(); k++) {
            rows.add(new Row(activations.bits(8 * k + 7, 8 * k).asSInt(), lit(false)));
        }
        SInt total = Row.tree(rows, this::registered).value();
        for (int i = SignTree.stages(p.lanes()); i < p.cycles(); i++) total = registered(total);
        sum = out(sint(total.width()));
        sum.set(total);
    }
}
