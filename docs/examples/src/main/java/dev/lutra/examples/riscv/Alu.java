// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** The arithmetic unit, combinational. */
final class Alu extends Module {
    final EnumSignal<AluOp> op = in(enumOf(AluOp.class));
    final UInt a = in(uint(32));
    final UInt b = in(uint(32));
    final UInt result = out(uint(32));

    Alu() {
        doc("Arithmetic, comparisons, logic and shifts of two words.");
        var amount = b.truncate(5);
        switchOn(op)
                .is(AluOp.ADD, () -> result.set(a.wrapAdd(b)))
                .is(AluOp.SUB, () -> result.set(a.wrapSub(b)))
                .is(AluOp.SHIFT_LEFT, () -> result.set(a.shlWrap(amount)))
                .is(
                        AluOp.LESS_SIGNED,
                        () -> result.set(a.asSInt().lt(b.asSInt()).asUInt()))
                .is(AluOp.LESS_UNSIGNED, () -> result.set(a.lt(b).asUInt()))
                .is(AluOp.XOR, () -> result.set(a.xor(b)))
                .is(AluOp.SHIFT_RIGHT_LOGICAL, () -> result.set(a.shr(amount)))
                .is(
                        AluOp.SHIFT_RIGHT_ARITHMETIC,
                        () -> result.set(a.asSInt().shr(amount).asUInt()))
                .is(AluOp.OR, () -> result.set(a.or(b)))
                .is(AluOp.AND, () -> result.set(a.and(b)));
    }
}
