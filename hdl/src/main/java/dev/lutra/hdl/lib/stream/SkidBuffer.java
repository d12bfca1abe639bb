// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.stream;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;

/**
 * A register stage that cuts all paths, those of {@code ready} too: everything it drives comes straight from a flip-flop. One item
 * a cycle, offered in the next cycle; it holds two, the second one where {@code take} falls behind.
 *
 * @param <T> what travels
 */
public final class SkidBuffer<T extends Data> extends Module {
    public final Decoupled<T> put;
    public final Decoupled<T> take;

    /** @param type what travels */
    public SkidBuffer(T type) {
        super(type);
        doc("Register stage for a stream of " + type.width() + " bits that cuts the path of ready as well.");
        put = in(decoupled(like(type)));
        take = out(decoupled(like(type)));

        Bool offers = reg(bool()).init(false);
        T offered = reg(like(type));
        Bool free = reg(bool()).init(true);
        T behind = reg(like(type));
        put.ready.set(free);
        take.valid.set(offers);
        take.bits.set(offered);
        when(
                        offers.and(take.ready.not()),
                        () -> when(put.fire(), () -> {
                            free.set(false);
                            behind.set(put.bits);
                        }))
                .otherwise(() -> {
                    offers.set(put.valid.or(free.not()));
                    free.set(true);
                    when(free, () -> offered.set(put.bits)).otherwise(() -> offered.set(behind));
                });
    }
}
