// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.pe.Tool;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.junit.Engines;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every code of every type: its value, how many terms it has, and the terms the hardware makes of it. */
@Engines
class TermGeneratorTest {
    private final EngineKind engine;

    TermGeneratorTest(EngineKind engine) {
        this.engine = engine;
    }

    @Test
    void termsAddUpToTheValueOfEveryCode() {
        for (SerialType type : SerialType.values()) {
            int most = type.bits() <= 4 ? 2 : type.bits() <= 6 ? 3 : 4;
            assertThat(type.terms()).as(type.name()).isEqualTo(most);
            for (int code = 0; code < 1 << type.bits(); code++) {
                List<SerialTerm> terms = SerialTerm.of(type, code);
                assertThat(terms).hasSize(most);
                assertThat(terms.stream().mapToInt(SerialTerm::value).sum())
                        .as("%s code %d", type, code)
                        .isEqualTo(type.value(code));
                assertThat(terms).allMatch(term -> term.exponent() <= 3 && term.shift() <= 6);
            }
        }
    }

    /** Digits from the least significant: -1, 1, -1, -1 of -77, and -1, 2, 1 of 23 in six bits. */
    @Test
    void boothDigits() {
        assertThat(SerialTerm.of(SerialType.INT8, -77 & 0xff).stream().map(SerialTerm::value))
                .containsExactly(-1, 4, -16, -64);
        assertThat(SerialTerm.of(SerialType.INT6, 23).stream().map(SerialTerm::value))
                .containsExactly(-1, 8, 16);
    }

    @Test
    void valuesOfFloatingPointCodes() {
        int[] fp4 = {0, 1, 2, 3, 4, 6, 8, 12, 10, -1, -2, -3, -4, -6, -8, -12};
        for (int code = 0; code < 16; code++) {
            assertThat(SerialType.FP4_ER_POSITIVE.value(code)).isEqualTo(fp4[code]);
        }
        int[] fp3 = {0, 2, 4, 8, -12, -2, -4, -8};
        for (int code = 0; code < 8; code++) {
            assertThat(SerialType.FP3_EA_NEGATIVE.value(code)).isEqualTo(fp3[code]);
        }
        assertThat(SerialType.INT3.value(4)).isEqualTo(-4);
        assertThat(SerialType.INT8.value(127)).isEqualTo(127);
    }

    @Test
    void hardwareMakesTheSameTerms() {
        var design = Circuit.of(TermGenerator::new);
        try (var simulator = Tool.open(engine, design)) {
            TermGenerator generator = design.top();
            for (SerialType type : SerialType.values()) {
                for (int code = 0; code < 1 << type.bits(); code++) {
                    simulator.poke(generator.code, SerialCodes.port(type, code));
                    simulator.poke(generator.isFloat, type.isFloat() ? 1 : 0);
                    simulator.poke(generator.special, type.special());
                    List<SerialTerm> terms = SerialTerm.of(type, code);
                    for (int i = 0; i < terms.size(); i++) {
                        simulator.poke(generator.index, i);
                        SerialTerm term = terms.get(i);
                        String place = "%s code %d term %d".formatted(type, code, i);
                        assertThat(simulator.peek(generator.one)).as(place).isEqualTo(term.one() ? 1 : 0);
                        if (term.one()) {
                            assertThat(simulator.peek(generator.exponent))
                                    .as(place)
                                    .isEqualTo(term.exponent());
                            assertThat(simulator.peek(generator.negative))
                                    .as(place)
                                    .isEqualTo(term.negative() ? 1 : 0);
                        }
                    }
                }
            }
        }
    }
}
