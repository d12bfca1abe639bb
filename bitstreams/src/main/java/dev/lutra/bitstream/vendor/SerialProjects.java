// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.vendor;

import dev.lutra.bitstream.BoardTop;
import dev.lutra.bitstream.board.Board;
import dev.lutra.gen.GeneratedDesign;
import dev.lutra.machine.Machine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Boards with a serial line and an accelerator with its memory on the chip: the same top as for iCE40, other constraints and tools. */
final class SerialProjects {

    private SerialProjects() {}

    static VendorProject trellis(Board board, Machine machine) {
        Map<String, String> files = new LinkedHashMap<>();
        GeneratedDesign design = design(board, machine);
        BoardTop top = top(board, design);
        files.put(BoardTop.NAME + ".v", top.verilog());
        StringBuilder lpf = new StringBuilder("# " + VendorProject.NOT_RUN + "\n");
        lpf.append("FREQUENCY PORT \"clk\" %s MHZ;\n".formatted(number(top.megahertz())));
        for (Placed pin : pins(top)) {
            lpf.append("LOCATE COMP \"%s\" SITE \"%s\";\nIOBUF PORT \"%s\" IO_TYPE=LVCMOS33;\n"
                    .formatted(pin.signal, pin.pin, pin.signal));
        }
        files.put("board.lpf", lpf.toString());
        // LFE5U-85F-6BG381C: size, speed grade, package.
        files.put("build.sh", """
                #!/bin/sh
                # %s
                set -e
                cd "$(dirname "$0")"
                yosys -q -p "read_verilog *.v; synth_ecp5 -top %s -json board.json"
                nextpnr-ecp5 --85k --package CABGA381 --speed 6 --json board.json --lpf board.lpf --textcfg board.config --report board.report.json
                ecppack board.config board.bit
                """.formatted(VendorProject.NOT_RUN, BoardTop.NAME));
        return new VendorProject(board, design, BoardTop.NAME, files, "sh build.sh");
    }

    static VendorProject vivado(Board board, Machine machine) {
        Map<String, String> files = new LinkedHashMap<>();
        GeneratedDesign design = design(board, machine);
        BoardTop top = top(board, design);
        files.put(BoardTop.NAME + ".v", top.verilog());
        StringBuilder xdc = new StringBuilder("# " + VendorProject.NOT_RUN + "\n");
        xdc.append("create_clock -name clk -period %s [get_ports clk]\n".formatted(number(1000 / top.megahertz())));
        for (Placed pin : pins(top)) {
            xdc.append("set_property -dict {PACKAGE_PIN %s IOSTANDARD LVCMOS33} [get_ports %s]\n"
                    .formatted(pin.pin, pin.signal));
        }
        // The line is asynchronous; the receiver synchronises it.
        xdc.append("set_false_path -from [get_ports uart_rx]\n");
        xdc.append("set_property CFGBVS VCCO [current_design]\nset_property CONFIG_VOLTAGE 3.3 [current_design]\n");
        files.put("board.xdc", xdc.toString());
        files.put("build.tcl", """
                # %s
                # vivado -mode batch -source build.tcl
                set here [file dirname [file normalize [info script]]]
                create_project -in_memory -part %s
                read_verilog [lsort [glob -directory $here *.v]]
                read_xdc [file join $here board.xdc]
                synth_design -top %s -part %s
                opt_design
                place_design
                phys_opt_design
                route_design
                report_utilization -file [file join $here utilization.rpt]
                report_timing_summary -file [file join $here timing.rpt]
                if {[get_property SLACK [get_timing_paths -max_paths 1]] < 0} {
                    error "the clock is not met: see timing.rpt"
                }
                write_bitstream -force [file join $here board.bit]
                """.formatted(
                        VendorProject.NOT_RUN,
                        board.part().name(),
                        BoardTop.NAME,
                        board.part().name()));
        return new VendorProject(board, design, BoardTop.NAME, files, "vivado -mode batch -source build.tcl");
    }

    private static GeneratedDesign design(Board board, Machine machine) {
        return GeneratedDesign.serial(machine, BoardTop.line(board));
    }

    private static BoardTop top(Board board, GeneratedDesign design) {
        return BoardTop.of(board, design.elaboration().circuit().top().name(), false);
    }

    /** A signal of the top and its pin. */
    private record Placed(String signal, String pin) {}

    /** The pins of the top, from its constraints for iCE40: set_io SIGNAL PIN. */
    private static List<Placed> pins(BoardTop top) {
        return top.pins()
                .lines()
                .map(line -> line.split(" "))
                .map(words -> new Placed(words[1], words[2]))
                .toList();
    }

    static String number(double value) {
        return "%.3f".formatted(value).toLowerCase(Locale.ROOT);
    }
}
