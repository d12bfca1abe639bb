// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

/** Where to break a line that is too long: as far outside of brackets as possible, then as far right as possible. */
final class Break {

    private static final int EARLIEST = 20;

    private Break() {}

    /** Index of the space to break at, at most {@code room}; -1: nowhere. */
    static int in(String code, int room) {
        int best = -1;
        int bestDepth = Integer.MAX_VALUE;
        int depth = 0;
        boolean text = false;
        for (int i = 0; i <= room && i < code.length(); i++) {
            char c = code.charAt(i);
            if (text && c == '\\') {
                i++;
                continue;
            }
            text ^= c == '"';
            if (text) {
                continue;
            }
            if (c == '(' || c == '{' || c == '[') {
                depth++;
            } else if (c == ')' || c == '}' || c == ']') {
                depth--;
            } else if (c == ' ' && i >= EARLIEST && breakable(code, i) && depth <= bestDepth) {
                best = i;
                bestDepth = depth;
            }
        }
        return best;
    }

    /** After a comma or an assignment, and before a binary operator. */
    private static boolean breakable(String code, int at) {
        char before = code.charAt(at - 1);
        char after = code.charAt(at + 1);
        return before == ','
                || "+-*/%&|^<>=!?:".indexOf(after) >= 0
                        && !code.startsWith("<= ", at + 1)
                        && !code.startsWith("= ", at + 1);
    }
}
