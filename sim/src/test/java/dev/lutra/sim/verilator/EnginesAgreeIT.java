// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.verilator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.ir.Port;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.embedded.EmbeddedEngine;
import dev.lutra.sim.engine.AxiMemory;
import dev.lutra.sim.engine.AxiPorts;
import dev.lutra.sim.engine.Engine;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.MemoryFault;
import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.icarus.IcarusEngine;
import dev.lutra.sim.icarus.IcarusOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The memory in C++ behind Verilator and behind Icarus and the memory in Java behind the embedded engine, with one design: every
 * port in every cycle, the contents at the end, and the text of every error must be equal.
 */
class EnginesAgreeIT {
    private static final int BYTES = 1 << 15; // half of what the design addresses

    @BeforeAll
    static void tools() {
        Designs.needTools();
    }

    /** All engines on one design, stepped together; the embedded one first. */
    private static final class Trio implements AutoCloseable {
        final List<Port> ports;
        final List<Engine> engines = new ArrayList<>();
        final List<AxiMemory> memories = new ArrayList<>();
        final String seed;

        Trio(int dataBytes, MemoryConfig config, List<MemoryFault> faults, long seed) {
            this.seed = "seed " + seed + ", " + dataBytes + " bytes, " + config + ", " + faults;
            var circuit = Circuit.of(() -> new AxiTraffic(new AxiTraffic.Params(dataBytes)))
                    .circuit();
            ports = circuit.top().ports();
            DesignSource source = DesignSource.of(circuit);
            engines.add(EmbeddedEngine.open(circuit));
            engines.add(VerilatorEngine.open(source, VerilatorOptions.defaults()));
            if (EngineKind.ICARUS.missing().isEmpty()) {
                engines.add(IcarusEngine.open(circuit, IcarusOptions.defaults().withZeroStart(true)));
            }
            AxiPorts axi = Designs.axi(source, dataBytes);
            byte[] contents = new byte[BYTES];
            new Random(seed).nextBytes(contents);
            for (Engine engine : engines) {
                AxiMemory memory = engine.attachMemory(axi, config);
                memories.add(memory);
                memory.contents().put(0, contents);
                faults.forEach(memory::inject);
            }
            reset(3);
        }

        void reset(int cycles) {
            engines.forEach(engine -> engine.reset(cycles));
        }

        void clearFaults() {
            memories.forEach(AxiMemory::clearFaults);
        }

        void bug(int bug) {
            engines.forEach(engine -> engine.poke(0, bug));
        }

        /** One cycle; the error all engines stop with, or an empty text. */
        String cycle() {
            Engine embedded = engines.get(0);
            for (int i = 0; i < ports.size(); i++) {
                int words = (ports.get(i).type().width() + 63) / 64;
                long[] expected = new long[words];
                embedded.peek(i, expected);
                for (Engine engine : engines) {
                    long[] seen = new long[words];
                    engine.peek(i, seen);
                    if (!Arrays.equals(seen, expected) || engine.unknown(i)) {
                        assertThat(seen)
                                .as(
                                        "%s on %s in cycle %d, %s",
                                        ports.get(i).name(), engine.getClass().getSimpleName(), embedded.cycle(), seed)
                                .isEqualTo(expected);
                        assertThat(engine.unknown(i))
                                .as(
                                        "%s is unknown in cycle %d, %s",
                                        ports.get(i).name(), embedded.cycle(), seed)
                                .isFalse();
                    }
                }
            }
            String error = step(embedded);
            for (Engine engine : engines.subList(1, engines.size())) {
                assertThat(step(engine)).as(seed).isEqualTo(error);
            }
            return error;
        }

        private static String step(Engine engine) {
            try {
                engine.step(1);
                return "";
            } catch (SimulationException e) {
                return e.getMessage();
            }
        }

        void compareTotals() {
            for (int i = 1; i < engines.size(); i++) {
                assertThat(memories.get(i).statistics())
                        .as(seed)
                        .isEqualTo(memories.get(0).statistics());
                assertThat(memories.get(i).contents().mismatch(memories.get(0).contents()))
                        .as(seed)
                        .isEqualTo(-1);
                assertThat(engines.get(i).cycle()).isEqualTo(engines.get(0).cycle());
            }
        }

