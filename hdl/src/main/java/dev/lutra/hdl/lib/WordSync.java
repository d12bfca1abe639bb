// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib;

import dev.lutra.hdl.Clock;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Reset;
import dev.lutra.hdl.ir.ResetKind;

/**
 * Brings words into another clock one by one, with a request and an acknowledgement: any clocks, no memory, one word in about
 * six periods. For a stream at speed use {@link AsyncFifo}.
 *
 * @param <T> what is handed over
 */
public final class WordSync<T extends Data> extends Module {
    /** @param reset kind of the reset of the clock that the words go to */
    public record Params(ResetKind reset) {}

    /** The clock that the words go to. */
    public final Clock clock = in(clock());
    /** Its reset; both sides must be reset together. */
    public final Reset reset;
    /** Of the module's own clock. */
    public final Decoupled<T> in;
    /** Of {@link #clock}. */
    public final Decoupled<T> out;

    /**
     * Words from the module's own clock to another.
     *
     * @param type what is handed over
     */
    public WordSync(T type, Params p) {
        super(p, type);
        reset = in(reset(p.reset()));
        in = in(decoupled(like(type)));
        out = out(decoupled(like(type)));
        doc("Hands words over to another clock: a change of the request says that the held word is good.");
        var there = domain(clock, reset);
        var request = reg(bool()).init(false);
        var held = reg(bits(type.width()));
        var acknowledge = reg(bool(), there).init(false);
        var answered = new BitSync();
        answered.in.set(acknowledge);
        in.ready.set(answered.out.eq(request));
        when(in.fire(), () -> {
            held.set(in.bits.asBits());
            request.set(request.not());
        });
        there.use(() -> {
            var asked = new BitSync();
            asked.in.set(request);
            var word = reg(bits(type.width()));
            var full = reg(bool()).init(false);
            when(full.not().and(asked.out.ne(acknowledge)), () -> {
                word.set(crossing(held));
                full.set(true);
            });
            when(out.fire(), () -> {
                full.set(false);
                acknowledge.set(acknowledge.not());
            });
            out.valid.set(full);
            out.bits.set(unpack(word, like(type)));
        });
    }
}
