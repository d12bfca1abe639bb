// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.SInt;
import java.util.ArrayList;
import java.util.List;

/**
 * An operand of a tree: a value, and a carry that belongs to its bit 0.
 *
 * @param value of the operand
 * @param carry added to it
 */
public record Row(SInt value, Bool carry) {

    /** The registered sum, {@link SignTree#stages} cycles after its rows: each adder takes one row's carry and hands on the other one's. */
    public static Row tree(List<Row> rows, SignTree.Registers registers) {
        return tree(rows, 2, registers);
    }

    /** The same with a register after so many levels, and after the last one. */
    static Row tree(List<Row> rows, int levels, SignTree.Registers registers) {
        var level = rows;
        for (int l = 0; level.size() > 1; l++) {
            var next = new ArrayList<Row>();
            for (int i = 0; i < level.size(); i += 2) {
                var a = level.get(i);
                if (i + 1 < level.size()) {
                    var b = level.get(i + 1);
                    a = new Row(Adders.add(a.value, b.value, b.carry), a.carry);
                }
                next.add(a);
            }
            level = next;
            if (l % levels == levels - 1 || level.size() == 1) {
                level = level.stream().map(row -> row.registered(registers)).toList();
            }
        }
        return level.get(0);
    }

    public Row registered(SignTree.Registers registers) {
        return new Row(registers.register(value), registers.register(carry));
    }
}
