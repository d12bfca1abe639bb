// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.sim.random.Shape.B;
import dev.lutra.sim.random.Shape.Choice;
import dev.lutra.sim.random.Shape.Row;
import dev.lutra.sim.random.Shape.S;
import dev.lutra.sim.random.Shape.U;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** An operator with operands of random shapes, whose result often has the shape that is wanted. */
final class Operations {
    /** Icarus 11 does not return from some divisions of more than 64 bits. */
    private static final int DIVISION_BITS = 56;

    private final Expressions expressions;
    private final Dice dice;

    Operations(Expressions expressions, Dice dice) {
        this.expressions = expressions;
        this.dice = dice;
    }

    Term operation(int domain, Shape shape, int d) {
        int w = shape.width();
        if (shape instanceof Shape.Truth && dice.chance(80)) {
            return truth(domain, d);
        }
        boolean signed = dice.chance(80) ? shape instanceof S : dice.chance(50);
        switch (dice.random.nextInt(20)) {
            case 0, 1 -> {
                Operator op = dice.pick(List.of(Operator.ADD, Operator.SUB, Operator.WRAP_ADD, Operator.WRAP_SUB));
                int own = dice.chance(50) ? Math.max(1, w - 1) : dice.near(w);
                return binary(op, domain, signed, own, dice.near(own), d);
            }
            case 2 -> {
                int a = dice.chance(60) && w > 1
                        ? 1 + dice.random.nextInt(w - 1)
                        : Math.min(dice.near(w), Expressions.MOST_BITS / 2);
                int b = dice.chance(60) && w > a ? w - a : Math.min(dice.near(w), Expressions.MOST_BITS / 2);
                return binary(Operator.MUL, domain, signed, a, b, d);
            }
            case 3 -> {
                int a = Math.min(dice.near(w), DIVISION_BITS);
                int b = Math.min(dice.chance(50) ? dice.near(w) : 1 + dice.random.nextInt(8), DIVISION_BITS);
                return binary(dice.chance(50) ? Operator.DIV : Operator.REM, domain, signed, a, b, d);
            }
            case 4 -> {
                return binary(dice.chance(50) ? Operator.MIN : Operator.MAX, domain, signed, w, dice.near(w), d);
            }
            case 5 -> {
                Term a = numberExpr(domain, signed, dice.near(w), d);
                return Term.of(Operator.NEG, a);
            }
            case 6 -> {
                return Term.of(Operator.ABS, numberExpr(domain, true, dice.near(w), d));
            }
            case 7 -> {
                Operator op = dice.pick(List.of(Operator.AND, Operator.OR, Operator.XOR));
                if (shape instanceof B) {
                    Term a = expressions.expr(domain, shape, d);
                    return dice.chance(30) && w < 63
                            ? Term.of(op, a, dice.constant(shape))
                            : Term.of(op, a, expressions.expr(domain, shape, d));
                }
                return binary(op, domain, false, w, dice.near(w), d);
            }
            case 8 -> {
                return Term.of(Operator.NOT, expressions.expr(domain, shape instanceof S ? new U(w) : shape, d));
            }
            case 9 -> {
                return expressions.mux(domain, shape, d);
            }
            case 10 -> {
                var args = new ArrayList<Term>(List.of(
                        expressions.expr(domain, new U(1 + dice.random.nextInt(dice.chance(90) ? 4 : 40)), d)));
                for (int i = 1 + dice.random.nextInt(dice.chance(80) ? 4 : 12); i > 0; i--) {
                    boolean again = args.size() > 1 && dice.chance(25);
                    args.add(again ? args.get(1) : expressions.expr(domain, shape, Math.min(d, 1)));
                }
                return Term.of(Operator.SELECT, args);
            }
            case 11, 12 -> {
                return shift(domain, signed, w, d);
            }
            case 13 -> {
                int lo = dice.random.nextInt(8);
                int more = dice.random.nextInt(4);
                Shape from = dice.chance(20) ? new B(lo + w + more) : Dice.number(dice.chance(50), lo + w + more);
                return Term.of(Operator.BITS, expressions.expr(domain, from, d), lo + w - 1, lo);
            }
            case 14 -> {
                return concat(domain, w, d);
            }
            case 15 -> {
                return dice.chance(30)
                        ? Term.of(Operator.FILL, expressions.expr(domain, Shape.TRUTH, d), w)
                        : Term.of(Operator.SATURATE, numberExpr(domain, signed, dice.near(w), d), w);
            }
            case 16 -> {
                Shape row = new Row(1 + dice.random.nextInt(5), shape);
                return Term.of(
                        Operator.ELEMENT_AT,
                        expressions.other(domain, row.width() <= Expressions.MOST_BITS ? row : new Row(1, shape), d),
                        expressions.expr(domain, new U(1 + dice.random.nextInt(3)), 1));
            }
            case 17 -> {
                // Sums of several, which grow step by step.
                Term sum = numberExpr(domain, signed, Math.max(1, w - 3), Math.min(d, 1));
                for (int i = 2 + dice.random.nextInt(3); i > 0; i--) {
                    boolean s = sum.shape() instanceof S;
                    sum = Term.of(
                            dice.chance(70) ? Operator.ADD : Operator.SUB,
                            sum,
                            numberExpr(domain, s, Math.max(1, w - 3), Math.min(d, 1)));
                }
                return sum;
            }
            default -> {
                Shape from = dice.ground();
                return expressions.expr(domain, from, d);
            }
        }
    }

