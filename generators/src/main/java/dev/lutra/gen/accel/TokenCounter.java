// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/**
 * Tokens of one ordered pair of units: the producer posts, the consumer takes.
 *
 * <p>A counter starts a region at its preset (2 for the free halves of a double buffer, 0 for filled ones) and has to
 * be back there when the region ends.
 */
final class TokenCounter extends Module {

    /**
     * @param preset tokens at the start of a region
     * @param bits width of the counter
     */
    record Params(int preset, int bits) {}

    final Bool clear = in(bool());
    final Bool post = in(bool());
    final Bool take = in(bool());
    final Bool available = out(bool());
    final Bool full = out(bool());
    final Bool balanced = out(bool());

    TokenCounter(Params p) {
        super(p);
        doc("Tokens of one ordered pair of units; " + p.preset + " at the start of a region and again at its end.");
        UInt count = reg(uint(p.bits)).init(p.preset);
        available.set(count.ne(0));
        full.set(count.eq((1 << p.bits) - 1));
        balanced.set(count.eq(p.preset));
        when(post.and(take.not()), () -> count.set(count.wrapAdd(1)));
        when(take.and(post.not()), () -> count.set(count.wrapSub(1)));
        when(clear, () -> count.set(p.preset));
    }
}
