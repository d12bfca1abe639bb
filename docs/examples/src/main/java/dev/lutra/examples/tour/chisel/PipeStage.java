// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.chisel;

import dev.lutra.hdl.Data;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;

/** A stage of a pipeline that hands anything over, a beat in two cycles. */
public final class PipeStage<T extends Data> extends Module {
    public final Decoupled<T> source;
    public final Decoupled<T> sink;

    public PipeStage(T type) {
        source = in(decoupled(type));
        sink = out(decoupled(like(type)));
        var full = reg(bool()).init(false);
        var held = reg(like(type));
        source.ready.set(full.not());
        sink.valid.set(full);
        sink.bits.set(held);
        when(source.fire(), () -> {
            held.set(source.bits);
            full.set(true);
        });
        when(sink.fire(), () -> full.set(false));
    }
}
