// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static dev.lutra.hdl.Hdl.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.sim.verilator.VerilatorOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Simulations opened many times and at once in one JVM: Verilator and embedded; {@code -Dlutra.deep=true} for ten designs and 1,000 rounds. */
class RobustnessIT {
    private static final boolean DEEP = Boolean.getBoolean("lutra.deep");
    private static final int DESIGNS = DEEP ? 10 : 2;
    private static final int ROUNDS = DEEP ? 1000 : 60;
    /** Bytes that may stay after all rounds: less than one simulation of each round would leave. */
    private static final long SLACK = 2L << 20;

    private static final List<Elaboration<Adding>> DESIGN = IntStream.range(0, DESIGNS)
            .mapToObj(i -> Circuit.of(() -> new Adding(new Adding.Params(3 + 2 * i))))
            .toList();

    /** Adds an odd number in each cycle. */
    static final class Adding extends Module {
        record Params(int addend) {}

        final int addend;
        final Bool enable = in(bool());
        final UInt sum = out(uint(32));

        Adding(Params p) {
            super(p);
            addend = p.addend();
            var register = reg(uint(32)).init(0);
            when(enable, () -> register.set(register.wrapAdd(lit(addend))));
            sum.set(register);
        }
    }

    @BeforeAll
    static void tools() {
        EngineKind.VERILATOR.missing().ifPresent(why -> assumeTrue(false, "skipped: " + why));
    }

    private static Simulator open(boolean verilator, Elaboration<Adding> design) {
        return verilator
                ? Simulators.verilator(design, VerilatorOptions.defaults().withQuickBuild(true))
                : Simulators.embedded(design);
    }

    /** Runs through step, runUntil's limit and a batch; returns the sum. */
    private static long run(Simulator simulator, Elaboration<Adding> design, int cycles) {
        Adding top = design.top();
        simulator.reset(1);
        simulator.poke(top.enable, 1);
        simulator.step(cycles);
        Batch batch = simulator.batch(List.of(top.enable), List.of(top.sum), 8);
        for (int i = 0; i < 8; i++) {
            batch.set(i, 0, 1);
        }
        batch.run(8);
        assertThat(batch.get(7, 0)).isEqualTo((cycles + 7L) * top.addend);
        return simulator.peek(top.sum);
    }

    /** What stays used when everything that can go has gone. */
    private record Usage(long heap, long classSpace, long classes, long resident, long files, long models) {
        static Usage now() throws IOException, InterruptedException {
            for (int i = 0; i < 3; i++) {
                System.gc();
                Thread.sleep(50); // buffers and code are freed by threads of their own
            }
            long classSpace = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool ->
                            pool.getName().equals("Metaspace") || pool.getName().equals("Compressed Class Space"))
                    .map(MemoryPoolMXBean::getUsage)
                    .mapToLong(usage -> usage.getUsed())
                    .sum();
            String resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .findFirst()
                    .orElseThrow();
            try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
                return new Usage(
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                        classSpace,
                        ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
                        1024 * Long.parseLong(resident.replaceAll("\\D", "")),
                        files.count(),
                        Files.readAllLines(Path.of("/proc/self/maps")).stream()
                                .filter(line -> line.endsWith("/model.so"))
                                .count());
            }
        }
    }

    @Test
    void openingRunningAndClosingLeavesNothing() throws Exception {
        Usage before = null;
        for (int round = 0; round < ROUNDS; round++) {
            if (round == ROUNDS / 3) {
                before = Usage.now();
            }
            var design = DESIGN.get(round / 2 % DESIGNS);
            try (Simulator simulator = open(round % 2 == 0, design)) {
                assertThat(run(simulator, design, round)).isEqualTo((round + 8L) * design.top().addend);
            }
        }
        Usage after = Usage.now();
        assertThat(before).isNotNull();
        String change = before + " after " + ROUNDS / 3 + " rounds, " + after + " after " + ROUNDS;
        assertThat(after.heap()).as(change).isLessThan(before.heap() + SLACK);
        assertThat(after.classSpace()).as(change).isLessThan(before.classSpace() + SLACK / 4);
        assertThat(after.classes()).as(change).isLessThan(before.classes() + 40);
        // Compiled code and the allocator's own holes.
        assertThat(after.resident()).as(change).isLessThan(before.resident() + 24 * SLACK);
        assertThat(after.files()).as(change).isLessThanOrEqualTo(before.files());
        assertThat(after.models()).as(change).isLessThanOrEqualTo(before.models());
    }

    /** All eight are open before the first one runs and until the last one has. */
    @Test
    void eightThreadsRunEightSimulationsAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            var barrier = new CyclicBarrier(8);
            List<Future<Long>> results = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int thread = i;
                var design = DESIGN.get(i / 2 % DESIGNS);
                results.add(threads.submit(() -> {
                    try (Simulator simulator = open(thread % 2 == 0, design)) {
                        barrier.await();
                        long sum = 0;
                        for (int round = 0; round < (DEEP ? 200 : 20); round++) {
                            sum = run(simulator, design, 1000 + thread);
                        }
                        barrier.await();
                        return sum;
                    }
                }));
            }
            for (int i = 0; i < 8; i++) {
                assertThat(results.get(i).get())
                        .isEqualTo((1008L + i) * DESIGN.get(i / 2 % DESIGNS).top().addend);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
