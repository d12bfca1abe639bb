// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.SInt;
import java.util.ArrayList;
import java.util.List;

/**
 * A tree that adds signed values with a sign each, without negating any: a node adds or subtracts its right half, and the sign of its
 * left half is the node's own. So value t comes with one bit, whether its sign is the one of {@code t & t - 1}, its partner's first
 * value; the sign of the whole sum, that of value 0, is left to whoever adds it up. The bits are made offline, with the weights.
 *
 * <p>A subtraction carries. With values known by halves, {@code value = 2 h + odd} where odd depends on the node alone, the tree adds the
 * halves: then a node carries {@code odd of right ? odd of left : subtract}, both for a sum and for a difference, and its own odd is the exclusive or.
 */
public final class SignTree {

    /** Makes registers in the module that the tree is in. */
    public interface Registers {
        /** The value, one cycle later. */
        <T extends Data> T register(T value);
    }

    private SignTree() {}

    /** Levels of a tree over some values. */
    public static int levels(int values) {
        return 32 - Integer.numberOfLeadingZeros(values - 1);
    }

    /** Register stages in a tree: one after every second level, the last one included. */
    public static int stages(int values) {
        return (levels(values) + 1) / 2;
    }

    /**
     * The registered sum, {@link #stages} cycles after its values, all values coming in one cycle.
     *
     * @param values to add
     * @param differ bit t: the sign of value t is not that of value {@code t & t - 1}; bit 0 is not used
     * @param carry bit t: carry of the node that joins value t to its partner; where values are whole, it is {@code differ}
     */
    public static SInt sum(List<SInt> values, List<Bool> differ, List<Bool> carry, Registers registers) {
        var level = values;
        List<Bool> signs = new ArrayList<>(differ);
        List<Bool> carries = new ArrayList<>(carry);
        for (int l = 0; level.size() > 1; l++) {
            var next = new ArrayList<SInt>();
            for (int i = 0; i < level.size(); i += 2) {
                if (i + 1 == level.size()) {
                    next.add(level.get(i));
                } else {
                    int t = i + 1 << l;
                    var subtract = signs.get(t);
                    var right = Adders.complement(level.get(i + 1), subtract);
                    next.add(Adders.add(level.get(i), right, carries.get(t)));
                }
            }
            level = next;
            if (l % 2 == 1 || level.size() == 1) {
                level = level.stream().map(registers::register).toList();
                for (int t = 2 << l; t < signs.size(); t += 2 << l) {
                    boolean same = signs.get(t) == carries.get(t);
                    signs.set(t, registers.register(signs.get(t)));
                    carries.set(t, same ? signs.get(t) : registers.register(carries.get(t)));
                }
            }
        }
        return level.get(0);
    }
}
