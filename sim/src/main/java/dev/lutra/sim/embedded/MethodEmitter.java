// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import static org.objectweb.asm.Opcodes.*;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/**
 * Writes the byte code of one method of a {@link Plan}: static, with the {@code int[]}, the {@code long[]} and the arrays of
 * memories as its arguments.
 *
 * <p>A value of up to 32 bits is an {@code int} on the operand stack, up to 64 bits a {@code long}, both in canonical form
 * (extended by the sign of its type). Longer values are handled word by word.
 */
final class MethodEmitter {
    private static final int INTS = 0;
    private static final int LONGS = 1;
    private static final int ARRAYS = 2;
    private static final String ARITH = Type.getInternalName(Arith.class);
    private static final String WIDE = Type.getInternalName(Wide.class);

    private final Plan plan;
    private final MethodVisitor mv;
    private final Map<Value, Integer> locals = new HashMap<>();
    private int nextLocal = 3;

    MethodEmitter(Plan plan, MethodVisitor mv) {
        this.plan = plan;
        this.mv = mv;
    }

    void item(Plan.Item item) {
        if (item instanceof Plan.Define define) {
            define(define);
        } else if (item instanceof Plan.Copy copy) {
            store(copy.element(), copy.slot());
        } else if (item instanceof Plan.Update update) {
            Design.Register register = update.register();
            int home = plan.slot(register.value());
            if (update.shadow() < 0) {
                assign(register.next(), home, home);
            } else {
                assign(register.next(), update.shadow(), home);
            }
        } else if (item instanceof Plan.Commit commit) {
            Value value = commit.register().value();
            int home = plan.slot(value);
            for (int k = 0; k < value.words(); k++) {
                array(value);
                pushInt(home + k);
                array(value);
                pushInt(commit.shadow() + k);
                mv.visitInsn(value.isInt() ? IALOAD : LALOAD);
                mv.visitInsn(value.isInt() ? IASTORE : LASTORE);
            }
        } else if (item instanceof Plan.Writes writes) {
            for (Design.Write write : writes.store().writes) {
                write(writes.store(), write);
            }
        }
    }

    // ---- items

    private void define(Plan.Define define) {
        Value v = define.value();
        int slot = plan.slot(v);
        if (slot < 0) {
            compute(v);
            int local = nextLocal;
            nextLocal += v.isInt() ? 1 : 2;
            mv.visitVarInsn(v.isInt() ? ISTORE : LSTORE, local);
            locals.put(v, local);
        } else if (!v.isWide()) {
            array(v);
            pushInt(slot);
            compute(v);
            mv.visitInsn(v.isInt() ? IASTORE : LASTORE);
        } else if (Plan.usesHelper(v)) {
            callHelper(v, slot);
        } else {
            computeInto(v, slot, -1, define.from(), define.to());
        }
    }

    /** Stores a value at a place, which differs from its own. */
    private void store(Value v, int slot) {
        for (int k = 0; k < v.words(); k++) {
            array(v);
            pushInt(slot + k);
            if (v.isWide()) {
                word(v, k);
            } else {
                push(v);
            }
            mv.visitInsn(v.isInt() ? IASTORE : LASTORE);
        }
    }

    /** Stores the next value of a register at a place. Holding costs nothing if that place is the register's own home. */
    private void assign(Value v, int slot, int home) {
        if (plan.isStored(v) || v.isConst()) {
            if (slot != home || plan.slot(v) != home) {
                store(v, slot);
            }
        } else {
            computeInto(v, slot, home, 0, v.isWide() ? v.words() : 1);
        }
    }

    private void computeInto(Value v, int slot, int home, int from, int to) {
        if (v.op == Op.MUX) {
            Label otherwise = new Label();
            Label end = new Label();
            jump(v.in[0], otherwise, false);
            assign(v.in[1], slot, home);
            mv.visitJumpInsn(GOTO, end);
            mv.visitLabel(otherwise);
            assign(v.in[2], slot, home);
            mv.visitLabel(end);
        } else if (v.op == Op.SWITCH) {
            choose(v, element -> assign(element, slot, home), () -> assignZero(v, slot));
        } else if (!v.isWide()) {
            array(v);
            pushInt(slot);
            compute(v);
            mv.visitInsn(v.isInt() ? IASTORE : LASTORE);
        } else {
            for (int k = from; k < to; k++) {
                array(v);
                pushInt(slot + k);
                computeWord(v, k);
                mv.visitInsn(LASTORE);
            }
        }
    }

