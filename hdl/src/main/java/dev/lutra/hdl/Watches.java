// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Statement;
import java.util.ArrayList;
import java.util.List;

/** Records the statements that look and drive nothing. */
final class Watches {
    private Watches() {}

    /** What a {@link Op#CHECK} says. */
    record Property(Statement.Claim claim, String message) {}

    /**
     * What a {@link Op#PRINT} prints.
     *
     * @param values item numbers
     */
    record Line(String format, List<Integer> values) {}

    static void check(Module module, Statement.Claim claim, Bool condition, String message) {
        enter(module);
        if (isPlain(module, message)) {
            int cond = Build.use(module, condition);
            module.recording().add(Op.CHECK, null, cond, -1, -1, new Property(claim, message));
        }
    }

    /** States what the circuit relies on; there may be no place for it, which has been reported then. */
    static void claim(Module module, Bool condition, String message) {
        Session.part(() -> {
            check(module, Statement.Claim.REQUIRE, condition, message);
            return true;
        });
    }

    static void print(Module module, String format, Ground... values) {
        enter(module);
        if (!isPlain(module, format)) {
            return;
        }
        int wanted = places(format);
        if (wanted != values.length) {
            module.session()
                    .error(
                            "format",
                            wanted < 0
                                    ? "printf(\"" + format + "\"): % is followed by something else than d, x, b, s or %"
                                    : "printf(\"" + format + "\") has places for " + wanted + " values and is given "
                                            + values.length,
                            "write %d, %x, %b or, of an enumeration, %s for each value, %% for a percent sign");
            return;
        }
        for (int i = 0; i < values.length; i++) {
            char kind = kind(format, i);
            String what = values[i].describe();
            if (kind == 'd' && values[i] instanceof Fixed<?>) {
                module.session()
                        .error(
                                "format",
                                "%d of " + what + ", which is no integer",
                                "print its bits with %x or %b, or raw() with %d");
                return;
            }
            if (kind == 's' && !(values[i] instanceof EnumSignal<?>)) {
                module.session()
                        .error(
                                "format",
                                "%s of " + what + ", which is no enumeration",
                                "print numbers with %d, %x or %b");
                return;
            }
        }
        var numbers = new ArrayList<Integer>(values.length);
        for (var value : values) {
            numbers.add(Build.use(module, value));
        }
        module.recording().add(Op.PRINT, null, -1, -1, -1, new Line(format, List.copyOf(numbers)));
    }

    static void stop(Module module, String message) {
        enter(module);
        if (isPlain(module, message)) {
            module.recording().add(Op.STOP, null, -1, -1, -1, message);
        }
    }

    private static void enter(Module module) {
        module.checkScope("a statement of module " + module.shortName() + " stands", "makes the statement");
    }

    /** The number of values a format prints, or -1 if it is none. */
    private static int places(String format) {
        int count = 0;
        for (int i = format.indexOf('%'); i >= 0; i = format.indexOf('%', i + 2)) {
            char kind = i + 1 < format.length() ? format.charAt(i + 1) : ' ';
            if (kind == 'd' || kind == 'x' || kind == 'b' || kind == 's') {
                count++;
            } else if (kind != '%') {
                return -1;
            }
        }
        return count;
    }

    /** The letter that prints a value of a format with enough places. */
    private static char kind(String format, int value) {
        int at = -2;
        for (int count = -1; count < value; ) {
            at = format.indexOf('%', at + 2);
            count += format.charAt(at + 1) == '%' ? 0 : 1;
        }
        return format.charAt(at + 1);
    }

    /** Whether a text can stand in Verilog; reports if not. */
    private static boolean isPlain(Module module, String text) {
        String description = module.session().descriptionIn(text);
        if (description != null) {
            module.session()
                    .error(
                            "format",
                            "the text \"" + text + "\" has the name and type of a signal in it, \"" + description
                                    + "\", not its value",
                            "use printf(\"... %d ...\", signal)");
            return false;
        }
        if (text.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            return true;
        }
        module.session()
                .error(
                        "format",
                        "the text \"" + text + "\" has characters that Verilog does not print",
                        "use printable ASCII, a statement for each line");
        return false;
    }
}
