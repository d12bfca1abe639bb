// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Expr;
import dev.lutra.hdl.ir.InstancePort;
import dev.lutra.hdl.ir.Node;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.ReadPort;
import dev.lutra.hdl.ir.Register;
import dev.lutra.hdl.ir.Signal;
import dev.lutra.hdl.ir.Type;
import dev.lutra.hdl.ir.UnaryOp;
import java.math.BigInteger;

/** How findings speak of signals and values. */
final class Words {

    private static final int LONGEST = 60;

    private Words() {}

    /** {@code output sum}, {@code register count}, {@code input a of instance pe (Pe)}. */
    static String signal(Signal signal) {
        if (signal instanceof InstancePort port) {
            return (port.port().direction() == Direction.IN ? "input " : "output ")
                    + port.port().name() + " of instance " + port.instance().name() + " ("
                    + port.instance().module().name() + ")";
        }
        String kind = signal instanceof Port port
                ? port.direction() == Direction.IN ? "input " : "output "
                : signal instanceof Register
                        ? "register "
                        : signal instanceof Node ? "value " : signal instanceof ReadPort ? "read " : "wire ";
        return kind + signal.name();
    }

    /** The short name used within a path. */
    static String name(Signal signal) {
        return signal instanceof InstancePort port
                ? port.instance().name() + "." + port.port().name()
                : signal.name();
    }

    /** {@code en is false}. */
    static String is(Expr condition, boolean value) {
        return condition instanceof Expr.Unary unary && unary.op() == UnaryOp.NOT
                ? is(unary.a(), !value)
                : expr(condition) + (value ? " is true" : " is false");
    }

    /** An expression, cut where it gets long. */
    static String expr(Expr expr) {
        String text = expr.formula();
        if (text.startsWith("(") && text.endsWith(")") && expr instanceof Expr.Binary) {
            text = text.substring(1, text.length() - 1);
        }
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    /** A value as its type writes it. */
    static String value(BigInteger value, Type type) {
        String name = type instanceof Type.Enumeration names ? names.nameOf(value) : null;
        return name == null ? value.toString() : name;
    }
}
