// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import static org.objectweb.asm.Opcodes.*;

import java.util.LinkedHashMap;
import org.objectweb.asm.Label;
import org.objectweb.asm.Type;

/**
 * Writes code that computes values of up to 64 bits and leaves them on the operand stack: an {@code int} up to 32 bits, else
 * a {@code long}, both in canonical form (extended by the sign of the type). Longer values are the matter of {@link Words}.
 */
class Expressions {
    private static final String ARITH = Type.getInternalName(Arith.class);
    private static final String WIDE = Type.getInternalName(Wide.class);

    final Plan plan;
    final Instructions code;
    final Operands operands;
    final Conditions conditions;
    final Words words;

    /** Values that are not computed where they are needed, but there already. */
    interface Operands {
        boolean fetches(Value v);

        /** Pushes such a value of up to 64 bits. */
        void fetch(Value v);

        /** Whether computing a value takes longer than a jump that goes wrong. */
        boolean costly(Value v);
    }

    Expressions(Plan plan, Instructions code, Operands operands) {
        this.plan = plan;
        this.code = code;
        this.operands = operands;
        conditions = new Conditions(this);
        words = new Words(this);
    }

    /** Pushes a value in canonical form. */
    void push(Value v) {
        if (v.isConst()) {
            if (v.isInt()) {
                code.pushInt(Numbers.of(v).intValue());
            } else {
                code.pushLong(Numbers.of(v).longValue());
            }
            return;
        }
        if (operands.fetches(v)) {
            operands.fetch(v);
        } else {
            compute(v);
        }
    }

    /** Pushes a value as an int or a long: the number where it fits, its low bits where it does not. */
    void pushAs(Value v, boolean asInt) {
        if (v.isConst()) {
            if (asInt) {
                code.pushInt(Numbers.of(v).intValue());
            } else {
                code.pushLong(Numbers.of(v).longValue());
            }
            return;
        }
        if (v.isWide()) {
            words.word(v, 0);
        } else {
            push(v);
        }
        code.convert(v, asInt);
    }

    /** Pushes a value of up to 64 bits by computing it here. */
    void compute(Value v) {
        boolean asInt = v.isInt();
        switch (v.op) {
            case NOT -> {
                pushAs(v.in[0], asInt);
                if (v.width == 1 && !v.signed && !v.in[0].signed) {
                    code.insn(ICONST_1);
                    code.insn(IXOR);
                } else {
                    code.minusOne(asInt);
                    code.insn(asInt ? IXOR : LXOR);
                    code.cut(v, !v.signed || !v.in[0].signed);
                }
            }
            case NEG -> {
                pushAs(v.in[0], asInt);
                code.insn(asInt ? INEG : LNEG);
                code.cut(v, !v.signed || v.width <= v.in[0].width);
            }
            case AND_R, OR_R, EQ -> truth(v);
            case LT, LE -> {
                if (Needs.usesHelper(v)) {
                    conditions.compareWide(v);
                    if (v.op == Op.LE) {
                        code.insn(ICONST_1);
                        code.insn(IXOR);
                    }
                } else {
                    truth(v);
                }
            }
            case XOR_R -> parity(v.in[0]);
            case ADD, SUB, MUL -> arithmetic(v);
            case DIV, REM -> divide(v);
            case AND, OR, XOR -> {
                pushAs(v.in[0], asInt);
                pushAs(v.in[1], asInt);
                code.insn(
                        switch (v.op) {
                            case AND -> asInt ? IAND : LAND;
                            case OR -> asInt ? IOR : LOR;
                            default -> asInt ? IXOR : LXOR;
                        });
                int widest = Math.max(v.in[0].width, v.in[1].width);
                code.cut(v, v.signed != v.in[0].signed || widest > v.width);
            }
            case SHL -> shiftLeft(v);
            case SHR -> shiftRight(v);
            case MUX -> mux(v);
            case SELECT -> select(v, 0);
            case SWITCH -> choose(v, this::push, () -> code.insn(asInt ? ICONST_0 : LCONST_0));
            case SLICE -> bits(v.in[0], v.lo, v.width, asInt);
            case CONCAT -> concat(v);
            case CAST -> cast(v);
            case READ -> {
                Design.Store store = memoryOf(v);
                code.memory(plan.places().array(store), asInt);
                readIndex(v.in[0], MemoryShape.reach(store.memory), 1, 0);
                code.insn(asInt ? IALOAD : LALOAD);
            }
            case CONST, SOURCE, BLOCK -> throw new IllegalStateException("cannot compute " + v);
        }
    }

