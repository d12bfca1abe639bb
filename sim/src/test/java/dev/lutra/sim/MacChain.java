// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.BlackBox;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Multiply-accumulate blocks of an iCE40 in a row: each adds up products of its own, then the sums move on along the row. */
public final class MacChain extends Module {
    public final Bool enable = in(bool());
    public final Bool shift = in(bool());
    public final List<SInt> a = new ArrayList<>();
    public final SInt b = in(sint(16));
    public final SInt sum = out(sint(32));

    /**
     * @param length blocks in the row
     * @param verilog the Verilog of the block, empty for its model alone
     */
    public MacChain(int length, String verilog) {
        Bits before = lit(0, 32).asBits();
        for (int i = 0; i < length; i++) {
            a.add(in(sint(16)));
            var mac = new Mac16(verilog);
            mac.CE.set(enable.or(shift));
            mac.A.set(a.get(i).asBits());
            mac.B.set(b.asBits());
            mac.C.set(before.bits(31, 16));
            mac.D.set(before.bits(15, 0));
            mac.OLOADTOP.set(shift);
            mac.OLOADBOT.set(shift);
            for (var unused : mac.unused) {
                unused.set(false);
            }
            before = mac.O;
        }
        sum.set(before.asSInt());
    }

    /** {@code SB_MAC16}, set to add signed products of 16 bits to 32 bits, with registers before the multiplier. */
    static final class Mac16 extends BlackBox {
        final Bool CE = in(bool());
        final Bits A = in(bits(16));
        final Bits B = in(bits(16));
        final Bits C = in(bits(16));
        final Bits D = in(bits(16));
        final Bool OLOADTOP = in(bool());
        final Bool OLOADBOT = in(bool());
        final Bits O = out(bits(32));
        final List<Bool> unused = new ArrayList<>();

        Mac16(String verilog) {
            super("SB_MAC16");
            for (String name :
                    "AHOLD BHOLD CHOLD DHOLD IRSTTOP IRSTBOT ORSTTOP ORSTBOT ADDSUBTOP ADDSUBBOT OHOLDTOP OHOLDBOT CI ACCUMCI SIGNEXTIN"
                            .split(" ")) {
                unused.add(named(in(bool()), name));
            }
            clockPort("CLK");
            for (String name : "A_REG B_REG A_SIGNED B_SIGNED".split(" ")) {
                parameter(name, BigInteger.ONE, 1);
            }
            for (String half : List.of("TOP", "BOT")) {
                parameter(half + "OUTPUT_SELECT", BigInteger.ONE, 2);
                parameter(half + "ADDSUB_LOWERINPUT", BigInteger.TWO, 2);
            }
            parameter("TOPADDSUB_CARRYSELECT", BigInteger.TWO, 2);
            if (!verilog.isEmpty()) {
                verilog("SB_MAC16.v", verilog);
            }

            var aReg = reg(sint(16));
            var bReg = reg(sint(16));
            UInt top = reg(uint(16));
            UInt bottom = reg(uint(16));
            var next = cat(top, bottom).asSInt().wrapAdd(aReg.mul(bReg)).asBits();
            when(CE, () -> {
                aReg.set(A.asSInt());
                bReg.set(B.asSInt());
                top.set(mux(OLOADTOP, C, next.bits(31, 16)).asUInt());
                bottom.set(mux(OLOADBOT, D, next.bits(15, 0)).asUInt());
            });
            O.set(cat(top, bottom));
        }
    }
}
