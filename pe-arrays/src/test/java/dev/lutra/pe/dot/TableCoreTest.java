// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Circuit;
import dev.lutra.pe.Tool;
import dev.lutra.pe.dot.TableOptions.Order;
import dev.lutra.pe.dot.TableOptions.Storage;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.junit.Engines;
import dev.lutra.sim.junit.Pairwise;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every pair of option values in normal runs, every combination in deep ones: results of the model in the cycles of the formula. */
class TableCoreTest {

    private static final List<List<?>> OPTIONS = List.of(
            List.of(1, 2), // m
            List.of(2, 4), // n
            List.of(2, 3, 4, 5, 6), // g
            List.of(1, 2, 3), // t
            List.of(1, 2, 4, 8), // planes
            List.of(Storage.values()),
            List.of(Order.values()),
            List.of(8, 16), // activation bits
            List.of(false, true), // quantised
            List.of(false, true), // least first
            List.of(false, true), // zero points
            List.of(1, 2, 3), // levels
            List.of(1, 2)); // units

    private static final Pairwise COMBINATIONS = new Pairwise(OPTIONS, TableCoreTest::accepted);

    private static TableOptions options(List<Object> row) {
        int n = (int) row.get(1);
        return new TableOptions(
                (int) row.get(0),
                n,
                (int) row.get(2),
                (int) row.get(3),
                (int) row.get(4),
                (Storage) row.get(5),
                (Order) row.get(6),
                row.get(6) == Order.SUMS_STAY ? 1 : 5,
                (int) row.get(7),
                (boolean) row.get(8),
                (boolean) row.get(9),
                (boolean) row.get(10),
                (int) row.get(11),
                n / (int) row.get(12),
                36);
    }

    private static boolean accepted(List<Object> row) {
        try {
            options(row);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Engines
    void everyPairOfOptions(EngineKind engine) {
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        check(engine, COMBINATIONS.pairs(new Random(seed)), seed, 2);
    }

    @Test
    void everyCombinationOfOptions() {
        assumeTrue(Boolean.getBoolean("lutra.deep"), "skipped without --deep");
        long seed = Long.getLong("lutra.seed", new Random().nextLong());
        check(EngineKind.EMBEDDED, COMBINATIONS.all(), seed, 1);
    }

    private static void check(EngineKind engine, List<List<Object>> rows, long seed, int products) {
        var random = new Random(seed);
        for (var row : rows) {
            var o = options(row);
            var design = Circuit.of(() -> new TableCore(o));
            try (var simulator = Tool.open(engine, design)) {
                for (int i = 0; i < products; i++) {
                    new TableIssuer(o, design.top(), simulator, random).product();
                }
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(o + ", -Dlutra.seed=" + seed + ": " + e.getMessage(), e);
            }
        }
    }

    /** One combination after the other leaves some out; pairs leave none that {@link TableOptions} accepts. */
    @Test
    void pairsLeaveNoPairOut() {
        var chosen = COMBINATIONS.pairs(new Random(1));
        var covered =
                chosen.stream().flatMap(row -> Pairwise.pairsOf(row).stream()).distinct();
        var possible = COMBINATIONS.all().stream()
                .flatMap(row -> Pairwise.pairsOf(row).stream())
                .distinct();
        assertThat(covered).containsExactlyInAnyOrderElementsOf(possible.toList());
        assertThat(chosen).hasSizeLessThan(45);
    }

    @Test
    void refusesWhatMakesNoSense() {
        refused("would be used in one slot", 4, 2, 1, Storage.RAM, Order.SUMS_STAY, 1, false, 1);
        refused("not of 5", 4, 2, 1, Storage.REGISTERS, Order.SUMS_STAY, 5, false, 1);
        refused("4..64, not 2", 4, 2, 1, Storage.RAM, Order.TABLES_STAY, 2, false, 1);
        refused("no plane comes first", 4, 2, 8, Storage.RAM, Order.TABLES_STAY, 8, true, 1);
        refused("no tree", 4, 1, 1, Storage.REGISTERS, Order.SUMS_STAY, 1, false, 2);
        refused("2..6, not 7", 7, 2, 1, Storage.REGISTERS, Order.SUMS_STAY, 1, false, 1);
        refused("1..8, not 9", 4, 2, 9, Storage.REGISTERS, Order.SUMS_STAY, 1, false, 1);
        refused("1..3, not 4", 4, 2, 1, Storage.REGISTERS, Order.SUMS_STAY, 1, false, 4);
    }

    private static void refused(
            String reason, int g, int t, int planes, Storage s, Order o, int blocks, boolean least, int levels) {
        assertThatThrownBy(
                        () -> new TableOptions(1, 4, g, t, planes, s, o, blocks, 8, false, least, false, levels, 4, 32))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
