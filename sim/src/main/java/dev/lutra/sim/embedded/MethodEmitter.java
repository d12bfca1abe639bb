// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import static org.objectweb.asm.Opcodes.*;

import java.util.HashMap;
import java.util.Map;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/** Writes the steps of one method of a {@link Plan}. */
final class MethodEmitter implements Expressions.Operands {
    /** Longer code is worth a jump around it. */
    private static final int JUMP_BYTES = 24;

    private final Plan plan;
    private final Instructions code;
    private final Expressions values;
    private final LoopEmitter loops;
    /** Values that live in a local variable. */
    private final Map<Value, Integer> locals = new HashMap<>();

    MethodEmitter(Plan plan, MethodVisitor mv, State state) {
        this.plan = plan;
        code = new Instructions(mv, state);
        values = new Expressions(plan, code, this);
        loops = new LoopEmitter(plan, code, values);
    }

    @Override
    public boolean fetches(Value v) {
        return plan.isStored(v);
    }

    @Override
    public void fetch(Value v) {
        Integer local = locals.get(v);
        if (local != null) {
            code.var(v.isInt() ? ILOAD : LLOAD, local);
        } else if (plan.slot(v) >= 0) {
            code.array(v);
            code.pushInt(plan.slot(v));
            code.load(v);
        } else {
            throw new IllegalStateException("not in this method: " + v);
        }
    }

    void step(Step step) {
        if (step instanceof Step.Define define) {
            define(define);
        } else if (step instanceof Step.Copy copy) {
            store(copy.element(), copy.slot());
        } else if (step instanceof Step.Update update) {
            Design.Register register = update.register();
            int home = plan.slot(register.value());
            if (update.shadow() < 0) {
                assign(register.next(), home, home);
            } else {
                assign(register.next(), update.shadow(), home);
            }
        } else if (step instanceof Step.Commit commit) {
            Value value = commit.register().value();
            int home = plan.slot(value);
            for (int k = 0; k < value.words(); k++) {
                code.array(value);
                code.pushInt(home + k);
                code.array(value);
                code.pushInt(commit.shadow() + k);
                code.load(value);
                code.store(value);
            }
        } else if (step instanceof Step.Writes writes) {
            for (Design.Write write : writes.store().writes) {
                write(writes.store(), write);
            }
        } else {
            lanes(step);
        }
    }

    private void lanes(Step step) {
        if (step instanceof Step.DefineLanes define) {
            loops.define(define.lanes());
        } else if (step instanceof Step.Gather gather) {
            loops.moves(gather.lanes().first(), gather.moves());
        } else if (step instanceof Step.UpdateLanes update) {
            LaneFinder.Group group = update.group();
            loops.assign(group.next(), update.shadow() < 0 ? plan.places().slot(group.held()) : update.shadow());
        } else if (step instanceof Step.CommitLanes commit) {
            Lanes held = commit.group().held();
            loops.move(held.first(), commit.shadow(), plan.places().slot(held), held.count());
        }
    }

    @Override
    public boolean costly(Value v) {
        return !fetches(v) && !v.isConst() && plan.needs().cost(v) > JUMP_BYTES;
    }

    private void define(Step.Define define) {
        Value v = define.value();
        int slot = plan.slot(v);
        if (slot < 0) {
            values.compute(v);
            int local = code.local(v);
            code.var(v.isInt() ? ISTORE : LSTORE, local);
            locals.put(v, local);
        } else if (!v.isWide()) {
            code.array(v);
            code.pushInt(slot);
            values.compute(v);
            code.store(v);
        } else if (Needs.usesHelper(v)) {
            values.words.callHelper(v, slot);
        } else {
            computeInto(v, slot, -1, define.from(), define.to());
        }
    }

    /** Stores a value at a place, which differs from its own. */
    private void store(Value v, int slot) {
        for (int k = 0; k < v.words(); k++) {
            code.array(v);
            code.pushInt(slot + k);
            if (v.isWide()) {
                values.words.word(v, k);
            } else {
                values.push(v);
            }
            code.store(v);
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
            values.conditions.jump(v.in[0], otherwise, false);
            assign(v.in[1], slot, home);
            code.jump(GOTO, end);
            code.label(otherwise);
            assign(v.in[2], slot, home);
            code.label(end);
        } else if (v.op == Op.SWITCH) {
            values.choose(v, element -> assign(element, slot, home), () -> assignZero(v, slot));
        } else if (!v.isWide()) {
            code.array(v);
            code.pushInt(slot);
            values.compute(v);
            code.store(v);
        } else {
            for (int k = from; k < to; k++) {
                code.array(v);
                code.pushInt(slot + k);
                values.words.computeWord(v, k);
                code.insn(LASTORE);
            }
        }
    }

    private void assignZero(Value like, int slot) {
        for (int k = 0; k < like.words(); k++) {
            code.array(like);
            code.pushInt(slot + k);
            code.insn(like.isInt() ? ICONST_0 : LCONST_0);
            code.store(like);
        }
    }

    private void write(Design.Store store, Design.Write write) {
        Label skip = new Label();
        if (write.guard().is(0)) {
            return;
        }
        if (!write.guard().isConst()) {
            values.conditions.jump(write.guard(), skip, false);
        }
        int depth = store.memory.depth();
        Value address = write.address();
        if (Expressions.maximum(address) >= depth) {
            values.push(address);
            code.pushInt(depth);
            code.jump(IF_ICMPGE, skip);
        }
        Value data = write.data();
        Value mask = write.mask();
        for (int k = 0; k < data.words(); k++) {
            code.memory(plan.places().array(store), data.isInt());
            values.index(address, data.isInt() ? 1 : data.words(), k);
            if (mask != null) {
                // old ^ ((old ^ new) & mask)
                code.insn(DUP2);
                code.load(data);
                if (data.isInt()) {
                    code.insn(DUP);
                } else {
                    code.insn(DUP2);
                }
                part(data, k);
                code.insn(data.isInt() ? IXOR : LXOR);
                part(mask, k);
                code.insn(data.isInt() ? IAND : LAND);
                code.insn(data.isInt() ? IXOR : LXOR);
            } else {
                part(data, k);
            }
            code.store(data);
        }
        code.label(skip);
    }

    private void part(Value v, int k) {
        if (v.isWide()) {
            values.words.word(v, k);
        } else {
            values.push(v);
        }
    }
}
