// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import java.util.List;
import java.util.Locale;

/** Expressions as a person reads them. Shared operands are printed at each use, so the length is bounded. */
final class ExprText {

    private static final int LIMIT = 400;

    private final StringBuilder text = new StringBuilder();

    private final boolean types;

    private ExprText(boolean types) {
        this.types = types;
    }

    /**
     * The text of an expression.
     *
     * @param types whether to show what only changes the type
     */
    static String of(Expr expr, boolean types) {
        var printer = new ExprText(types);
        printer.print(expr);
        return printer.text.toString();
    }

    private void print(Expr expr) {
        if (text.length() > LIMIT) {
            if (text.charAt(text.length() - 1) != '…') {
                text.append('…');
            }
        } else if (expr instanceof Expr.Unary unary) {
            call(unary.op().name().toLowerCase(Locale.ROOT), unary.a());
        } else if (expr instanceof Expr.Binary binary) {
            text.append('(');
            print(binary.a());
            text.append(' ').append(binary.op().symbol()).append(' ');
            print(binary.b());
            text.append(')');
        } else if (expr instanceof Expr.Mux mux) {
            call("mux", mux.cond(), mux.t(), mux.f());
        } else if (expr instanceof Expr.Select select) {
            list("[", select.elements(), "][");
            print(select.index());
            text.append(']');
        } else if (expr instanceof Expr.Slice slice) {
            print(slice.a());
            text.append('[').append(slice.hi()).append(':').append(slice.lo()).append(']');
        } else if (expr instanceof Expr.Concat concat) {
            list("{", concat.msbFirst(), "}");
        } else if (expr instanceof Expr.Extend extend) {
            cast(extend.type(), extend.a());
        } else if (expr instanceof Expr.Truncate truncate) {
            cast(truncate.type(), truncate.a());
        } else if (expr instanceof Expr.Reinterpret reinterpret) {
            cast(reinterpret.type(), reinterpret.a());
        } else {
            text.append(expr);
        }
    }

    private void cast(Type type, Expr operand) {
        if (types) {
            call(type.toString(), operand);
        } else {
            print(operand);
            text.append(type.width() < operand.type().width() ? "[" + (type.width() - 1) + ":0]" : "");
        }
    }

    private void call(String name, Expr... operands) {
        list(name + "(", List.of(operands), ")");
    }

    private void list(String open, List<Expr> parts, String close) {
        text.append(open);
        for (int i = 0; i < parts.size(); i++) {
            if (text.length() > LIMIT) {
                print(parts.get(i));
                break;
            }
            text.append(i > 0 ? ", " : "");
            print(parts.get(i));
        }
        text.append(close);
    }
}
