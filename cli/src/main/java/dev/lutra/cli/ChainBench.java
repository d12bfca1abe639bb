// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.gen.device.SimulatedDevice;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.stats.ModuleStatistics;
import dev.lutra.hdl.stats.Operator;
import dev.lutra.hdl.stats.Statistics;
import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Buffers;
import dev.lutra.machine.Bus;
import dev.lutra.machine.ChainLayout;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.NmRatio;
import dev.lutra.machine.Unit;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.pe.MatrixEngines;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.session.RunMeter;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * {@code lutra bench chains}: products per DSP block and cycle of every block at INT8 and INT4, dense and N:M, from the counters of the accelerator in the
 * embedded simulator, with every sum compared.
 */
final class ChainBench {
    private static final MemoryConfig MEMORY = MemoryConfig.of(16 << 20, 40);

    /** Inputs of the product. */
    private static final int K = 512;

    /** Tiles of columns. */
    private static final int TILES = 2;

    /** Units of a chain, and the greatest M. */
    private static final int BLOCK = 16;

    /**
     * One product.
     *
     * @param engine by its name
     * @param bits of weights and activations
     * @param rows of activations: 1 is matrix-vector mode, 2 matrix-matrix mode
     * @param ratio of the weights
     * @param blocks DSP blocks of the engine; without primitives multipliers
     * @param products with stored weights
     * @param slots busy cycles of the matrix unit
     * @param cycles from start to done
     * @param fill cycles from the last slot to its sums
     * @param bytes that a weight of the dense matrix takes in memory
     */
    record Row(
            String engine,
            ChainLayout chains,
            int bits,
            int rows,
            NmRatio ratio,
            long blocks,
            long products,
            long slots,
            long cycles,
            int fill,
            double bytes) {

        double perBlock() {
            return (double) products / slots / blocks;
        }

        /** N of M below which a format takes less than dense: an index for every unit of weights. */
        double breakEven(ChainLayout chains) {
            return ratio.m() * bits / (bits + (double) chains.indexBits() / chains.width());
        }
    }

    private ChainBench() {}

    static List<Row> measure(Consumer<String> progress) {
        List<Row> rows = new ArrayList<>();
        for (String engine : List.of("dsp", "dsp48e1", "dsp-mac16", "dsp-portable")) {
            for (int bits : new int[] {8, 4}) {
                for (int m = 1; m <= 2; m++) {
                    // Its two multipliers share one operand: two rows and two columns of INT4 do not fit.
                    if (engine.equals("dsp-mac16") && bits == 4 && m == 2) continue;
                    progress.accept("running %s, INT%d, %d rows".formatted(engine, bits, m));
                    rows.addAll(measure(engine, bits, m));
                }
            }
        }
        return rows;
    }

    private static List<Row> measure(String kind, int bits, int m) {
        Machine machine = machine(kind, bits, m);
        Engine engine = machine.engine();
        ChainLayout chains = Objects.requireNonNull(engine.chains(), "an engine of chains");
        long blocks = blocks(engine);
        int fill = MatrixEngines.of(engine).latency(MatrixEngines.shape(engine), false);
        List<NmRatio> ratios = new ArrayList<>(List.of(NmRatio.DENSE));
        for (int of = 2; of <= chains.block(); of *= 2) {
            for (int n = 1; n < of; n *= 2) ratios.add(new NmRatio(n, of));
        }
        List<Row> rows = new ArrayList<>();
        try (Device device =
                SimulatedDevice.open(machine, EngineKind.EMBEDDED, MEMORY).device()) {
            for (NmRatio ratio : ratios) {
                int n = TILES * engine.n();
                var shape =
                        new SyntheticLayers.Shape(1, n, K, bits == 8 ? WeightFormat.INT8 : WeightFormat.INT4, 0, ratio);
                RunMeter meter = new SyntheticLayers("chains", List.of(shape)).run(device, ran -> ran < 1);
                rows.add(new Row(
                        kind,
                        chains,
                        bits,
                        m,
                        ratio,
                        blocks,
                        (long) n * K * m * ratio.n() / ratio.m(),
                        meter.counters().busy().getOrDefault(Unit.MX, 0L),
                        meter.counters().cycles(),
                        fill,
                        (double) meter.weightBytes() / n / K));
            }
        }
        return rows;
    }

