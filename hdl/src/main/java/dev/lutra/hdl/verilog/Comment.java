// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import java.util.regex.Pattern;

/** Comments that stay comments: tools read one that begins with a name of theirs as an order. */
final class Comment {
    /** Words of Verilator, of synthesis programs, and of those who took theirs over; a tool may read the beginning of a word alone. */
    private static final Pattern ORDER = Pattern.compile(
            "\\s*(?:verilator|synopsys|synthesis|pragma|lint|coverage|translate_o|full_case|parallel_case"
                    + "|cadence|ambit|altera|xilinx|xst|exemplar|vcs|verilint|mentor)",
            Pattern.CASE_INSENSITIVE);

    private Comment() {}

    /** A comment to the end of its line, after a dash where it would begin as an order does. */
    static String of(String text) {
        return ORDER.matcher(text).lookingAt() ? "// - " + text : "// " + text;
    }
}
