// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The words of one line of program text: a head, then operands separated by commas. Each getter takes its operand. */
final class Operands {
    private final List<Operand> rest = new ArrayList<>();
    private final String head;
    private int lastColumn;

    private record Operand(String text, int column) {
        boolean isNamed(String name) {
            return text.startsWith(name + "=");
        }

        boolean isPositional() {
            return text.indexOf('=') < 0;
        }
    }

    interface Maker<T> {
        T make() throws TextError;
    }

    Operands(String line) throws TextError {
        int comment = line.indexOf(';');
        String code = comment < 0 ? line : line.substring(0, comment);
        int at = 0;
        while (at < code.length() && isSpace(code.charAt(at))) {
            at++;
        }
        int headEnd = at;
        while (headEnd < code.length() && !isSpace(code.charAt(headEnd))) {
            headEnd++;
        }
        head = code.substring(at, headEnd);
        lastColumn = at + 1;
        if (code.substring(headEnd).isBlank()) {
            return;
        }
        int from = headEnd;
        while (from <= code.length()) {
            int comma = code.indexOf(',', from);
            int to = comma < 0 ? code.length() : comma;
            String raw = code.substring(from, to);
            int lead = raw.length() - raw.stripLeading().length();
            if (raw.isBlank()) {
                throw new TextError(from + 1, "an operand is missing");
            }
            rest.add(new Operand(raw.strip(), from + lead + 1));
            from = to + 1;
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r';
    }

    String head() {
        return head;
    }

    TextError error(String what) {
        return new TextError(lastColumn, what);
    }

    /** Complains about operands nobody took. */
    void end() throws TextError {
        if (!rest.isEmpty()) {
            Operand o = rest.get(0);
            throw new TextError(o.column(), "%s does not take '%s' here".formatted(head, o.text()));
        }
    }

    <T> T legal(Maker<T> maker) throws TextError {
        try {
            return maker.make();
        } catch (IllegalArgumentException e) {
            throw error(String.valueOf(e.getMessage()));
        }
    }

    boolean nextStartsWith(String prefix) {
        return !rest.isEmpty() && rest.get(0).text().startsWith(prefix);
    }

    String word(String what) throws TextError {
        if (rest.isEmpty() || !rest.get(0).isPositional()) {
            throw error("%s needs %s".formatted(head, what));
        }
        return take(0).text();
    }

    int register(String prefix) throws TextError {
        String word = word("a register " + prefix + "0, " + prefix + "1, ...");
        String digits = word.startsWith(prefix) ? word.substring(prefix.length()) : "";
        if (!digits.matches("[0-9]{1,3}")) {
            throw error("'%s' is no register %s0, %s1, ...".formatted(word, prefix, prefix));
        }
        return Integer.parseInt(digits);
    }

    Unit unit() throws TextError {
        return unit(word("a unit"));
    }

    long number() throws TextError {
        return parse(word("a number"));
    }

    long hex(int digits) throws TextError {
        return hexValue(word("%d hexadecimal digits".formatted(digits)), digits);
    }

    long hex(String name, int digits) throws TextError {
        return hexValue(text(name), digits);
    }

    int integer(String name) throws TextError {
        return integer(text(name), name);
    }

    /** A value that was taken already. */
    int integer(String value, String name) throws TextError {
        long number = parse(value);
        if (number != (int) number) {
            throw error("%s is %d: it is too large".formatted(name, number));
        }
        return (int) number;
    }

    long number(String name) throws TextError {
        return parse(text(name));
    }

    long numberOr(String name, long otherwise) throws TextError {
        String value = optional(name);
        return value.isEmpty() ? otherwise : parse(value);
    }

    String text(String name) throws TextError {
        String value = optional(name);
        if (value.isEmpty()) {
            lastColumn = 1;
            throw error("%s needs %s=".formatted(head, name));
        }
        return value;
    }

    /** 0 if it is not there. */
    int optionalInteger(String name) throws TextError {
        String value = optional(name);
        return value.isEmpty() ? 0 : integer(value, name);
    }

    /** The value of {@code name=}, or an empty string. */
    String optional(String name) {
        for (int i = 0; i < rest.size(); i++) {
            if (rest.get(i).isNamed(name)) {
                return take(i).text().substring(name.length() + 1).strip();
            }
        }
        return "";
    }

    /** Such as {@code keep=2:4}; dense if it is not there. */
    NmRatio ratio(String name) throws TextError {
        String text = optional(name);
        return text.isEmpty()
                ? NmRatio.DENSE
                : NmRatio.parse(text)
                        .orElseThrow(
                                () -> error("%s=%s: N:M with powers of two, 1 <= N <= M <= 16".formatted(name, text)));
    }

    /** Such as {@code as=i8}; words if it is not there. */
    RowFormat rowFormat() throws TextError {
        String text = optional("as");
        return RowFormat.of(text)
                .orElseThrow(() -> error("as=%s: rows are words, without it, or i8 or f16".formatted(text)));
    }

    boolean flag(String name) {
        for (int i = 0; i < rest.size(); i++) {
            if (rest.get(i).text().equals(name)) {
                take(i);
                return true;
            }
        }
        return false;
    }

    Tokens tokens() throws TextError {
        return new Tokens(mask("wait"), mask("post"));
    }

    private int mask(String name) throws TextError {
        int mask = 0;
        String units = optional(name);
        if (!units.isEmpty()) {
            for (String unit : units.split("\\|", -1)) {
                mask |= unit(unit.strip()).bit();
            }
        }
        return mask;
    }

    private Unit unit(String name) throws TextError {
        for (Unit unit : Unit.values()) {
            if (unit.name().toLowerCase(Locale.ROOT).equals(name)) {
                return unit;
            }
        }
        throw error("there is no unit '%s': lda, ldw, mx, st and vec exist".formatted(name));
    }

    private Operand take(int index) {
        Operand taken = rest.remove(index);
        lastColumn = taken.column();
        return taken;
    }

    private long parse(String text) throws TextError {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw error("'%s' is no decimal number".formatted(text));
        }
    }

    long hexValue(String text, int digits) throws TextError {
        if (!text.matches("[0-9a-f]{%d}".formatted(digits))) {
            throw error("'%s' is not %d hexadecimal digits".formatted(text, digits));
        }
        return Long.parseUnsignedLong(text, 16);
    }
}
