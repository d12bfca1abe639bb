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
        return tree(rows, 0, levels, registers);
    }

    /** The same of rows that are behind some levels already. */
    static Row tree(List<Row> rows, int passed, int levels, SignTree.Registers registers) {
        var level = rows;
        for (int l = passed; level.size() > 1; l++) {
            var next = new ArrayList<Row>();
            for (int i = 0; i < level.size(); i += 2) {
                var a = level.get(i);
                if (i + 1 < level.size()) {
                    a = a.plus(level.get(i + 1));
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

    /** The sum, which has taken the other row's carry and hands on this one's. */
    Row plus(Row other) {
        return new Row(Adders.add(value, other.value, other.carry), carry);
    }

    public Row registered(SignTree.Registers registers) {
        return new Row(registers.register(value), registers.register(carry));
    }
}
