// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static dev.lutra.hdl.Hdl.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SFix;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The waves of all engines: the same signals under the same names with the same values, for other readers, too. */
class WavesIT {
    private static final long FROM = 5;
    private static final long TO = 25;

    @TempDir
    Path directory;

    private enum Mode {
        ADD,
        KEEP,
        CLEAR
    }

    /** Sums fixed-point numbers. */
    private static final class Sum extends Module {
        final EnumSignal<Mode> mode = in(enumOf(Mode.class));
        final SFix gain = in(sfix(3, 5));
        final SFix sum = out(sfix(8, 5));

        Sum() {
            var total = reg(sfix(8, 5)).init(0);
            switchOn(mode).is(Mode.ADD, () -> total.set(total.wrapAdd(gain))).is(Mode.CLEAR, () -> total.set(fix(0)));
            sum.set(total);
        }

        private static SFix fix(long value) {
            return slit(value, 13).asSFix(5);
        }
    }

    private static final class Top extends Module {
        final EnumSignal<Mode> mode = in(enumOf(Mode.class));
        final SFix gain = in(sfix(3, 5));
        final SInt number = in(sint(90));
        final Bool negative = out(bool());
        final UInt distance = out(uint(90));
        final SFix sum = out(sfix(8, 5));

        Top() {
            var first = new Sum();
            var second = new Sum();
            first.mode.set(mode);
            first.gain.set(gain);
            second.mode.set(mode);
            second.gain.set(gain);
            var last = reg(sint(90)).init(-3);
            last.set(number);
            var difference = number.sub(last);
            negative.set(difference.isNegative());
            distance.set(difference.truncate(90).abs());
            var next = reg(enumOf(Mode.class)).init(Mode.KEEP);
            next.set(mode);
            sum.set(mux(next.eq(Mode.KEEP), first.sum, second.sum));
        }
    }

    @Test
    void allEnginesShowTheSame() throws Exception {
        Map<EngineKind, Map<String, Waves.Signal>> waves = waves(Circuit.of(Top::new));
        Map<String, Waves.Signal> embedded = waves.get(EngineKind.EMBEDDED);
        assertThat(embedded)
                .containsKeys("Top.clk", "Top.rst", "Top.number", "Top.last", "Top.first.total", "Top.second.mode")
                .containsKeys("Top.first.mode$name", "Top.first.total$value");
        for (EngineKind kind : List.of(EngineKind.VERILATOR, EngineKind.ICARUS)) {
            Map<String, Waves.Signal> others = waves.get(kind);
            embedded.forEach((name, signal) -> {
                if (!name.contains("$")) {
                    assertThat(others).as(kind.toString()).containsKey(name);
                    assertThat(others.get(name).width()).as(name).isEqualTo(signal.width());
                    assertThat(others.get(name).changes())
                            .as(kind + ", " + name)
                            .isEqualTo(signal.changes());
                }
            });
            assertThat(others.keySet()).as("what surrounds the design").allMatch(name -> name.startsWith("Top."));
        }
        TreeMap<Long, String> number = embedded.get("Top.number").changes();
        assertThat(number).hasSizeGreaterThan(10);
        assertThat(number.firstKey()).isEqualTo(2 * FROM);
        assertThat(number.lastKey()).isLessThan(2 * TO);
    }

    private static final class Delay extends Module {
        final UInt name = in(uint(8));
        final UInt later = out(uint(8));

        Delay() {
            var value = reg(uint(8)).init(1);
            value.set(name);
            later.set(value);
        }
    }

    /** Such a design runs in a wrapper. */
    @Test
    void aPortIsNamedAsTheModelNamesSomethingElse() throws Exception {
        assumeTrue(EngineKind.VERILATOR.missing().isEmpty(), () -> "skipped: " + EngineKind.VERILATOR.missing());
        var design = Circuit.of(Delay::new);
        var waves = new ArrayList<Map<String, Waves.Signal>>();
        for (EngineKind kind : List.of(EngineKind.EMBEDDED, EngineKind.VERILATOR)) {
            Path file = directory.resolve(kind + ".vcd");
            try (Simulator sim = kind.open(design, SimulatorOptions.defaults().withTrace(true))) {
                sim.trace(file);
                for (int i = 0; i < 10; i++) {
                    sim.poke(design.top().name, 7 * i);
                    sim.step(1);
                }
            }
            waves.add(Waves.read(file));
        }
        assertThat(waves.get(0)).containsKeys("Delay.name", "Delay.value", "Delay.later");
        assertThat(waves.get(1)).isEqualTo(waves.get(0));
    }

