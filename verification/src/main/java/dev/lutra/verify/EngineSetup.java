// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Buffers;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Tables;
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

    private static final Tables STAYING = new Tables(32, false, 0);
    private static final Tables ROUNDED = new Tables(0, true, 0);

    /** The LUT tensor core, ternary tables and the rivals. */
    public static List<EngineSetup> all() {
        return List.of(
                of(Engine.LUT_INT, ActivationType.INT8, WeightFormat.INT4, 32, Quantization.Head.INT8),
                of(Engine.LUT_INT, ActivationType.INT8, WeightFormat.TERNARY, 0, Quantization.Head.INT8),
                tables("stay", STAYING, WeightFormat.INT4, 0),
                tables("stay", STAYING, WeightFormat.TERNARY, 0),
                tables("8-bit tables", ROUNDED, WeightFormat.INT4, 32),
                tables("8-bit tables", ROUNDED, WeightFormat.TERNARY, 0),
                packedTernary(),
                of(Engine.LUT_INT, ActivationType.INT8, MixedFormat.INT4_ASYM, 32, Quantization.Head.INT8),
                of(Engine.LUT_INT, ActivationType.INT16, WeightFormat.INT4, 32, Quantization.Head.INT8),
                of(Engine.LUT_INT, ActivationType.FP16, WeightFormat.INT4, 32, Quantization.Head.INT8),
                of("lut-ternary", ActivationType.INT8, WeightFormat.TERNARY, 0, Quantization.Head.FLOAT),
                of("adders", ActivationType.INT8, WeightFormat.INT4, 32, Quantization.Head.INT8),
                of("mac", ActivationType.INT8, WeightFormat.INT4, 32, Quantization.Head.INT8),
                of("mac-int8", ActivationType.INT8, WeightFormat.INT4, 32, Quantization.Head.INT8),
                of("bitplane", ActivationType.INT8, WeightFormat.INT4, 32, Quantization.Head.INT8),
                of("bitplane", ActivationType.INT6, WeightFormat.INT6, 32, Quantization.Head.INT8),
                of("bipolar", ActivationType.INT8, WeightFormat.INT4, 32, Quantization.Head.INT8),
                of("bipolar", ActivationType.INT6, WeightFormat.INT6, 32, Quantization.Head.INT8),
                of("bitserial", ActivationType.INT8, MixedFormat.BITMOD4, 32, Quantization.Head.INT8),
                of("bitserial", ActivationType.INT8, MixedFormat.BITMOD3, 32, Quantization.Head.INT8),
                of("bitserial", ActivationType.INT8, MixedFormat.INT4_ASYM, 32, Quantization.Head.INT8));
    }

    /** The LUT tensor core with other tables; where these stay, with scales per row alone. */
    private static EngineSetup tables(String what, Tables tables, WeightFormat format, int group) {
        Machine s = Machine.standard();
        Engine e = s.engine();
        Engine engine = new Engine(
                e.kind(),
                e.m(),
                e.n(),
                e.g(),
                e.t(),
                e.maxBits(),
                !tables.stay(),
                e.innerBits(),
                tables.stay() ? e.innerBits() : e.outerBits(),
                e.packing(),
                e.planes(),
                e.activations(),
                tables,
                false,
                false);
        Buffers b = s.buffers();
        int scaleRing = tables.stay() ? 0 : b.scaleRing();
        return new EngineSetup(
                "%s %s %s A8%s".formatted(e.kind(), what, weights(format), group == 0 ? "" : " g" + group),
                new Machine(
                        engine,
                        s.bus(),
                        new Buffers(b.weightRing(), scaleRing, b.activationHalf(), b.outputHalf(), b.program()),
                        s.queueDepth(),
                        s.counters()),
                new Quantization(format, group, Quantization.Head.INT8).withActivations(e.activations()));
    }

    /** Both planes a slot, so that five trits of a byte are decoded to words as they come. */
    private static EngineSetup packedTernary() {
        Machine s = Machine.standard();
        Engine e = s.engine();
        Engine engine = new Engine(
                e.kind(),
                e.m(),
                e.n(),
                e.g(),
                e.t() / 2,
                e.maxBits(),
                e.groupScales(),
                e.innerBits(),
                e.outerBits(),
                e.packing(),
                2,
                e.activations(),
                e.tables(),
                true,
                false);
        return new EngineSetup(
                "lut-int ternary A8 1.6 bits",
                new Machine(engine, s.bus(), s.buffers(), s.queueDepth(), s.counters()),
                new Quantization(WeightFormat.TERNARY, 0, Quantization.Head.INT8));
    }

    private static String weights(LayerFormat format) {
        return format == WeightFormat.TERNARY || format instanceof MixedFormat
                ? format.optionName()
                : "W" + format.planes();
    }

    private static String name(ActivationType activations) {
        return activations == ActivationType.FP16 ? activations.name() : "A" + activations.bits();
    }

    private static EngineSetup of(
            String kind, ActivationType activations, LayerFormat format, int group, Quantization.Head head) {
        Machine s = Machine.standard();
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
        return new EngineSetup(
                "%s %s %s%s".formatted(kind, weights(format), name(activations), group == 0 ? "" : " g" + group),
                new Machine(engine, s.bus(), s.buffers(), s.queueDepth(), s.counters()),
                new Quantization(format, group, head).withActivations(activations));
    }

    @Override
    public String toString() {
        return name;
    }
}
