// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import dev.lutra.hdl.Elaboration;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The engines there are, for tests and commands that take one by name. All behave the same, cycle for cycle. */
public enum EngineKind {
    /** {@link Simulators#embedded}. */
    EMBEDDED("embedded") {
        @Override
        public Simulator open(Elaboration<?> design, SimulatorOptions options) {
            return Simulators.embedded(design);
        }
    },
    /** {@link Simulators#verilator}. */
    VERILATOR("verilator", "verilator", "g++") {
        @Override
        public Simulator open(Elaboration<?> design, SimulatorOptions options) {
            return Simulators.verilator(design, options.forVerilator());
        }
    },
    /** {@link Simulators#icarus}, with zeros at the start: a test for all engines sees no unknown values that others do not have. */
    ICARUS("icarus", "iverilog", "vvp", "g++") {
        @Override
        public Simulator open(Elaboration<?> design, SimulatorOptions options) {
            return Simulators.icarus(design, options.forIcarus());
        }
    };

    private final String label;
    private final List<String> programs;

    EngineKind(String label, String... programs) {
        this.label = label;
        this.programs = List.of(programs);
    }

    /**
     * Opens a simulation.
     *
     * @throws dev.lutra.sim.engine.ToolException if a program is missing or refuses the design
     */
    public abstract Simulator open(Elaboration<?> design, SimulatorOptions options);

    /** Opens a simulation with {@link SimulatorOptions#defaults}. */
    public Simulator open(Elaboration<?> design) {
        return open(design, SimulatorOptions.defaults());
    }

    /** Why this engine cannot run here: the first program it needs that is not on the {@code PATH}. */
    public Optional<String> missing() {
        return programs.stream()
                .filter(program -> !found(program))
                .findFirst()
                .map(program -> program + " is not on the PATH");
    }

    private static boolean found(String program) {
        String path = System.getenv("PATH");
        for (String directory : (path == null ? "" : path).split(File.pathSeparator, -1)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }

    /** The name that commands and {@code -Dlutra.engines} take. */
    @Override
    public String toString() {
        return label;
    }
}
