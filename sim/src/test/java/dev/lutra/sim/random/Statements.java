// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.sim.random.Shape.B;
import dev.lutra.sim.random.Shape.Choice;
import dev.lutra.sim.random.Shape.Pack;
import dev.lutra.sim.random.Shape.Row;
import dev.lutra.sim.random.Shape.U;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Assignments under conditions that drive signals on every path, or hold registers on some. */
final class Statements {
    private final Draft draft;
    private final Dice dice;
    private final Expressions expressions;

    Statements(Draft draft, Expressions expressions) {
        this.draft = draft;
        dice = draft.dice;
        this.expressions = expressions;
    }

    void update(Item.Register register) {
        int domain = register.domain();
        int other = draft.domain();
        var grounds = other == domain
                ? List.<Term>of()
                : draft.readable.get(other).stream()
                        .filter(t -> t.name().startsWith("r") && t.shape().equals(register.shape())) // no logic crosses
                        .toList();
        Term target = Term.ref(register.name(), register.shape());
        List<Step> body;
        if (!grounds.isEmpty() && register.shape().ground()) {
            Step cross = new Step.Set(register.name(), List.of(), Term.of(Operator.CROSSING, dice.pick(grounds)));
            body = dice.chance(50)
                    ? List.of(cross)
                    : List.of(new Step.When(
                            List.of(new Step.Branch(
                                    expressions.expr(domain, Shape.TRUTH, dice.shallow), List.of(cross))),
                            List.of()));
        } else {
            body = new ArrayList<>(partly(domain, List.of(target), 2));
            if (body.stream().noneMatch(s -> s.drives(register.name()))) {
                body.add(set(domain, target));
            } else if (!register.shape().ground()) {
                // Each element is to be driven somewhere.
                body.add(new Step.When(
                        List.of(new Step.Branch(
                                expressions.expr(domain, Shape.TRUTH, dice.shallow), List.of(set(domain, target)))),
                        List.of()));
            }
        }
        draft.items.add(new Item.Block(domain, dice.chance(30), body));
    }

    /** Drives signals on every path. */
    void drive(int domain, List<Term> targets) {
        draft.items.add(new Item.Block(domain, dice.chance(25), fully(domain, targets, 2)));
    }

    private List<Step> fully(int domain, List<Term> targets, int depth) {
        var body = new ArrayList<Step>();
        if (depth == 0 || draft.spent > dice.rich || dice.chance(75)) {
            for (Term target : targets) {
                if (target.shape() instanceof Row && dice.chance(40)
                        || target.shape() instanceof Pack && dice.chance(40)) {
                    for (int i = 0; i < target.shape().parts(); i++) {
                        Term value =
                                narrower(expressions.expr(domain, target.shape().part(i), Math.min(dice.deep, 2)));
                        body.add(new Step.Set(target.name(), List.of(i), value));
                    }
                } else {
                    body.add(set(domain, target));
                }
            }
        } else {
            body.add(conditional(domain, targets, depth, true));
        }
        for (int i = dice.chance(40) ? 1 + dice.random.nextInt(2) : 0;
                i > 0 && depth > 0 && draft.spent < dice.rich;
                i--) {
            body.add(conditional(domain, targets, depth, false));
        }
        return body;
    }

    /** Drives some of some signals, sometimes. */
    private List<Step> partly(int domain, List<Term> targets, int depth) {
        var body = new ArrayList<Step>();
        for (int i = dice.random.nextInt(3) + (depth == 2 ? 1 : 0); i > 0; i--) {
            Term target = dice.pick(targets);
            boolean first = body.stream().noneMatch(s -> s.drives(target.name()));
            if (depth > 0 && draft.spent < dice.rich && dice.chance(50)) {
                body.add(conditional(domain, targets, depth, false));
            } else if (target.shape() instanceof Row row && dice.chance(60)) {
                Term index = expressions.expr(domain, new U(1 + dice.random.nextInt(4)), 2);
                body.add(new Step.SetAt(
                        target.name(), index, narrower(expressions.expr(domain, row.element(), dice.shallow))));
            } else if (first) {
                body.add(somewhere(domain, target));
            }
        }
        return body;
    }

