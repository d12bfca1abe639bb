// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import dev.lutra.machine.Instruction.Vector;
import dev.lutra.machine.VectorPass.Addend;
import dev.lutra.machine.VectorPass.After;
import dev.lutra.machine.VectorPass.Factor;
import dev.lutra.machine.VectorPass.Function;
import dev.lutra.machine.VectorPass.Reduction;
import dev.lutra.machine.VectorPass.Result;
import dev.lutra.machine.VectorPass.Sign;
import dev.lutra.machine.VectorPass.Source;
import java.util.List;
import java.util.Locale;

/**
 * The operands of VEC in text: {@code n=64, x=v0, mul=s1, add=v8, of=exponential, out=v16, maximum=s3}. Rows are {@code v0}, rows of integers {@code i0}, scalar registers
 * {@code s0}, beats of the activation buffer {@code a0}, a constant {@code #} and eight hexadecimal digits. {@code next}: the neighbours of x.
 * What is left out does nothing.
 */
final class VectorText {
    /** The vector of the second ones of neighbours. */
    private static final String NEXT = "next";

    private static final List<Reduction> SCALARS =
            List.of(Reduction.FIRST, Reduction.SUM, Reduction.MAXIMUM, Reduction.ARGUMENT);

    private VectorText() {}

    static void write(List<String> w, Vector i) {
        VectorPass p = i.pass();
        w.add("n=" + (i.length() == 0 ? Integer.toString(p.length()) : "len" + i.length()));
        w.add("x="
                + switch (p.source()) {
                    case VECTOR -> "v" + p.x();
                    case INTEGERS -> "i" + p.x();
                    case SCALAR -> "s" + p.x();
                    case CONSTANT -> "#%08x".formatted(p.constant());
                });
        if (p.sign() != Sign.SAME) {
            w.add("sign=" + lower(p.sign()));
        }
        if (p.swap() != 0) {
            w.add("swap=" + p.swap());
        }
        if (p.repeat() != 1) {
            w.add("repeat=" + p.repeat());
            w.add("block=" + p.block());
        }
        switch (p.factor()) {
            case ONE -> {}
            case ITSELF -> w.add("mul=x");
            case VECTOR -> w.add("mul=" + y(p));
            case SCALAR -> w.add("mul=s" + p.factorScalar());
        }
        switch (p.addend()) {
            case NOTHING -> {}
            case VECTOR -> w.add("add=" + y(p));
            case SCALAR -> w.add("add=s" + p.addendScalar());
            case MINIMUM -> w.add("min=" + y(p));
        }
        if (p.spread() != 1) {
            w.add("spread=" + p.spread());
        }
        if (p.period() != 0) {
            w.add("period=" + p.period());
        }
        if (p.function() != Function.NONE) {
            w.add("of=" + lower(p.function()));
        }
        switch (p.result()) {
            case NONE -> {}
            case FLOAT -> w.add("out=v" + p.out());
            case INT8 -> w.add("out=i" + p.out());
            case ACTIVATIONS -> w.add("out=a" + p.out());
        }
        switch (p.reduction()) {
            case NONE, PAIRS -> {}
            case PARTS, RUNS -> w.add(lower(p.reduction()) + "=" + p.parts());
            case FIRST, SUM, MAXIMUM, ARGUMENT -> w.add(lower(p.reduction()) + "=s" + p.target());
        }
        if (p.keep()) {
            w.add("keep");
        }
        if (p.after() != After.ALL) {
            w.add("after=" + lower(p.after()));
        }
    }

