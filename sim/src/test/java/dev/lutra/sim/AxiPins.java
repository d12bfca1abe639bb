// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static dev.lutra.hdl.Hdl.bool;
import static dev.lutra.hdl.Hdl.uint;

import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import java.util.HashMap;
import java.util.Map;

/** An AXI master by hand: what a test pokes on {@code araddr} appears on {@code m_axi_araddr}, and so on. */
final class AxiPins extends Module {
    /** By name. */
    final Map<String, UInt> pins = new HashMap<>();

    AxiPins() {
        for (String output :
                ("arvalid 1,araddr 16,arlen 8,arsize 3,arburst 2,arid 4,rready 1,awvalid 1,awaddr 16,awlen 8,"
                                + "awsize 3,awburst 2,awid 4,wvalid 1,wdata 64,wstrb 8,wlast 1,bready 1")
                        .split(",")) {
            String[] word = output.split(" ");
            UInt from = named(in(uint(Integer.parseInt(word[1]))), word[0]);
            UInt to = named(out(uint(Integer.parseInt(word[1]))), "m_axi_" + word[0]);
            to.set(from);
            pins.put(word[0], from);
            pins.put("m_axi_" + word[0], to);
        }
        UInt any = null;
        for (String input :
                ("arready 1,rvalid 1,rdata 64,rresp 2,rlast 1,rid 4,awready 1,wready 1,bvalid 1,bresp 2,bid 4")
                        .split(",")) {
            String[] word = input.split(" ");
            UInt pin = named(in(uint(Integer.parseInt(word[1]))), "m_axi_" + word[0]);
            pins.put("m_axi_" + word[0], pin);
            any = any == null ? pin : any.add(pin);
        }
        var alive = out(bool());
        var seen = reg(bool()).init(false);
        seen.set(any.eq(0));
        alive.set(seen);
    }
}