    private Step set(int domain, Term target) {
        return new Step.Set(target.name(), List.of(), narrower(expressions.expr(domain, target.shape(), dice.deep)));
    }

    private Step somewhere(int domain, Term target) {
        var path = new ArrayList<Integer>();
        Shape shape = target.shape();
        while (!shape.ground() && dice.chance(60)) {
            int i = dice.random.nextInt(shape.parts());
            path.add(i);
            shape = shape.part(i);
        }
        return new Step.Set(target.name(), path, narrower(expressions.expr(domain, shape, dice.deep)));
    }

    /** An assignment extends what is not as wide as its target. */
    Term narrower(Term term) {
        if (term.op() == Operator.EXTEND && dice.chance(70)) {
            return term.args().get(0);
        }
        return term;
    }

    private List<Step> block(int domain, List<Term> targets, int depth, boolean full) {
        return full ? fully(domain, targets, depth) : partly(domain, targets, depth);
    }

    private Step conditional(int domain, List<Term> targets, int depth, boolean full) {
        if (dice.chance(60)) {
            var branches = new ArrayList<Step.Branch>();
            for (int i = dice.chance(70) ? 1 : 2 + dice.random.nextInt(2); i > 0; i--) {
                branches.add(new Step.Branch(
                        expressions.expr(domain, Shape.TRUTH, dice.shallow), block(domain, targets, depth - 1, full)));
            }
            return new Step.When(
                    branches, full || dice.chance(40) ? block(domain, targets, depth - 1, full) : List.of());
        }
        Shape shape = dice.chance(50)
                ? new Choice(dice.pick(Choices.COUNTS))
                : dice.chance(20)
                        ? new B(1 + dice.random.nextInt(4))
                        : Dice.number(dice.chance(30), 1 + dice.random.nextInt(5));
        var free = new ArrayList<BigInteger>();
        for (BigInteger v = shape.min(); v.compareTo(shape.max()) <= 0; v = v.add(BigInteger.ONE)) {
            free.add(v);
        }
        Collections.shuffle(free, dice.random);
        boolean every = free.size() <= 9 && dice.chance(40);
        var cases = new ArrayList<Step.Case>();
        for (int i = every ? 99 : 1 + dice.random.nextInt(6); i > 0 && !free.isEmpty(); i--) {
            var values = new ArrayList<BigInteger>();
            for (int n = 1 + dice.random.nextInt(2); n > 0 && !free.isEmpty(); n--) {
                values.add(free.remove(0));
            }
            cases.add(new Step.Case(values, block(domain, targets, depth - 1, full)));
        }
        // What is left when every value has a case counts as nothing.
        boolean rest = !free.isEmpty() && (full || dice.chance(50));
        return new Step.Switch(
                expressions.expr(domain, shape, 2), cases, rest ? block(domain, targets, depth - 1, full) : List.of());
    }

    Step watch(int domain, int depth) {
        if (depth > 0 && dice.chance(60)) {
            List<Step> then = List.of(watch(domain, depth - 1));
            List<Step> otherwise = dice.chance(30) ? List.of(watch(domain, depth - 1)) : List.of();
            return new Step.When(
                    List.of(new Step.Branch(expressions.expr(domain, Shape.TRUTH, dice.shallow), then)), otherwise);
        }
        if (dice.chance(25)) {
            return new Step.Cover(
                    expressions.expr(domain, Shape.TRUTH, dice.shallow),
                    draft.parts.size() + " has " + draft.fresh("c"));
        }
        String format = draft.parts.size() + " " + draft.fresh("p") + " \"%x\" %b%% %d";
        return new Step.Print(
                format,
                List.of(
                        expressions.expr(domain, dice.ground(), 2),
                        expressions.expr(domain, dice.ground(), 2),
                        expressions.expr(domain, dice.ground(), 1)));
    }
}
