// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.verilog;

import dev.lutra.examples.tour.Page;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/** A row of the table of phrases. */
record PhraseBook(String verilog, String java) {
    static List<PhraseBook> read() throws IOException {
        return Pattern.compile("^\\| `(.*?)` \\| `(.*?)` \\|.*\\|$", Pattern.MULTILINE)
                .matcher(new Page("tour-verilog.md").prose())
                .results()
                .map(found -> new PhraseBook(found.group(1).replace("\\|", "|"), found.group(2)))
                .toList();
    }
}
