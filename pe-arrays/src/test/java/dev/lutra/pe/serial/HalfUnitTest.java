// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.lib.fp.FloatFormat;
import dev.lutra.pe.Tool;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The element for FP16 activations against its model, bit for bit, and the model against the exact sum, within the stated bound: usual, subnormal,
 * extreme and cancelling activations, all types.
 */
@Engines
class HalfUnitTest {
    private static final boolean DEEP = Boolean.getBoolean("lutra.deep");
    private final EngineKind engine;

    HalfUnitTest(EngineKind engine) {
        this.engine = engine;
    }

    enum Kind {
        USUAL,
        SUBNORMAL,
        EXTREME,
        CANCELLING,
        ANY
    }

    record Group(SerialType type, long[] activations, int[] codes, int scale) {
        static Group random(Random random, SerialType type, int weights, Kind kind) {
            long[] a = new long[weights];
            int[] codes = new int[weights];
            for (int i = 0; i < weights; i++) {
                codes[i] = random.nextInt(4) == 0 ? 0 : random.nextInt(1 << type.bits());
                a[i] = switch (kind) {
                    case USUAL -> FloatFormat.BINARY16.encode(random.nextGaussian());
                    case SUBNORMAL -> random.nextInt(1024) | random.nextInt(2) << 15;
                    case EXTREME -> (random.nextBoolean() ? 0x7BFF : random.nextInt(3)) | random.nextInt(2) << 15;
                    case CANCELLING -> i % 2 == 0 ? random.nextInt(0x7C00) : a[i - 1] ^ 0x8000;
                    case ANY -> random.nextInt(0x7C00) | random.nextInt(2) << 15;
                };
                if (kind == Kind.CANCELLING && i % 2 == 1 && random.nextInt(8) > 0) {
                    codes[i] = codes[i - 1];
                }
            }
            return new Group(type, a, codes, random.nextInt(5) == 0 ? 255 : random.nextInt(256));
        }
    }

    @Test
    void isTheModelBitForBitAndWithinTheBoundOfTheExactSum() {
        var design = Circuit.of(() -> new HalfUnit(new HalfUnit.Params(false)));
        try (var simulator = Tool.open(engine, design)) {
            HalfUnit unit = design.top();
            Random random = new Random(21);
            double worst = 0;
            for (SerialType type : SerialType.values()) {
                for (Kind kind : Kind.values()) {
                    for (int i = 0; i < (DEEP ? 8 : 1); i++) {
                        List<Group> row = new ArrayList<>();
                        for (int g = 0; g < 3; g++) {
                            row.add(Group.random(random, type, 32 << random.nextInt(2), kind));
                        }
                        long got = run(simulator, unit, row, false);
                        assertThat(got).as("%s, %s", type, kind).isEqualTo(model(row));
                        worst = Math.max(worst, share(row, got, type + ", " + kind));
                    }
                }
            }
            // all types and sizes in one row, and one so short that it waits for its scales
            List<Group> mixed = new ArrayList<>();
            for (SerialType type : SerialType.values()) {
                mixed.add(Group.random(random, type, 16 << random.nextInt(4), Kind.ANY));
            }
            mixed.add(Group.random(random, SerialType.INT4, 4, Kind.USUAL));
            assertThat(run(simulator, unit, mixed, false)).isEqualTo(model(mixed));
            assertThat(simulator.peek(unit.stalls)).isEqualTo(6);
            System.out.printf("greatest error: %.3f of the bound (seed 21)%n", worst);
            assertThat(worst).isBetween(0.001, 1.0);
        }
    }

    /** Sums grow beyond 2^30 and back to almost nothing, so that each rounding on the way shows in the result. */
    @Test
    void sumsAreHalvedToNearestEven() {
        var design = Circuit.of(() -> new HalfUnit(new HalfUnit.Params(false)));
        try (var simulator = Tool.open(engine, design)) {
            HalfUnit unit = design.top();
            Random random = new Random(23);
            SerialType type = SerialType.FP4_EA_POSITIVE;
            for (int run = 0; run < 4; run++) {
                int half = 640;
                long[] a = new long[2 * half];
                int[] codes = new int[2 * half];
                for (int i = 0; i < half; i++) {
                    boolean large = i / SerialCycles.LANES % 4 > 0;
                    a[i] = large ? 0x7B00 + random.nextInt(256) : 0x3000 + random.nextInt(0x1000);
                    codes[i] = 7;
                    a[i + half] = a[i] ^ 0x8000;
                    codes[i + half] = 7;
                }
                List<Group> row = List.of(new Group(type, a, codes, 1));
                assertThat(run(simulator, unit, row, false)).isEqualTo(model(row));
            }
        }
    }

    @Test
    void earlyTerminationChangesNothingButCycles() {
        var design = Circuit.of(() -> new HalfUnit(new HalfUnit.Params(true)));
        try (var simulator = Tool.open(engine, design)) {
            HalfUnit unit = design.top();
            Random random = new Random(22);
            for (SerialType type : List.of(SerialType.FP4_ER_NEGATIVE, SerialType.FP3_EA_POSITIVE, SerialType.INT6)) {
                List<Group> row = new ArrayList<>();
                for (int g = 0; g < 4; g++) {
                    row.add(Group.random(random, type, 16, Kind.ANY));
                }
                assertThat(run(simulator, unit, row, true)).as(type.name()).isEqualTo(model(row));
            }
        }
    }

