// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.timing;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Register;
import dev.lutra.hdl.pass.Crossings;
import dev.lutra.hdl.pass.Crossings.Crossing;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The clocks of a circuit and what goes between them, as constraints. Both texts define the clocks at the inputs of the top. They differ in
 * how they treat crossings:
 *
 * <ul>
 *   <li>SDC, for tools that know no more: clocks with a crossing between them are asynchronous groups, and nothing between them is timed.
 *   <li>XDC, for Vivado: each register that takes a crossing value may be reached within the shorter period ({@code set_max_delay
 *       -datapath_only}), which also bounds the skew of several bits, as Gray code needs. There are no groups, since they would override these
 *       bounds. A reset that crosses, or data from an input without a clock, is a false path.
 * </ul>
 *
 * <p>A clock that comes out of a black box, such as a PLL, is not defined here: the tool derives it, or the user adds it. It is named by the
 * pin it comes from.
 */
public final class ClockConstraints {
    private final Circuit circuit;
    private final Map<String, Double> periods;
    private final List<Crossing> crossings;
    private final StringBuilder text = new StringBuilder();

    private ClockConstraints(Circuit circuit, Map<String, Double> periods) {
        this.circuit = circuit;
        this.periods = periods;
        List<String> clocks = Crossings.clocks(circuit);
        for (String clock : clocks) {
            Double period = periods.get(clock);
            if (period == null || !(period > 0) || period.isInfinite()) {
                throw new IllegalArgumentException(
                        "clock " + clock + " of " + circuit.top().name() + " has "
                                + (period == null ? "no period" : "a period of " + period + " ns"));
            }
        }
        for (String name : periods.keySet()) {
            if (!clocks.contains(name)) {
                throw new IllegalArgumentException(name + " is no clock of "
                        + circuit.top().name() + "; its clocks: " + String.join(", ", clocks));
            }
        }
        this.crossings = Crossings.of(circuit);
    }

    /**
     * Synopsys design constraints.
     *
     * @param circuit one that passed the checks
     * @param periods in nanoseconds, by the name of each clock input of the top ({@code clk} is the own one)
     * @throws IllegalArgumentException if a clock has no period above 0, or a period no clock
     */
    public static String sdc(Circuit circuit, Map<String, Double> periods) {
        return new ClockConstraints(circuit, periods).sdc();
    }

    /**
     * Constraints for Vivado; parameters as {@link #sdc}. Cells are named as Vivado names the registers of the generated Verilog.
     *
     * @throws IllegalArgumentException if a clock has no period above 0, or a period no clock
     */
    public static String xdc(Circuit circuit, Map<String, Double> periods) {
        return new ClockConstraints(circuit, periods).xdc();
    }

    private String sdc() {
        clocks();
        var pairs = new TreeSet<String>();
        for (Crossing crossing : crossings) {
            for (String from : crossing.fromClocks()) {
                if (!from.equals(crossing.clock())) {
                    String a = from.compareTo(crossing.clock()) < 0 ? from : crossing.clock();
                    String b = a.equals(from) ? crossing.clock() : from;
                    pairs.add("set_clock_groups -asynchronous -group [%s] -group [%s]".formatted(clock(a), clock(b)));
                }
            }
        }
        section("Clocks with synchronisers between them.", pairs);
        var inputs = new TreeSet<String>();
        for (Crossing crossing : crossings) {
            crossing.fromInputs().forEach(i -> inputs.add("set_false_path -from [get_ports {%s}]".formatted(port(i))));
        }
        section("Inputs of no clock, which go to synchronisers.", inputs);
        return text.toString();
    }

    private String xdc() {
        clocks();
        for (Crossing crossing : crossings) {
            String cell = cell(crossing);
            text.append("\n# ").append(crossing.register().loc()).append('\n');
            if (crossing.reset()) {
                line("set_false_path -to [get_pins {%s}]", cell + "/" + resetPin(crossing.register()));
                continue;
            }
            for (String from : crossing.fromClocks()) {
                if (from.equals(crossing.clock())) {
                    continue; // such as the address of a read across: timed as any path of that clock
                }
                line(
                        "set_max_delay -datapath_only -from [%s] -to [get_cells {%s}] %s",
                        clock(from), cell, nanoseconds(Math.min(period(from), period(crossing.clock()))));
            }
            for (String from : crossing.fromInputs()) {
                line("set_false_path -from [get_ports {%s}] -to [get_cells {%s}]", port(from), cell);
            }
        }
        return text.toString();
    }

    private void clocks() {
        text.append("# Clocks of ").append(circuit.top().name()).append(", periods in ns.\n");
        for (String clock : Crossings.clocks(circuit)) {
            line("create_clock -name %s -period %s [get_ports {%s}]", clock, nanoseconds(period(clock)), clock);
        }
    }

    /** Of a clock made within the design the period is not known; no clock that is given is shorter than the shortest. */
    private double period(String clock) {
        Double given = periods.get(clock);
        return given != null
                ? given
                : periods.values().stream().min(Double::compare).orElse(Double.NaN);
    }

    private String clock(String name) {
        return periods.containsKey(name)
                ? "get_clocks {" + name + "}"
                : "get_clocks -of_objects [get_pins {" + name + "}]";
    }

    private void section(String title, Set<String> lines) {
        if (!lines.isEmpty()) {
            text.append("\n# ").append(title).append('\n');
            lines.forEach(line -> text.append(line).append('\n'));
        }
    }

    private void line(String format, Object... words) {
        text.append(format.formatted(words)).append('\n');
    }

    private static String nanoseconds(double period) {
        return String.format(Locale.ROOT, "%.3f", period);
    }

    private String port(String name) {
        int width = circuit.top().ports().stream()
                .filter(p -> p.name().equals(name))
                .mapToInt(p -> p.type().width())
                .findFirst()
                .orElse(1);
        return width > 1 ? name + "[*]" : name;
    }

    /** The flip-flops of a register, as Vivado names them. */
    private static String cell(Crossing crossing) {
        String path = crossing.path().stream().map(i -> i + "/").collect(Collectors.joining());
        Register register = crossing.register();
        return path + register.name() + "_reg" + (register.type().width() > 1 ? "[*]" : "");
    }

    /** The pin of an asynchronous reset: set where the value is 1. Several bits may have both. */
    private static String resetPin(Register register) {
        BigInteger init = register.init();
        if (register.type().width() > 1 || init == null) {
            return "{CLR,PRE}";
        }
        return init.signum() == 0 ? "CLR" : "PRE";
    }
}
