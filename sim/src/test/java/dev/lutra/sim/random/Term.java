// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * An expression.
 *
 * @param shape type of the result
 * @param ints the Java numbers the operator takes
 * @param constant value of a constant; of other operators: a Java number as right operand, null: none
 * @param name of a signal
 */
record Term(Operator op, Shape shape, List<Term> args, List<Integer> ints, BigInteger constant, String name) {

    /** An operator on operands; throws where the language has none. */
    static Term of(Operator op, List<Term> args, Integer... ints) {
        Shape shape = op.result(args.stream().map(Term::shape).toList(), List.of(ints));
        if (shape == null) {
            throw new IllegalArgumentException(op + " of " + args);
        }
        return new Term(op, shape, List.copyOf(args), List.of(ints), null, "");
    }

    static Term of(Operator op, Term a, Integer... ints) {
        return of(op, List.of(a), ints);
    }

    static Term of(Operator op, Term a, Term b) {
        return of(op, List.of(a, b));
    }

    /** An operator with a Java number as right operand. */
    static Term of(Operator op, Term a, BigInteger b) {
        Shape right = op.constant(a.shape(), b);
        Shape shape = op.result(List.of(a.shape(), right), List.of());
        boolean fits = !a.shape().equals(Shape.TRUTH)
                && b.compareTo(right.min()) >= 0
                && b.compareTo(right.max()) <= 0
                && b.bitLength() < 64;
        if (shape == null || !fits) {
            throw new IllegalArgumentException(op + " of " + a + " and " + b);
        }
        return new Term(op, shape, List.of(a), List.of(), b, "");
    }

    static Term ref(String name, Shape shape) {
        return new Term(Operator.REF, shape, List.of(), List.of(), null, name);
    }

    static Term literal(Shape shape, BigInteger value) {
        return new Term(Operator.LIT, shape, List.of(), List.of(), value, "");
    }

    static Term unpack(Term bits, Shape shape) {
        if (!bits.shape().equals(new Shape.B(shape.width()))) {
            throw new IllegalArgumentException("unpack " + bits + " into " + shape);
        }
        return new Term(Operator.UNPACK, shape, List.of(bits), List.of(), null, "");
    }

    /** The same operator on other operands; throws where it has another type then. */
    Term with(List<Term> others) {
        if (op == Operator.REF || op == Operator.LIT) {
            return this;
        }
        Term made = op == Operator.UNPACK
                ? unpack(others.get(0), shape)
                : constant != null ? of(op, others.get(0), constant) : of(op, others, ints.toArray(Integer[]::new));
        if (!made.shape().equals(shape)) {
            throw new IllegalArgumentException("another type: " + made);
        }
        return made;
    }

    /** Operators in it. */
    int size() {
        return 1 + args.stream().mapToInt(Term::size).sum();
    }

    /** This and everything below. */
    List<Term> all() {
        var all = new ArrayList<Term>(List.of(this));
        args.forEach(arg -> all.addAll(arg.all()));
        return all;
    }

    /** As one would write it in Java. */
    @Override
    public String toString() {
        return switch (op) {
            case REF -> name;
            case LIT -> literal();
            case MUX -> "mux(" + list(args) + ")";
            case CAT -> "cat(" + list(args) + ")";
            case FILL -> "fill(" + ints.get(0) + ", " + args.get(0) + ")";
            case CROSSING -> "crossing(" + args.get(0) + ")";
            case SELECT -> "select(" + args.get(0) + ", List.of(" + list(args.subList(1, args.size())) + "))";
            case UNPACK -> "unpack(" + args.get(0) + ", " + shape + ")";
            case FIELD -> args.get(0) + "." + "abc".charAt(ints.get(0));
            default -> {
                var inside = new ArrayList<String>();
                args.subList(1, args.size()).forEach(arg -> inside.add(arg.toString()));
                ints.forEach(i -> inside.add(i.toString()));
                if (constant != null) {
                    inside.add(
                            shape().equals(Shape.TRUTH) || constant.bitLength() < 32
                                    ? constant.toString()
                                    : constant + "L");
                }
                yield args.get(0) + "." + op.method + "(" + String.join(", ", inside) + ")";
            }
        };
    }

    private String literal() {
        if (shape instanceof Shape.Truth) {
            return "lit(" + (constant.signum() != 0) + ")";
        } else if (shape instanceof Shape.Choice choice) {
            Enum<?> value = Choices.value(choice.count(), constant.intValueExact());
            return "lit(" + value.getDeclaringClass().getSimpleName() + "." + value + ")";
        }
        String value = constant + ", " + shape.width();
        return shape instanceof Shape.S
                ? "slit(" + value + ")"
                : "lit(" + value + ")" + (shape instanceof Shape.B ? ".asBits()" : "");
    }

    private static String list(List<Term> terms) {
        return String.join(", ", terms.stream().map(Term::toString).toList());
    }
}
