// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream;

import static dev.lutra.hdl.Hdl.bits;
import static dev.lutra.hdl.Hdl.uint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.gen.GeneratedDesign;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.hdl.lib.AsyncFifo;
import dev.lutra.hdl.lib.WordSync;
import dev.lutra.hdl.lib.arith.BoothMultiplier;
import dev.lutra.hdl.lib.arith.CompressorTree;
import dev.lutra.hdl.lib.arith.Tree;
import dev.lutra.hdl.lib.logic.Counter;
import dev.lutra.hdl.lib.logic.Lfsr;
import dev.lutra.hdl.lib.logic.OneHotDecoder;
import dev.lutra.hdl.lib.logic.OneHotEncoder;
import dev.lutra.hdl.lib.logic.PriorityEncoder;
import dev.lutra.hdl.lib.registers.AxiLiteSlave;
import dev.lutra.hdl.lib.stream.SkidBuffer;
import dev.lutra.hdl.lib.stream.StreamArbiter;
import dev.lutra.hdl.lib.stream.StreamDemultiplexer;
import dev.lutra.hdl.lib.stream.StreamFifo;
import dev.lutra.hdl.lib.stream.StreamNarrower;
import dev.lutra.hdl.lib.stream.StreamWidener;
import dev.lutra.hdl.stats.Estimate;
import dev.lutra.hdl.stats.ModuleStatistics;
import dev.lutra.hdl.stats.Statistics;
import dev.lutra.hdl.stats.Target;
import dev.lutra.machine.Machine;
import dev.lutra.pe.systolic.SystolicArray;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Estimates beside what Yosys makes of the same modules; prints the table of docs/hdl/statistics.md and holds the bands stated there. */
class EstimatesIT {
    @TempDir
    private Path directory;

