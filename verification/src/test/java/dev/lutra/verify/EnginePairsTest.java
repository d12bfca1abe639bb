// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Buffers;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Tables;
import dev.lutra.machine.UserException;
import dev.lutra.machine.WeightPacking;
import dev.lutra.pe.MatrixEngine;
import dev.lutra.pe.MatrixEngines;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.junit.Pairwise;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Options of the accelerator's engines together: every pair of values in normal runs, the full product in deep ones; what is refused, for its reason. */
class EnginePairsTest {
    private static final List<MatrixEngine> ENGINES = TestedEngines.all();
    private static final List<String> NAMES =
            ENGINES.stream().map(MatrixEngine::name).toList();

    private static final List<List<?>> OPTIONS = List.of(
            NAMES,
            List.of(1, 2), // rows
            List.of(4, 8), // columns
            List.of(2, 3, 4, 5, 6), // table
            List.of(1, 3), // tables
            List.of(1, 2, 4, 8), // planes
            List.of(0, 4, 7), // blocks for which tables stay; 0: new in every slot
            List.of(false, true), // entries of tables in 8 bits
            List.of(0, 2), // columns that share a precompute; 0: all
            List.of(1, 2, 8), // bits of the widest weights
            List.of(ActivationType.INT5, ActivationType.INT8, ActivationType.INT16, ActivationType.FP16),
            List.of(0, 1, 40), // elements of a scale group, one being the least; 0: no group scales
            List.of(32, 64), // bits of the bus
            List.of(false, true)); // ternary weights packed

    /** Where options of tables are, those of other engines and of tables stand apart, so that the product stays small. */
    private static final List<List<?>> LUT_OPTIONS = List.of(
            List.of("lut-int"),
            OPTIONS.get(1),
            List.of(8),
            OPTIONS.get(3),
            OPTIONS.get(4),
            List.of(1, 2, 8),
            OPTIONS.get(6),
            OPTIONS.get(7),
            OPTIONS.get(8),
            List.of(1, 8),
            List.of(ActivationType.INT8),
            List.of(0, 40),
            List.of(32),
            OPTIONS.get(13));

    /** What is refused of the options of tables does not depend on the others. */
    private static final List<List<?>> REFUSED_TABLES = List.of(
            List.of("lut-int", "adders"),
            List.of(1),
            List.of(4),
            List.of(4),
            OPTIONS.get(4),
            List.of(1),
            OPTIONS.get(6),
            OPTIONS.get(7),
            List.of(0, 2, 3),
            List.of(8),
            List.of(ActivationType.INT8),
            OPTIONS.get(11),
            List.of(32),
            List.of(false));

    private static final List<List<?>> WITHOUT_TABLES = IntStream.range(0, OPTIONS.size())
            .mapToObj(i -> i >= 6 && i <= 8 ? OPTIONS.get(i).subList(0, 1) : OPTIONS.get(i))
            .toList();

    /** A group's elements are no part of a machine. */
    private static final List<List<?>> REFUSED_ENGINES = IntStream.range(0, OPTIONS.size())
            .mapToObj(i -> i == 11 ? List.of(0, 40) : WITHOUT_TABLES.get(i))
            .toList();

    private static final Pairwise ENGINE_COMBINATIONS = new Pairwise(WITHOUT_TABLES, EnginePairsTest::accepted);
    private static final Pairwise TABLE_COMBINATIONS = new Pairwise(LUT_OPTIONS, EnginePairsTest::accepted);

    /** Why combinations are refused. Each must occur, and no other may. */
    private static final List<String> REASONS = List.of(
            "takes 1 plane a slot, not [248]",
            "takes 2 to 8 planes a slot, not 1",
            "takes 2 bits of each code a slot, so engine.planes must be 2, not [148]",
            "is two's complement, so engine.maxBits must be 2 to 8, not 1",
            "has no tables with options: blocks, quantised and unit of engine.tables must be 0, false and 0, not ., (true|false) and .",
            "has 4 columns, of which a precompute for 3 each cannot be: engine.tables.unit must divide engine.n",
            "ends the groups of its blocks one slot apart or a few while tables stay, and a group's scale takes eight",
            "has three weights in a code, so engine.g must be 3, not [2456]",
            "takes ternary weights in one pass: engine.planes and engine.maxBits must be 2, not . and .",
            "a weight word has \\d+ bits, which is no multiple of bus.dataBits = (32|64)",
            "ternary weights are decoded to both planes at once, so engine.planes must be 2, not [148]",
            "ternary weights have two planes, so engine.maxBits must be 2 to 8, not 1",
            "ternary weights are decoded to both planes at once, the engine takes one plane of all steps after the other",
            "ternary weights have 5 bits for three already",
            "activations have 16 bits, it takes up to 8",
            "ternary weights are whole integers to chains",
            "takes an even number of activations a slot, not (3|5|9|15)",
            "has no group scales, so engine.groupScales must be false",
            "takes weights whole, so engine.planes must be engine.maxBits, not . and .",
            "it takes 8 planes a slot, not [24]: engine mac takes fewer",
            "18 activations a slot take 8 stages to add up, with group scales there are at most 7");

    static List<String> names() {
        return NAMES;
    }

    private static MatrixEngine engine(List<Object> row) {
        return ENGINES.get(NAMES.indexOf(row.get(0)));
    }

