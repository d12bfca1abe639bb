// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.pe.Tool;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The term-serial element against sums of the values its codes stand for; cycles and stalls against their formulas. */
@Engines
class SerialUnitTest {
    private static final SerialPe.Params PARAMS = new SerialPe.Params(24, 48);
    private final EngineKind engine;

    SerialUnitTest(EngineKind engine) {
        this.engine = engine;
    }

    private record Group(SerialType type, int[] activations, int[] codes, int scale, int zero) {
        static Group random(Random random, SerialType type, int weights) {
            boolean extreme = random.nextInt(3) == 0;
            int[] a = new int[weights];
            int[] codes = new int[weights];
            int widest = 0;
            for (int code = 0; code < 1 << type.bits(); code++) {
                widest = Math.abs(type.value(code)) > Math.abs(type.value(widest)) ? code : widest;
            }
            for (int i = 0; i < weights; i++) {
                a[i] = extreme ? -127 : random.nextInt(255) - 127;
                codes[i] = extreme ? widest : random.nextInt(1 << type.bits());
            }
            int half = 1 << type.bits() - 1;
            int zero = type.isFloat() ? 0 : extreme ? half - 1 : random.nextInt(2 * half) - half;
            return new Group(type, a, codes, extreme ? 255 : random.nextInt(256), zero);
        }

        /** All codes 0 but about {@code of} in four. */
        Group thinned(Random random, int of) {
            int[] some = codes.clone();
            for (int i = 0; i < some.length; i++) {
                some[i] = random.nextInt(4) < of ? some[i] : 0;
            }
            return new Group(type, activations, some, scale, zero);
        }

        long product() {
            long sum = 0;
            for (int i = 0; i < codes.length; i++) {
                sum += (long) activations[i] * (type.value(codes[i]) - zero);
            }
            return scale * sum;
        }
    }

    @Test
    void rowsOfAllTypesAreExactAndTakeTheCyclesOfTheFormula() {
        var design = Circuit.of(() -> new SerialUnit(new SerialUnit.Params(PARAMS, false)));
        try (var simulator = Tool.open(engine, design)) {
            SerialUnit unit = design.top();
            Random random = new Random(11);
            for (SerialType type : SerialType.values()) {
                for (int weights : new int[] {16, 32, 64, 128}) {
                    long stalls = run(simulator, unit, row(random, List.of(type), 3, weights));
                    assertThat(stalls).as("%s in groups of %d", type, weights).isZero();
                }
                assertThat(SerialCycles.group(128, type)).isEqualTo(32 * type.terms());
            }
            // All types in one row, and groups too short to hide a scale.
            run(simulator, unit, row(random, List.of(SerialType.values()), 14, 32));
            run(simulator, unit, row(random, List.of(SerialType.INT4, SerialType.FP3_EA_NEGATIVE), 6, 256));
            List<Group> few = row(random, List.of(SerialType.INT4), 5, 8);
            assertThat(run(simulator, unit, few))
                    .isEqualTo(4L * SerialCycles.stalls(SerialCycles.group(8, SerialType.INT4)))
                    .isEqualTo(16);
            assertThat(run(simulator, unit, row(random, List.of(SerialType.INT8), 4, 4)))
                    .isEqualTo(12);
        }
    }

    /** Sparse codes, down to groups of nothing: exact, in the cycles of the formula, stalls where it says so and nowhere else. */
    @Test
    void earlyTerminationPassesOverTermsThatAreZeroInAllLanes() {
        var design = Circuit.of(() -> new SerialUnit(new SerialUnit.Params(PARAMS, true)));
        try (var simulator = Tool.open(engine, design)) {
            SerialUnit unit = design.top();
            Random random = new Random(12);
            long stalls = 0;
            for (SerialType type : SerialType.values()) {
                assertThat(run(simulator, unit, row(random, List.of(type), 3, 32), true))
                        .as(type.name())
                        .isZero();
                for (int dense = 0; dense < 3; dense++) {
                    List<Group> row = new ArrayList<>();
                    for (int g = 0; g < 4; g++) {
                        row.add(Group.random(random, type, 16).thinned(random, dense));
                    }
                    stalls += run(simulator, unit, row, true);
                }
            }
            assertThat(stalls).isPositive();
        }
    }

    @Test
    void refusesSumsThatAreTooNarrow() {
        assertThatThrownBy(() -> new SerialPe.Params(19, 48)).hasMessageContaining("19 and 48");
        assertThatThrownBy(() -> new SerialPe.Params(24, 31)).hasMessageContaining("24 and 31");
    }

    private static List<Group> row(Random random, List<SerialType> types, int groups, int weights) {
        List<Group> row = new ArrayList<>();
        for (int g = 0; g < groups; g++) {
            row.add(Group.random(random, types.get(g % types.size()), weights));
        }
        return row;
    }

    /** Runs one row after a reset, checks result and cycles, and returns the stalls that the hardware counted. */
    private static long run(Simulator simulator, SerialUnit unit, List<Group> row) {
        return run(simulator, unit, row, false);
    }

    private static long run(Simulator simulator, SerialUnit unit, List<Group> row, boolean early) {
        simulator.poke(unit.valid, 0);
        simulator.reset(1);
        long cycles = 0;
        long expectedCycles = 0;
        long expectedStalls = 0;
        long expected = 0;
        simulator.poke(unit.valid, 1);
        for (int g = 0; g < row.size(); g++) {
            Group group = row.get(g);
            expected += group.product();
            int weights = group.codes().length;
            int groupCycles = early
                    ? SerialCycles.earlyGroup(group.type(), group.codes())
                    : SerialCycles.group(weights, group.type());
            int groupStalls = g == 0 ? 0 : SerialCycles.stalls(groupCycles);
            expectedCycles += groupCycles + groupStalls;
            expectedStalls += groupStalls;
            simulator.poke(unit.isFloat, group.type().isFloat() ? 1 : 0);
            simulator.poke(unit.terms, group.type().terms());
            simulator.poke(unit.special, group.type().special());
            simulator.poke(unit.scale, group.scale());
            simulator.poke(unit.zero, group.zero());
            simulator.poke(unit.rowFirst, g == 0 ? 1 : 0);
            simulator.poke(unit.rowLast, g == row.size() - 1 ? 1 : 0);
            for (int quad = 0; quad < weights; quad += 4) {
                long activations = 0;
                long codes = 0;
                for (int k = 0; k < 4; k++) {
                    activations |= (group.activations()[quad + k] & 0xffL) << 8 * k;
                    codes |= (SerialCodes.port(group.type(), group.codes()[quad + k]) & 0xffL) << 8 * k;
                }
                simulator.poke(unit.activations, activations);
                simulator.poke(unit.codes, codes);
                simulator.poke(unit.groupFirst, quad == 0 ? 1 : 0);
                simulator.poke(unit.groupLast, quad == weights - 4 ? 1 : 0);
                boolean taken = false;
                while (!taken) {
                    taken = simulator.peek(unit.ready) == 1;
                    simulator.step(1);
                    cycles++;
                }
            }
        }
        simulator.poke(unit.valid, 0);
        int drain = 0;
        while (simulator.peek(unit.resultValid) == 0 && drain < 20) {
            simulator.step(1);
            drain++;
        }
        assertThat(drain).as("cycles from the last slot's to the result's").isEqualTo(18);
        assertThat(simulator.peek(unit.result)).isEqualTo(expected);
        assertThat(cycles).isEqualTo(expectedCycles);
        assertThat(simulator.peek(unit.stalls)).isEqualTo(expectedStalls);
        return expectedStalls;
    }
}