    private void assignZero(Value like, int slot) {
        for (int k = 0; k < like.words(); k++) {
            array(like);
            pushInt(slot + k);
            mv.visitInsn(like.isInt() ? ICONST_0 : LCONST_0);
            mv.visitInsn(like.isInt() ? IASTORE : LASTORE);
        }
    }

    private void write(Design.Store store, Design.Write write) {
        Label skip = new Label();
        if (write.guard().is(0)) {
            return;
        }
        if (!write.guard().isConst()) {
            jump(write.guard(), skip, false);
        }
        int depth = store.memory.depth();
        Value address = write.address();
        if (maximum(address) >= depth) {
            push(address);
            pushInt(depth);
            mv.visitJumpInsn(IF_ICMPGE, skip);
        }
        Value data = write.data();
        Value mask = write.mask();
        for (int k = 0; k < data.words(); k++) {
            memory(plan.array(store), data.isInt());
            index(address, data.isInt() ? 1 : data.words(), k);
            if (mask != null) {
                // old ^ ((old ^ new) & mask)
                mv.visitInsn(DUP2);
                mv.visitInsn(data.isInt() ? IALOAD : LALOAD);
                if (data.isInt()) {
                    mv.visitInsn(DUP);
                } else {
                    mv.visitInsn(DUP2);
                }
                part(data, k);
                mv.visitInsn(data.isInt() ? IXOR : LXOR);
                part(mask, k);
                mv.visitInsn(data.isInt() ? IAND : LAND);
                mv.visitInsn(data.isInt() ? IXOR : LXOR);
            } else {
                part(data, k);
            }
            mv.visitInsn(data.isInt() ? IASTORE : LASTORE);
        }
        mv.visitLabel(skip);
    }

    private void part(Value v, int k) {
        if (v.isWide()) {
            word(v, k);
        } else {
            push(v);
        }
    }

    private void callHelper(Value v, int slot) {
        Value a = v.in[0];
        Value b = v.in[1];
        int n = v.words();
        mv.visitVarInsn(ALOAD, LONGS);
        pushInt(slot);
        pushInt(plan.slot(a));
        switch (v.op) {
            case ADD, SUB, MUL -> {
                pushInt(plan.slot(b));
                pushInt(n);
                call(WIDE, v.op.name().toLowerCase(Locale.ROOT), "([JIIII)V");
            }
            case DIV, REM -> {
                pushInt(plan.slot(b));
                pushInt(n);
                pushInt(a.signed ? 1 : 0);
                call(WIDE, v.op == Op.DIV ? "div" : "rem", "([JIIIIZ)V");
            }
            case SHL -> {
                pushInt(n);
                push(b);
                call(WIDE, "shl", "([JIIII)V");
            }
            case SHR -> {
                pushInt(n);
                push(b);
                pushInt(a.signed ? 1 : 0);
                call(WIDE, "shr", "([JIIIIZ)V");
            }
            default -> throw new IllegalStateException("no helper for " + v);
        }
        if (v.width % 64 != 0) {
            mv.visitVarInsn(ALOAD, LONGS);
            pushInt(slot + n - 1);
            mv.visitInsn(DUP2);
            mv.visitInsn(LALOAD);
            cutLong(v.width - 64 * (n - 1), v.signed);
            mv.visitInsn(LASTORE);
        }
    }

    // ---- values of up to 64 bits

