// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.systolic;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;

/**
 * An output-stationary array of n x n multiply-accumulate elements: C = A B, where A is n x k and B is k x n. A enters at the left,
 * row i delayed by i cycles, and moves right; B enters at the top, column j delayed by j cycles, and moves down; element (i, j)
 * keeps C[i][j], modulo 2^accumulatorBits (Kung and Leiserson, "Systolic arrays (for VLSI)", 1978). One row of C is read at a time.
 */
public final class SystolicArray extends Module {
    /**
     * Shape of an array.
     *
     * @param n rows and columns
     * @param operandBits width of the signed operands
     * @param accumulatorBits width of an element's sum, at least twice operandBits
     */
    public record Params(int n, int operandBits, int accumulatorBits) {
        /** Cycles with enable high until C is complete, from the one in which A[0][0] and B[0][0] enter. */
        public int cycles(int k) {
            return k + 2 * (n - 1);
        }
    }

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

    /** Operands move and are accumulated. */
    public final Bool enable = in(bool());
    /** Sums become 0; has priority over accumulating. */
    public final Bool clear = in(bool());
    /** Row of C to read. */
    public final UInt row;
    /** Left column of operands: element i enters row i. */
    public final Vec<SInt> a;
    /** Top row of operands: element j enters column j. */
    public final Vec<SInt> b;
    /** The chosen row of C, in the same cycle. */
    public final Vec<SInt> sums;

    private final Pe[][] pe;

    public SystolicArray(Params p) {
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
