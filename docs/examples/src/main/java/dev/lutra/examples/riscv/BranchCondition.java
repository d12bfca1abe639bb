// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** Whether a branch is taken, combinational. */
final class BranchCondition extends Module {
    /** Which branch; 2 and 3 are none. */
    final UInt funct3 = in(uint(3));

    final UInt a = in(uint(32));
    final UInt b = in(uint(32));
    final Bool holds = out(bool());

    BranchCondition() {
        doc("Compares two words as a branch says.");
        var equal = a.eq(b);
        var lessSigned = a.asSInt().lt(b.asSInt());
        var lessUnsigned = a.lt(b);
        switchOn(funct3)
                .is(0, () -> holds.set(equal)) // BEQ
                .is(1, () -> holds.set(equal.not())) // BNE
                .is(4, () -> holds.set(lessSigned)) // BLT
                .is(5, () -> holds.set(lessSigned.not())) // BGE
                .is(6, () -> holds.set(lessUnsigned)) // BLTU
                .is(7, () -> holds.set(lessUnsigned.not())) // BGEU
                .otherwise(() -> holds.set(false));
    }
}
