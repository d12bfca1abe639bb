// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import java.io.PrintWriter;

/** Says what a long command is doing: on a terminal only, so that a pipe stays quiet. */
final class Progress {

    private final PrintWriter err;
    private final boolean terminal;

    /** @param quiet never say anything */
    Progress(PrintWriter err, boolean quiet) {
        this.err = err;
        this.terminal = !quiet && System.console() != null;
    }

    void step(String what) {
        if (terminal) {
            err.println("lutra: " + what);
            err.flush();
        }
    }
}
