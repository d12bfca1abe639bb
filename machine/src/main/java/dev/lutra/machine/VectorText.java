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
 * {@code s0}, beats of the activation buffer {@code a0}, a constant {@code #} and eight hexadecimal digits. What is left out does nothing.
 */
final class VectorText {
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
        switch (p.factor()) {
            case ONE -> {}
            case ITSELF -> w.add("mul=x");
            case VECTOR -> w.add("mul=v" + p.y());
            case SCALAR -> w.add("mul=s" + p.factorScalar());
        }
        switch (p.addend()) {
            case NOTHING -> {}
            case VECTOR -> w.add("add=v" + p.y());
            case SCALAR -> w.add("add=s" + p.addendScalar());
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
        if (p.reduction() != Reduction.NONE) {
            w.add(lower(p.reduction()) + "=s" + p.target());
        }
        if (p.keep()) {
            w.add("keep");
        }
        if (p.after() != After.ALL) {
            w.add("after=" + lower(p.after()));
        }
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
        String mul = o.optional("mul");
        String add = o.optional("add");
        int period = number(o, "period");
        Factor factor = mul.isEmpty()
                ? Factor.ONE
                : mul.equals("x") ? Factor.ITSELF : mul.startsWith("v") ? Factor.VECTOR : Factor.SCALAR;
        Addend addend = add.isEmpty() ? Addend.NOTHING : add.startsWith("v") ? Addend.VECTOR : Addend.SCALAR;
        int mulPlace = factor == Factor.VECTOR || factor == Factor.SCALAR ? place(o, "mul", mul, "vs") : 0;
        int addPlace = addend == Addend.NOTHING ? 0 : place(o, "add", add, "vs");
        if (factor == Factor.VECTOR && addend == Addend.VECTOR && mulPlace != addPlace) {
            throw o.error("mul=%s, add=%s: there is one vector beside x".formatted(mul, add));
        }
        Function function = value(o, Function.values(), "of", Function.NONE);
        String out = o.optional("out");
        Result result = out.isEmpty()
                ? Result.NONE
                : out.startsWith("a") ? Result.ACTIVATIONS : out.startsWith("i") ? Result.INT8 : Result.FLOAT;
        int outPlace = result == Result.NONE ? 0 : place(o, "out", out, "via");
        Reduction reduction = Reduction.NONE;
        int target = 0;
        for (Reduction each : Reduction.values()) {
            String to = each == Reduction.NONE ? "" : o.optional(lower(each));
            if (!to.isEmpty()) {
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
                        factor == Factor.VECTOR ? mulPlace : addend == Addend.VECTOR ? addPlace : 0,
                        period,
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