    private static Machine machine(List<Object> row) {
        boolean scaled = (int) row.get(11) > 0;
        return new Machine(
                new Engine(
                        (String) row.get(0),
                        (int) row.get(1),
                        (int) row.get(2),
                        (int) row.get(3),
                        (int) row.get(4),
                        (int) row.get(9),
                        scaled,
                        32,
                        48,
                        engine(row).packing(),
                        (int) row.get(5),
                        (ActivationType) row.get(10),
                        new Tables((int) row.get(6), (boolean) row.get(7), (int) row.get(8)),
                        (boolean) row.get(13),
                        false),
                new Bus(Bus.Kind.AXI4, (int) row.get(12), 32, 16, 4),
                new Buffers(4096, scaled || engine(row).packing() == WeightPacking.CHAINS ? 256 : 0, 2048, 1024, 4096),
                2,
                true);
    }

    /** What engines refuse beyond their packing is written down, since asking them would make their hardware. */
    private static boolean accepted(List<Object> row) {
        try {
            Engine e = machine(row).engine();
            boolean slow = e.packing() == WeightPacking.DIGITS && e.planes() == 8 && e.step() > 16 && e.groupScales();
            boolean wide = e.activations().bytes() > 1;
            boolean narrow = !e.kind().equals(Engine.LUT_INT) || !e.tables().equals(Tables.REGISTERS);
            return !slow && !(wide && narrow) && (!e.kind().equals("mac-int8") || e.planes() == 8);
        } catch (UserException refused) {
            return false;
        }
    }

    @Test
    void everyPairOfOptions() {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        var random = new Random(seed);
        List<List<Object>> rows = new ArrayList<>(ENGINE_COMBINATIONS.pairs(random));
        rows.addAll(TABLE_COMBINATIONS.pairs(random, rows));
        BitSet possible = pairs(allCombinations());
        BitSet met = pairs(rows.stream());
        assertThat(met.cardinality())
                .as("pairs of %d machines, -Dlutra.seed=%d", rows.size(), seed)
                .isEqualTo(possible.cardinality());
        check(rows, seed);
    }

    private static Stream<List<Object>> allCombinations() {
        return Stream.of(ENGINE_COMBINATIONS, TABLE_COMBINATIONS).flatMap(combinations -> combinations.all().stream());
    }

    /** Pairs of values of two options that stand together in a row, as numbers. */
    private static BitSet pairs(Stream<List<Object>> rows) {
        var pairs = new BitSet();
        rows.forEach(row -> {
            int[] values = IntStream.range(0, row.size())
                    .map(i -> 16 * i + OPTIONS.get(i).indexOf(row.get(i)))
                    .toArray();
            for (int i = 0; i < values.length; i++) {
                for (int j = 0; j < i; j++) pairs.set(16 * OPTIONS.size() * values[i] + values[j]);
            }
        });
        return pairs;
    }

    /** Of 8 columns and a bus of 32 bits: what these change meets all else in pairs. */
    @ParameterizedTest
    @MethodSource("names")
    @EnabledIfSystemProperty(named = "lutra.deep", matches = "true", disabledReason = "deep runs only")
    void everyCombinationOfOptions(String name) {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        check(
                allCombinations()
                        .filter(row -> row.get(0).equals(name)
                                && row.get(2).equals(8)
                                && row.get(12).equals(32))
                        .toList(),
                seed);
    }

    private static void check(List<List<Object>> rows, long seed) {
        var random = new Random(seed);
        for (List<Object> row : rows) {
            try {
                EngineContract.check(machine(row), EngineKind.EMBEDDED, Math.max(1, (int) row.get(11)), 1, random);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(row + ", -Dlutra.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }

    @Test
    void whatIsRefusedIsRefusedForItsReason() {
        Set<String> seen = new HashSet<>();
        Set<String> messages = new HashSet<>();
        Map<Engine, String> cores = new HashMap<>();
        List<List<Object>> refused = new ArrayList<>();
        for (List<List<?>> options : List.of(REFUSED_TABLES, REFUSED_ENGINES)) {
            refused.addAll(new Pairwise(options, row -> !accepted(row)).all());
        }
        for (List<Object> row : refused) {
            String message = refusal(row, cores);
            if (!messages.add(message)) continue;
            List<String> reasons = REASONS.stream()
                    .filter(reason -> Pattern.compile(reason).matcher(message).find())
                    .toList();
            assertThat(reasons).as("%s: %s", row, message).isNotEmpty();
            assertThat(message.lines().filter(line -> line.startsWith("  ")).count())
                    .as("%s: %s", row, message)
                    .isLessThanOrEqualTo(reasons.size());
            seen.addAll(reasons);
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(REASONS);
    }

    /** What a machine is refused for, or, once for each engine, its core. */
    private static String refusal(List<Object> row, Map<Engine, String> cores) {
        try {
            return cores.computeIfAbsent(machine(row).engine(), engine -> refusal(row, engine));
        } catch (UserException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    private static String refusal(List<Object> row, Engine engine) {
        try {
            Circuit.of(() -> MatrixEngines.core(engine));
            throw new AssertionError(row + " is not refused");
        } catch (UserException refused) {
            return String.valueOf(refused.getMessage());
        }
    }
}