        @Override
        public void close() {
            engines.forEach(Engine::close);
        }
    }

    private static MemoryConfig config(Random random) {
        MemoryConfig.Stalls stalls = random.nextInt(4) == 0
                ? MemoryConfig.Stalls.NONE
                : new MemoryConfig.Stalls(
                        random.nextLong(),
                        random.nextInt(900),
                        random.nextInt(900),
                        random.nextInt(900),
                        random.nextInt(900),
                        random.nextInt(900));
        return new MemoryConfig(
                BYTES,
                1 + random.nextInt(60),
                random.nextInt(2) == 0 ? 1024 : 1 + random.nextInt(1024),
                1 + random.nextInt(16),
                1 + random.nextInt(16),
                stalls);
    }

    private static MemoryConfig.Dram dram(Random random) {
        return random.nextInt(2) == 0
                ? MemoryConfig.Dram.NONE
                : new MemoryConfig.Dram(
                        4096,
                        1 << random.nextInt(3),
                        random.nextInt(20),
                        100 + random.nextInt(100),
                        random.nextInt(60));
    }

    private static MemoryFault fault(Random random) {
        MemoryFault.Kind[] kinds = MemoryFault.Kind.values();
        long from = random.nextInt(BYTES - 1000);
        int direction = 1 + random.nextInt(3);
        MemoryFault.Kind kind = kinds[random.nextInt(kinds.length)];
        return new MemoryFault(
                kind,
                from,
                from + 1 + random.nextInt(5000),
                (direction & 1) != 0,
                (direction & 2) != 0,
                1 + random.nextInt(kind == MemoryFault.Kind.HANG ? 40 : 5),
                1 + random.nextInt(3));
    }

    @Test
    void everyPortInEveryCycle() {
        boolean deep = Boolean.getBoolean("lutra.deep");
        for (int dataBytes : deep ? new int[] {4, 8, 16, 64} : new int[] {16}) {
            for (long seed = 1; seed <= (deep ? 100 : 12); seed++) {
                Random random = new Random(seed);
                List<MemoryFault> faults =
                        seed % 3 == 0 ? List.of(fault(random), fault(random), fault(random)) : List.of();
                MemoryConfig memory = config(random).withDram(dram(random));
                try (Trio trio = new Trio(dataBytes, memory, faults, seed)) {
                    for (int i = 0; i < 2000; i++) {
                        assertThat(trio.cycle()).as(trio.seed).isEmpty();
                        if (i == 1200 && seed % 2 == 0) {
                            trio.clearFaults();
                        }
                        if (i == 1500) {
                            trio.compareTotals();
                            trio.reset(2);
                        }
                    }
                    trio.compareTotals();
                    assertThat(trio.memories.get(0).statistics().readBeats()
                                    + trio.memories.get(0).statistics().writeBeats())
                            .isPositive();
                }
            }
        }
    }

    /** Waves of one run: every signal two engines know has the same values at the same times, and all know all ports. */
    @Test
    void waves(@TempDir Path directory) throws IOException {
        var circuit = Circuit.of(() -> new AxiTraffic(new AxiTraffic.Params(8))).circuit();
        DesignSource source = DesignSource.of(circuit);
        List<Map<String, List<String>>> waves = new ArrayList<>();
        for (EngineKind kind : EngineKind.values()) {
            if (kind.missing().isPresent()) {
                continue;
            }
            Path vcd = directory.resolve(kind + ".vcd");
            try (Engine engine = switch (kind) {
                case EMBEDDED -> EmbeddedEngine.open(circuit);
                case VERILATOR ->
                    VerilatorEngine.open(source, VerilatorOptions.defaults().withTrace(true));
                case ICARUS ->
                    IcarusEngine.open(circuit, IcarusOptions.defaults().withZeroStart(true));
            }) {
                engine.attachMemory(Designs.axi(source, 8), MemoryConfig.of(BYTES, 7));
                engine.trace(vcd, 5, 300);
                engine.reset(2);
                engine.step(400);
            }
            waves.add(changes(vcd));
        }
        Map<String, List<String>> expected = waves.get(0);
        for (Map<String, List<String>> wave : waves.subList(1, waves.size())) {
            Set<String> common = new TreeSet<>(wave.keySet());
            common.retainAll(expected.keySet());
            for (Port port : circuit.top().ports()) {
                assertThat(common).contains("AxiTraffic." + port.name());
            }
            for (String signal : common) {
                assertThat(wave.get(signal)).as(signal).isEqualTo(expected.get(signal));
            }
            assertThat(common.size()).isGreaterThan(circuit.top().ports().size() + 10);
        }
    }