    /** The vector beside x, or the second ones of its neighbours. */
    private static String y(VectorPass p) {
        return p.reduction() == Reduction.PAIRS ? NEXT : "v" + p.y();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static Vector parse(Operands o) throws TextError {
        Tokens tokens = o.tokens();
        String n = o.text("n");
        int length = n.matches("len[1-3]") ? n.charAt(3) - '0' : 0;
        int elements = length == 0 ? o.integer(n, "n") : 1;
        String x = o.text("x");
        Source source = x.isEmpty()
                ? Source.VECTOR
                : switch (x.charAt(0)) {
                    case 'i' -> Source.INTEGERS;
                    case 's' -> Source.SCALAR;
                    case '#' -> Source.CONSTANT;
                    default -> Source.VECTOR;
                };
        int constant = source == Source.CONSTANT ? (int) o.hexValue(x.substring(1), 8) : 0;
        int place = source == Source.CONSTANT ? 0 : place(o, "x", x, "vis");
        Sign sign = value(o, Sign.values(), "sign", Sign.SAME);
        int swap = number(o, "swap");
        int repeat = power(o, "repeat");
        int block = power(o, "block");
        String mul = o.optional("mul");
        String add = o.optional("add");
        String min = o.optional("min");
        if (!add.isEmpty() && !min.isEmpty()) {
            throw o.error("add=%s, min=%s: there is one or the other".formatted(add, min));
        }
        int period = number(o, "period");
        int spread = power(o, "spread");
        boolean next = mul.equals(NEXT) || add.equals(NEXT) || min.equals(NEXT);
        Factor factor = mul.isEmpty()
                ? Factor.ONE
                : mul.equals("x")
                        ? Factor.ITSELF
                        : mul.startsWith("v") || mul.equals(NEXT) ? Factor.VECTOR : Factor.SCALAR;
        Addend addend = !min.isEmpty()
                ? Addend.MINIMUM
                : add.isEmpty()
                        ? Addend.NOTHING
                        : add.startsWith("v") || add.equals(NEXT) ? Addend.VECTOR : Addend.SCALAR;
        boolean adds = addend == Addend.VECTOR || addend == Addend.MINIMUM;
        int mulPlace = factor == Factor.VECTOR && next || factor == Factor.ONE || factor == Factor.ITSELF
                ? 0
                : place(o, "mul", mul, "vs");
        int addPlace = addend == Addend.NOTHING || adds && next
                ? 0
                : min.isEmpty() ? place(o, "add", add, "vs") : place(o, "min", min, "v");
        boolean differ = next
                ? factor == Factor.VECTOR && !mul.equals(NEXT) || adds && !(add + min).equals(NEXT)
                : mulPlace != addPlace;
        if (differ && (next || factor == Factor.VECTOR && adds)) {
            throw o.error("mul=%s, %s=%s: there is one vector beside x"
                    .formatted(mul, min.isEmpty() ? "add" : "min", min.isEmpty() ? add : min));
        }
        Function function = value(o, Function.values(), "of", Function.NONE);
        String out = o.optional("out");
        Result result = out.isEmpty()
                ? Result.NONE
                : out.startsWith("a") ? Result.ACTIVATIONS : out.startsWith("i") ? Result.INT8 : Result.FLOAT;
        int outPlace = result == Result.NONE ? 0 : place(o, "out", out, "via");
        int parts = power(o, "parts");
        int runs = power(o, "runs");
        if (parts > 1 && runs > 1) {
            throw o.error("runs=%d beside parts=%d: a pass has one reduction".formatted(runs, parts));
        }
        Reduction reduction =
                next ? Reduction.PAIRS : parts > 1 ? Reduction.PARTS : runs > 1 ? Reduction.RUNS : Reduction.NONE;
        int target = Integer.numberOfTrailingZeros(parts * runs);
        for (Reduction each : SCALARS) {
            String to = o.optional(lower(each));
            if (!to.isEmpty()) {
                if (reduction != Reduction.NONE) {
                    throw o.error(
                            "%s=%s beside %s: a pass has one reduction".formatted(lower(each), to, lower(reduction)));
                }
                reduction = each;
                target = place(o, lower(each), to, "s");
                break;
            }
        }
        Reduction reduces = reduction;
        int to = target;
        boolean keep = o.flag("keep");
        After after = value(o, After.values(), "after", After.ALL);
        return new Vector(
                tokens,
                o.legal(() -> new VectorPass(
                        source,
                        sign,
                        place,
                        constant,
                        swap,
                        repeat,
                        block,
                        factor == Factor.VECTOR ? mulPlace : adds ? addPlace : 0,
                        period,
                        spread,
                        factor,
                        factor == Factor.SCALAR ? mulPlace : 0,
                        addend,
                        addend == Addend.SCALAR ? addPlace : 0,
                        function,
                        result,
                        outPlace,
                        reduces,
                        keep,
                        to,
                        elements,
                        after)),
                length);
    }

    private static int number(Operands o, String name) throws TextError {
        String text = o.optional(name);
        return text.isEmpty() ? 0 : o.integer(text, name);
    }

    /** A power of two, 1 if it is not there. */
    private static int power(Operands o, String name) throws TextError {
        int value = (int) o.numberOr(name, 1);
        if (Integer.bitCount(value) != 1) {
            throw o.error("%s=%d is no power of two".formatted(name, value));
        }
        return value;
    }

    private static int place(Operands o, String name, String text, String kinds) throws TextError {
        if (!text.matches("[" + kinds + "][0-9]{1,4}")) {
            throw o.error("%s=%s: it must be a number after one of the letters %s"
                    .formatted(name, text, String.join(", ", kinds.split(""))));
        }
        return Integer.parseInt(text.substring(1));
    }

    private static <E extends Enum<E>> E value(Operands o, E[] values, String name, E usual) throws TextError {
        String text = o.optional(name);
        if (text.isEmpty()) {
            return usual;
        }
        for (E each : values) {
            if (lower(each).equals(text)) {
                return each;
            }
        }
        throw o.error("%s=%s is unknown".formatted(name, text));
    }
}
