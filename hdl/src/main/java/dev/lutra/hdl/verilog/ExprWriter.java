// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.BinaryOp;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.ir.UnaryOp;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes expressions. Verilog sizes an expression by its context: operands are extended to the widest of them and of the
 * assignment's target, with their sign only if all of them are signed. The IR has no such rule, so each expression is
 * written for a width: {@code write(e, w)} gives a text of the low {@code w} bits of the mathematical value of {@code e},
 * with every operand brought to exactly that width. Where sums and products stand directly in an assignment, operands
 * stay as the designer wrote them and Verilog's own extension does the work ({@code sum <= sum + a * b}); Verilator
 * accepts that without a width warning for an operand of a sum one bit narrower than the context and for any factor of a
 * product.
 */
final class ExprWriter {

    /** Enough for an amount that shifts out the widest value there can be. */
    private static final int AMOUNT_BITS = 20;

    private final Scope scope;
    private final Map<Expr, Expr> cores = new HashMap<>();
    private final Map<Expr, Expr> amounts = new HashMap<>();

    ExprWriter(Scope scope) {
        this.scope = scope;
    }

    /** The right side of an assignment to a target of the expression's width. */
    String assigned(Expr expr) {
        return write(expr, expr.type().width(), true).code();
    }

    /** The right side of the declaration of the wire that holds the value from here on. */
    String defined(Expr expr) {
        return spell(expr, expr.type().width(), true).code();
    }

    /** A condition or the subject of a case. Where it reads no signal a block that waits for changes would never run. */
    String condition(Expr expr) {
        int before = scope.reads();
        Text text = exact(expr);
        return scope.reads() > before
                ? text.code()
                : exact(new Expr.Ref(scope.wire(expr))).code();
    }

    /** A text that means the same anywhere, of the expression's own width. */
    Text exact(Expr expr) {
        return write(expr, expr.type().width(), false);
    }

    /**
     * The low bits of a value.
     *
     * @param width bits of the context
     * @param direct whether that context is an assignment of this width, reached through sums and choices only
     */
    private Text write(Expr expr, int width, boolean direct) {
        if (scope.shared(expr)) {
            return writeRef(scope.wire(expr), width);
        }
        return spell(expr, width, direct);
    }

    private Text spell(Expr expr, int width, boolean direct) {
        int own = expr.type().width();
        if (expr instanceof Expr.Ref ref) {
            return writeRef(ref.signal(), width);
        }
        if (expr instanceof Expr.Literal literal) {
            return writeLiteral(literal, width);
        }
        if (expr instanceof Expr.Mux mux) {
            return writeMux(mux, width, direct);
        }
        if (expr instanceof Expr.Concat concat) {
            return writeConcat(concat, width);
        }
        if (expr instanceof Expr.Slice slice) {
            return width <= own ? writeSlice(slice.a(), slice.lo() + width - 1, slice.lo()) : widen(slice, width);
        }
        if (expr instanceof Expr.Extend extend) {
            boolean keeps = extend.type().signed() == extend.a().type().signed()
                    || !extend.a().type().signed() && own > extend.a().type().width();
            return width <= own || keeps ? write(extend.a(), width, direct) : widen(extend, width);
        }
        if (expr instanceof Expr.Truncate truncate) {
            return width <= own ? write(truncate.a(), width, direct) : widen(truncate, width);
        }
        if (expr instanceof Expr.Reinterpret cast) {
            boolean keeps = cast.type().signed() == cast.a().type().signed();
            return width <= own || keeps ? write(cast.a(), width, direct) : widen(cast, width);
        }
        if (expr instanceof Expr.Unary unary) {
            return writeUnary(unary, width, direct);
        }
        if (expr instanceof Expr.Binary binary) {
            return writeBinary(binary, width, direct);
        }
        return writeRef(scope.wire(expr), width); // a selection becomes a case statement
    }

    private Text writeRef(Signal signal, int width) {
        int own = signal.type().width();
        if (width == own) {
            return Text.primary(scope.read(signal, own - 1, 0), signal.type().signed());
        }
        if (width < own) {
            return select(signal, width - 1, 0);
        }
        String name = scope.read(signal, own - 1, 0);
        if (!signal.type().signed()) {
            return Text.primary("{" + Literals.zeros(width - own) + ", " + name + "}", false);
        }
        if (own == 1) {
            return Text.primary("{" + width + "{" + name + "}}", false);
        }
        String sign = name + "[" + (own - 1) + "]";
        int more = width - own;
        return Text.primary("{" + (more == 1 ? sign : "{" + more + "{" + sign + "}}") + ", " + name + "}", false);
    }

