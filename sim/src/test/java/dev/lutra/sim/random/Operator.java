// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.sim.random.Shape.B;
import dev.lutra.sim.random.Shape.Choice;
import dev.lutra.sim.random.Shape.Pack;
import dev.lutra.sim.random.Shape.Row;
import dev.lutra.sim.random.Shape.S;
import dev.lutra.sim.random.Shape.Truth;
import dev.lutra.sim.random.Shape.U;
import java.math.BigInteger;
import java.util.List;

/** What a {@link Term} does: every operator of the language, with the rule for the type of its result. */
enum Operator {
    /** A signal by its name. */
    REF(""),
    /** A constant. */
    LIT(""),
    ADD("add"),
    SUB("sub"),
    MUL("mul"),
    WRAP_ADD("wrapAdd"),
    WRAP_SUB("wrapSub"),
    DIV("div"),
    REM("rem"),
    NEG("neg"),
    ABS("abs"),
    IS_NEGATIVE("isNegative"),
    MIN("min"),
    MAX("max"),
    /** By a Java number. */
    SHL_BY("shl"),
    SHL("shl"),
    SHL_WRAP("shlWrap"),
    /** By a Java number. */
    SHR_BY("shr"),
    SHR("shr"),
    AND("and"),
    OR("or"),
    XOR("xor"),
    NOT("not"),
    AND_NOT("andNot"),
    EQ("eq"),
    NE("ne"),
    LT("lt"),
    LE("le"),
    GT("gt"),
    GE("ge"),
    OR_R("orR"),
    AND_R("andR"),
    XOR_R("xorR"),
    /** At a place known to Java. */
    BIT_AT("bit"),
    BIT("bit"),
    BITS("bits"),
    TRUNCATE("truncate"),
    EXTEND("extend"),
    SATURATE("saturate"),
    TO_SINT("toSInt"),
    AS_UINT("asUInt"),
    AS_SINT("asSInt"),
    AS_BITS("asBits"),
    AS_BOOL("asBool"),
    MUX("mux"),
    CAT("cat"),
    FILL("fill"),
    SELECT("select"),
    /** Of a vector, at a place known to Java. */
    ELEMENT("get"),
    /** Of a vector, at a place hardware chooses. */
    ELEMENT_AT("get"),
    /** Of a bundle. */
    FIELD(""),
    UNPACK("unpack"),
    /** A value of another clock. */
    CROSSING("crossing");

    /** The method of the language. */
    final String method;

    Operator(String method) {
        this.method = method;
    }

    /** Operators that take a Java number as right operand. */
    static final List<Operator> WITH_CONSTANT =
            List.of(ADD, SUB, MUL, WRAP_ADD, WRAP_SUB, DIV, REM, MIN, MAX, AND, OR, XOR, EQ, NE, LT, LE, GT, GE);

    /** The type of the result, null where the language has no such operator. */
    Shape result(List<Shape> args, List<Integer> ints) {
        Shape a = args.isEmpty() ? Shape.TRUTH : args.get(0);
        Shape b = args.size() < 2 ? Shape.TRUTH : args.get(1);
        int w = a.width();
        boolean unsigned = a instanceof U && b instanceof U;
        boolean signed = a instanceof S && b instanceof S;
        boolean numbers = unsigned || signed;
        int wider = Math.max(w, b.width());
        boolean pattern = a instanceof B && a.equals(b);
        boolean truths = a instanceof Truth && b instanceof Truth;
        int n = ints.isEmpty() ? 0 : ints.get(0);
        return switch (this) {
            case REF, LIT, UNPACK -> null;
            case ADD -> numbers ? number(signed, wider + 1) : null;
            case SUB -> numbers ? new S(wider + 1) : null;
            case MUL -> numbers ? number(signed, w + b.width()) : null;
            case WRAP_ADD, WRAP_SUB, MIN, MAX -> numbers ? number(signed, wider) : null;
            case DIV -> numbers ? number(signed, signed ? w + 1 : w) : null;
            case REM -> numbers ? a : null;
            case NEG -> a.number() ? new S(w + 1) : null;
            case ABS -> a instanceof S ? new U(w) : null;
            case IS_NEGATIVE -> a instanceof S ? Shape.TRUTH : null;
            case SHL_BY -> a.number() ? number(a instanceof S, w + n) : null;
            case SHL ->
                a.number() && b instanceof U && b.width() < 9 ? number(a instanceof S, w + (1 << b.width()) - 1) : null;
            case SHL_WRAP, SHR -> a.number() && b instanceof U ? a : null;
            case SHR_BY -> a.number() ? number(a instanceof S, Math.max(1, w - n)) : null;
            case AND, OR, XOR -> unsigned ? new U(wider) : pattern || truths ? a : null;
            case NOT -> a instanceof U || a instanceof B || a instanceof Truth ? a : null;
            case AND_NOT -> truths ? a : null;
            case EQ, NE -> numbers || pattern || truths || a instanceof Choice && a.equals(b) ? Shape.TRUTH : null;
            case LT, LE, GT, GE -> numbers ? Shape.TRUTH : null;
            case OR_R, AND_R, XOR_R -> a.ground() ? Shape.TRUTH : null;
            case BIT_AT -> a.ground() && n < w ? Shape.TRUTH : null;
            case BIT -> a.ground() && b instanceof U ? Shape.TRUTH : null;
            case BITS -> {
                int width = n - ints.get(1) + 1;
                boolean fits = n < w && width >= 1 && ints.get(1) >= 0;
                yield !fits
                        ? null
                        : a instanceof U ? new U(width) : a instanceof S || a instanceof B ? new B(width) : null;
            }
            case TRUNCATE -> a.number() && n >= 1 && n <= w ? number(a instanceof S, n) : null;
            case EXTEND -> a.number() && n >= w ? number(a instanceof S, n) : null;
            case SATURATE -> a.number() && n >= 1 ? number(a instanceof S, n) : null;
            case TO_SINT -> a instanceof U ? new S(w + 1) : null;
            case AS_UINT -> a.ground() ? new U(w) : null;
            case AS_SINT -> a.ground() ? new S(w) : null;
            case AS_BITS -> new B(w);
            case AS_BOOL -> a.ground() && w == 1 ? Shape.TRUTH : null;
            case MUX -> {
                Shape c = args.get(2);
                boolean same = b.equals(c);
                boolean both = b instanceof U && c instanceof U || b instanceof S && c instanceof S;
                int width = Math.max(b.width(), c.width());
                yield !(a instanceof Truth) ? null : same ? b : both ? number(b instanceof S, width) : null;
            }
            case CAT -> new B(args.stream().mapToInt(Shape::width).sum());
            case FILL -> a instanceof Truth && n >= 1 ? new B(n) : null;
            case SELECT ->
                a instanceof U && args.subList(1, args.size()).stream().allMatch(b::equals) ? b : null;
            case ELEMENT -> a instanceof Row row && n < row.count() ? row.element() : null;
            case ELEMENT_AT -> a instanceof Row row && b instanceof U ? row.element() : null;
            case FIELD -> a instanceof Pack pack && n < pack.parts() ? pack.part(n) : null;
            case CROSSING -> a.ground() ? a : null;
        };
    }

    /** The type that a Java number has as right operand. */
    Shape constant(Shape left, BigInteger value) {
        if (this == EQ || this == NE || left instanceof B) {
            return left;
        }
        return left instanceof S ? new S(value.bitLength() + 1) : new U(Math.max(1, value.bitLength()));
    }

    private static Shape number(boolean signed, int width) {
        return signed ? new S(width) : new U(width);
    }
}
