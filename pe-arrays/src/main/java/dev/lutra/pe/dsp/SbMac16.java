// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.BlackBox;
import dev.lutra.hdl.Bool;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code SB_MAC16} as two signed 8 x 8 multipliers with registers at operands, products and sums (Lattice FPGA-TN-02007, figure "DSP
 * functional model"): {@code O[31:16] = A[15:8] B[15:8] + C} and {@code O[15:0] = A[7:0] B[7:0] + D}, modulo 2^16 each; operands of two
 * cycles before C and D, O one cycle after them.
 */
final class SbMac16 extends BlackBox {
    final Bits A = in(bits(16));
    final Bits B = in(bits(16));
    final Bits C = in(bits(16));
    final Bits D = in(bits(16));
    final Bits O = out(bits(32));

    /** Enable, which must be true. */
    final Bool CE = in(bool());

    /** Holds, resets, loads, subtraction and carries: all of them must be false. */
    final List<Bool> low = new ArrayList<>();

    SbMac16() {
        super("SB_MAC16");
        for (String name :
                ("AHOLD BHOLD CHOLD DHOLD IRSTTOP IRSTBOT ORSTTOP ORSTBOT OLOADTOP OLOADBOT ADDSUBTOP ADDSUBBOT OHOLDTOP OHOLDBOT"
                                + " CI ACCUMCI SIGNEXTIN")
                        .split(" ")) {
            low.add(named(in(bool()), name));
        }
        clockPort("CLK");
        for (String name : "A_REG B_REG A_SIGNED B_SIGNED MODE_8x8 TOP_8x8_MULT_REG BOT_8x8_MULT_REG".split(" ")) {
            parameter(name, BigInteger.ONE, 1);
        }
        for (String half : List.of("TOP", "BOT")) {
            // The output register; the adder has the 8 x 8 product below and the port C or D above.
            parameter(half + "OUTPUT_SELECT", BigInteger.ONE, 2);
            parameter(half + "ADDSUB_LOWERINPUT", BigInteger.ONE, 2);
            parameter(half + "ADDSUB_UPPERINPUT", BigInteger.ONE, 1);
        }
        O.set(cat(half(A.bits(15, 8), B.bits(15, 8), C), half(A.bits(7, 0), B.bits(7, 0), D)));
    }

    private Bits half(Bits a, Bits b, Bits addend) {
        var aReg = reg(sint(8));
        var bReg = reg(sint(8));
        var product = reg(sint(16));
        var sum = reg(sint(16));
        aReg.set(a.asSInt());
        bReg.set(b.asSInt());
        product.set(aReg.mul(bReg));
        sum.set(product.wrapAdd(addend.asSInt()));
        return sum.asBits();
    }
}