    @BeforeAll
    static void needsYosys() {
        boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "yosys")));
        assumeTrue(found, "yosys is not installed");
    }

    private static Map<String, Circuit> library() {
        var roundRobin = new StreamArbiter.Params(4, StreamArbiter.Order.ROUND_ROBIN, false);
        Map<String, Supplier<Module>> modules = new LinkedHashMap<>();
        modules.put("StreamFifo 12 x 8", () -> new StreamFifo<>(uint(12), 8));
        modules.put("StreamFifo 32 x 64", () -> new StreamFifo<>(uint(32), 64));
        modules.put("StreamFifo 32 x 1024", () -> new StreamFifo<>(uint(32), 1024));
        modules.put("SkidBuffer 32", () -> new SkidBuffer<>(uint(32)));
        modules.put("StreamArbiter 4 x 32", () -> new StreamArbiter<>(uint(32), roundRobin));
        modules.put("StreamDemultiplexer 4 x 32", () -> new StreamDemultiplexer<>(uint(32), 4));
        modules.put("StreamWidener 8 to 32", () -> new StreamWidener(new StreamWidener.Params(8, 4)));
        modules.put("StreamNarrower 32 to 8", () -> new StreamNarrower(new StreamNarrower.Params(8, 4)));
        modules.put(
                "CompressorTree 16 x 16",
                () -> new CompressorTree(new CompressorTree.Params(16, 16, 20, Tree.WALLACE)));
        modules.put("BoothMultiplier 8 x 8", () -> new BoothMultiplier(new BoothMultiplier.Params(8, 8, Tree.WALLACE)));
        modules.put("Counter modulo 1000", () -> Counter.modulo(1000));
        modules.put("Lfsr 16", () -> new Lfsr(new Lfsr.Params(16, 1)));
        modules.put("PriorityEncoder 16", () -> new PriorityEncoder(16));
        modules.put("OneHotEncoder 16", () -> new OneHotEncoder(16));
        modules.put("OneHotDecoder 16", () -> new OneHotDecoder(16));
        modules.put("AxiLiteSlave", () -> new AxiLiteSlave(8));
        modules.put("AsyncFifo 32 x 16", () -> new AsyncFifo<>(bits(32), new AsyncFifo.Params(16, ResetKind.SYNC)));
        modules.put("WordSync 32", () -> new WordSync<>(bits(32), new WordSync.Params(ResetKind.SYNC)));
        modules.put("SystolicArray 4 x 4", () -> new SystolicArray(new SystolicArray.Params(4, 8, 32)));
        Map<String, Circuit> circuits = new LinkedHashMap<>();
        modules.forEach((name, module) ->
                circuits.put(name, dev.lutra.hdl.Circuit.of(module::get).circuit()));
        return circuits;
    }

    private static Map<String, Circuit> accelerators() {
        return Map.of(
                "accelerator, small",
                GeneratedDesign.of(Machine.smallest()).elaboration().circuit(),
                "accelerator, default",
                GeneratedDesign.of(Machine.standard()).elaboration().circuit());
    }

    private record Row(String name, Estimate estimate, Estimate synthesis) {}

    private List<Row> rows(Map<String, Circuit> designs, Target target) throws IOException, InterruptedException {
        List<Estimate> synthesis = YosysCells.synthesise(List.copyOf(designs.values()), target, directory);
        List<Row> rows = new ArrayList<>();
        for (var design : designs.entrySet()) {
            Estimate sum = Estimate.NONE;
            for (ModuleStatistics module : Statistics.of(design.getValue()).modules()) {
                sum = sum.plus(module.estimates().getOrDefault(target, Estimate.NONE));
            }
            Row row = new Row(design.getKey(), sum, synthesis.get(rows.size()));
            rows.add(row);
            System.out.println("| %s | %s | %d / %d | %d / %d | %d / %d | %d / %d |"
                    .formatted(
                            row.name,
                            target.id(),
                            sum.luts(),
                            row.synthesis.luts(),
                            sum.flipFlops(),
                            row.synthesis.flipFlops(),
                            sum.dsps(),
                            row.synthesis.dsps(),
                            sum.blockRams(),
                            row.synthesis.blockRams()));
        }
        return rows;
    }

    private static void within(String what, long estimate, long synthesis, double share, long slack) {
        double most = share * synthesis + slack;
        assertThat((double) Math.abs(estimate - synthesis))
                .as("%s: estimated %d, synthesised %d", what, estimate, synthesis)
                .isLessThanOrEqualTo(most);
    }

    @ParameterizedTest
    @EnumSource(Target.class)
    void libraryModulesAreWithinTheirBands(Target target) throws IOException, InterruptedException {
        // A third of a minute and a half of synthesis.
        assumeTrue(target != Target.ECP5 || Boolean.getBoolean("lutra.deep"), "skipped without --deep");
        Estimate estimates = Estimate.NONE;
        Estimate synthesis = Estimate.NONE;
        for (Row row : rows(library(), target)) {
            String what = row.name + " on " + target.id();
            assertThat(row.estimate.dsps()).as(what).isEqualTo(row.synthesis.dsps());
            assertThat(row.estimate.blockRams()).as(what).isEqualTo(row.synthesis.blockRams());
            within(what + ", flip-flops", row.estimate.flipFlops(), row.synthesis.flipFlops(), 0.05, 6);
            if (!row.name.startsWith("StreamNarrower")) { // stated in the page as an exception
                within(what + ", LUTs", row.estimate.luts(), row.synthesis.luts(), 0.35, 4);
            }
            estimates = estimates.plus(row.estimate);
            synthesis = synthesis.plus(row.synthesis);
        }
        within("all LUTs on " + target.id(), estimates.luts(), synthesis.luts(), 0.25, 0);
        within("all flip-flops on " + target.id(), estimates.flipFlops(), synthesis.flipFlops(), 0.03, 0);
    }

    /** Minutes of synthesis. */
    @ParameterizedTest
    @EnumSource(Target.class)
    void acceleratorsAreWithinTheirBands(Target target) throws IOException, InterruptedException {
        assumeTrue(Boolean.getBoolean("lutra.deep"), "skipped without --deep");
        for (Row row : rows(accelerators(), target)) {
            String what = row.name + " on " + target.id();
            assertThat(row.estimate.dsps()).as(what).isEqualTo(row.synthesis.dsps());
            assertThat(row.estimate.blockRams()).as(what).isEqualTo(row.synthesis.blockRams());
            within(what + ", flip-flops", row.estimate.flipFlops(), row.synthesis.flipFlops(), 0.05, 0);
            within(what + ", LUTs", row.estimate.luts(), row.synthesis.luts(), 0.25, 0);
        }
    }
}