    private Term numberExpr(int domain, boolean signed, int width, int depth) {
        return expressions.expr(domain, Dice.number(signed, width), depth);
    }

    private Term binary(Operator op, int domain, boolean signed, int a, int b, int d) {
        Term left = numberExpr(domain, signed, a, d);
        if (dice.chance(20)) {
            Term with = withConstant(op, left, b);
            if (with != null) {
                return with;
            }
        }
        Term right = numberExpr(domain, signed, b, d);
        return dice.chance(50) ? Term.of(op, left, right) : Term.of(op, right, left);
    }

    private Term withConstant(Operator op, Term left, int bits) {
        Shape shape = Dice.number(left.shape() instanceof S, Math.min(bits, 62));
        BigInteger value = dice.constant(shape);
        if (op == Operator.EQ || op == Operator.NE) {
            value = dice.constant(left.shape());
        }
        return value.bitLength() < 63 ? Term.of(op, left, value) : null;
    }

    private Term truth(int domain, int d) {
        switch (dice.random.nextInt(10)) {
            case 0, 1, 2, 3 -> {
                Operator op = dice.pick(
                        List.of(Operator.EQ, Operator.NE, Operator.LT, Operator.LE, Operator.GT, Operator.GE));
                int a = dice.width();
                return binary(op, domain, dice.chance(50), a, dice.chance(50) ? a : dice.width(), d);
            }
            case 4 -> {
                Shape shape = dice.chance(50)
                        ? new Choice(dice.pick(Choices.COUNTS))
                        : dice.chance(50) ? new B(dice.width()) : Shape.TRUTH;
                Operator op = dice.chance(50) ? Operator.EQ : Operator.NE;
                Term a = expressions.expr(domain, shape, d);
                return shape instanceof Choice && dice.chance(40)
                        ? Term.of(op, a, dice.constant(shape))
                        : Term.of(op, a, expressions.expr(domain, shape, d));
            }
            case 5, 6 -> {
                Operator op = dice.pick(List.of(Operator.AND, Operator.OR, Operator.XOR, Operator.AND_NOT));
                return Term.of(op, expressions.expr(domain, Shape.TRUTH, d), expressions.expr(domain, Shape.TRUTH, d));
            }
            case 7 -> {
                return Term.of(Operator.NOT, expressions.expr(domain, Shape.TRUTH, d));
            }
            case 8 -> {
                Operator op = dice.pick(List.of(Operator.OR_R, Operator.AND_R, Operator.XOR_R));
                return Term.of(op, expressions.expr(domain, dice.ground(), d));
            }
            default -> {
                if (dice.chance(30)) {
                    return Term.of(Operator.IS_NEGATIVE, numberExpr(domain, true, dice.width(), d));
                }
                Term index = expressions.expr(domain, new U(1 + dice.random.nextInt(dice.chance(90) ? 7 : 60)), 1);
                return Term.of(Operator.BIT, expressions.expr(domain, dice.ground(), d), index);
            }
        }
    }

    private Term shift(int domain, boolean signed, int w, int d) {
        switch (dice.random.nextInt(5)) {
            case 0 -> {
                int by = dice.random.nextInt(w + 2);
                return Term.of(Operator.SHL_BY, numberExpr(domain, signed, Math.max(1, w - by), d), by);
            }
            case 1 -> {
                int by = dice.random.nextInt(12);
                return Term.of(Operator.SHR_BY, numberExpr(domain, signed, Math.min(dice.near(w) + by, 200), d), by);
            }
            case 2 -> {
                return Term.of(
                        Operator.SHL,
                        numberExpr(domain, signed, dice.near(w), d),
                        expressions.expr(domain, new U(1 + dice.random.nextInt(4)), d));
            }
            default -> {
                Operator op = dice.chance(50) ? Operator.SHL_WRAP : Operator.SHR;
                Term amount = expressions.expr(domain, new U(1 + dice.random.nextInt(dice.chance(90) ? 7 : 70)), d);
                return Term.of(op, numberExpr(domain, signed, dice.chance(60) ? w : dice.near(w), d), amount);
            }
        }
    }

    private Term concat(int domain, int width, int d) {
        var parts = new ArrayList<Term>();
        int left = width;
        while (left > 0) {
            int w = 1 + dice.random.nextInt(left);
            Shape kind = w == 1 && dice.chance(50)
                    ? Shape.TRUTH
                    : dice.chance(20) ? new B(w) : Dice.number(dice.chance(50), w);
            Term part = expressions.expr(domain, kind, Math.min(d, 1));
            parts.add(part);
            left -= w;
            while (left >= w && dice.chance(30)) {
                parts.add(part);
                left -= w;
            }
        }
        return Term.of(Operator.CAT, parts);
    }
}
