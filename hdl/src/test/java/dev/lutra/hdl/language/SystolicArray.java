// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;

/**
 * The design by which elaboration speed is measured: an output-stationary array of n x n multiply-accumulate elements.
 * Operands travel right (a) and down (b); a row of accumulators is read out combinationally.
 */
final class SystolicArray extends Module {
    record Params(int n, int operandBits, int accumulatorBits) {}

    /** One element: passes its operands on and adds their product up. */
    static final class Pe extends Module {
        record Params(int operandBits, int accumulatorBits) {}

        final Bool enable = in(bool());
        final Bool clear = in(bool());
        final SInt aIn;
        final SInt bIn;
        final SInt aOut;
        final SInt bOut;
        final SInt sum;

        Pe(Params p) {
            super(p);
            aIn = in(sint(p.operandBits()));
            bIn = in(sint(p.operandBits()));
            aOut = out(sint(p.operandBits()));
            bOut = out(sint(p.operandBits()));
            sum = out(sint(p.accumulatorBits()));
            var aReg = reg(sint(p.operandBits())).init(0);
            var bReg = reg(sint(p.operandBits())).init(0);
            var acc = reg(sint(p.accumulatorBits())).init(0);
            when(clear, () -> acc.set(0)).elseWhen(enable, () -> acc.set(acc.wrapAdd(aIn.mul(bIn))));
            when(enable, () -> {
                aReg.set(aIn);
                bReg.set(bIn);
            });
            aOut.set(aReg);
            bOut.set(bReg);
            sum.set(acc);
        }
    }

    final Bool enable = in(bool());
    final Bool clear = in(bool());
    final UInt row;
    final Vec<SInt> a;
    final Vec<SInt> b;
    final Vec<SInt> sums;
    final Pe[][] pe;

    SystolicArray(Params p) {
        super(p);
        int n = p.n();
        row = in(uint(Math.max(1, 32 - Integer.numberOfLeadingZeros(n - 1))));
        a = in(vec(n, i -> sint(p.operandBits())));
        b = in(vec(n, i -> sint(p.operandBits())));
        sums = out(vec(n, i -> sint(p.accumulatorBits())));
        pe = new Pe[n][n];
        var params = new Pe.Params(p.operandBits(), p.accumulatorBits());
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                var cell = new Pe(params);
                cell.enable.set(enable);
                cell.clear.set(clear);
                cell.aIn.set(j == 0 ? a.get(i) : pe[i][j - 1].aOut);
                cell.bIn.set(i == 0 ? b.get(j) : pe[i - 1][j].bOut);
                pe[i][j] = cell;
            }
        }
        for (int j = 0; j < n; j++) {
            int column = j;
            sums.get(j).set(vec(n, i -> pe[i][column].sum).get(row));
        }
    }
}
