// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import static org.objectweb.asm.Opcodes.*;

import java.util.Locale;
import org.objectweb.asm.Label;
import org.objectweb.asm.Type;

/** Writes code that computes values of more than 64 bits, word by word or by a helper. */
final class Words {
    private static final String WIDE = Type.getInternalName(Wide.class);

    private final Expressions values;
    private final Instructions code;

    Words(Expressions values) {
        this.values = values;
        this.code = values.code;
    }

    /** Pushes word k of a value extended by its sign without end. */
    void word(Value v, int k) {
        if (v.isConst()) {
            code.pushLong(Numbers.word(Numbers.of(v), k));
            return;
        }
        if (!v.isWide()) {
            if (k > 0 && !v.signed) {
                code.insn(LCONST_0);
                return;
            }
            values.push(v);
            code.convert(v, false);
            if (k > 0) {
                code.pushInt(63);
                code.insn(LSHR);
            }
            return;
        }
        if (k >= v.words()) {
            if (v.signed) {
                word(v, v.words() - 1);
                code.pushInt(63);
                code.insn(LSHR);
            } else {
                code.insn(LCONST_0);
            }
            return;
        }
        if (values.operands.fetches(v)) {
            code.array(v);
            code.pushInt(values.plan.slot(v) + k);
            code.load(v);
        } else {
            computeWord(v, k);
        }
    }

    void computeWord(Value v, int k) {
        boolean top = k == v.words() - 1;
        int topWidth = v.width - 64 * k;
        switch (v.op) {
            case NOT -> {
                word(v.in[0], k);
                code.pushLong(-1);
                code.insn(LXOR);
                if (top) {
                    code.cutLong(topWidth, v.signed);
                }
            }
            case AND, OR, XOR -> {
                word(v.in[0], k);
                word(v.in[1], k);
                code.insn(v.op == Op.AND ? LAND : v.op == Op.OR ? LOR : LXOR);
                if (top && v.signed != v.in[0].signed) {
                    code.cutLong(topWidth, v.signed);
                }
            }
            case CAST -> {
                Value a = v.in[0];
                word(a, k);
                boolean fits = v.width >= a.width && (v.signed == a.signed || v.signed && v.width > a.width);
                if (top && !fits) {
                    code.cutLong(topWidth, v.signed);
                }
            }
            case SLICE -> values.bits(v.in[0], v.lo + 64 * k, Math.min(64, topWidth), false);
            case CONCAT -> concatWord(v, k);
            case READ -> {
                Design.Store store = Expressions.memoryOf(v);
                code.memory(values.plan.places().array(store), false);
                values.readIndex(v.in[0], MemoryShape.reach(store.memory), v.words(), k);
                code.insn(LALOAD);
            }
            case SELECT -> values.select(v, k);
            case MUX -> {
                Label otherwise = new Label();
                Label end = new Label();
                values.conditions.jump(v.in[0], otherwise, false);
                word(v.in[1], k);
                code.jump(GOTO, end);
                code.label(otherwise);
                word(v.in[2], k);
                code.label(end);
            }
            case SWITCH -> values.choose(v, element -> word(element, k), () -> code.insn(LCONST_0));
            default -> throw new IllegalStateException("no words of " + v);
        }
    }

    private void concatWord(Value v, int k) {
        int start = 64 * k;
        int end = Math.min(start + 64, v.width);
        int base = v.width;
        boolean first = true;
        for (Value part : v.in) {
            base -= part.width;
            int from = Math.max(start, base);
            int to = Math.min(end, base + part.width);
            if (from >= to || part.is(0)) {
                continue;
            }
            values.bits(part, from - base, to - from, false);
            if (from > start) {
                code.pushInt(from - start);
                code.insn(LSHL);
            }
            if (!first) {
                code.insn(LOR);
            }
            first = false;
        }
        if (first) {
            code.insn(LCONST_0);
        }
    }

    // ---- instructions
    /** Word k of the bits of a value, with zeros above them. */
    void rawWord(Value v, int k) {
        values.bits(v, 64 * k, Math.min(64, v.width - 64 * k), false);
    }

    void callHelper(Value v, int slot) {
        Value a = v.in[0];
        Value b = v.in[1];
        int n = v.words();
        code.array(v);
        code.pushInt(slot);
        code.pushInt(values.plan.slot(a));
        switch (v.op) {
            case ADD, SUB, MUL -> {
                code.pushInt(values.plan.slot(b));
                code.pushInt(n);
                code.call(WIDE, v.op.name().toLowerCase(Locale.ROOT), "([JIIII)V");
            }
            case DIV, REM -> {
                code.pushInt(values.plan.slot(b));
                code.pushInt(n);
                code.pushInt(a.signed ? 1 : 0);
                code.call(WIDE, v.op == Op.DIV ? "div" : "rem", "([JIIIIZ)V");
            }
            case SHL -> {
                code.pushInt(n);
                values.push(b);
                code.call(WIDE, "shl", "([JIIII)V");
            }
            case SHR -> {
                code.pushInt(n);
                values.push(b);
                code.pushInt(a.signed ? 1 : 0);
                code.call(WIDE, "shr", "([JIIIIZ)V");
            }
            default -> throw new IllegalStateException("no helper for " + v);
        }
        if (v.width % 64 != 0) {
            code.array(v);
            code.pushInt(slot + n - 1);
            code.insn(DUP2);
            code.insn(LALOAD);
            code.cutLong(v.width - 64 * (n - 1), v.signed);
            code.insn(LASTORE);
        }
    }

    // ---- values of up to 64 bits
}
