// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import dev.lutra.hdl.Circuit;
import dev.lutra.machine.VectorShape;
import dev.lutra.pe.vector.VectorUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A vector unit with its scratchpad after synthesis: the hierarchy is kept between unit and lanes and dissolved inside of both. On FPGAs with DSP blocks and shift registers in
 * LUTs; on standard cells the scratchpad is left to memories, and the table of functions is logic.
 *
 * @param shape lanes and rows
 * @param netlist what it takes
 */
public record VectorArea(AreaTarget target, VectorShape shape, VectorNetlist netlist) {

    /** Rows of the scratchpad, those of {@code lutra gen --lanes}. */
    public static final int ROWS = 1024;

    private static final int[] LANES = {1, 4, 16};

    /** Units of a few numbers of lanes on each target. */
    public static List<VectorArea> measure(Yosys yosys, Set<AreaTarget> targets, Consumer<String> progress)
            throws InterruptedException {
        List<VectorArea> rows = new ArrayList<>();
        for (AreaTarget target : targets) {
            for (int lanes : LANES) {
                progress.accept("synthesising a vector unit of " + lanes + " lanes, " + target.id());
                var shape = new VectorShape(lanes, ROWS);
                var circuit = Circuit.of(() -> new VectorUnit(shape)).circuit();
                rows.add(new VectorArea(
                        target,
                        shape,
                        yosys.vector(
                                circuit, target, script(target, circuit.top().name()))));
            }
        }
        return rows;
    }

    /** Paths through blocks that the library has no delays of are left out. */
    private static String script(AreaTarget target, String top) {
        String read = "read_verilog design.v; hierarchy -check -top " + top
                + "; setattr -mod -set keep_hierarchy 1 VectorLane*; ";
        String time =
                "; write_json net.json; write_verilog -noattr -noexpr net.v; design -reset; read_verilog -lib -specify ";
        String end = "; read_verilog net.v; hierarchy -top " + top + "; tee -o path.txt sta";
        return switch (target) {
            case LUT6 ->
                read + "synth_xilinx -family xcup -noiopad -noclkbuf -flatten -top " + top + time
                        + "+/xilinx/cells_sim.v; read_verilog -lib +/xilinx/cells_xtra.v" + end;
            case ICE40 ->
                read + "synth_ice40 -device u -dsp -top " + top + time + "-D ICE40_U +/ice40/cells_sim.v" + end;
            case CELLS ->
                read + "synth -flatten -run begin:fine -top " + top
                        + "; opt -fast -full; memory_map -rom-only; memory_map "
                        + top + "; opt -full; techmap; opt -fast; dfflibmap -liberty cells.lib; " + Yosys.MAP_CELLS
                        + "; write_json net.json";
        };
    }

    /** Area that a further lane takes, beside a smaller unit. */
    public double perLane(VectorArea smaller) {
        return (netlist.area() - smaller.netlist.area()) / (shape.lanes() - smaller.shape.lanes());
    }
}
