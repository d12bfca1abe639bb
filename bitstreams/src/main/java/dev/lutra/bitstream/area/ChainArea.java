// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import dev.lutra.hdl.Circuit;
import dev.lutra.pe.dsp.DspChain;
import dev.lutra.pe.dsp.DspForm;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A chain of DSP blocks after synthesis, its multiplexers, skew, overflow adjustment and reduction nodes included; or, of the form
 * {@link DspForm#PORTABLE}, what the same generator makes with one product per multiplier, of which synthesis makes DSP blocks where it can.
 *
 * @param family that it is built for
 * @param chain its shape
 * @param netlist what it takes
 */
public record ChainArea(Family family, DspChain.Params chain, ChainNetlist netlist) {

    /** Families of devices and how Yosys synthesises for them, shift registers in LUTs where there are any. */
    public enum Family {
        XCUP("xcup", DspForm.DSP48E2, "synth_xilinx -family xcup -noiopad -noclkbuf -flatten", "xilinx", "", 12),
        XC7("xc7", DspForm.DSP48E1, "synth_xilinx -family xc7 -noiopad -noclkbuf -flatten", "xilinx", "", 12),
        /** The device has 8 blocks. */
        ICE40("ice40", DspForm.SB_MAC16, "synth_ice40 -device u -flatten", "ice40", "-D ICE40_U", 8);

        private final String id;
        private final DspForm form;
        private final String synthesis;
        private final String cells;
        private final String defines;
        private final int length;

        Family(String id, DspForm form, String synthesis, String cells, String defines, int length) {
            this.id = id;
            this.form = form;
            this.synthesis = synthesis;
            this.cells = cells;
            this.defines = defines;
            this.length = length;
        }

        /** Word for it in results. */
        public String id() {
            return id;
        }

        /** Paths through blocks that the library has no delays of are left out. */
        String script(String top, DspForm chain) {
            String more = cells.equals("xilinx") ? "read_verilog -lib +/xilinx/cells_xtra.v; " : "";
            // Yosys 0.23 with -dsp takes the operand registers out of SB_MAC16s that are there already.
            String infer = this == ICE40 && chain == DspForm.PORTABLE ? " -dsp" : "";
            return "read_verilog design.v; " + synthesis + infer + " -top " + top
                    + "; write_json net.json; write_verilog -noattr -noexpr net.v; design -reset; read_verilog -lib -specify "
                    + defines + " +/" + cells + "/cells_sim.v; " + more + "read_verilog net.v; hierarchy -top " + top
                    + "; tee -o path.txt sta";
        }
    }

    private static final int BLOCK = 4;

    /** Each family's own blocks and one product per multiplier, INT8 and INT4, one after the other. */
    public static List<ChainArea> measure(Yosys yosys, Consumer<String> progress) throws InterruptedException {
        List<ChainArea> rows = new ArrayList<>();
        for (Family family : Family.values()) {
            for (int bits : new int[] {8, 4}) {
                for (DspForm form : new DspForm[] {family.form, DspForm.PORTABLE}) {
                    progress.accept("synthesising a chain of " + form + ", INT" + bits + ", " + family.id());
                    rows.add(measure(yosys, family, new DspChain.Params(form, bits, BLOCK, family.length)));
                }
            }
        }
        return rows;
    }

    static ChainArea measure(Yosys yosys, Family family, DspChain.Params chain) throws InterruptedException {
        var circuit = Circuit.of(() -> new DspChain(chain)).circuit();
        return new ChainArea(
                family, chain, yosys.chain(circuit, family.script(circuit.top().name(), chain.form())));
    }

    /** Products of a cycle. */
    public int products() {
        return chain.length() * chain.packing().products();
    }

    /** Sums that go from block to block: a packed one, or of each product its own. */
    public int links() {
        return (chain.length() - 1)
                * (chain.form() == DspForm.PORTABLE ? chain.packing().products() : 1);
    }

    /** What of a block's work synthesis left to the fabric. */
    public List<String> left() {
        var left = new ArrayList<String>();
        boolean inferred = chain.form() == DspForm.PORTABLE;
        if (inferred && netlist.dsps() < products()) {
            left.add("%d of %d multipliers".formatted(products() - netlist.dsps(), products()));
        }
        netlist.unusedRegisters().forEach((register, blocks) -> left.add("%s of %d".formatted(register, blocks)));
        if (inferred && family != Family.ICE40 && netlist.cascades() < links()) {
            left.add("%d of %d cascades (%d carry cells)"
                    .formatted(links() - netlist.cascades(), links(), netlist.carries()));
        }
        return left;
    }
}
