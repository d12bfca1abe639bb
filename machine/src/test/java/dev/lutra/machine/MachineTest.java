// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MachineTest {
    @Test
    void presetsAreLegalAndDiffer() {
        assertThat(Machine.standard().engine().wordBits()).isEqualTo(256);
        assertThat(Machine.smallest().fingerprint())
                .isNotEqualTo(Machine.standard().fingerprint());
    }

    @Test
    void fingerprintIsOfWhatProgramsDependOn() {
        Machine m = Machine.standard();
        Machine noCounters =
                new Machine(m.engine(), new Bus(Bus.Kind.LOCAL, 128, 32, 1, 1), m.buffers(), m.queueDepth(), false);
        Machine wider =
                new Machine(m.engine(), new Bus(Bus.Kind.AXI4, 256, 32, 64, 4), m.buffers(), m.queueDepth(), true);
        assertThat(noCounters.fingerprint()).isEqualTo(m.fingerprint());
        assertThat(wider.fingerprint()).isNotEqualTo(m.fingerprint());
        // sha256sum of the canonical text, by another program: a change here breaks every program ever written
        assertThat(Fingerprint.canonical(m))
                .isEqualTo("{\"buffers.activationHalf\":4096,\"buffers.outputHalf\":2048,\"buffers.program\":2048,"
                        + "\"buffers.scaleRing\":1024,\"buffers.weightRing\":8192,\"bus.addrBits\":32,"
                        + "\"bus.dataBits\":128,\"engine.g\":4,\"engine.groupScales\":true,\"engine.innerBits\":32,"
                        + "\"engine.kind\":\"lut-int\",\"engine.m\":1,\"engine.maxBits\":8,\"engine.n\":16,"
                        + "\"engine.outerBits\":48,\"engine.t\":4,\"isa\":2,\"queueDepth\":4}");
        assertThat(m.fingerprintText()).isEqualTo("36f8779b84c9c9cd");
    }

    @Test
    void saysAllThatIsWrong() {
        assertThatThrownBy(() -> new Machine(
                        new Engine("lut-int", 3, 16, 4, 4, 9, true, 32, 48),
                        new Bus(Bus.Kind.AXI4, 128, 11, 64, 4),
                        Machine.standard().buffers(),
                        4,
                        true))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("engine.m is 3: it must be a power of two")
                .hasMessageContaining("engine.maxBits is 9: it must be from 1 to 8")
                .hasMessageContaining("bus.addrBits is 11: it must be from 12 to 40");
        assertThatThrownBy(() -> new Machine(
                        new Engine("lut-int", 1, 8, 4, 1, 8, true, 32, 48),
                        new Bus(Bus.Kind.AXI4, 128, 32, 64, 4),
                        Machine.standard().buffers(),
                        4,
                        true))
                .hasMessageContaining("a weight word has 32 bits, which is no multiple of bus.dataBits = 128");
    }

    @Test
    void aLocalBusHasNoBursts() {
        Machine m = Machine.smallest();
        assertThatThrownBy(() -> new Machine(
                        m.engine(), new Bus(Bus.Kind.LOCAL, 32, 17, 16, 1), m.buffers(), m.queueDepth(), false))
                .hasMessageContaining(
                        "bus.maxBurst is 16 and bus.outstanding 1: a LOCAL bus answers each beat at once");
    }

    /** Words of planes of codes have bits that are 1 where the codes are 0. */
    @Test
    void bitmapsNeedWholeCodes() {
        Machine m = Machine.standard();
        assertThatThrownBy(() -> new Machine(m.engine().withBitmaps(), m.bus(), m.buffers(), m.queueDepth(), true))
                .hasMessageContaining(
                        "engine lut-int, engine.bitmaps: its words have parts of weights, of which a 0 is nothing special");
        var odd = new Engine("x", 1, 64, 4, 4, 3, true, 32, 48, WeightPacking.DIGITS, 3, ActivationType.INT8);
        assertThat(odd.holdsCodes()).isFalse();
        assertThatThrownBy(() -> new Machine(odd.withBitmaps(), m.bus(), m.buffers(), m.queueDepth(), true))
                .hasMessageContaining("codes of 3 bits, no power of two: engine.planes must be 2, 4 or 8");
    }

    @Test
    void jsonReadsBack() {
        MachineFile file = MachineFile.of(Machine.standard(), "abc", Map.of("mx.fill", 5));
        assertThat(MachineFile.parse(file.toJson(), "machine.json")).isEqualTo(file);
    }

    @Test
    void jsonErrorsNameFileLineAndPath() {
        String good = MachineFile.of(Machine.smallest(), "", Map.of()).toJson();
        assertBad(good.replace("\"isa\"", "\"izo\""), "at isa: the field is missing");
        assertBad(
                good.replace("\"maxBits\" : 8", "\"maxBits\" : \"eight\""),
                "at machine.engine.maxBits: 'eight' is no int");
        assertBad(
                good.replace("\"maxBits\" : 8", "\"maxBits\" : null"), "at machine.engine.maxBits: the field is null");
        assertBad("", "at the top: the file is empty");
        assertBad(good.replace("\"maxBits\" : 8", "\"maxBits\" : 9"), "engine.maxBits is 9");
        assertBad(good.replace("\"maxBits\" : 8", "\"maxBits\" : 7"), "at fingerprint");
        assertBad(good.replace("\"isa\" : 2", "\"isa\" : 7"), "instruction set version 7");
        assertBad(
                good.replace("\"isa\" : 2,", "\"isa\" : 2, \"izo\" : 2,"),
                "at izo: no field of this name belongs here");
        assertBad(good.substring(0, 100), "is no JSON: Unexpected end");
        assertBad(good.replaceFirst("\"n\" : 4,", ""), "at machine.engine");
        assertBad("[]", "machine.json");
    }

    private static void assertBad(String json, String message) {
        assertThatThrownBy(() -> MachineFile.parse(json, "machine.json"))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(message);
    }
}
