// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.chisel;

import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** Stages one after the other. */
public final class Pipeline extends Module {
    public record Params(int stages) {}

    public final Decoupled<UInt> source = in(decoupled(uint(8)));
    public final Decoupled<UInt> sink = out(decoupled(uint(8)));

    public Pipeline(Params p) {
        super(p);
        var at = source;
        for (int i = 0; i < p.stages(); i++) {
            var stage = new PipeStage<>(uint(8));
            stage.source.set(at);
            at = stage.sink;
        }
        sink.set(at);
    }
}