    void mux(Value v) {
        Label otherwise = new Label();
        Label end = new Label();
        conditions.jump(v.in[0], otherwise, false);
        push(v.in[1]);
        code.jump(GOTO, end);
        code.label(otherwise);
        push(v.in[2]);
        code.label(end);
    }

    /** Pushes the outcome of a comparison or of AND_R or OR_R. */
    void truth(Value v) {
        conditions.truth(v);
    }

    private void arithmetic(Value v) {
        boolean asInt = v.isInt();
        Value a = v.in[0];
        Value b = v.in[1];
        pushAs(a, asInt);
        pushAs(b, asInt);
        int needed;
        boolean fits;
        switch (v.op) {
            case ADD -> {
                code.insn(asInt ? IADD : LADD);
                needed = Math.max(a.width, b.width) + 1;
                fits = needed <= v.width && (v.signed == a.signed || v.signed && needed < v.width);
            }
            case SUB -> {
                code.insn(asInt ? ISUB : LSUB);
                needed = Math.max(a.width, b.width) + 1;
                fits = v.signed && needed <= v.width;
            }
            default -> {
                code.insn(asInt ? IMUL : LMUL);
                needed = a.width + b.width;
                fits = needed <= v.width && (v.signed == a.signed || v.signed && needed < v.width);
            }
        }
        code.cut(v, !fits);
    }

    private void divide(Value v) {
        Value a = v.in[0];
        pushAs(a, false);
        pushAs(v.in[1], false);
        boolean plain = a.signed || a.width < 64 && v.in[1].width < 64;
        String name = v.op == Op.DIV ? "div" : "rem";
        code.call(ARITH, plain ? name : name + "Unsigned", "(JJ)J");
        if (v.isInt()) {
            code.insn(L2I);
        }
        code.cut(v, true);
    }

    private void shiftLeft(Value v) {
        boolean asInt = v.isInt();
        pushAs(v.in[0], asInt);
        push(v.in[1]);
        if (maximum(v.in[1]) < (asInt ? 32 : 64)) {
            code.insn(asInt ? ISHL : LSHL);
        } else {
            code.call(ARITH, "shl", asInt ? "(II)I" : "(JI)J");
        }
        code.cut(v, true);
    }

    private void shiftRight(Value v) {
        Value a = v.in[0];
        if (a.isWide()) {
            code.array(a);
            code.pushInt(plan.slot(a));
            code.pushInt(a.words());
            push(v.in[1]);
            code.pushInt(a.signed ? 1 : 0);
            code.call(WIDE, "low", "([JIIIZ)J");
            if (v.isInt()) {
                code.insn(L2I);
            }
            code.cut(v, true);
            return;
        }
        push(a);
        push(v.in[1]);
        if (maximum(v.in[1]) < (a.isInt() ? 32 : 64)) {
            if (a.signed) {
                code.insn(a.isInt() ? ISHR : LSHR);
            } else {
                code.insn(a.isInt() ? IUSHR : LUSHR);
            }
        } else {
            code.call(ARITH, a.signed ? "shr" : "ushr", a.isInt() ? "(II)I" : "(JI)J");
        }
        code.convert(a, v.isInt());
        boolean fits = v.width >= a.width && (v.signed == a.signed || v.signed && v.width > a.width);
        code.cut(v, !fits);
    }

    private void cast(Value v) {
        Value a = v.in[0];
        pushAs(a, v.isInt());
        boolean fits = v.width >= a.width && (v.signed == a.signed || v.signed && v.width > a.width);
        code.cut(v, !fits);
    }

    private void concat(Value v) {
        boolean asInt = v.isInt();
        boolean first = true;
        for (Value part : v.in) {
            if (first) {
                bits(part, 0, part.width, asInt);
                first = false;
                continue;
            }
            code.pushInt(part.width);
            code.insn(asInt ? ISHL : LSHL);
            if (!part.is(0)) {
                bits(part, 0, part.width, asInt);
                code.insn(asInt ? IOR : LOR);
            }
        }
    }