    /** Pushes a value in canonical form. */
    private void push(Value v) {
        if (v.isConst()) {
            if (v.isInt()) {
                pushInt(Numbers.of(v).intValue());
            } else {
                pushLong(Numbers.of(v).longValue());
            }
            return;
        }
        Integer local = locals.get(v);
        if (local != null) {
            mv.visitVarInsn(v.isInt() ? ILOAD : LLOAD, local);
        } else if (plan.isStored(v)) {
            fetch(v, plan.slot(v));
        } else {
            compute(v);
        }
    }

    private void fetch(Value like, int slot) {
        if (slot < 0) {
            throw new IllegalStateException("not in this method: " + like);
        }
        array(like);
        pushInt(slot);
        mv.visitInsn(like.isInt() ? IALOAD : LALOAD);
    }

    /** Pushes a value as an int or a long: the number where it fits, its low bits where it does not. */
    private void pushAs(Value v, boolean asInt) {
        if (v.isConst()) {
            if (asInt) {
                pushInt(Numbers.of(v).intValue());
            } else {
                pushLong(Numbers.of(v).longValue());
            }
            return;
        }
        if (v.isWide()) {
            word(v, 0);
        } else {
            push(v);
        }
        convert(v, asInt);
    }

    private void convert(Value from, boolean toInt) {
        if (from.isInt() && !toInt) {
            mv.visitInsn(I2L);
            if (!from.signed && from.width == 32) {
                pushLong(0xFFFF_FFFFL);
                mv.visitInsn(LAND);
            }
        } else if (!from.isInt() && toInt) {
            mv.visitInsn(L2I);
        }
    }

    /** Pushes a value of up to 64 bits by computing it here. */
    private void compute(Value v) {
        boolean asInt = v.isInt();
        switch (v.op) {
            case NOT -> {
                pushAs(v.in[0], asInt);
                if (v.width == 1 && !v.signed && !v.in[0].signed) {
                    mv.visitInsn(ICONST_1);
                    mv.visitInsn(IXOR);
                } else {
                    minusOne(asInt);
                    mv.visitInsn(asInt ? IXOR : LXOR);
                    cut(v, !v.signed || !v.in[0].signed);
                }
            }
            case NEG -> {
                pushAs(v.in[0], asInt);
                mv.visitInsn(asInt ? INEG : LNEG);
                cut(v, !v.signed || v.width <= v.in[0].width);
            }
            case AND_R, OR_R, EQ -> truth(v);
            case LT, LE -> {
                if (Plan.usesHelper(v)) {
                    compareWide(v);
                    if (v.op == Op.LE) {
                        mv.visitInsn(ICONST_1);
                        mv.visitInsn(IXOR);
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
                mv.visitInsn(
                        switch (v.op) {
                            case AND -> asInt ? IAND : LAND;
                            case OR -> asInt ? IOR : LOR;
                            default -> asInt ? IXOR : LXOR;
                        });
                int widest = Math.max(v.in[0].width, v.in[1].width);
                cut(v, v.signed != v.in[0].signed || widest > v.width);
            }
            case SHL -> shiftLeft(v);
            case SHR -> shiftRight(v);
            case MUX -> {
                Label otherwise = new Label();
                Label end = new Label();
                jump(v.in[0], otherwise, false);
                push(v.in[1]);
                mv.visitJumpInsn(GOTO, end);
                mv.visitLabel(otherwise);
                push(v.in[2]);
                mv.visitLabel(end);
            }
            case SELECT -> select(v, 0);
            case SWITCH -> choose(v, this::push, () -> mv.visitInsn(asInt ? ICONST_0 : LCONST_0));
            case SLICE -> bits(v.in[0], v.lo, v.width, asInt);
            case CONCAT -> concat(v);
            case CAST -> cast(v);
            case READ -> {
                Design.Store store = memoryOf(v);
                memory(plan.array(store), asInt);
                readIndex(v.in[0], MemoryShape.reach(store.memory), 1, 0);
                mv.visitInsn(asInt ? IALOAD : LALOAD);
            }
            case CONST, SOURCE, BLOCK -> throw new IllegalStateException("cannot compute " + v);
        }
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
                mv.visitInsn(asInt ? IADD : LADD);
                needed = Math.max(a.width, b.width) + 1;
                fits = needed <= v.width && (v.signed == a.signed || v.signed && needed < v.width);
            }
            case SUB -> {
                mv.visitInsn(asInt ? ISUB : LSUB);
                needed = Math.max(a.width, b.width) + 1;
                fits = v.signed && needed <= v.width;
            }
            default -> {
                mv.visitInsn(asInt ? IMUL : LMUL);
                needed = a.width + b.width;
                fits = needed <= v.width && (v.signed == a.signed || v.signed && needed < v.width);
            }
        }
        cut(v, !fits);
    }