    private Text select(Signal signal, int hi, int lo) {
        int own = signal.type().width();
        String name = scope.read(signal, hi, lo);
        if (own == 1) {
            return Text.primary(name, signal.type().signed());
        }
        return Text.primary(name + "[" + (hi == lo ? "" : hi + ":") + lo + "]", false);
    }

    private Text writeLiteral(Expr.Literal literal, int width) {
        if (literal.type() instanceof Type.Enumeration names
                && width == names.width()
                && names.nameOf(literal.value()) != null) {
            return Text.primary(scope.constant(names, literal.value()), false);
        }
        return Literals.of(literal.value(), literal.type(), width);
    }

    /** Sign or zero bits above the written value. */
    private Text widen(Expr expr, int width) {
        int own = expr.type().width();
        if (expr.type().signed()) {
            return writeRef(named(expr), width);
        }
        Text text = exact(expr);
        return Text.primary("{" + Literals.zeros(width - own) + ", " + inside(text) + "}", false);
    }

    /** A part of a concatenation, without braces of its own. */
    private static String inside(Text part) {
        String code = part.code();
        return code.startsWith("{") && code.endsWith("}") && !replicates(code) && closesAtEnd(code)
                ? code.substring(1, code.length() - 1)
                : code;
    }

    private static boolean replicates(String code) {
        int i = 1;
        while (Character.isDigit(code.charAt(i))) {
            i++;
        }
        return i > 1 && code.charAt(i) == '{';
    }

