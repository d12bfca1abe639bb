// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.DiagnosticsJson;
import dev.lutra.hdl.ir.Severity;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A circuit that is not accepted. The message is the report a user reads: every finding with its place in the user's
 * code. The Java stack trace says nothing more and is left out.
 */
public final class HdlException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<Diagnostic> diagnostics;

    HdlException(List<Diagnostic> diagnostics) {
        super(report(diagnostics), null, false, false);
        this.diagnostics = List.copyOf(diagnostics);
    }

    /** All findings, errors and warnings, in the order in which they were made. */
    public List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    /** The findings as JSON for programs; {@link DiagnosticsJson} says what it holds. */
    public String toJson() {
        return DiagnosticsJson.of(diagnostics);
    }

    /** The report alone, without the name of this class. */
    @Override
    public String toString() {
        return String.valueOf(getMessage());
    }

    private static String report(List<Diagnostic> diagnostics) {
        long errors =
                diagnostics.stream().filter(d -> d.severity() == Severity.ERROR).count();
        return diagnostics.stream().map(Diagnostic::toString).collect(Collectors.joining("\n"))
                + (errors == 1 ? "\n1 error" : "\n" + errors + " errors");
    }
}
