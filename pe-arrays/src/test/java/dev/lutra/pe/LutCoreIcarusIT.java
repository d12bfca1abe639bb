// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.sim.Simulators;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The hardware's Verilog against the functional model and the direct sum, on Icarus, where what is not reset is unknown. */
class LutCoreIcarusIT {

    static Stream<LutCore.Params> shapes() {
        return LutCoreTest.shapes().skip(1).limit(Boolean.getBoolean("lutra.deep") ? Long.MAX_VALUE : 2);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void equalsTheModel(LutCore.Params p) {
        Tool.require("iverilog");
        Tool.require("g++");
        LutCoreBench.randomProducts(p, Simulators::icarus, 3);
    }
}
