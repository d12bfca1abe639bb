// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.sim.random.Shape.B;
import dev.lutra.sim.random.Shape.Choice;
import dev.lutra.sim.random.Shape.Row;
import dev.lutra.sim.random.Shape.U;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Expressions of a shape from what may be read in a domain. */
final class Expressions {
    /** Intermediate results do not grow beyond this. */
    static final int MOST_BITS = 256;

    private final Draft draft;
    private final Dice dice;
    private final Casts casts;
    private final Operations operations;

    Expressions(Draft draft) {
        this.draft = draft;
        dice = draft.dice;
        casts = new Casts(dice);
        operations = new Operations(this, dice);
    }

    Term expr(int domain, Shape shape, int depth) {
        draft.spent++;
        Term term = make(domain, shape, draft.spent < dice.rich ? depth : dice.chance(70) ? 0 : Math.min(depth, 1));
        if (!term.shape().equals(shape)) {
            throw new AssertionError(term + " is no " + shape);
        }
        if (term.args().size() > 0 && shape.ground() && term.size() < 12) {
            draft.made.get(domain).add(term);
        }
        return term;
    }

    private Term make(int domain, Shape shape, int depth) {
        if (!shape.ground() || shape instanceof Choice) {
            return other(domain, shape, depth);
        }
        if (depth == 0 || dice.chance(25)) {
            return dice.chance(80) ? casts.fit(leaf(domain, shape), shape) : Term.literal(shape, dice.constant(shape));
        }
        List<Term> before = draft.made.get(domain);
        if (dice.chance(6) && !before.isEmpty()) {
            return casts.fit(dice.pick(before), shape);
        }
        for (int i = 0; i < 10; i++) {
            Term term = operations.operation(domain, shape, depth - 1);
            if (term.shape().width() <= MOST_BITS) {
                return casts.fit(term, shape);
            }
        }
        return casts.fit(leaf(domain, shape), shape);
    }

    /** An enumeration, a vector or a bundle. */
    Term other(int domain, Shape shape, int depth) {
        List<Term> same = draft.readable.get(domain).stream()
                .flatMap(t -> inside(t).stream())
                .filter(t -> t.shape().equals(shape))
                .toList();
        if (depth > 0 && dice.chance(25)) {
            return mux(domain, shape, depth - 1);
        }
        if (depth > 0 && dice.chance(15)) {
            var args = new ArrayList<Term>(List.of(expr(domain, new U(1 + dice.random.nextInt(3)), 1)));
            for (int i = 1 + dice.random.nextInt(3); i > 0; i--) {
                args.add(other(domain, shape, 0));
            }
            return Term.of(Operator.SELECT, args);
        }
        if (!same.isEmpty() && dice.chance(80)) {
            return dice.pick(same);
        }
        if (shape instanceof Choice) {
            return Term.literal(shape, dice.constant(shape));
        }
        if (shape.leaves().stream().noneMatch(Choice.class::isInstance)) {
            Shape bits = new B(shape.width());
            return Term.unpack(depth > 0 ? expr(domain, bits, depth - 1) : casts.fit(leaf(domain, bits), bits), shape);
        }
        // With an enumeration in it: only its own values side by side are a legal pattern.
        var parts = new ArrayList<Term>();
        List<Shape> leaves = shape.leaves();
        for (int leaf : shape.msbFirst()) {
            parts.add(expr(domain, leaves.get(leaf), Math.min(depth, 1)));
        }
        return Term.unpack(Term.of(Operator.CAT, parts), shape);
    }

    Term mux(int domain, Shape shape, int depth) {
        Term a = expr(domain, shape, depth);
        Term b = expr(domain, shape, depth);
        return Term.of(Operator.MUX, List.of(expr(domain, Shape.TRUTH, depth), a, b));
    }

    /** A signal with its elements and fields. */
    private static List<Term> inside(Term term) {
        if (term.shape().ground()) {
            return List.of(term);
        }
        var all = new ArrayList<Term>(List.of(term));
        Operator op = term.shape() instanceof Row ? Operator.ELEMENT : Operator.FIELD;
        for (int i = 0; i < term.shape().parts(); i++) {
            all.addAll(inside(Term.of(op, term, i)));
        }
        return all;
    }

    private Term leaf(int domain, Shape shape) {
        Term term = signal(domain);
        for (int i = 0; i < 3 && !term.shape().equals(shape); i++) {
            term = signal(domain);
        }
        return term;
    }

    private Term signal(int domain) {
        Term term = dice.pick(draft.readable.get(domain));
        while (!term.shape().ground()) {
            if (term.shape() instanceof Row row && dice.chance(40)) {
                Term index = casts.fit(simple(domain), new U(1 + dice.random.nextInt(3)));
                term = Term.of(Operator.ELEMENT_AT, term, index);
            } else {
                Operator op = term.shape() instanceof Row ? Operator.ELEMENT : Operator.FIELD;
                term = Term.of(op, term, dice.random.nextInt(term.shape().parts()));
            }
        }
        return term;
    }

    private Term simple(int domain) {
        List<Term> ground = draft.readable.get(domain).stream()
                .filter(t -> t.shape().ground())
                .toList();
        return ground.isEmpty() ? Term.literal(new U(2), BigInteger.TWO) : dice.pick(ground);
    }

    Term fit(Term term, Shape shape) {
        return casts.fit(term, shape);
    }
}
