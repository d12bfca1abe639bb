// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Domain;
import dev.lutra.hdl.ir.Signal;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which domain each item of a recording belongs to. Costs nothing where a module has only its own. */
final class Domains {
    private final Items items;
    private final @Nullable Signal[] signals;
    /** By item, the DOMAIN around it, -1 for the module's own; null: there is no other. */
    private final int @Nullable [] around;

    private final Map<Integer, Domain> built = new HashMap<>();

    Domains(Items items, @Nullable Signal[] signals) {
        this.items = items;
        this.signals = signals;
        around = items.has(Op.DOMAIN) ? new int[items.size()] : null;
        if (around != null) {
            var open = new ArrayDeque<Integer>(List.of(-1));
            for (int i = 0; i < items.size(); i++) {
                var item = items.get(i);
                if (item.op == Op.ENTER) {
                    open.push(item.a);
                } else if (item.op == Op.LEAVE) {
                    open.pop();
                }
                around[i] = open.element();
            }
        }
    }

    /** The domain of an item; its clock and reset must have been built. */
    Domain of(int number) {
        return around == null || around[number] < 0 ? Domain.OWN : built.computeIfAbsent(around[number], this::build);
    }

    private Domain build(int number) {
        var item = items.get(number);
        var clock = Objects.requireNonNull(signals[item.a]);
        return new Domain(clock, item.b < 0 ? null : Objects.requireNonNull(signals[item.b]));
    }
}