    @Test
    void refusesWhatIsNotFinite() {
        var terms = new HalfTerms();
        assertThatThrownBy(() -> terms.add(
                        new long[] {0x7C00},
                        List.of(SerialTerm.of(SerialType.INT3, 1).get(0))))
                .hasMessage("activation 7c00 is not finite");
    }

    static long model(List<Group> row) {
        var terms = new HalfTerms();
        long sum = 0;
        for (Group group : row) {
            terms.clear();
            for (int quad = 0; quad < group.codes().length; quad += SerialCycles.LANES) {
                long[] a = Arrays.copyOfRange(group.activations(), quad, quad + SerialCycles.LANES);
                for (int i = 0; i < group.type().terms(); i++) {
                    List<SerialTerm> lanes = new ArrayList<>();
                    for (int k = 0; k < SerialCycles.LANES; k++) {
                        lanes.add(SerialTerm.of(group.type(), group.codes()[quad + k])
                                .get(i));
                    }
                    terms.add(a, lanes);
                }
            }
            sum = terms.end(sum, group.scale());
        }
        return sum;
    }

    /** Share of the bound that the error of a result is; fails beyond 1. */
    private static double share(List<Group> row, long result, String what) {
        BigDecimal exact = BigDecimal.ZERO;
        double[] magnitudes = new double[row.size()];
        int[] cycles = new int[row.size()];
        for (int g = 0; g < row.size(); g++) {
            Group group = row.get(g);
            cycles[g] = SerialCycles.group(group.codes().length, group.type());
            for (int i = 0; i < group.codes().length; i++) {
                double a = FloatFormat.BINARY16.decode(group.activations()[i]);
                int code = group.codes()[i];
                BigDecimal product = new BigDecimal(a)
                        .multiply(BigDecimal.valueOf((long) group.type().value(code) * group.scale()));
                exact = exact.add(product);
                for (SerialTerm term : SerialTerm.of(group.type(), code)) {
                    magnitudes[g] += Math.abs(a * term.value()) * group.scale();
                }
            }
        }
        double got = FloatFormat.BINARY32.decode(result);
        double error = new BigDecimal(got).subtract(exact).abs().doubleValue();
        double bound = HalfTerms.bound(magnitudes, cycles);
        assertThat(error).as(what).isLessThanOrEqualTo(bound);
        return bound == 0 ? 0 : error / bound;
    }

    /** Runs one row after a reset, checks its cycles, and returns its binary32 sum. */
    private static long run(Simulator simulator, HalfUnit unit, List<Group> row, boolean early) {
        simulator.poke(unit.valid, 0);
        simulator.reset(1);
        simulator.poke(unit.valid, 1);
        long cycles = 0;
        long expected = 0;
        for (int g = 0; g < row.size(); g++) {
            Group group = row.get(g);
            int weights = group.codes().length;
            int own = early
                    ? SerialCycles.earlyGroup(group.type(), group.codes())
                    : SerialCycles.group(weights, group.type());
            expected += own + (g == 0 ? 0 : SerialCycles.stalls(own));
            simulator.poke(unit.isFloat, group.type().isFloat() ? 1 : 0);
            simulator.poke(unit.terms, group.type().terms());
            simulator.poke(unit.special, group.type().special());
            simulator.poke(unit.scale, group.scale());
            simulator.poke(unit.rowFirst, g == 0 ? 1 : 0);
            simulator.poke(unit.rowLast, g == row.size() - 1 ? 1 : 0);
            for (int quad = 0; quad < weights; quad += SerialCycles.LANES) {
                long activations = 0;
                long codes = 0;
                for (int k = 0; k < SerialCycles.LANES; k++) {
                    activations |= group.activations()[quad + k] << 16 * k;
                    codes |= (SerialCodes.port(group.type(), group.codes()[quad + k]) & 0xffL) << 8 * k;
                }
                simulator.poke(unit.activations, new BigInteger(Long.toUnsignedString(activations)));
                simulator.poke(unit.codes, codes);
                simulator.poke(unit.groupFirst, quad == 0 ? 1 : 0);
                simulator.poke(unit.groupLast, quad == weights - SerialCycles.LANES ? 1 : 0);
                boolean taken = false;
                while (!taken) {
                    taken = simulator.peek(unit.ready) == 1;
                    simulator.step(1);
                    cycles++;
                }
            }
        }
        assertThat(cycles).isEqualTo(expected);
        simulator.poke(unit.valid, 0);
        int drain = 1;
        while (simulator.peek(unit.resultValid) == 0 && drain < 30) {
            simulator.step(1);
            drain++;
        }
        assertThat(drain).as("cycles from the last slot's to the result's").isEqualTo(12);
        return simulator.peek(unit.result) & 0xffffffffL;
    }
}
