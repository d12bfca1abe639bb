// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.sim.random.Shape.B;
import dev.lutra.sim.random.Shape.S;
import dev.lutra.sim.random.Shape.U;
import java.math.BigInteger;

/** Values of one ground shape made of those of another, with casts and cuts. */
final class Casts {
    private final Dice dice;

    Casts(Dice dice) {
        this.dice = dice;
    }

    /** A value of any other ground value, with casts and cuts. */
    Term fit(Term term, Shape shape) {
        if (term.shape().equals(shape)) {
            return term;
        }
        int w = shape.width();
        if (shape instanceof Shape.Truth) {
            int have = term.shape().width();
            if (have == 1) {
                return Term.of(Operator.AS_BOOL, term);
            }
            return switch (dice.random.nextInt(5)) {
                case 0 -> Term.of(Operator.OR_R, term);
                case 1 -> Term.of(Operator.AND_R, term);
                case 2 -> Term.of(Operator.XOR_R, term);
                case 3 ->
                    Term.of(Operator.BIT, term, Term.literal(new U(3), BigInteger.valueOf(dice.random.nextInt(8))));
                default -> Term.of(Operator.BIT_AT, term, dice.random.nextInt(have));
            };
        } else if (shape instanceof B) {
            if (term.shape().width() == w) {
                return Term.of(Operator.AS_BITS, term);
            }
            return Term.of(Operator.AS_BITS, resized(numeric(term, false), w));
        }
        boolean signed = shape instanceof S;
        if (signed && term.shape() instanceof U u && u.width() < w && dice.chance(60)) {
            return resized(Term.of(Operator.TO_SINT, term), w);
        }
        return resized(numeric(term, signed), w);
    }

    private static Term numeric(Term term, boolean signed) {
        boolean is = signed ? term.shape() instanceof S : term.shape() instanceof U;
        return is ? term : Term.of(signed ? Operator.AS_SINT : Operator.AS_UINT, term);
    }

    private Term resized(Term term, int w) {
        int have = term.shape().width();
        if (have == w) {
            return term;
        }
        if (have < w) {
            return Term.of(dice.chance(90) ? Operator.EXTEND : Operator.SATURATE, term, w);
        }
        int lo = dice.random.nextInt(have - w + 1);
        return switch (dice.random.nextInt(6)) {
            case 0, 1, 2 -> Term.of(Operator.TRUNCATE, term, w);
            case 3 -> Term.of(Operator.SATURATE, term, w);
            case 4 -> Term.of(Operator.TRUNCATE, Term.of(Operator.SHR_BY, term, have - w), w);
            default -> numeric(Term.of(Operator.BITS, term, lo + w - 1, lo), term.shape() instanceof S);
        };
    }
}
