// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AreaEngineTest {

    private static final Pattern MULTIPLICATION = Pattern.compile("\\*(?!\\))");

    private static String verilog(AreaEngine engine) {
        var text = new StringBuilder();
        for (var file : VerilogWriter.write(Circuit.of(engine.design()).circuit())) text.append(file.text());
        return text.toString().replaceAll("(?m)//.*$", "");
    }

    /**
     * What no text multiplies, no synthesis makes a multiplier or a DSP block of: not in tables, not for ternary weights, and not in the rivals, which are adders.
     * iCE40's are the small ones; deep runs take all.
     */
    @ParameterizedTest
    @EnumSource(AreaTarget.class)
    void noEngineMultiplies(AreaTarget target) {
        if (target != AreaTarget.ICE40 && !Boolean.getBoolean("lutra.deep")) return;
        var seen = new ArrayList<String>();
        for (AreaEngine engine : AreaEngine.all()) {
            boolean again = !engine.weights().equals("ternary")
                    && !engine.weights().equals("1")
                    && !engine.name().equals("mac");
            if (engine.target() != target || again) continue;
            assertThat(MULTIPLICATION.matcher(verilog(engine)).find())
                    .as(engine.name() + " " + engine.weights() + " multiplies")
                    .isFalse();
            seen.add(engine.name());
        }
        assertThat(seen).contains("lut-registers", "lut-registers-ternary", "mac", "mac-int8", "fp16-mac");
    }

    @Test
    void aMultiplicationWouldBeFound() {
        assertThat(MULTIPLICATION.matcher("assign p = a * b;").find()).isTrue();
        assertThat(MULTIPLICATION.matcher("always @(*)").find()).isFalse();
    }

    /** Rivals have the columns and, as near as whole tables come, the lanes of the tables they stand beside. */
    @ParameterizedTest
    @EnumSource(AreaTarget.class)
    void enginesOfATargetDoTheSameWork(AreaTarget target) {
        var whole = AreaPoint.standard(target).engine();
        for (AreaEngine engine : AreaEngine.all()) {
            if (engine.target() != target || !engine.weights().equals("2")) continue;
            // Planes take a slot each, but for multipliers and Booth digits.
            int slots = engine.name().matches(".*mac.*|bitserial") ? 2 : 1;
            assertThat(engine.productsPerCycle() / slots)
                    .as(engine.name())
                    .isBetween(0.9 * whole.productsPerCycle(), 1.1 * whole.productsPerCycle());
        }
    }
}
