// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.map.quant.LayerFormat;
import dev.lutra.map.quant.MixedFormat;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.pe.MatrixEngines;
import java.util.List;

/**
 * An accelerator with one of the engines, and how a model is quantised for it: what is run with real models and compared. All take as many bits
 * of weights a slot as the default machine, and differ in nothing else.
 *
 * @param name engine, weights and activations
 * @param machine the default one with the engine in the place of its own
 */
public record EngineSetup(String name, Machine machine, Quantization quantization) {

    /** The LUT tensor core, ternary tables and the rivals. */
    public static List<EngineSetup> all() {
        return List.of(
                of(Engine.LUT_INT, 8, WeightFormat.INT4, 32, Quantization.Head.INT8),
                of(Engine.LUT_INT, 8, WeightFormat.TERNARY, 0, Quantization.Head.INT8),
                of("lut-ternary", 8, WeightFormat.TERNARY, 0, Quantization.Head.FLOAT),
                of("adders", 8, WeightFormat.INT4, 32, Quantization.Head.INT8),
                of("mac", 8, WeightFormat.INT4, 32, Quantization.Head.INT8),
                of("mac-int8", 8, WeightFormat.INT4, 32, Quantization.Head.INT8),
                of("bitplane", 8, WeightFormat.INT4, 32, Quantization.Head.INT8),
                of("bitplane", 6, WeightFormat.INT6, 32, Quantization.Head.INT8),
                of("bipolar", 8, WeightFormat.INT4, 32, Quantization.Head.INT8),
                of("bipolar", 6, WeightFormat.INT6, 32, Quantization.Head.INT8),
                of("bitserial", 8, MixedFormat.BITMOD4, 32, Quantization.Head.INT8),
                of("bitserial", 8, MixedFormat.BITMOD3, 32, Quantization.Head.INT8),
                of("bitserial", 8, MixedFormat.INT4_ASYM, 32, Quantization.Head.INT8));
    }

    private static EngineSetup of(
            String kind, int activationBits, LayerFormat format, int group, Quantization.Head head) {
        Machine s = Machine.standard();
        ActivationType activations = ActivationType.ofBits(activationBits);
        Engine e = MatrixEngines.named(kind).inPlaceOf(s.engine());
        Engine engine = new Engine(
                e.kind(),
                e.m(),
                e.n(),
                e.g(),
                e.t(),
                e.maxBits(),
                e.groupScales(),
                e.innerBits(),
                e.outerBits(),
                e.packing(),
                e.planes(),
                activations);
        String weights = format == WeightFormat.TERNARY || format instanceof MixedFormat
                ? format.optionName()
                : "W" + format.planes();
        return new EngineSetup(
                "%s %s A%d%s".formatted(kind, weights, activationBits, group == 0 ? "" : " g" + group),
                new Machine(engine, s.bus(), s.buffers(), s.queueDepth(), s.counters()),
                new Quantization(format, group, head, activations));
    }

    @Override
    public String toString() {
        return name;
    }
}
