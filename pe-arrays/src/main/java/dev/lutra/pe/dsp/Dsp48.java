// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.BlackBox;
import dev.lutra.hdl.Bool;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code DSP48E1} (AMD UG479) or {@code DSP48E2} (UG579) in the one setting that chains use: {@code P = (A + D) B + Z}, where Z is PCIN or,
 * with bit 4 of OPMODE 0, 0. Four registers lie on the way: A and D, or B1; what the pre-adder made, or B2; the product; P. OPMODE has a
 * register too, so that it comes two cycles after its operands, and PCIN three. The model has this setting alone.
 */
final class Dsp48 extends BlackBox {

    /** A box: whether it is the second generation, whose multiplier is 27 bits wide, and whether Z varies. */
    record Params(boolean second, boolean starts) {}

    /** INMODE: A2, D on, sum, B2. */
    static final int D_PLUS_A = 0b00100;

    final Bits A = in(bits(30));
    final Bits B = in(bits(18));
    final Bits D;
    final Bits PCIN = in(bits(48));
    final Bits INMODE = in(bits(5));
    final Bits OPMODE;
    final Bits P = out(bits(48));
    final Bits PCOUT = out(bits(48));

    /** Clock enables: all of them must be true. */
    final List<Bool> high = new ArrayList<>();

    /** Resets, the other cascades, C, carries and ALUMODE, which adds when 0: all of them must be 0. */
    final List<Bits> low = new ArrayList<>();

    Dsp48(Params p) {
        super(p, p.second() ? "DSP48E2" : "DSP48E1");
        int width = p.second() ? 27 : 25;
        D = in(bits(width));
        OPMODE = in(bits(p.second() ? 9 : 7));
        clockPort("CLK");
        for (String name : "CEA1 CEA2 CEAD CEALUMODE CEB1 CEB2 CEC CECARRYIN CECTRL CED CEINMODE CEM CEP".split(" ")) {
            high.add(named(in(bool()), name));
        }
        for (String name :
                ("RSTA RSTALLCARRYIN RSTALUMODE RSTB RSTC RSTCTRL RSTD RSTINMODE RSTM RSTP CARRYCASCIN CARRYIN MULTSIGNIN")
                        .split(" ")) {
            low.add(named(in(bits(1)), name));
        }
        low.add(named(in(bits(30)), "ACIN"));
        low.add(named(in(bits(18)), "BCIN"));
        low.add(named(in(bits(48)), "C"));
        low.add(named(in(bits(4)), "ALUMODE"));
        low.add(named(in(bits(3)), "CARRYINSEL"));
        parameter("AREG", 1);
        parameter("ACASCREG", 1);
        parameter("DREG", 1);
        parameter("ADREG", 1);
        parameter("BREG", 2);
        parameter("BCASCREG", 2);
        parameter("MREG", 1);
        parameter("PREG", 1);
        parameter("OPMODEREG", 1);
        parameter("INMODEREG", 0);
        parameter("ALUMODEREG", 0);
        parameter("CARRYINREG", 0);
        parameter("CARRYINSELREG", 0);
        parameter("CREG", 1);
        parameter("USE_MULT", "MULTIPLY");
        parameter("USE_SIMD", "ONE48");
        if (p.second()) {
            parameter("AMULTSEL", "AD");
            parameter("BMULTSEL", "B");
            parameter("PREADDINSEL", "A");
        } else {
            parameter("USE_DPORT", "TRUE");
        }

        var a = reg(sint(width));
        var d = reg(sint(width));
        var sum = reg(sint(width));
        var b1 = reg(sint(18));
        var b2 = reg(sint(18));
        var product = reg(sint(width + 18));
        var cascade = reg(bool());
        var out = reg(sint(48));
        a.set(A.bits(width - 1, 0).asSInt());
        d.set(D.asSInt());
        sum.set(d.wrapAdd(a));
        b1.set(B.asSInt());
        b2.set(b1);
        product.set(sum.mul(b2));
        cascade.set(OPMODE.bit(4));
        out.set(mux(cascade, PCIN.asSInt(), slit(0, 48)).wrapAdd(product.extend(48)));
        P.set(out.asBits());
        PCOUT.set(out.asBits());
    }
}