    /** Changes of each signal by its path below the simulator's own scope, as time and value without leading zeros. */
    private static Map<String, List<String>> changes(Path vcd) throws IOException {
        Map<String, List<String>> changes = new TreeMap<>();
        Map<String, List<String>> signalsOf = new HashMap<>();
        Deque<String> scope = new ArrayDeque<>();
        String time = "";
        for (String line : Files.readAllLines(vcd)) {
            String[] word = line.strip().split(" +");
            if (word[0].equals("$scope")) {
                scope.add(word[2]);
            } else if (word[0].equals("$upscope")) {
                scope.removeLast();
            } else if (word[0].equals("$var")) {
                String name = String.join(".", scope).replaceFirst("^top\\.", "") + "." + word[4];
                signalsOf.computeIfAbsent(word[3], k -> new ArrayList<>()).add(name);
            } else if (line.startsWith("#")) {
                time = line;
            } else if (line.matches("[01b].*") && !time.isEmpty()) {
                boolean vector = line.startsWith("b");
                String id = vector ? word[1] : line.substring(1);
                String value = vector ? word[0].substring(1).replaceFirst("^0+(?=.)", "") : line.substring(0, 1);
                for (String signal : signalsOf.getOrDefault(id, List.of())) {
                    List<String> list = changes.computeIfAbsent(signal, k -> new ArrayList<>());
                    if (list.isEmpty() || !list.get(list.size() - 1).endsWith(" " + value)) {
                        list.add(time + " " + value);
                    }
                }
            }
        }
        return changes;
    }

    /** The design breaks each rule at a random time; both checkers stop in the same cycle with the same words. */
    @Test
    void everyViolation() {
        TreeMap<Integer, TreeSet<String>> seen = new TreeMap<>();
        for (int bug = 1; bug <= 7; bug++) {
            for (long seed = 1; seed <= 4; seed++) {
                Random random = new Random(100 * bug + seed);
                try (Trio trio = new Trio(16, config(random), List.of(), 100 * bug + seed)) {
                    int from = random.nextInt(300);
                    String error = "";
                    for (int i = 0; i < 3000 && error.isEmpty(); i++) {
                        // A valid that falls is seen only where it was waiting.
                        boolean now = bug == 1 ? i % 8 == 0 : i >= from;
                        trio.bug(now ? bug : 0);
                        error = trio.cycle();
                    }
                    assertThat(error)
                            .as("bug %d is not seen, %s", bug, trio.seed)
                            .isNotEmpty();
                    seen.computeIfAbsent(bug, k -> new TreeSet<>())
                            .add(error.replaceFirst(".*cycle \\d+: (.*) \\(address.*", "$1"));
                    trio.compareTotals();
                }
            }
        }
        assertThat(seen.get(1)).containsExactly("valid fell before ready");
        assertThat(seen.get(2)).containsExactly("payload changed while valid waited for ready");
        assertThat(seen.get(3)).contains("only INCR bursts are supported");
        assertThat(seen.get(4)).contains("beat is wider than the bus");
        assertThat(seen.get(5)).contains("burst crosses a 4-KiB boundary");
        assertThat(seen.get(6)).contains("WLAST does not agree with AWLEN");
        assertThat(seen.get(7)).contains("WSTRB marks a byte outside the transfer");
    }
}
