// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import static org.objectweb.asm.Opcodes.*;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Label;
import org.objectweb.asm.Type;

/** Writes code that asks for a bit: jumps, and comparisons as numbers. */
final class Conditions {
    private static final String WIDE = Type.getInternalName(Wide.class);

    private final Expressions values;
    private final Instructions code;

    Conditions(Expressions values) {
        this.values = values;
        this.code = values.code;
    }

    void compareWide(Value v) {
        Value a = v.in[0];
        Value b = v.in[1];
        boolean swap = v.op == Op.LE;
        code.array(a);
        code.pushInt(values.plan.slot(swap ? b : a));
        code.pushInt(values.plan.slot(swap ? a : b));
        code.pushInt(a.words());
        code.pushInt(a.signed ? 1 : 0);
        code.call(WIDE, "less", "([JIIIZ)Z");
    }

    // ---- conditions

    void truth(Value v) {
        Label yes = new Label();
        Label end = new Label();
        jumpComputed(v, yes, true);
        code.insn(ICONST_0);
        code.jump(GOTO, end);
        code.label(yes);
        code.insn(ICONST_1);
        code.label(end);
    }

    /** Jumps if a bit has the given value. */
    void jump(Value v, Label target, boolean when) {
        if (values.operands.fetches(v) || v.isConst()) {
            values.push(v);
            code.jump(when ? IFNE : IFEQ, target);
        } else {
            jumpComputed(v, target, when);
        }
    }

    /** Jumps by a bit that is computed here. */
    void jumpComputed(Value v, Label target, boolean when) {
        switch (v.op) {
            case NOT -> jump(v.in[0], target, !when);
            case EQ -> jumpEqual(v.in[0], v.in[1], target, when);
            case LT, LE -> jumpOrder(v, target, when);
            case OR_R -> {
                Value a = v.in[0];
                if (a.isWide()) {
                    anyBit(a, null);
                    code.jump(when ? IFNE : IFEQ, target);
                } else {
                    jumpZero(a, target, !when);
                }
            }
            case AND_R -> jumpOnes(v.in[0], target, when);
            case AND, OR -> {
                // Short circuit, where the second operand costs more than a jump that goes wrong.
                boolean bools = v.in[0].width == 1 && v.in[1].width == 1;
                boolean costly = bools && values.operands.costly(v.in[1]);
                if (!costly) {
                    values.compute(v);
                    code.jump(when ? IFNE : IFEQ, target);
                } else if ((v.op == Op.AND) != when) {
                    jump(v.in[0], target, when);
                    jump(v.in[1], target, when);
                } else {
                    Label skip = new Label();
                    jump(v.in[0], skip, !when);
                    jump(v.in[1], target, when);
                    code.label(skip);
                }
            }
            default -> {
                values.compute(v);
                code.jump(when ? IFNE : IFEQ, target);
            }
        }
    }

    private void jumpZero(Value a, Label target, boolean whenZero) {
        values.push(a);
        if (!a.isInt()) {
            code.insn(LCONST_0);
            code.insn(LCMP);
        }
        code.jump(whenZero ? IFEQ : IFNE, target);
    }

    private void jumpOnes(Value a, Label target, boolean when) {
        if (a.isWide()) {
            for (int k = 0; k < a.words(); k++) {
                values.words.word(a, k);
                int width = Math.min(64, a.width - 64 * k);
                code.pushLong(a.signed || width == 64 ? -1L : (1L << width) - 1);
                code.insn(LXOR);
                if (k > 0) {
                    code.insn(LOR);
                }
            }
            code.insn(LCONST_0);
            code.insn(LCMP);
            code.jump(when ? IFEQ : IFNE, target);
            return;
        }
        values.push(a);
        if (a.isInt()) {
            code.pushInt(a.signed || a.width == 32 ? -1 : (1 << a.width) - 1);
            code.jump(when ? IF_ICMPEQ : IF_ICMPNE, target);
        } else {
            code.pushLong(a.signed || a.width == 64 ? -1L : (1L << a.width) - 1);
            code.insn(LCMP);
            code.jump(when ? IFEQ : IFNE, target);
        }
    }

    private void jumpEqual(Value a, Value b, Label target, boolean when) {
        if (a.isWide() || b.isWide()) {
            anyBit(a, b);
            code.jump(when ? IFEQ : IFNE, target);
        } else if (a.isInt() && b.isInt()) {
            values.push(a);
            if (b.is(0)) {
                code.jump(when ? IFEQ : IFNE, target);
            } else {
                values.push(b);
                code.jump(when ? IF_ICMPEQ : IF_ICMPNE, target);
            }
        } else {
            values.pushAs(a, false);
            values.pushAs(b, false);
            code.insn(LCMP);
            code.jump(when ? IFEQ : IFNE, target);
        }
    }

    /** Pushes an int that is 0 if all words of a (or of a xor b) are 0. */
    void anyBit(Value a, @Nullable Value b) {
        for (int k = 0; k < a.words(); k++) {
            values.words.word(a, k);
            if (b != null) {
                values.words.word(b, k);
                code.insn(LXOR);
            }
            if (k > 0) {
                code.insn(LOR);
            }
        }
        code.insn(LCONST_0);
        code.insn(LCMP);
    }

    private void jumpOrder(Value v, Label target, boolean when) {
        Value a = v.in[0];
        Value b = v.in[1];
        if (Needs.usesHelper(v)) {
            compareWide(v);
            boolean sense = (v.op == Op.LT) == when;
            code.jump(sense ? IFNE : IFEQ, target);
            return;
        }
        boolean asInt = a.isInt() && b.isInt();
        values.pushAs(a, asInt);
        values.pushAs(b, asInt);
        boolean full = !a.signed && Math.max(a.width, b.width) == (asInt ? 32 : 64);
        if (asInt && !full) {
            int opcode = v.op == Op.LT ? (when ? IF_ICMPLT : IF_ICMPGE) : when ? IF_ICMPLE : IF_ICMPGT;
            code.jump(opcode, target);
            return;
        }
        if (full) {
            code.call(asInt ? "java/lang/Integer" : "java/lang/Long", "compareUnsigned", asInt ? "(II)I" : "(JJ)I");
        } else {
            code.insn(LCMP);
        }
        int opcode = v.op == Op.LT ? (when ? IFLT : IFGE) : when ? IFLE : IFGT;
        code.jump(opcode, target);
    }

    // ---- words of longer values
}
