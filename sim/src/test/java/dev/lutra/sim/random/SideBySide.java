// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.hdl.Clock;
import dev.lutra.hdl.ClockDomain;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Reset;
import dev.lutra.hdl.ir.ResetKind;
import java.util.ArrayList;
import java.util.List;

/** Circuits side by side in one, for what is costly to start. They share the clocks, nothing else. */
final class SideBySide extends Module {
    final Clock[] k = new Clock[Timing.CLOCKS.size()];
    /** By circuit: its resets in order, then its inputs. */
    final List<List<Data>> inputs = new ArrayList<>();
    /** By circuit. */
    final List<List<Data>> outputs = new ArrayList<>();

    SideBySide(List<Sketch> sketches) {
        for (int i = 0; i < k.length; i++) {
            k[i] = in(clock());
        }
        for (int i = 0; i < sketches.size(); i++) {
            circuit(sketches.get(i), "d" + i);
        }
    }

    private void circuit(Sketch sketch, String prefix) {
        var in = new ArrayList<Data>();
        var out = new ArrayList<Data>();
        var resets = new ArrayList<Reset>();
        for (int i = 0; i < sketch.domains().size(); i++) {
            ResetKind kind = sketch.domains().get(i).reset();
            Reset reset = kind == null ? null : named(in(reset(kind)), prefix + "_rst" + i);
            resets.add(reset);
            if (reset != null) {
                in.add(reset);
            }
        }
        Clock clock = k[sketch.domains().get(0).clock()];
        ClockDomain domain = resets.get(0) == null ? domain(clock) : domain(clock, resets.get(0));
        Built built = domain.make(() -> named(new Built(sketch, sketch.parts().size() - 1, prefix), prefix));
        for (int i = 1; i < sketch.domains().size(); i++) {
            built.clocks.get(i).set(k[sketch.domains().get(i).clock()]);
            if (resets.get(i) != null) {
                built.resets.get(i).set(resets.get(i));
            }
        }
        for (Item.Port port : sketch.top().ports(true)) {
            Data input = named(in(port.shape().type()), prefix + "_" + port.name());
            built.port(port.name()).set(input);
            in.add(input);
        }
        for (Item.Port port : sketch.top().ports(false)) {
            Data output = named(out(port.shape().type()), prefix + "_" + port.name());
            output.set(built.port(port.name()));
            out.add(output);
        }
        inputs.add(in);
        outputs.add(out);
    }
}
