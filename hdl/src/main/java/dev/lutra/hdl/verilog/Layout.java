// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.Loc;

/** Lines of Verilog: indentation, long lines broken at operators, and the source location as a comment at the end. */
final class Layout {

    private static final int LIMIT = 100;
    private static final int COMMENT = 60;

    private static final String BLANKS = " ".repeat(LIMIT);

    private final StringBuilder out;
    private boolean startsBlank;
    private Loc last = Loc.UNKNOWN;

    Layout() {
        this(256);
    }

    /** Expects about so many characters. */
    Layout(int size) {
        out = new StringBuilder(size);
    }

    /** A line without a location. */
    Layout line(int indent, String code) {
        return line(indent, code, "");
    }

    /** A line with its place in the source. */
    Layout line(int indent, String code, Loc loc) {
        return line(indent, code, loc.known() ? loc.toString() : "");
    }

    /** A line with a comment, empty: none. */
    Layout line(int indent, String code, String comment) {
        int start = out.length();
        int margin = 2 * indent;
        pad(margin);
        String rest = code;
        int room = LIMIT - margin;
        while (rest.length() > room) {
            int at = Break.in(rest, room);
            if (at < 0) {
                break;
            }
            out.append(rest, 0, at).append('\n');
            start = out.length();
            pad(margin + 4);
            rest = rest.substring(at + 1);
            room = LIMIT - margin - 4;
        }
        out.append(rest);
        if (!comment.isEmpty()) {
            pad(Math.max(1, COMMENT - (out.length() - start)));
            out.append(' ').append(Comment.of(comment));
        }
        out.append('\n');
        return this;
    }

    /** An empty line, unless there is one already or nothing before it. */
    Layout blank() {
        int n = out.length();
        if (n == 0) {
            startsBlank = true;
        } else if (n > 1 && !(out.charAt(n - 1) == '\n' && out.charAt(n - 2) == '\n')) {
            out.append('\n');
        }
        return this;
    }

    /** A line of a block: a place like that of the line before is not repeated. */
    Layout step(int indent, String code, Loc loc) {
        boolean same = loc.isSamePlace(last);
        last = loc.known() ? loc : last;
        return line(indent, code, same ? Loc.UNKNOWN : loc);
    }

    /** A connection in the port list of an instance, names padded to one width. */
    Layout connection(String port, int width, String value, boolean last) {
        pad(4);
        out.append('.').append(port);
        pad(width - port.length() + 1);
        out.append('(').append(value).append(last ? ")\n" : "),\n");
        return this;
    }

    Layout append(Layout other) {
        if (other.startsBlank) {
            blank();
        }
        out.append(other.out);
        return this;
    }

    /** Whether nothing at all was asked of it. */
    boolean isUntouched() {
        return out.length() == 0 && !startsBlank && last == Loc.UNKNOWN;
    }

    boolean isEmpty() {
        return out.length() == 0;
    }

    private void pad(int count) {
        out.append(BLANKS, 0, Math.min(count, LIMIT));
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