    /** One chain of 16 blocks, on a bus that brings a weight word a cycle. */
    private static Machine machine(String kind, int bits, int m) {
        Machine s = Machine.standard();
        Engine e = MatrixEngines.named(kind).inPlaceOf(s.engine());
        int width = m == 1 || bits == 4 ? 2 : 1;
        Engine engine = new Engine(
                e.kind(),
                m,
                BLOCK * width,
                e.g(),
                e.t(),
                bits,
                false,
                e.innerBits(),
                e.outerBits(),
                e.packing(),
                bits,
                ActivationType.ofBits(bits));
        Bus b = s.bus();
        Buffers buffers = s.buffers();
        return new Machine(
                engine,
                new Bus(b.kind(), engine.wordBytes() * Byte.SIZE, b.addrBits(), b.maxBurst(), b.outstanding()),
                new Buffers(
                        buffers.weightRing(),
                        MachineOptions.scaleRing(buffers, engine),
                        buffers.activationHalf(),
                        buffers.outputHalf(),
                        buffers.program()),
                s.queueDepth(),
                true);
    }

    /** Foreign blocks of an engine, or multiplications where it has none. */
    private static long blocks(Engine engine) {
        var circuit = Circuit.of(() -> MatrixEngines.core(engine)).circuit();
        Map<Module, Integer> multipliers = Statistics.of(circuit).modules().stream()
                .collect(Collectors.toMap(ModuleStatistics::module, s -> s.count(Operator.Kind.MULTIPLIER)));
        return blocks(circuit.top(), multipliers);
    }

    private static long blocks(Module module, Map<Module, Integer> multipliers) {
        if (module.box() != null) {
            return 1;
        }
        return multipliers.getOrDefault(module, 0)
                + module.instances().stream()
                        .mapToLong(instance -> blocks(instance.module(), multipliers))
                        .sum();
    }

    private static List<List<Row>> groups(List<Row> rows) {
        return List.copyOf(rows.stream()
                .collect(Collectors.groupingBy(
                        row -> row.engine() + " " + row.bits() + " " + row.rows(),
                        LinkedHashMap::new,
                        Collectors.toList()))
                .values());
    }

    static Map<String, Object> json(Row row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("engine", row.engine());
        json.put("bits", row.bits());
        json.put("rows", row.rows());
        json.put("ratio", row.ratio().toString());
        json.put("blocks", row.blocks());
        json.put("products", row.products());
        json.put("slots", row.slots());
        json.put("cycles", row.cycles());
        json.put("fill", row.fill());
        json.put("products_per_block_and_slot", row.perBlock());
        json.put("bytes_per_weight", row.bytes());
        return json;
    }

    static String table(List<Row> rows) {
        var table = new StringBuilder("%-13s %-5s %-14s %6s %10s %8s %11s %11s %6s%n"
                .formatted("engine", "", "mode", "blocks", "products", "slots", "products", "N:M, least", "fill"));
        table.append("%69s %11s%n".formatted("a block and", "of all"));
        List<List<Row>> groups = groups(rows);
        for (List<Row> group : groups) {
            Row dense = group.get(0);
            table.append("%-13s %-5s %-14s %6d %10d %8d %11.3f %11.3f %6d%n"
                    .formatted(
                            dense.engine(),
                            "INT" + dense.bits(),
                            dense.rows() == 1 ? "matrix-vector" : "matrix-matrix",
                            dense.blocks(),
                            dense.products(),
                            dense.slots(),
                            dense.perBlock(),
                            group.stream().mapToDouble(Row::perBlock).min().orElseThrow(),
                            dense.fill()));
        }
        for (List<Row> group : groups) {
            Row dense = group.get(0);
            if (dense.engine().equals("dsp") && dense.rows() == 1) {
                table.append(ratios(group, dense));
            }
        }
        return table.toString();
    }

    /** Rows of all ratios; columns share indices in pairs. */
    private static String ratios(List<Row> group, Row dense) {
        var table = new StringBuilder("%n%-6s %-6s %6s %9s %8s %9s %12s %s%n"
                .formatted(
                        "dsp",
                        "INT" + dense.bits(),
                        "slots",
                        "of dense",
                        "cycles",
                        "of dense",
                        "B per weight",
                        "break-even"));
        for (Row row : group) {
            table.append("%-6s %-6s %6d %9.4f %8d %9.4f %12.4f %s%n"
                    .formatted(
                            "",
                            row.ratio().indexed() ? row.ratio() : "dense",
                            row.slots(),
                            (double) row.slots() / dense.slots(),
                            row.cycles(),
                            (double) row.cycles() / dense.cycles(),
                            row.bytes(),
                            row.ratio().indexed()
                                    ? "%5.2f of %d"
                                            .formatted(
                                                    row.breakEven(row.chains()),
                                                    row.ratio().m())
                                    : ""));
        }
        return table.toString();
    }
}
