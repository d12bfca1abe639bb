// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.ir.Type;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Puts what statements see at an edge into the words that the Verilog of the design prints. */
final class Speaker {
    private final CompiledDesign compiled;

    Speaker(CompiledDesign compiled) {
        this.compiled = compiled;
    }

    /** The lines of the coming edge, in the order of instances and statements. Call it on a settled design. */
    List<String> lines(boolean inReset) {
        var lines = new ArrayList<String>();
        for (Design.Watch watch : compiled.design().watches()) {
            if (compiled.get(watch.fires()).signum() != 0 && !(inReset && watch.ownReset())) {
                lines.add(line(watch));
                if (watch.told() != null) {
                    compiled.set(watch.told(), BigInteger.ONE);
                }
            }
        }
        return lines;
    }

    private String line(Design.Watch watch) {
        Statement.Watch statement = watch.statement();
        if (statement instanceof Statement.Print print) {
            return print(print, watch.values());
        }
        if (statement instanceof Statement.Stop stop) {
            return watch.path() + ": stopped at " + stop.loc() + ": " + stop.message();
        }
        var check = (Statement.Check) statement;
        String what = switch (check.claim()) {
            case REQUIRE -> "require failed";
            case ASSUME -> "assume failed";
            case COVER -> "covered";
        };
        var line = new StringBuilder(watch.path() + ": " + what + " at " + check.loc() + ": " + check.message());
        String lead = "; ";
        for (int i = 0; i < watch.values().size(); i++) {
            var signal = check.shown().get(i);
            var value = compiled.get(watch.values().get(i));
            line.append(lead).append(signal.name()).append(" = ");
            line.append(signal.type() instanceof Type.Enumeration names ? name(names, value) : value);
            lead = ", ";
        }
        return line.toString();
    }

    private String print(Statement.Print print, List<Value> values) {
        String format = print.format();
        var line = new StringBuilder();
        int next = 0;
        for (int i = 0; i < format.length(); i++) {
            if (format.charAt(i) != '%') {
                line.append(format.charAt(i));
                continue;
            }
            i++;
            if (format.charAt(i) == '%') {
                line.append('%');
                continue;
            }
            var type = print.values().get(next).type();
            Value value = values.get(next++);
            BigInteger number = compiled.get(value);
            switch (format.charAt(i)) {
                case 'x' -> line.append(Numbers.bits(number, 0, value.width).toString(16));
                case 'b' -> line.append(Numbers.bits(number, 0, value.width).toString(2));
                case 's' -> line.append(name((Type.Enumeration) type, number));
                default -> line.append(number);
            }
        }
        return line.toString();
    }

    private static String name(Type.Enumeration type, BigInteger code) {
        String name = type.nameOf(code);
        return name == null ? "?" : name;
    }
}