    @Test
    void typesAreShownAsPeopleReadThem() throws Exception {
        Map<String, Waves.Signal> waves = waves(EngineKind.EMBEDDED, Circuit.of(Top::new));
        assertThat(waves.get("Top.number").kind()).isEqualTo("integer");
        assertThat(waves.get("Top.distance").kind()).isEqualTo("wire");
        assertThat(waves.get("Top.mode$name").kind()).isEqualTo("string");
        assertThat(waves.get("Top.gain$value").kind()).isEqualTo("real");
        waves.get("Top.mode")
                .changes()
                .forEach((time, code) -> assertThat(
                                waves.get("Top.mode$name").changes().get(time))
                        .isEqualTo(Mode.values()[Integer.parseInt(code, 2)].name()));
        waves.get("Top.gain")
                .changes()
                .forEach((time, bits) -> assertThat(Double.parseDouble(
                                waves.get("Top.gain$value").changes().get(time)))
                        .isEqualTo((byte) Integer.parseInt(bits, 2) / 32.0));
    }

    /** By GTKWave's converters to its own format and back. */
    @Test
    void anotherReaderReadsThem() throws Exception {
        List<String> converters = List.of("vcd2fst", "fst2vcd");
        String path = System.getenv().getOrDefault("PATH", "");
        assumeTrue(
                converters.stream()
                        .allMatch(tool ->
                                Stream.of(path.split(":")).anyMatch(in -> Files.isExecutable(Path.of(in, tool)))),
                "skipped: vcd2fst and fst2vcd (Debian's package gtkwave) are not on the PATH");
        Map<EngineKind, Map<String, Waves.Signal>> waves = waves(Circuit.of(Top::new));
        for (EngineKind kind : waves.keySet()) {
            run("vcd2fst", kind + ".vcd", kind + ".fst");
            run("fst2vcd", "-f", kind + ".fst", "-o", kind + ".back.vcd");
            Map<String, Waves.Signal> back = Waves.read(directory.resolve(kind + ".back.vcd"));
            assertThat(back.keySet()).isEqualTo(waves.get(kind).keySet());
            waves.get(kind).forEach((name, signal) -> {
                assertThat(back.get(name).kind()).as(name).isEqualTo(signal.kind());
                assertThat(values(back.get(name))).as(kind + ", " + name).isEqualTo(values(signal));
            });
        }
    }

    /** Numbers as numbers: readers write them in other ways. */
    private static Map<Long, Object> values(Waves.Signal signal) {
        var values = new TreeMap<Long, Object>();
        signal.changes()
                .forEach((time, text) -> values.put(time, signal.kind().equals("real") ? Double.valueOf(text) : text));
        return values;
    }

    private void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        assertThat(process.waitFor()).as(() -> String.join(" ", command)).isZero();
    }

    private Map<EngineKind, Map<String, Waves.Signal>> waves(Elaboration<Top> design) throws Exception {
        var waves = new EnumMap<EngineKind, Map<String, Waves.Signal>>(EngineKind.class);
        for (EngineKind kind : EngineKind.values()) {
            waves.put(kind, waves(kind, design));
        }
        return waves;
    }

    private Map<String, Waves.Signal> waves(EngineKind kind, Elaboration<Top> design) throws Exception {
        assumeTrue(kind.missing().isEmpty(), () -> "skipped: " + kind.missing());
        Path file = directory.resolve(kind + ".vcd");
        var random = new Random(1);
        try (Simulator sim = kind.open(design, SimulatorOptions.defaults().withTrace(true))) {
            sim.trace(file, FROM, TO);
            sim.reset(2);
            for (int i = 0; i < 40; i++) {
                sim.poke(design.top().mode, random.nextInt(8) == 0 ? 2 : random.nextInt(2));
                sim.poke(design.top().gain, random.nextInt(256) - 128);
                sim.poke(design.top().number, new BigInteger(90, random).subtract(BigInteger.ONE.shiftLeft(89)));
                if (i == 10) {
                    sim.reset(1);
                }
                sim.step(1);
            }
        }
        return Waves.read(file);
    }
}
