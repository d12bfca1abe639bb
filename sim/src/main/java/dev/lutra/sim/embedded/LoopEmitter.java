// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import static org.objectweb.asm.Opcodes.*;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Label;

/** Writes the code of lanes: loops over the slots of the state in which they lie side by side. */
final class LoopEmitter {
    private final Plan plan;
    private final Instructions code;
    /** Of the method around the loops. */
    private final Expressions outside;

    LoopEmitter(Plan plan, Instructions code, Expressions outside) {
        this.plan = plan;
        this.code = code;
        this.outside = outside;
    }

    /** Computes stored lanes. */
    void define(Lanes lanes) {
        compute(lanes, plan.places().slot(lanes));
    }

    /** Puts lanes at a place; nothing need be done if they lie there. */
    void assign(Lanes lanes, int slot) {
        int place = plan.places().slot(lanes);
        if (place >= 0) {
            if (place != slot) {
                move(lanes.first(), place, slot, lanes.count());
            }
        } else if (lanes.kind == Lanes.Kind.GATHER) {
            moves(lanes.first(), Moves.of(lanes, slot, plan.places()));
        } else {
            compute(lanes, slot);
        }
    }

    private void compute(Lanes lanes, int slot) {
        if (plan.needs().lanes().branches(lanes)) {
            Label otherwise = new Label();
            Label end = new Label();
            outside.conditions.jump(lanes.in[0].first(), otherwise, false);
            assign(lanes.in[1], slot);
            code.jump(GOTO, end);
            code.label(otherwise);
            assign(lanes.in[2], slot);
            code.label(end);
        } else {
            loop(lanes, slot);
        }
    }

    void moves(Value like, List<Moves.Move> moves) {
        for (Moves.Move move : moves) {
            if (move.count() > 1) {
                move(like, move.from(), move.to(), move.count());
            } else {
                code.array(like);
                code.pushInt(move.to());
                if (move.constant() == null) {
                    code.array(like);
                    code.pushInt(move.from());
                    code.load(like);
                } else {
                    outside.push(move.constant());
                }
                code.store(like);
            }
        }
    }

    void move(Value like, int from, int to, int count) {
        code.array(like);
        code.pushInt(from);
        code.array(like);
        code.pushInt(to);
        code.pushInt(count);
        code.call("java/lang/System", "arraycopy", "(Ljava/lang/Object;ILjava/lang/Object;II)V");
    }

    private void loop(Lanes lanes, int slot) {
        var body = new Body();
        body.hoist(lanes);
        var values = new LaneExpressions(plan, code, body, body.index);
        Value form = lanes.form;
        Label start = new Label();
        code.insn(ICONST_0);
        code.var(ISTORE, body.index);
        code.label(start);
        body.place(form, slot);
        if (lanes.kind == Lanes.Kind.SAME) {
            values.push(form);
        } else {
            values.compute(form);
        }
        code.store(form);
        code.increment(body.index);
        code.var(ILOAD, body.index);
        code.pushInt(lanes.count());
        code.jump(IF_ICMPLT, start);
    }

    /** The body of a loop: what it fetches lies beside the other lanes or in a local variable. */
    private final class Body implements Expressions.Operands {
        private final Map<Lanes, Integer> locals = new HashMap<>();
        final int index = code.intLocal();

        /** Puts values that all lanes use into local variables. */
        void hoist(Lanes lanes) {
            Value v = lanes.first();
            boolean number = !v.isConst() && v.op != Op.BLOCK;
            if (lanes.kind == Lanes.Kind.SAME && number && !locals.containsKey(lanes)) {
                outside.push(v);
                int local = code.local(v);
                code.var(v.isInt() ? ISTORE : LSTORE, local);
                locals.put(lanes, local);
            }
            for (Lanes operand : lanes.in) {
                if (plan.places().slot(operand) < 0) {
                    hoist(operand);
                }
            }
        }

        /** Pushes the array and the index of a lane's place. */
        void place(Value like, int slot) {
            code.array(like);
            code.var(ILOAD, index);
            code.pushInt(slot);
            code.insn(IADD);
        }

        @Override
        public boolean fetches(Value form) {
            return form.origin instanceof Lanes lanes
                    && (locals.containsKey(lanes) || plan.places().slot(lanes) >= 0);
        }

        @Override
        public void fetch(Value form) {
            if (!(form.origin instanceof Lanes lanes)) {
                throw new IllegalStateException("no lanes behind " + form);
            }
            Integer local = locals.get(lanes);
            if (local != null) {
                code.var(form.isInt() ? ILOAD : LLOAD, local);
            } else {
                place(form, plan.places().slot(lanes));
                code.load(form);
            }
        }

        @Override
        public boolean costly(Value form) {
            return false;
        }
    }
}
