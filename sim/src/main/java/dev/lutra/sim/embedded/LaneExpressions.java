// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import static org.objectweb.asm.Opcodes.*;

/** Code for a value of each lane in a loop: without branches, so that HotSpot can compute several lanes in one instruction. */
final class LaneExpressions extends Expressions {

    /** Local variable with the number of the lane. */
    private final int lane;

    LaneExpressions(Plan plan, Instructions code, Operands operands, int lane) {
        super(plan, code, operands);
        this.lane = lane;
    }

    @Override
    void mux(Value v) {
        boolean asInt = v.isInt();
        Value t = v.in[1];
        Value f = v.in[2];
        if (t.is(0)) {
            push(f);
            mask(v.in[0], asInt);
            code.minusOne(asInt);
            code.insn(asInt ? IXOR : LXOR);
            code.insn(asInt ? IAND : LAND);
        } else if (f.is(0)) {
            push(t);
            mask(v.in[0], asInt);
            code.insn(asInt ? IAND : LAND);
        } else {
            // f ^ ((f ^ t) & mask)
            push(f);
            code.insn(asInt ? DUP : DUP2);
            push(t);
            code.insn(asInt ? IXOR : LXOR);
            mask(v.in[0], asInt);
            code.insn(asInt ? IAND : LAND);
            code.insn(asInt ? IXOR : LXOR);
        }
    }

    @Override
    void select(Value v, int k) {
        if (!(v.in[1].origin instanceof Lanes tables)) {
            throw new IllegalStateException("no blocks for " + v);
        }
        code.array(v);
        if (tables.kind == Lanes.Kind.SAME) {
            Places.Block place = plan.places().block(tables.first());
            index(v.in[0], place.stride(), place.slot());
        } else {
            index(v.in[0], plan.places().block(tables.first()).stride(), 0);
            code.array(true);
            code.var(ILOAD, lane);
            code.pushInt(plan.places().directory(tables));
            code.insn(IADD);
            code.insn(IALOAD);
            code.insn(IADD);
        }
        code.load(v);
    }

    /** Pushes all ones for 1, 0 for 0. */
    private void mask(Value bit, boolean asInt) {
        push(bit);
        code.convert(bit, asInt);
        code.insn(asInt ? INEG : LNEG);
    }

    @Override
    void truth(Value v) {
        Value a = v.in[0];
        switch (v.op) {
            case EQ -> {
                Value b = v.in[1];
                boolean asInt = a.isInt() && b.isInt();
                pushAs(a, asInt);
                if (!b.is(0)) {
                    pushAs(b, asInt);
                    code.insn(asInt ? IXOR : LXOR);
                }
                notZero(asInt);
                invert();
            }
            case OR_R -> {
                push(a);
                notZero(a.isInt());
            }
            case AND_R -> {
                push(a);
                code.minusOne(a.isInt());
                code.insn(a.isInt() ? IXOR : LXOR);
                code.cut(a, !a.signed);
                notZero(a.isInt());
                invert();
            }
            case LT, LE -> order(v);
            default -> super.truth(v);
        }
    }

    private void order(Value v) {
        int widest = Math.max(v.in[0].width, v.in[1].width);
        if (widest > 62) {
            super.truth(v);
            return;
        }
        // The sign of a difference, which has room; a <= b is !(b < a).
        boolean asInt = widest <= 30;
        pushAs(v.op == Op.LT ? v.in[0] : v.in[1], asInt);
        pushAs(v.op == Op.LT ? v.in[1] : v.in[0], asInt);
        code.insn(asInt ? ISUB : LSUB);
        sign(asInt);
        if (v.op == Op.LE) {
            invert();
        }
    }

    /** Turns a number into 1 if it is not 0. */
    private void notZero(boolean asInt) {
        code.insn(asInt ? DUP : DUP2);
        code.insn(asInt ? INEG : LNEG);
        code.insn(asInt ? IOR : LOR);
        sign(asInt);
    }

    /** Turns a number into 1 if it is negative. */
    private void sign(boolean asInt) {
        code.pushInt(asInt ? 31 : 63);
        code.insn(asInt ? IUSHR : LUSHR);
        if (!asInt) {
            code.insn(L2I);
        }
    }

    private void invert() {
        code.insn(ICONST_1);
        code.insn(IXOR);
    }
}
