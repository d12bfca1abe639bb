// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.UInt;

/** An instruction taken apart. */
final class Decoded extends Bundle {
    final EnumSignal<Kind> kind = field(enumOf(Kind.class));
    final EnumSignal<AluOp> op = field(enumOf(AluOp.class));
    final EnumSignal<FirstOperand> first = field(enumOf(FirstOperand.class));

    /** The second operand is {@link #immediate}, else rs2. */
    final Bool usesImmediate = field(bool());

    final UInt immediate = field(uint(32));
    final UInt rd = field(uint(5));
    final UInt rs1 = field(uint(5));
    final UInt rs2 = field(uint(5));

    /** Which branch, or size and sign of a load or store. */
    final UInt funct3 = field(uint(3));
}