    private void divide(Value v) {
        Value a = v.in[0];
        pushAs(a, false);
        pushAs(v.in[1], false);
        boolean plain = a.signed || a.width < 64 && v.in[1].width < 64;
        String name = v.op == Op.DIV ? "div" : "rem";
        call(ARITH, plain ? name : name + "Unsigned", "(JJ)J");
        if (v.isInt()) {
            mv.visitInsn(L2I);
        }
        cut(v, true);
    }

    private void shiftLeft(Value v) {
        boolean asInt = v.isInt();
        pushAs(v.in[0], asInt);
        push(v.in[1]);
        if (maximum(v.in[1]) < (asInt ? 32 : 64)) {
            mv.visitInsn(asInt ? ISHL : LSHL);
        } else {
            call(ARITH, "shl", asInt ? "(II)I" : "(JI)J");
        }
        cut(v, true);
    }

    private void shiftRight(Value v) {
        Value a = v.in[0];
        if (a.isWide()) {
            mv.visitVarInsn(ALOAD, LONGS);
            pushInt(plan.slot(a));
            pushInt(a.words());
            push(v.in[1]);
            pushInt(a.signed ? 1 : 0);
            call(WIDE, "low", "([JIIIZ)J");
            if (v.isInt()) {
                mv.visitInsn(L2I);
            }
            cut(v, true);
            return;
        }
        push(a);
        push(v.in[1]);
        if (maximum(v.in[1]) < (a.isInt() ? 32 : 64)) {
            if (a.signed) {
                mv.visitInsn(a.isInt() ? ISHR : LSHR);
            } else {
                mv.visitInsn(a.isInt() ? IUSHR : LUSHR);
            }
        } else {
            call(ARITH, a.signed ? "shr" : "ushr", a.isInt() ? "(II)I" : "(JI)J");
        }
        convert(a, v.isInt());
        boolean fits = v.width >= a.width && (v.signed == a.signed || v.signed && v.width > a.width);
        cut(v, !fits);
    }