    /** Pushes bits of a value as an unsigned number; an int takes up to 32 of them, a long up to 64. */
    void bits(Value v, int lo, int width, boolean asInt) {
        if (v.isConst()) {
            var number = Numbers.bits(Numbers.of(v), lo, width);
            if (asInt) {
                code.pushInt(number.intValue());
            } else {
                code.pushLong(number.longValue());
            }
            return;
        }
        if (v.isInt()) {
            push(v);
            if (lo > 0) {
                code.pushInt(lo);
                code.insn(IUSHR);
            }
            if (lo + width < v.width || v.signed) {
                code.cutInt(width, false);
            }
            if (!asInt) {
                code.insn(I2L);
                if (width == 32) {
                    code.pushLong(0xFFFF_FFFFL);
                    code.insn(LAND);
                }
            }
            return;
        }
        boolean above = false;
        if (!v.isWide()) {
            push(v);
            code.shiftDown(lo);
            above = lo + width < v.width || v.signed;
        } else {
            int k = lo >> 6;
            int shift = lo & 63;
            words.word(v, k);
            code.shiftDown(shift);
            if (shift + width > 64) {
                words.word(v, k + 1);
                code.pushInt(64 - shift);
                code.insn(LSHL);
                code.insn(LOR);
                above = true;
            } else {
                boolean top = lo + width == v.width && !v.signed;
                above = shift + width < 64 && !top;
            }
        }
        if (asInt) {
            code.insn(L2I);
            if (above) {
                code.cutInt(width, false);
            }
        } else if (above) {
            code.cutLong(width, false);
        }
    }

    void select(Value v, int k) {
        Value index = v.in[0];
        Value block = v.in[1];
        Places.Block place = plan.places().block(block);
        int table = plan.places().table(block);
        if (table >= 0) {
            code.memory(table, v.isInt());
        } else {
            code.array(v);
        }
        readIndex(index, place.reach(), place.stride(), place.slot() + k);
        code.load(v);
    }

    /** Pushes {@code offset + stride * min(index, reach)}; what lies at {@code reach} is zero. */
    void readIndex(Value index, int reach, int stride, int offset) {
        push(index);
        if (maximum(index) >= reach) {
            code.pushInt(reach);
            code.call("java/lang/Math", "min", "(II)I");
        }
        scale(stride, offset);
    }

    void index(Value index, int stride, int offset) {
        push(index);
        scale(stride, offset);
    }

    private void scale(int stride, int offset) {
        if (stride > 1) {
            code.pushInt(stride);
            code.insn(IMUL);
        }
        if (offset > 0) {
            code.pushInt(offset);
            code.insn(IADD);
        }
    }

    interface Branch {
        void take(Value element);
    }

    void choose(Value v, Branch branch, Runnable beyond) {
        int n = v.in.length - 1;
        var labels = new LinkedHashMap<Value, Label>();
        var table = new Label[n];
        for (int i = 0; i < n; i++) {
            table[i] = labels.computeIfAbsent(v.in[i + 1], element -> new Label());
        }
        boolean reachesBeyond = maximum(v.in[0]) >= n;
        Label end = new Label();
        Label other = reachesBeyond ? new Label() : table[n - 1];
        push(v.in[0]);
        code.tableSwitch(other, table);
        labels.forEach((element, label) -> {
            code.label(label);
            branch.take(element);
            code.jump(GOTO, end);
        });
        if (reachesBeyond) {
            code.label(other);
            beyond.run();
        }
        code.label(end);
    }

    private void parity(Value a) {
        if (a.isWide()) {
            for (int k = 0; k < a.words(); k++) {
                words.rawWord(a, k);
                if (k > 0) {
                    code.insn(LXOR);
                }
            }
            code.call("java/lang/Long", "bitCount", "(J)I");
        } else {
            bits(a, 0, a.width, a.isInt());
            code.call(a.isInt() ? "java/lang/Integer" : "java/lang/Long", "bitCount", a.isInt() ? "(I)I" : "(J)I");
        }
        code.insn(ICONST_1);
        code.insn(IAND);
    }

    /** The largest value an index or amount may have; types are unsigned and at most 31 bits. */
    static int maximum(Value v) {
        return v.isConst() ? Numbers.of(v).intValue() : (int) ((1L << v.width) - 1);
    }

    static Design.Store memoryOf(Value read) {
        if (read.origin instanceof Design.Store store) {
            return store;
        }
        throw new IllegalStateException("no memory behind " + read);
    }
}
