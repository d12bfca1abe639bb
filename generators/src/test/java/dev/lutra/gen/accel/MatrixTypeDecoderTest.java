// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.InstructionCodec;
import dev.lutra.machine.Machine;
import dev.lutra.machine.MatrixTile;
import dev.lutra.machine.MatrixTypes;
import dev.lutra.machine.NmRatio;
import dev.lutra.machine.Tokens;
import dev.lutra.machine.WeightType;
import dev.lutra.pe.MatrixEngine;
import dev.lutra.pe.MatrixEngines;
import dev.lutra.sim.Simulators;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the hardware makes of tile and types is what the machine says of them, for all engines. */
class MatrixTypeDecoderTest {

    static List<Engine> engines() {
        List<Engine> engines = new ArrayList<>();
        for (MatrixEngine engine : MatrixEngines.all()) {
            engines.add(engine.inPlaceOf(Machine.standard().engine()));
            engines.add(engine.inPlaceOf(Machine.smallest().engine()));
        }
        engines.add(lut(3, 8, ActivationType.INT8));
        engines.add(lut(1, 3, ActivationType.INT6));
        engines.add(lut(1, 8, ActivationType.FP16));
        return engines;
    }

    private static Engine lut(int planes, int maxBits, ActivationType activations) {
        Engine e = Machine.standard().engine();
        return new Engine(
                Engine.LUT_INT,
                2,
                32,
                3,
                5,
                maxBits,
                true,
                e.innerBits(),
                e.outerBits(),
                e.packing(),
                planes,
                activations);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void isWhatTheMachineSays(Engine engine) {
        var design = Circuit.of(() -> new Decoder(engine));
        var top = design.top();
        try (var simulator = Simulators.embedded(design)) {
            for (Multiply mx : instructions(engine)) {
                simulator.poke(
                        top.word,
                        new BigInteger(1, reversed(InstructionCodec.encode(mx).bytes())));
                String refusal = engine.refusal(mx);
                assertThat(simulator.peek(top.legal)).as("%s: %s", mx, refusal).isEqualTo(refusal == null ? 1 : 0);
                WeightType type = mx.types().weights();
                if (refusal == null) {
                    assertThat(simulator.peek(top.topPass) + 1)
                            .as("%s", mx)
                            .isEqualTo(engine.passes(type.bits(), mx.kept()));
                    int zeroPoint = engine.zeroPoint(type.bits(), type.zeroPoint());
                    assertThat(simulator.peek(top.zeroPoint)).as("%s", mx).isEqualTo(zeroPoint < 0 ? 2 : zeroPoint);
                }
            }
        }
    }

    /** The engine's own, parts of a reduction, and all that differ from one of them in one bit. */
    private static List<Multiply> instructions(Engine e) {
        List<Multiply> all = new ArrayList<>();
        MatrixTile tile = e.tile();
        for (WeightType type : WeightType.values()) {
            for (boolean wide : new boolean[] {false, true}) {
                all.add(multiply(tile, e.types(type, wide)));
            }
        }
        MatrixTypes own = e.types(WeightType.INT2, false);
        for (int m = 1; m <= 64; m *= 2) {
            all.add(multiply(new MatrixTile(m, tile.n(), tile.k()), own));
        }
        for (int n = 4; n <= 256; n *= 2) {
            all.add(multiply(new MatrixTile(tile.m(), n, tile.k()), own));
        }
        for (int k = 2; k <= 96; k++) {
            all.add(multiply(new MatrixTile(tile.m(), tile.n(), k), own));
        }
        for (ActivationType type : ActivationType.values()) {
            all.add(multiply(tile, new MatrixTypes(type, own.weights(), own.accumulatorBits(), false)));
        }
        all.add(new Multiply(Tokens.NONE, 0, 0, true, false, tile, own, 1, 0, 1, 0));
        all.add(new Multiply(Tokens.NONE, 0, 0, false, true, tile, own, 1, 0, 1, 0));
        for (int bits = 16; bits <= 64; bits++) {
            all.add(multiply(tile, new MatrixTypes(own.activations(), own.weights(), bits, false)));
        }
        for (int m = 1; m <= 16; m *= 2) {
            for (int n = 1; n <= m; n *= 2) {
                for (boolean listed : new boolean[] {false, true}) {
                    var kept = new NmRatio(n, m);
                    all.add(new Multiply(Tokens.NONE, 0, 0, true, true, tile, own, 1, 0, 1, 0, false, kept, listed));
                }
            }
        }
        return all;
    }

    private static Multiply multiply(MatrixTile tile, MatrixTypes types) {
        return new Multiply(Tokens.NONE, 0, 0, true, true, tile, types, 1, 0, 1, 0);
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] out = new byte[bytes.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = bytes[out.length - 1 - i];
        }
        return out;
    }

    private static final class Decoder extends Module {
        final Bits word = in(bits(InstructionFields.BITS));
        final Bool legal = out(bool());
        final UInt topPass;
        final UInt zeroPoint = out(uint(2));

        Decoder(Engine engine) {
            super(engine);
            topPass = out(uint(CommandWidths.passBits(engine)));
            var decoder = new MatrixTypeDecoder(new InstructionFields(word), engine);
            legal.set(decoder.legal());
            topPass.set(decoder.topPass());
            zeroPoint.set(decoder.zeroPoint());
        }
    }
}
