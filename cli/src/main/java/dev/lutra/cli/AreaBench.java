// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.bitstream.area.AreaEngine;
import dev.lutra.bitstream.area.AreaPoint;
import dev.lutra.bitstream.area.AreaRow;
import dev.lutra.bitstream.area.AreaSearch;
import dev.lutra.bitstream.area.AreaTarget;
import dev.lutra.bitstream.area.ChainArea;
import dev.lutra.bitstream.area.SerialArea;
import dev.lutra.bitstream.area.Synthesis;
import dev.lutra.bitstream.area.VectorArea;
import dev.lutra.bitstream.area.Yosys;
import dev.lutra.hdl.Circuit;
import dev.lutra.machine.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code lutra bench area}: area and worst path of engines that do the same work. */
final class AreaBench {

    @Option(
            names = "--liberty",
            paramLabel = "FILE",
            description = "area, model: Liberty file of standard cells; without one they are left out.")
    private @Nullable Path liberty;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            split = ",",
            description = "area: only these engines; model: bitserial.")
    private List<String> names = List.of();

    @Option(
            names = "--weights",
            paramLabel = "W",
            split = ",",
            description = "area: only these widths of weights: 1, 2, 3, 4, 8, ternary.")
    private List<String> weights = List.of();

    @Option(
            names = "--target",
            paramLabel = "TARGET",
            split = ",",
            description = "area, model: only these targets: lut6, ice40, cells.")
    private List<String> targets = List.of();

    @Option(
            names = "--explore",
            description =
                    "area: look for the best table array of each target instead: rows, columns, activations per table, tables per "
                            + "sum and their storage at constant work, W = 2. Prints it with its neighbours.")
    private boolean explore;

    @Option(
            names = "--chains",
            description =
                    "area: chains of DSP blocks instead, beside one product per multiplier from the same generator: DSP blocks and LUTs per "
                            + "product, cascade connections in the netlist, and what Yosys could not pack.")
    private boolean chains;

    @Option(
            names = "--vector",
            description =
                    "area: the vector unit instead, 1, 4 and 16 lanes, with its DSP blocks and block RAMs; docs/engines/vector.md.")
    private boolean vector;

    boolean chains() {
        return chains;
    }

    boolean vector() {
        return vector;
    }

    /** The vector unit. */
    List<VectorArea> measureVector(Consumer<String> progress) {
        requireLiberty();
        try {
            return VectorArea.measure(yosys(), asked(), progress);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Chains of DSP blocks and their rivals. */
    List<ChainArea> measureChains(Consumer<String> progress) {
        try {
            return ChainArea.measure(yosys(), progress);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    List<AreaRow> measure(Consumer<String> progress) {
        requireLiberty();
        List<AreaEngine> engines = AreaEngine.all();
        known("engine", names, engines.stream().map(AreaEngine::name).distinct().toList());
        known(
                "width of weights",
                weights,
                engines.stream().map(AreaEngine::weights).distinct().toList());
        Set<AreaTarget> asked = asked();
        Yosys yosys = yosys();
        if (explore) return explore(asked, yosys, progress);
        var chosen = engines.stream()
                .filter(engine -> asked.contains(engine.target())
                        && (names.isEmpty() || names.contains(engine.name()))
                        && (weights.isEmpty() || weights.contains(engine.weights())))
                .toList();
        if (chosen.isEmpty()) {
            throw UserException.badInput(
                    "there is nothing to measure: none of these engines is built for these weights on "
                            + asked.stream().map(AreaTarget::id).collect(Collectors.joining(", ")),
                    "docs/engines/lut.md has the table of engines, weights and targets.");
        }
        List<AreaRow> rows = new ArrayList<>();
        for (AreaEngine engine : chosen) {
            AreaTarget target = engine.target();
            progress.accept("synthesising " + engine.name() + ", weights " + engine.weights() + ", " + target.id());
            try {
                rows.add(new AreaRow(engine, synthesis(yosys, engine)));
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
        return rows;
    }

    private void requireLiberty() {
        if (liberty != null && !Files.isRegularFile(liberty)) {
            throw UserException.badInput("there is no Liberty file " + liberty, "Check its path.");
        }
    }

    /** Areas of the bit-serial tile, for {@code lutra bench model}. */
    SerialArea serial(Consumer<String> progress) {
        known("engine with a model of cycles", names, List.of("bitserial"));
        if (targets.size() > 1) {
            throw UserException.badInput("--target has " + targets.size() + " targets", "Choose one.");
        }
        AreaTarget target =
                !targets.isEmpty() ? asked().iterator().next() : liberty == null ? AreaTarget.LUT6 : AreaTarget.CELLS;
        try {
            return SerialArea.measure(yosys(), target, progress);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private Yosys yosys() {
        return new Yosys(CacheFolder.of("area"), liberty, System.getenv().getOrDefault("PATH", ""));
    }

    private Set<AreaTarget> asked() {
        var asked = EnumSet.noneOf(AreaTarget.class);
        for (String target : targets) {
            asked.add(AreaTarget.of(target)
                    .orElseThrow(() -> unknown(
                            "target",
                            target,
                            Stream.of(AreaTarget.values()).map(AreaTarget::id).toList())));
        }
        if (targets.isEmpty()) {
            asked.addAll(
                    liberty == null
                            ? EnumSet.complementOf(EnumSet.of(AreaTarget.CELLS))
                            : EnumSet.allOf(AreaTarget.class));
        }
        return asked;
    }

    private static Synthesis synthesis(Yosys yosys, AreaEngine engine) throws InterruptedException {
        return yosys.synthesise(Circuit.of(engine.design()).circuit(), engine.target(), engine.repeat());
    }

    private static UserException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new UserException(UserException.Kind.TOOL, "interrupted", null, e);
    }

    private static List<AreaRow> explore(Set<AreaTarget> targets, Yosys yosys, Consumer<String> progress) {
        List<AreaRow> rows = new ArrayList<>();
        for (AreaTarget target : targets) {
            try {
                rows.addAll(AreaSearch.from(AreaPoint.standard(target), point -> {
                    var engine = point.engine();
                    progress.accept("synthesising " + engine.name() + ", " + target.id());
                    return synthesis(yosys, engine);
                }));
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
        return rows;
    }

    private static void known(String what, List<String> asked, List<String> all) {
        for (String name : asked) {
            if (!all.contains(name)) throw unknown(what, name, all);
        }
    }

    private static UserException unknown(String what, String name, List<String> all) {
        return UserException.badInput(
                "there is no " + what + " '" + name + "'", "Known: " + String.join(", ", all) + ".");
    }

    static Map<String, Object> json(AreaRow row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("engine", row.engine().name());
        json.put("weights", row.engine().weights());
        json.put("activations", row.engine().activations());
        json.put("target", row.engine().target().id());
        json.put("area", row.synthesis().area());
        json.put("path_ps", row.synthesis().pathPs());
        json.put("products_per_cycle", row.engine().productsPerCycle());
        json.put("area_cycles_per_product", row.areaCyclesPerProduct());
        return json;
    }

    /**
     * Rows of one target, width and kind of activations together, each with its ratio to the best engine with tables among them: of a rival, what the table is
     * ahead by. Without such an engine, to the best one.
     */
    static String table(List<AreaRow> rows) {
        var table = new StringBuilder();
        table.append("%-6s %-8s %-32s %15s %10s %8s %10s %12s %8s%n"
                .formatted(
                        "target",
                        "weights",
                        "engine",
                        "area",
                        "registers",
                        "path ps",
                        "products",
                        "area cycles",
                        "to best"));
        table.append("%90s %12s %8s%n".formatted("per cycle", "per product", "table"));
        var groups = rows.stream()
                .collect(Collectors.groupingBy(
                        row -> row.engine().target().id() + " " + row.engine().weights() + " "
                                + row.engine().activations(),
                        LinkedHashMap::new,
                        Collectors.toList()));
        for (List<AreaRow> group : groups.values()) {
            boolean any = group.stream().anyMatch(row -> row.engine().ours());
            double best = group.stream()
                    .filter(row -> row.engine().ours() || !any)
                    .mapToDouble(AreaRow::areaCyclesPerProduct)
                    .min()
                    .orElseThrow();
            for (AreaRow row : group) {
                table.append("%-6s %-8s %-32s %15s %10d %8.0f %10.1f %12.2f %8.2f%n"
                        .formatted(
                                row.engine().target().id(),
                                row.engine().weights(),
                                row.engine().name(),
                                "%.0f %s"
                                        .formatted(
                                                row.synthesis().area(),
                                                row.engine().target().unit()),
                                row.synthesis().flipFlops(),
                                row.synthesis().pathPs(),
                                row.engine().productsPerCycle(),
                                row.areaCyclesPerProduct(),
                                row.areaCyclesPerProduct() / best));
            }
        }
        return table.toString();
    }
}
