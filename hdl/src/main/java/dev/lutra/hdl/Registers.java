// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.math.BigInteger;

/** Reset values. */
final class Registers {
    private Registers() {}

    /** Records the reset value of a register; reports anything else, a value out of range and a second one. */
    static void init(Ground register, BigInteger value) {
        var owner = register.owner();
        if (register.op() != Op.REG || owner == null) {
            Build.error(
                    register,
                    "not-a-register",
                    "init(" + value + ") of " + register.describe() + ", which is no register",
                    "write reg(...).init(...)");
            return;
        }
        if (!register.claimInit()) {
            Build.error(register, "init-twice", register.describe() + " gets a second reset value", "give it one");
        } else if (Build.inRange(register, value)) {
            owner.recording().add(Op.INIT, null, register.number(), -1, -1, value);
        }
    }
}
