// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.sim.Simulators;
import dev.lutra.sim.verilator.VerilatorOptions;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The hardware's Verilog against the functional model and the direct sum, on Verilator. */
class LutCoreVerilatorIT {

    static Stream<LutCore.Params> shapes() {
        return LutCoreTest.shapes().limit(Boolean.getBoolean("lutra.deep") ? Long.MAX_VALUE : 5);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void equalsTheModel(LutCore.Params p) {
        Tool.require("verilator");
        Tool.require("g++");
        LutCoreBench.randomProducts(p, design -> Simulators.verilator(design, VerilatorOptions.defaults()), 10);
    }
}