    private static boolean closesAtEnd(String code) {
        int depth = 0;
        for (int i = 0; i < code.length() - 1; i++) {
            depth += code.charAt(i) == '{' ? 1 : code.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return false;
            }
        }
        return true;
    }

    private Signal named(Expr expr) {
        return expr instanceof Expr.Ref ref ? ref.signal() : scope.wire(expr);
    }

    private Text writeMux(Expr.Mux mux, int width, boolean direct) {
        if (mux.cond() instanceof Expr.Literal literal) {
            return write(literal.value().signum() != 0 ? mux.t() : mux.f(), width, direct);
        }
        if (width == 1
                && mux.t() instanceof Expr.Literal t
                && mux.f() instanceof Expr.Literal f
                && t.value().signum() != f.value().signum()) {
            return t.value().signum() != 0 ? write(mux.cond(), 1, false) : write(not(mux.cond()), 1, false);
        }
        String cond = exact(mux.cond()).at(Text.UNARY);
        Text t = write(mux.t(), width, direct);
        Text f = write(mux.f(), width, direct);
        if (clash(t, f)) {
            t = write(mux.t(), width, false);
            f = write(mux.f(), width, false);
        }
        String code = cond + " ? " + t.at(Text.CONDITION + 1) + " : " + f.at(Text.CONDITION);
        return new Text(code, Text.CONDITION, t.signed() && f.signed(), t.relies() || f.relies());
    }

    /** Whether one text needs signed company that the other is not. */
    private static boolean clash(Text a, Text b) {
        return a.relies() && a.signed() && !b.signed() || b.relies() && b.signed() && !a.signed();
    }

    private Text writeConcat(Expr.Concat concat, int width) {
        int own = concat.type().width();
        if (width > own && concat.type().signed()) {
            return widen(concat, width);
        }
        return join(parts(concat, Math.min(width, own) - 1, 0), width - own);
    }

    /** Parts side by side under {@code zeros} zero bits. */
    private static Text join(List<Text> parts, int zeros) {
        if (parts.size() == 1 && zeros <= 0) {
            return parts.get(0);
        }
        var code = new StringBuilder("{");
        if (zeros > 0) {
            code.append(Literals.zeros(zeros)).append(", ");
        }
        for (int i = 0; i < parts.size(); ) {
            int same = 1;
            while (i + same < parts.size()
                    && parts.get(i + same).code().equals(parts.get(i).code())) {
                same++;
            }
            if (i > 0) {
                code.append(", ");
            }
            if (same == 1) {
                code.append(inside(parts.get(i)));
            } else if (same == parts.size() && zeros <= 0) {
                code.append(same).append('{').append(inside(parts.get(i))).append('}');
            } else {
                code.append('{')
                        .append(same)
                        .append('{')
                        .append(inside(parts.get(i)))
                        .append("}}");
            }
            i += same;
        }
        return Text.primary(code.append('}').toString(), false);
    }

    /** The parts of bits {@code hi..lo} of a concatenation, from the top. */
    private List<Text> parts(Expr.Concat concat, int hi, int lo) {
        var parts = new ArrayList<Text>();
        int top = concat.type().width();
        for (Expr part : concat.msbFirst()) {
            int base = top - part.type().width();
            if (base <= hi && top - 1 >= lo) {
                parts.add(writeSlice(part, Math.min(hi, top - 1) - base, Math.max(lo, base) - base));
            }
            top = base;
        }
        return parts;
    }

    /** Bits {@code hi..lo} of a value, a text that means the same anywhere. */
    private Text writeSlice(Expr expr, int hi, int lo) {
        int own = expr.type().width();
        if (lo == 0) {
            return write(expr, hi + 1, false);
        }
        if (scope.shared(expr)) {
            return select(scope.wire(expr), hi, lo);
        }
        if (expr instanceof Expr.Ref ref) {
            return select(ref.signal(), hi, lo);
        }
        if (expr instanceof Expr.Literal literal) {
            return Literals.of(literal.value().shiftRight(lo), new Type.Bits(own), hi - lo + 1);
        }
        if (expr instanceof Expr.Slice slice) {
            return writeSlice(slice.a(), hi + slice.lo(), lo + slice.lo());
        }
        if (expr instanceof Expr.Truncate truncate) {
            return writeSlice(truncate.a(), hi, lo);
        }
        if (expr instanceof Expr.Reinterpret cast) {
            return writeSlice(cast.a(), hi, lo);
        }
        if (expr instanceof Expr.Extend extend && hi < extend.a().type().width()) {
            return writeSlice(extend.a(), hi, lo);
        }
        if (expr instanceof Expr.Concat concat) {
            return join(parts(concat, hi, lo), 0);
        }
        Integer amount = constantShift(expr);
        if (amount != null
                && ((Expr.Binary) expr).op() == BinaryOp.SHR
                && hi + amount < ((Expr.Binary) expr).a().type().width()) {
            return writeSlice(((Expr.Binary) expr).a(), hi + amount, lo + amount);
        }
        return select(scope.wire(expr), hi, lo);
    }

    private static @Nullable Integer constantShift(Expr expr) {
        if (!(expr instanceof Expr.Binary binary) || !binary.op().shifts()) {
            return null;
        }
        BigInteger amount = constant(binary.b());
        return amount == null || amount.bitLength() > 30 ? null : (Integer) amount.intValueExact();
    }

    /** The value of a literal, whatever its type was changed to. */
    private static @Nullable BigInteger constant(Expr expr) {
        if (expr instanceof Expr.Literal literal) {
            return literal.value();
        }
        BigInteger inner = expr instanceof Expr.Extend extend
                ? constant(extend.a())
                : expr instanceof Expr.Truncate truncate
                        ? constant(truncate.a())
                        : expr instanceof Expr.Reinterpret cast ? constant(cast.a()) : null;
        return inner == null ? null : expr.type().wrap(inner);
    }

    private Text writeUnary(Expr.Unary unary, int width, boolean direct) {
        int own = unary.type().width();
        if (unary.op().reduces()) {
            return width > 1 ? widen(unary, width) : writeReduction(unary);
        }
        if (unary.op() == UnaryOp.NOT) {
            if (width > own) {
                return widen(unary, width);
            }
            if (unary.a() instanceof Expr.Binary compared && flip(compared.op()) != null && !scope.shared(compared)) {
                return write(flipped(compared), width, false);
            }
            Text a = write(unary.a(), width, false);
            String sign = unary.type() instanceof Type.Bool && unary.a().type() instanceof Type.Bool ? "!" : "~";
            return new Text(sign + a.at(Text.UNARY + 1), Text.UNARY, sign.equals("~") && a.signed(), false);
        }
        Type operand = unary.a().type();
        boolean grown = unary.type().signed() && own > operand.width();
        if (width > own && !(grown && !operand.signed()) || !direct && operand.signed() && operand.width() < width) {
            return writeRef(scope.wire(unary), width);
        }
        Text a = term(unary.a(), width, direct);
        return new Text("-" + a.at(Text.UNARY + 1), Text.UNARY, a.signed(), a.relies());
    }

    private static Expr not(Expr cond) {
        return new Expr.Unary(UnaryOp.NOT, cond, new Type.Bool());
    }

    private static Expr flipped(Expr.Binary compared) {
        return new Expr.Binary(
                Objects.requireNonNull(flip(compared.op())), compared.a(), compared.b(), compared.type());
    }

    private static @Nullable BinaryOp flip(BinaryOp op) {
        return switch (op) {
            case EQ -> BinaryOp.NE;
            case NE -> BinaryOp.EQ;
            case LT -> BinaryOp.GE;
            case GE -> BinaryOp.LT;
            case GT -> BinaryOp.LE;
            case LE -> BinaryOp.GT;
            default -> null;
        };
    }

    private Text writeReduction(Expr.Unary unary) {
        Text a = exact(unary.a());
        if (unary.a().type().width() == 1) {
            return a; // as a cast: Icarus would make a port that is $unsigned of another an inout
        }
        String op = unary.op() == UnaryOp.AND_R ? "&" : unary.op() == UnaryOp.OR_R ? "|" : "^";
        return new Text(op + a.at(Text.UNARY + 1), Text.UNARY, false, false);
    }

    private Text writeBinary(Expr.Binary binary, int width, boolean direct) {
        if (binary.op().compares()) {
            return width > 1 ? widen(binary, width) : writeComparison(binary);
        }
        return switch (binary.op()) {
            case ADD, SUB -> writeSum(binary, width, direct);
            case MUL -> writeProduct(binary, width, direct);
            case AND, OR, XOR -> writeBitwise(binary, width);
            case SHL -> writeLeftShift(binary, width);
            case SHR -> writeRightShift(binary, width, direct);
            default -> writeDivision(binary, width, direct);
        };
    }

    /** Whether the type holds every value the operation can give, so that more bits only repeat the sign. */
    private static boolean exactResult(Expr.Binary binary) {
        Type type = binary.type();
        boolean signed = binary.a().type().signed();
        if (!type.signed() && (signed || binary.op() == BinaryOp.SUB)) {
            return false;
        }
        int a = binary.a().type().width();
        int b = binary.b().type().width();
        int needed = switch (binary.op()) {
            case ADD, SUB -> Math.max(a, b) + 1;
            case MUL -> a + b;
            default -> Math.max(a, b);
        };
        boolean oneMore = type.signed() && !signed && binary.op() != BinaryOp.SUB;
        return type.width() >= needed + (oneMore ? 1 : 0);
    }

    private Text writeSum(Expr.Binary sum, int width, boolean direct) {
        boolean signed = sum.a().type().signed();
        boolean narrow = sum.a().type().width() < width || sum.b().type().width() < width;
        if (width > sum.type().width() && (signed || !exactResult(sum)) || !direct && signed && narrow) {
            return writeRef(scope.wire(sum), width);
        }
        Text a = term(sum.a(), width, direct);
        Text b = term(sum.b(), width, direct);
        if (clash(a, b)) {
            a = a.relies() ? a : a.asSigned();
            b = b.relies() ? b : b.asSigned();
            if (clash(a, b)) {
                a = term(sum.a(), width, false);
                b = term(sum.b(), width, false);
            }
        }
        if (signed && narrow && (a.signed() || !a.relies()) && (b.signed() || !b.relies())) {
            // A signed sum tells synthesis that the bits above an operand only repeat its sign.
            a = a.asSigned();
            b = b.asSigned();
        }
        String code = a.at(Text.SUM) + " " + sum.op().symbol() + " " + b.at(Text.SUM + 1);
        return new Text(code, Text.SUM, a.signed() && b.signed(), a.relies() || b.relies());
    }

    /** An operand of a sum: a signal one bit narrower stays as it is where Verilog extends it. */
    private Text term(Expr expr, int width, boolean direct) {
        Signal signal = expr instanceof Expr.Ref ref ? ref.signal() : scope.shared(expr) ? scope.wire(expr) : null;
        if (direct && signal != null && signal.type().width() == width - 1) {
            String name = scope.read(signal, width - 2, 0);
            return new Text(name, Text.PRIMARY, signal.type().signed(), true);
        }
        return write(expr, width, direct);
    }

    private Text writeProduct(Expr.Binary product, int width, boolean direct) {
        Type type = product.type();
        boolean signed = product.a().type().signed();
        boolean fits = product.a().type().width() >= width && product.b().type().width() >= width;
        if (width <= type.width() && fits) {
            Text a = write(product.a(), width, false);
            Text b = write(product.b(), width, false);
            return new Text(times(a, b), Text.MULTIPLY, a.signed() && b.signed(), false);
        }
        if (direct && (width <= type.width() || exactResult(product))) {
            Text a = factor(product.a(), width, signed);
            Text b = factor(product.b(), width, signed);
            return new Text(times(a, b), Text.MULTIPLY, signed, true);
        }
        return writeRef(scope.wire(product), width);
    }

    /** An operand that Verilog extends by its own sign: its text must have exactly the sign of the source. */
    private Text factor(Expr expr, int width, boolean signed) {
        int own = expr.type().width();
        if (expr instanceof Expr.Literal literal) {
            Text text = Literals.of(literal.value(), literal.type(), width);
            return signed ? text.asSigned() : text.asUnsigned();
        }
        Text text = write(expr, Math.min(own, width), false);
        boolean atom = text.level() == Text.PRIMARY;
        if (!atom) {
            Signal wire = scope.wire(expr);
            text = writeRef(wire, Math.min(own, width));
        }
        return signed ? text.asSigned() : text.asUnsigned();
    }

    private static String times(Text a, Text b) {
        return a.at(Text.MULTIPLY) + " * " + b.at(Text.MULTIPLY + 1);
    }

    private Text writeBitwise(Expr.Binary binary, int width) {
        boolean bool = binary.type() instanceof Type.Bool
                && binary.a().type() instanceof Type.Bool
                && binary.b().type() instanceof Type.Bool;
        Type type = binary.type();
        boolean exact = type.signed() == binary.a().type().signed() && exactResult(binary);
        if (width > type.width() && !exact) {
            return widen(binary, width);
        }
        if (bool && width > 1) {
            return widen(binary, width);
        }
        Text a = write(binary.a(), width, false);
        Text b = write(binary.b(), width, false);
        String op = binary.op().symbol();
        int level = binary.op() == BinaryOp.AND ? Text.AND : binary.op() == BinaryOp.OR ? Text.OR : Text.XOR;
        if (bool && binary.op() != BinaryOp.XOR) {
            op = op + op;
            level = binary.op() == BinaryOp.AND ? Text.LOGIC_AND : Text.LOGIC_OR;
        }
        String code = operand(a, level) + " " + op + " " + operand(b, level);
        return new Text(code, level, !bool && a.signed() && b.signed(), false);
    }

    /** Parentheses wherever a reader would have to know the precedence of bitwise operators; chains of one stay bare. */
    private static String operand(Text text, int level) {
        boolean logic = level == Text.LOGIC_AND || level == Text.LOGIC_OR;
        boolean clear = text.level() >= Text.UNARY || text.level() == level || logic && text.level() >= Text.EQUALITY;
        return clear ? text.code() : "(" + text.code() + ")";
    }

    private Text writeComparison(Expr.Binary binary) {
        Boolean known = KnownComparison.of(binary);
        if (known != null) {
            return Text.primary(known ? "1'b1" : "1'b0", false);
        }
        Expr left = binary.a();
        Expr right = binary.b();
        int width = Math.max(bits(left, right), bits(right, left));
        Text a = write(left, width, false);
        Text b = write(right, width, false);
        boolean order = binary.op() != BinaryOp.EQ && binary.op() != BinaryOp.NE;
        if (order && left.type().signed()) {
            a = a.asSigned();
            b = b.asSigned();
        } else if (order && a.signed() && b.signed()) {
            a = a.asUnsigned();
        }
        int level = order ? Text.RELATION : Text.EQUALITY;
        String code = a.at(Text.SUM) + " " + binary.op().symbol() + " " + b.at(Text.SUM);
        return new Text(code, level, false, false);
    }

    /** The width an operand of a comparison asks for: a constant takes the one of its partner if it fits. */
    private static int bits(Expr expr, Expr partner) {
        if (expr instanceof Expr.Literal literal
                && !(partner instanceof Expr.Literal)
                && literal.value().compareTo(partner.type().min()) >= 0
                && literal.value().compareTo(partner.type().max()) <= 0) {
            return partner.type().width();
        }
        return expr.type().width();
    }

    private Text writeLeftShift(Expr.Binary shift, int width) {
        Type type = shift.type();
        int own = shift.a().type().width();
        Integer amount = constantShift(shift);
        if (amount != null) {
            boolean exact = type.signed() == shift.a().type().signed() && type.width() >= (long) own + amount;
            if (width > type.width() && !exact) {
                return widen(shift, width);
            }
            if (amount == 0) {
                return write(shift.a(), width, false);
            }
            if (amount >= width) {
                return Literals.of(BigInteger.ZERO, type, width);
            }
            Text a = write(shift.a(), width - amount, false);
            return Text.primary("{" + inside(a) + ", " + Literals.zeros(amount) + "}", false);
        }
        if (width > type.width()) {
            return widen(shift, width);
        }
        Text a = write(shift.a(), width, false);
        return shifted(a, "<<", shift.b());
    }

    private Text writeRightShift(Expr.Binary shift, int width, boolean direct) {
        Type source = shift.a().type();
        Integer amount = constantShift(shift);
        if (amount != null && amount >= source.width() && !source.signed()) {
            return Literals.of(BigInteger.ZERO, shift.type(), width); // nothing of the operand is left
        }
        if (amount != null && width <= shift.type().width() && (long) width + amount <= source.width()) {
            return writeSlice(shift.a(), width + amount - 1, amount);
        }
        if (width > shift.type().width()) {
            return widen(shift, width);
        }
        // Shift at the width of the operand, then cut or extend.
        Expr core = core(shift, source);
        if (width < source.width()) {
            return writeRef(scope.wire(core), width);
        }
        if (width > source.width()) {
            return widen(core, width);
        }
        Text a = write(shift.a(), width, false);
        if (!source.signed()) {
            return shifted(a, ">>", shift.b());
        }
        Text text = shifted(a.asSigned(), ">>>", shift.b());
        return direct
                ? new Text(text.code(), text.level(), true, true)
                : Text.primary("$signed(" + text.code() + ")", true);
    }

    private Text shifted(Text a, String op, Expr amount) {
        Text by = exact(amounts.computeIfAbsent(amount, ExprWriter::shiftable));
        BigInteger known = Literals.value(by.code());
        String count =
                known != null ? known.min(BigInteger.valueOf(Integer.MAX_VALUE)).toString() : by.at(Text.UNARY);
        return new Text(a.at(Text.UNARY) + " " + op + " " + count, Text.SHIFT, a.signed(), false);
    }

    /** An amount of more than 32 bits, which Verilator 5.006 refuses if it turns out to be constant, cut at one that leaves nothing. */
    private static Expr shiftable(Expr amount) {
        int width = amount.type().width();
        if (width <= 32 || amount instanceof Expr.Literal) {
            return amount;
        }
        var all = new Type.UInt(AMOUNT_BITS);
        var high = new Expr.Slice(amount, width - 1, AMOUNT_BITS, new Type.Bits(width - AMOUNT_BITS));
        return new Expr.Mux(
                new Expr.Unary(UnaryOp.OR_R, high, new Type.Bool()),
                new Expr.Literal(all.max(), all),
                new Expr.Slice(amount, AMOUNT_BITS - 1, 0, all),
                all);
    }

    /** The same operation with another result type, one object however often it is asked for. */
    private Expr core(Expr.Binary binary, Type type) {
        return type.sameShape(binary.type())
                ? binary
                : cores.computeIfAbsent(binary, b -> new Expr.Binary(binary.op(), binary.a(), binary.b(), type));
    }

    private Text writeDivision(Expr.Binary division, int width, boolean direct) {
        Type type = division.type();
        boolean signed = division.a().type().signed();
        // The most negative dividend over -1 needs one bit more than the operands.
        int operands = Math.max(division.a().type().width(), division.b().type().width()) + (signed ? 1 : 0);
        int at = Math.max(type.width(), operands);
        if (width > type.width()) {
            return widen(division, width);
        }
        Expr core = core(division, signed ? new Type.SInt(at) : new Type.UInt(at));
        if (!direct || width != at) {
            return writeRef(scope.wire(core), width);
        }
        Text a = sign(write(division.a(), at, false), signed);
        Text b = sign(write(division.b(), at, false), signed);
        String op = division.op() == BinaryOp.DIV ? "/" : "%";
        String code = a.at(Text.MULTIPLY) + " " + op + " " + b.at(Text.MULTIPLY + 1);
        if (division.b() instanceof Expr.Literal divisor && divisor.value().signum() != 0) {
            return new Text(code, Text.MULTIPLY, signed, true);
        }
        BigInteger ones = BigInteger.ONE.negate();
        Text none = division.op() == BinaryOp.DIV ? Literals.of(core.type().wrap(ones), core.type(), at) : a;
        code = "(" + b.at(Text.EQUALITY + 1) + " == "
                + Literals.of(BigInteger.ZERO, core.type(), at).code() + ") ? " + none.at(Text.CONDITION + 1) + " : "
                + code;
        return new Text(code, Text.CONDITION, signed, true);
    }

    private static Text sign(Text text, boolean signed) {
        return signed ? text.asSigned() : text.asUnsigned();
    }
}
