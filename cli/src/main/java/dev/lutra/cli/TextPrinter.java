// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;

/** Prints a text piece by piece, the prompt before the first piece. */
final class TextPrinter implements Consumer<String> {

    private final PrintWriter out;
    private String before;

    TextPrinter(PrintWriter out, String prompt) {
        this.out = out;
        this.before = prompt;
    }

    @Override
    public void accept(String piece) {
        out.print(before + piece);
        out.flush();
        before = "";
    }
}
