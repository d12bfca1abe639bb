// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.machine.Buffers;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.VectorShape;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.RopePairing;
import dev.lutra.map.quant.KvFormat;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.verify.RandomDecoder;
import java.util.List;
import java.util.function.Supplier;

/**
 * A model on a machine.
 *
 * @param model its name
 * @param weights how they are stored, and keys and values where these are codes
 * @param load reads or makes it
 * @param memory timing; its size is what the model needs
 * @param positions of the steps, ascending
 */
record StepCase(
        String model,
        String weights,
        Supplier<QuantizedModel> load,
        Machine machine,
        MemoryConfig memory,
        List<Integer> positions) {

    private static final int LATENCY = 40;

    /** As the config of its checkpoint has them. */
    private static final LlamaConfig STORIES =
            new LlamaConfig(64, 172, 5, 8, 4, 8, 512, 512, 10_000, RopePairing.ADJACENT, 1e-5f, true, 1, List.of(1, 2));

    /** One layer of LLaMA-2-7B (arXiv 2307.09288) between a small vocabulary: its head takes as long as 0.1 % of the layer. */
    private static final LlamaConfig LLAMA = new LlamaConfig(
            4096, 11_008, 1, 32, 32, 128, 32, 513, 10_000, RopePairing.HALF_SPLIT, 1e-5f, false, 1, List.of());

    static List<StepCase> all() {
        return List.of(
                stories(vectors(Machine.standard(), 4), KvFormat.FLOAT),
                stories(vectors(Machine.standard(), 4), KvFormat.FP16),
                stories(vectors(Machine.standard(), 4), KvFormat.INT8),
                stories(machine(64, 16, 8, 32_768, 2048, 16), KvFormat.FLOAT),
                stories(machine(64, 16, 8, 32_768, 2048, 16), KvFormat.FP16),
                stories(machine(64, 16, 8, 32_768, 2048, 16), KvFormat.INT8),
                pocket(vectors(Machine.standard(), 4)),
                pocket(machine(64, 16, 8, 32_768, 1024, 16)),
                llama(WeightFormat.INT4, 128, KvFormat.FLOAT),
                llama(WeightFormat.INT4, 128, KvFormat.INT8),
                llama(WeightFormat.TERNARY, 0, KvFormat.FLOAT),
                llama(WeightFormat.TERNARY, 0, KvFormat.FP16),
                llama(WeightFormat.TERNARY, 0, KvFormat.INT8));
    }

    /** @param kv format of keys and values */
    static StepCase stories(Machine machine, KvFormat kv) {
        return new StepCase(
                "stories260K",
                "int4 g32" + text(kv),
                () -> new QuantizedModel(
                        RandomDecoder.of("stories260K", STORIES, false, 1),
                        new Quantization(WeightFormat.INT4, 32, Quantization.Head.INT8).withKv(kv)),
                machine,
                MemoryConfig.of(1, LATENCY),
                List.of(0, 64, 511));
    }

    static StepCase pocket(Machine machine) {
        return new StepCase(
                "pocket-bitnet",
                "ternary",
                () -> new QuantizedModel(
                        Checkpoint.open(BundledModel.unpacked()).model(),
                        new Quantization(WeightFormat.TERNARY, 0, Quantization.Head.INT8)),
                machine,
                MemoryConfig.of(1, LATENCY),
                List.of(0, 64, 255));
    }

    private static String text(KvFormat kv) {
        return kv == KvFormat.FLOAT ? "" : ", kv " + kv.optionName();
    }

    private static StepCase llama(WeightFormat format, int group, KvFormat kv) {
        return new StepCase(
                "LLaMA-2-7B, a layer",
                format.optionName() + (group == 0 ? "" : " g" + group) + text(kv),
                () -> new QuantizedModel(
                        RandomDecoder.of("layer", LLAMA, format == WeightFormat.TERNARY, 1),
                        new Quantization(format, group, Quantization.Head.INT8).withKv(kv)),
                large(),
                MemoryConfig.of(1, LATENCY).withDram(MemoryConfig.Dram.DDR4),
                List.of(0, 512));
    }

    /** A bus of 512 bits, and an engine that takes twice as many weights a cycle as it brings. */
    private static Machine large() {
        Engine e = Machine.standard().engine();
        return new Machine(
                new Engine(e.kind(), 1, 64, e.g(), e.t(), 8, true, 32, 48),
                new Bus(Bus.Kind.AXI4, 512, 32, 64, 16),
                new Buffers(262_144, 65_536, 16_384, 16_384, 16_384),
                new VectorShape(32, 4096),
                16,
                true,
                0);
    }

    /** As {@code lutra gen --lanes} makes it. */
    private static Machine vectors(Machine s, int lanes) {
        Buffers b = s.buffers();
        return new Machine(
                s.engine(),
                s.bus(),
                new Buffers(b.weightRing(), b.scaleRing(), b.activationHalf(), b.outputHalf(), 8192),
                new VectorShape(lanes, 1024),
                s.queueDepth(),
                s.counters(),
                0);
    }

    /** One whose engine takes weights faster than they come, and whose rings hold what comes while it waits. */
    static Machine machine(int bus, int columns, int lanes, int ring, int scaleRing, int queue) {
        Machine s = Machine.standard();
        Engine e = s.engine();
        Engine engine = new Engine(e.kind(), 1, columns, e.g(), e.t(), 8, true, 32, 48);
        Buffers b = s.buffers();
        return new Machine(
                engine,
                new Bus(Bus.Kind.AXI4, bus, 32, 64, 8),
                new Buffers(ring, scaleRing, b.activationHalf(), Math.max(b.outputHalf(), 4096), 8192),
                new VectorShape(lanes, 1024),
                queue,
                true,
                0);
    }

    /** Engine with columns and activations of a slot, bits of the bus, lanes of VEC, bytes of the rings of weights and scales, instructions in front of a unit. */
    String machineText() {
        Engine e = machine.engine();
        Buffers b = machine.buffers();
        return "%s %dx%d, bus %d, VEC %d, rings %d+%d, queues %d"
                .formatted(
                        e.kind(),
                        e.n(),
                        e.step(),
                        machine.bus().dataBits(),
                        machine.vector().lanes(),
                        b.weightRing(),
                        b.scaleRing(),
                        machine.queueDepth());
    }
}