    private void cast(Value v) {
        Value a = v.in[0];
        pushAs(a, v.isInt());
        boolean fits = v.width >= a.width && (v.signed == a.signed || v.signed && v.width > a.width);
        cut(v, !fits);
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
            pushInt(part.width);
            mv.visitInsn(asInt ? ISHL : LSHL);
            if (!part.is(0)) {
                bits(part, 0, part.width, asInt);
                mv.visitInsn(asInt ? IOR : LOR);
            }
        }
    }

    /** Pushes bits of a value as an unsigned number; an int takes up to 32 of them, a long up to 64. */
    private void bits(Value v, int lo, int width, boolean asInt) {
        if (v.isConst()) {
            var number = Numbers.bits(Numbers.of(v), lo, width);
            if (asInt) {
                pushInt(number.intValue());
            } else {
                pushLong(number.longValue());
            }
            return;
        }
        if (v.isInt()) {
            push(v);
            if (lo > 0) {
                pushInt(lo);
                mv.visitInsn(IUSHR);
            }
            if (lo + width < v.width || v.signed) {
                cutInt(width, false);
            }
            if (!asInt) {
                mv.visitInsn(I2L);
                if (width == 32) {
                    pushLong(0xFFFF_FFFFL);
                    mv.visitInsn(LAND);
                }
            }
            return;
        }
        boolean above = false;
        if (!v.isWide()) {
            push(v);
            shiftDown(lo);
            above = lo + width < v.width || v.signed;
        } else {
            int k = lo >> 6;
            int shift = lo & 63;
            word(v, k);
            shiftDown(shift);
            if (shift + width > 64) {
                word(v, k + 1);
                pushInt(64 - shift);
                mv.visitInsn(LSHL);
                mv.visitInsn(LOR);
                above = true;
            } else {
                boolean top = lo + width == v.width && !v.signed;
                above = shift + width < 64 && !top;
            }
        }
        if (asInt) {
            mv.visitInsn(L2I);
            if (above) {
                cutInt(width, false);
            }
        } else if (above) {
            cutLong(width, false);
        }
    }

    private void shiftDown(int by) {
        if (by > 0) {
            pushInt(by);
            mv.visitInsn(LUSHR);
        }
    }

    private void select(Value v, int k) {
        Value index = v.in[0];
        Value block = v.in[1];
        Plan.BlockPlace place = plan.block(block);
        int stride = v.isInt() ? 1 : v.words();
        int table = plan.table(block);
        if (table >= 0) {
            memory(table, v.isInt());
        } else {
            array(v);
        }
        readIndex(index, place.reach(), stride, place.slot() + k);
        mv.visitInsn(v.isInt() ? IALOAD : LALOAD);
    }

    /** Pushes {@code offset + stride * min(index, reach)}; what lies at {@code reach} is zero. */
    private void readIndex(Value index, int reach, int stride, int offset) {
        push(index);
        if (maximum(index) >= reach) {
            pushInt(reach);
            mv.visitMethodInsn(INVOKESTATIC, "java/lang/Math", "min", "(II)I", false);
        }
        scale(stride, offset);
    }

    private void index(Value index, int stride, int offset) {
        push(index);
        scale(stride, offset);
    }

    private void scale(int stride, int offset) {
        if (stride > 1) {
            pushInt(stride);
            mv.visitInsn(IMUL);
        }
        if (offset > 0) {
            pushInt(offset);
            mv.visitInsn(IADD);
        }
    }

    private interface Branch {
        void take(Value element);
    }

    private void choose(Value v, Branch branch, Runnable beyond) {
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
        mv.visitTableSwitchInsn(0, n - 1, other, table);
        labels.forEach((element, label) -> {
            mv.visitLabel(label);
            branch.take(element);
            mv.visitJumpInsn(GOTO, end);
        });
        if (reachesBeyond) {
            mv.visitLabel(other);
            beyond.run();
        }
        mv.visitLabel(end);
    }

    private void parity(Value a) {
        if (a.isWide()) {
            for (int k = 0; k < a.words(); k++) {
                rawWord(a, k);
                if (k > 0) {
                    mv.visitInsn(LXOR);
                }
            }
            mv.visitMethodInsn(INVOKESTATIC, "java/lang/Long", "bitCount", "(J)I", false);
        } else {
            bits(a, 0, a.width, a.isInt());
            mv.visitMethodInsn(
                    INVOKESTATIC,
                    a.isInt() ? "java/lang/Integer" : "java/lang/Long",
                    "bitCount",
                    a.isInt() ? "(I)I" : "(J)I",
                    false);
        }
        mv.visitInsn(ICONST_1);
        mv.visitInsn(IAND);
    }

    /** Word k of the bits of a value, with zeros above them. */
    private void rawWord(Value v, int k) {
        bits(v, 64 * k, Math.min(64, v.width - 64 * k), false);
    }

    private void compareWide(Value v) {
        Value a = v.in[0];
        Value b = v.in[1];
        boolean swap = v.op == Op.LE;
        mv.visitVarInsn(ALOAD, LONGS);
        pushInt(plan.slot(swap ? b : a));
        pushInt(plan.slot(swap ? a : b));
        pushInt(a.words());
        pushInt(a.signed ? 1 : 0);
        call(WIDE, "less", "([JIIIZ)Z");
    }

    // ---- conditions

    private void truth(Value v) {
        Label yes = new Label();
        Label end = new Label();
        jumpComputed(v, yes, true);
        mv.visitInsn(ICONST_0);
        mv.visitJumpInsn(GOTO, end);
        mv.visitLabel(yes);
        mv.visitInsn(ICONST_1);
        mv.visitLabel(end);
    }

    /** Jumps if a bit has the given value. */
    private void jump(Value v, Label target, boolean when) {
        if (plan.isStored(v) || v.isConst()) {
            push(v);
            mv.visitJumpInsn(when ? IFNE : IFEQ, target);
        } else {
            jumpComputed(v, target, when);
        }
    }

    /** Jumps by a bit that is computed here. */
    private void jumpComputed(Value v, Label target, boolean when) {
        switch (v.op) {
            case NOT -> jump(v.in[0], target, !when);
            case EQ -> jumpEqual(v.in[0], v.in[1], target, when);
            case LT, LE -> jumpOrder(v, target, when);
            case OR_R -> {
                Value a = v.in[0];
                if (a.isWide()) {
                    anyBit(a, null);
                    mv.visitJumpInsn(when ? IFNE : IFEQ, target);
                } else {
                    jumpZero(a, target, !when);
                }
            }
            case AND_R -> jumpOnes(v.in[0], target, when);
            case AND, OR -> {
                // Short circuit, where the second operand costs more than a jump that goes wrong.
                boolean bools = v.in[0].width == 1 && v.in[1].width == 1;
                boolean costly = bools && plan.cost(v.in[1]) > 24 && !plan.isStored(v.in[1]);
                if (!costly) {
                    compute(v);
                    mv.visitJumpInsn(when ? IFNE : IFEQ, target);
                } else if ((v.op == Op.AND) != when) {
                    jump(v.in[0], target, when);
                    jump(v.in[1], target, when);
                } else {
                    Label skip = new Label();
                    jump(v.in[0], skip, !when);
                    jump(v.in[1], target, when);
                    mv.visitLabel(skip);
                }
            }
            default -> {
                compute(v);
                mv.visitJumpInsn(when ? IFNE : IFEQ, target);
            }
        }
    }

    private void jumpZero(Value a, Label target, boolean whenZero) {
        push(a);
        if (!a.isInt()) {
            mv.visitInsn(LCONST_0);
            mv.visitInsn(LCMP);
        }
        mv.visitJumpInsn(whenZero ? IFEQ : IFNE, target);
    }

    private void jumpOnes(Value a, Label target, boolean when) {
        if (a.isWide()) {
            for (int k = 0; k < a.words(); k++) {
                word(a, k);
                int width = Math.min(64, a.width - 64 * k);
                pushLong(a.signed || width == 64 ? -1L : (1L << width) - 1);
                mv.visitInsn(LXOR);
                if (k > 0) {
                    mv.visitInsn(LOR);
                }
            }
            mv.visitInsn(LCONST_0);
            mv.visitInsn(LCMP);
            mv.visitJumpInsn(when ? IFEQ : IFNE, target);
            return;
        }
        push(a);
        if (a.isInt()) {
            pushInt(a.signed || a.width == 32 ? -1 : (1 << a.width) - 1);
            mv.visitJumpInsn(when ? IF_ICMPEQ : IF_ICMPNE, target);
        } else {
            pushLong(a.signed || a.width == 64 ? -1L : (1L << a.width) - 1);
            mv.visitInsn(LCMP);
            mv.visitJumpInsn(when ? IFEQ : IFNE, target);
        }
    }

    private void jumpEqual(Value a, Value b, Label target, boolean when) {
        if (a.isWide() || b.isWide()) {
            anyBit(a, b);
            mv.visitJumpInsn(when ? IFEQ : IFNE, target);
        } else if (a.isInt() && b.isInt()) {
            push(a);
            if (b.is(0)) {
                mv.visitJumpInsn(when ? IFEQ : IFNE, target);
            } else {
                push(b);
                mv.visitJumpInsn(when ? IF_ICMPEQ : IF_ICMPNE, target);
            }
        } else {
            pushAs(a, false);
            pushAs(b, false);
            mv.visitInsn(LCMP);
            mv.visitJumpInsn(when ? IFEQ : IFNE, target);
        }
    }

    /** Pushes an int that is 0 if all words of a (or of a xor b) are 0. */
    private void anyBit(Value a, @Nullable Value b) {
        for (int k = 0; k < a.words(); k++) {
            word(a, k);
            if (b != null) {
                word(b, k);
                mv.visitInsn(LXOR);
            }
            if (k > 0) {
                mv.visitInsn(LOR);
            }
        }
        mv.visitInsn(LCONST_0);
        mv.visitInsn(LCMP);
    }

    private void jumpOrder(Value v, Label target, boolean when) {
        Value a = v.in[0];
        Value b = v.in[1];
        if (Plan.usesHelper(v)) {
            compareWide(v);
            boolean sense = (v.op == Op.LT) == when;
            mv.visitJumpInsn(sense ? IFNE : IFEQ, target);
            return;
        }
        boolean asInt = a.isInt() && b.isInt();
        pushAs(a, asInt);
        pushAs(b, asInt);
        boolean full = !a.signed && Math.max(a.width, b.width) == (asInt ? 32 : 64);
        if (asInt && !full) {
            int opcode = v.op == Op.LT ? (when ? IF_ICMPLT : IF_ICMPGE) : when ? IF_ICMPLE : IF_ICMPGT;
            mv.visitJumpInsn(opcode, target);
            return;
        }
        if (full) {
            mv.visitMethodInsn(
                    INVOKESTATIC,
                    asInt ? "java/lang/Integer" : "java/lang/Long",
                    "compareUnsigned",
                    asInt ? "(II)I" : "(JJ)I",
                    false);
        } else {
            mv.visitInsn(LCMP);
        }
        int opcode = v.op == Op.LT ? (when ? IFLT : IFGE) : when ? IFLE : IFGT;
        mv.visitJumpInsn(opcode, target);
    }

    // ---- words of longer values

    /** Pushes word k of a value extended by its sign without end. */
    private void word(Value v, int k) {
        if (v.isConst()) {
            pushLong(Numbers.word(Numbers.of(v), k));
            return;
        }
        if (!v.isWide()) {
            if (k > 0 && !v.signed) {
                mv.visitInsn(LCONST_0);
                return;
            }
            push(v);
            convert(v, false);
            if (k > 0) {
                pushInt(63);
                mv.visitInsn(LSHR);
            }
            return;
        }
        if (k >= v.words()) {
            if (v.signed) {
                word(v, v.words() - 1);
                pushInt(63);
                mv.visitInsn(LSHR);
            } else {
                mv.visitInsn(LCONST_0);
            }
            return;
        }
        if (plan.isStored(v)) {
            fetch(v, plan.slot(v) + k);
        } else {
            computeWord(v, k);
        }
    }

    private void computeWord(Value v, int k) {
        boolean top = k == v.words() - 1;
        int topWidth = v.width - 64 * k;
        switch (v.op) {
            case NOT -> {
                word(v.in[0], k);
                pushLong(-1);
                mv.visitInsn(LXOR);
                if (top) {
                    cutLong(topWidth, v.signed);
                }
            }
            case AND, OR, XOR -> {
                word(v.in[0], k);
                word(v.in[1], k);
                mv.visitInsn(v.op == Op.AND ? LAND : v.op == Op.OR ? LOR : LXOR);
                if (top && v.signed != v.in[0].signed) {
                    cutLong(topWidth, v.signed);
                }
            }
            case CAST -> {
                Value a = v.in[0];
                word(a, k);
                boolean fits = v.width >= a.width && (v.signed == a.signed || v.signed && v.width > a.width);
                if (top && !fits) {
                    cutLong(topWidth, v.signed);
                }
            }
            case SLICE -> bits(v.in[0], v.lo + 64 * k, Math.min(64, topWidth), false);
            case CONCAT -> concatWord(v, k);
            case READ -> {
                Design.Store store = memoryOf(v);
                memory(plan.array(store), false);
                readIndex(v.in[0], MemoryShape.reach(store.memory), v.words(), k);
                mv.visitInsn(LALOAD);
            }
            case SELECT -> select(v, k);
            case MUX -> {
                Label otherwise = new Label();
                Label end = new Label();
                jump(v.in[0], otherwise, false);
                word(v.in[1], k);
                mv.visitJumpInsn(GOTO, end);
                mv.visitLabel(otherwise);
                word(v.in[2], k);
                mv.visitLabel(end);
            }
            case SWITCH -> choose(v, element -> word(element, k), () -> mv.visitInsn(LCONST_0));
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
            bits(part, from - base, to - from, false);
            if (from > start) {
                pushInt(from - start);
                mv.visitInsn(LSHL);
            }
            if (!first) {
                mv.visitInsn(LOR);
            }
            first = false;
        }
        if (first) {
            mv.visitInsn(LCONST_0);
        }
    }

    // ---- instructions

    private void array(Value like) {
        mv.visitVarInsn(ALOAD, like.isInt() ? INTS : LONGS);
    }

    private static Design.Store memoryOf(Value read) {
        if (read.origin instanceof Design.Store store) {
            return store;
        }
        throw new IllegalStateException("no memory behind " + read);
    }

    private void memory(int number, boolean ofInts) {
        mv.visitVarInsn(ALOAD, ARRAYS);
        pushInt(number);
        mv.visitInsn(AALOAD);
        mv.visitTypeInsn(CHECKCAST, ofInts ? "[I" : "[J");
    }

    private void call(String owner, String name, String descriptor) {
        mv.visitMethodInsn(INVOKESTATIC, owner, name, descriptor, false);
    }

    /** The largest value an index or amount may have; types are unsigned and at most 31 bits. */
    private static int maximum(Value v) {
        return v.isConst() ? Numbers.of(v).intValue() : (int) ((1L << v.width) - 1);
    }

    /** Brings the number on the stack into the range of a type. */
    private void cut(Value v, boolean needed) {
        if (needed) {
            if (v.isInt()) {
                cutInt(v.width, v.signed);
            } else {
                cutLong(v.width, v.signed);
            }
        }
    }

    private void cutInt(int width, boolean signed) {
        if (width == 32) {
            return;
        }
        if (!signed) {
            pushInt((1 << width) - 1);
            mv.visitInsn(IAND);
        } else if (width == 8) {
            mv.visitInsn(I2B);
        } else if (width == 16) {
            mv.visitInsn(I2S);
        } else {
            pushInt(32 - width);
            mv.visitInsn(ISHL);
            pushInt(32 - width);
            mv.visitInsn(ISHR);
        }
    }

    private void cutLong(int width, boolean signed) {
        if (width == 64) {
            return;
        }
        if (!signed) {
            pushLong((1L << width) - 1);
            mv.visitInsn(LAND);
        } else if (width == 32) {
            mv.visitInsn(L2I);
            mv.visitInsn(I2L);
        } else {
            pushInt(64 - width);
            mv.visitInsn(LSHL);
            pushInt(64 - width);
            mv.visitInsn(LSHR);
        }
    }

    private void minusOne(boolean asInt) {
        if (asInt) {
            mv.visitInsn(ICONST_M1);
        } else {
            pushLong(-1);
        }
    }

    private void pushInt(int value) {
        if (value >= -1 && value <= 5) {
            mv.visitInsn(ICONST_0 + value);
        } else if (value >= Byte.MIN_VALUE && value <= Byte.MAX_VALUE) {
            mv.visitIntInsn(BIPUSH, value);
        } else if (value >= Short.MIN_VALUE && value <= Short.MAX_VALUE) {
            mv.visitIntInsn(SIPUSH, value);
        } else {
            mv.visitLdcInsn(value);
        }
    }

    private void pushLong(long value) {
        if (value == 0 || value == 1) {
            mv.visitInsn(value == 0 ? LCONST_0 : LCONST_1);
        } else if (value >= Short.MIN_VALUE && value <= Short.MAX_VALUE) {
            pushInt((int) value);
            mv.visitInsn(I2L);
        } else {
            mv.visitLdcInsn(value);
        }
    }
}
