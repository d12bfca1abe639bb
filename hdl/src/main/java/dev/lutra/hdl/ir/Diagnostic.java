// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One finding about a user's circuit.
 *
 * @param code stable identifier in lower case with dashes, such as {@code comb-loop}
 * @param severity error or warning
 * @param message one sentence that names the signals and values involved
 * @param sites places in the user's code, most relevant first; may be empty
 * @param hint what to do about it, or null
 */
public record Diagnostic(
        String code,
        Severity severity,
        String message,
        List<Site> sites,
        @Nullable String hint) {

    public Diagnostic {
        sites = List.copyOf(sites);
    }

    /**
     * A place with a word on its part in the finding.
     *
     * @param loc the place
     * @param note what happens there, such as {@code first driven here}; may be empty
     */
    public record Site(Loc loc, String note) {}

    /** An error at one place. */
    public static Diagnostic error(String code, Loc loc, String message, @Nullable String hint) {
        return new Diagnostic(code, Severity.ERROR, message, List.of(new Site(loc, "")), hint);
    }

    /** An error with several places. */
    public static Diagnostic error(String code, List<Site> sites, String message, @Nullable String hint) {
        return new Diagnostic(code, Severity.ERROR, message, sites, hint);
    }

    /** A warning at one place. */
    public static Diagnostic warning(String code, Loc loc, String message, @Nullable String hint) {
        return new Diagnostic(code, Severity.WARNING, message, List.of(new Site(loc, "")), hint);
    }

    /**
     * The finding as a user reads it: {@code Pe.java:12: error[width]: message}, then a line per further place (all
     * places when the first has a note), callers of utility methods beneath their place, and the hint.
     */
    @Override
    public String toString() {
        var text = new StringBuilder();
        if (!sites.isEmpty() && !sites.get(0).loc().equals(Loc.UNKNOWN)) {
            text.append(sites.get(0).loc()).append(": ");
        }
        text.append(severity == Severity.ERROR ? "error[" : "warning[")
                .append(code)
                .append("]: ")
                .append(message);
        for (int i = 0; i < sites.size(); i++) {
            var site = sites.get(i);
            if (i > 0 || !site.note().isEmpty()) {
                text.append("\n    ").append(site.loc());
                if (!site.note().isEmpty()) {
                    text.append("  ").append(site.note());
                }
            }
            for (Loc up = site.loc().caller(); up != null; up = up.caller()) {
                text.append("\n      called from ").append(up);
            }
        }
        if (hint != null) {
            text.append("\n    hint: ").append(hint);
        }
        return text.toString();
    }
}
