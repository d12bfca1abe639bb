// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.hdl.Data;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.verilog.VerilogFile;
import dev.lutra.hdl.verilog.VerilogWriter;
import dev.lutra.sim.Batch;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;
import dev.lutra.sim.verilator.VerilatorOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Runs circuits side by side on an engine. */
enum Engines {
    EMBEDDED {
        @Override
        List<Outcome> run(Elaboration<SideBySide> design, List<Stimulus> stimuli, UnaryOperator<String> damage) {
            try (Simulator simulator = Simulators.embedded(design)) {
                return block(simulator, design, stimuli);
            }
        }
    },
    VERILATOR {
        @Override
        List<Outcome> run(Elaboration<SideBySide> design, List<Stimulus> stimuli, UnaryOperator<String> damage) {
            try (Simulator simulator =
                    Simulators.verilator(design, VerilatorOptions.defaults().withQuickBuild(true))) {
                return block(simulator, design, stimuli);
            }
        }
    },
    ICARUS {
        @Override
        List<Outcome> run(Elaboration<SideBySide> design, List<Stimulus> stimuli, UnaryOperator<String> damage) {
            try {
                Path directory = Files.createTempDirectory("lutra-random");
                try {
                    var text = new StringBuilder();
                    for (VerilogFile file : VerilogWriter.write(design.circuit())) {
                        text.append(PowerUp.added(damage.apply(file.text())));
                    }
                    return new IcarusBench(design, stimuli).run(directory, text.toString());
                } finally {
                    for (Path file : Files.list(directory).toList()) {
                        Files.delete(file);
                    }
                    Files.delete(directory);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    /**
     * What a circuit did.
     *
     * @param outputs its ground outputs as bits in hexadecimal digits, by cycle
     * @param said lines it printed, in any order
     * @param covered what was covered first in which cycle; null: the engine does not say
     */
    record Outcome(List<List<String>> outputs, List<String> said, TreeMap<String, Long> covered) {}

    /**
     * Runs circuits on their stimuli.
     *
     * @param damage done to the Verilog, so that tests can see what follows
     */
    abstract List<Outcome> run(Elaboration<SideBySide> design, List<Stimulus> stimuli, UnaryOperator<String> damage);

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Bits in as many digits as the width takes. */
    static String digits(BigInteger value, int width) {
        String hex = new Shape.B(width).wrap(value).toString(16);
        return "0".repeat((width + 3) / 4 - hex.length()) + hex;
    }

    /** Whether there is what the engine needs. */
    static List<String> missingTools() {
        return List.of("verilator", "g++", "iverilog", "vvp").stream()
                .filter(tool -> List.of(System.getenv("PATH").split(":")).stream()
                        .noneMatch(directory -> Files.isExecutable(Path.of(directory, tool))))
                .toList();
    }

    /** A whole run on a simulation that was just opened. */
    static List<Outcome> block(Simulator simulator, Elaboration<SideBySide> design, List<Stimulus> stimuli) {
        SideBySide top = design.top();
        for (int i = 0; i < top.k.length; i++) {
            Timing.Wave wave = Timing.CLOCKS.get(i);
            simulator.clock(top.k[i], wave.period(), wave.phase());
        }
        int cycles = stimuli.stream().mapToInt(s -> s.rows().size()).max().orElseThrow();
        Batch batch = simulator.batch(all(top.inputs), all(top.outputs), cycles);
        for (int cycle = 0; cycle < cycles; cycle++) {
            int at = cycle * batch.stimulusWords();
            for (Stimulus stimulus : stimuli) {
                // The shorter ones stay as they are in the end; nobody looks.
                List<BigInteger> row =
                        stimulus.rows().get(Math.min(cycle, stimulus.rows().size() - 1));
                for (int i = 0; i < row.size(); i++) {
                    for (int word = 0; word < words(stimulus.shapes().get(i).width()); word++) {
                        batch.stimulus()
                                .put(at++, row.get(i).shiftRight(64 * word).longValue());
                    }
                }
            }
        }
        var said = new ArrayList<List<String>>();
        stimuli.forEach(s -> said.add(new ArrayList<>()));
        simulator.onPrint(line -> {
            String label = line.substring(0, line.indexOf(' '));
            said.get(Integer.parseInt(label.substring(1))).add(line.substring(label.length() + 1));
        });
        batch.run(cycles);
        var outcomes = new ArrayList<Outcome>();
        int base = 0;
        for (int i = 0; i < stimuli.size(); i++) {
            List<Port> ports = ports(design, top.outputs.get(i));
            var rows = new ArrayList<List<String>>();
            for (int cycle = 0; cycle < stimuli.get(i).rows().size(); cycle++) {
                int at = cycle * batch.responseWords() + base;
                var row = new ArrayList<String>();
                for (Port port : ports) {
                    int width = port.type().width();
                    BigInteger value = BigInteger.ZERO;
                    for (int word = 0; word < words(width); word++) {
                        BigInteger part = new Shape.B(64)
                                .wrap(BigInteger.valueOf(batch.response().get(at++)));
                        value = value.or(part.shiftLeft(64 * word));
                    }
                    row.add(digits(value, width));
                }
                rows.add(row);
            }
            base += ports.stream().mapToInt(p -> words(p.type().width())).sum();
            outcomes.add(new Outcome(rows, said.get(i), new TreeMap<>()));
        }
        simulator.covered().forEach(point -> {
            String label = point.what().substring(0, point.what().indexOf(' '));
            outcomes.get(Integer.parseInt(label.substring(1)))
                    .covered()
                    .put(point.instance() + " " + point.what(), point.firstCycle());
        });
        return outcomes;
    }

    static List<Port> ports(Elaboration<SideBySide> design, List<Data> signals) {
        return signals.stream().flatMap(s -> design.ports(s).stream()).toList();
    }

    private static List<Data> all(List<List<Data>> signals) {
        return signals.stream().flatMap(List::stream).toList();
    }

    private static int words(int width) {
        return (width + 63) / 64;
    }
}
