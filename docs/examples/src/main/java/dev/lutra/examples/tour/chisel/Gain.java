// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.chisel;

import dev.lutra.hdl.Module;
import dev.lutra.hdl.Rounding;
import dev.lutra.hdl.SFix;
import dev.lutra.hdl.UFix;

/** Amplifies samples of Q1.15. */
public final class Gain extends Module {
    public final SFix sample = in(sfix(1, 15));
    public final UFix gain = in(ufix(3, 5));
    public final SFix louder = out(sfix(1, 15));

    public Gain() {
        var exact = sample.mul(gain.toSFix()); // Q5.20
        louder.set(exact.round(15, Rounding.HALF_EVEN).saturate(1));
    }
}
