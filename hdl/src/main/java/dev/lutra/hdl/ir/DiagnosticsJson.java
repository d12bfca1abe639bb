// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Findings as JSON, for editors and continuous integration:
 *
 * <pre>{@code
 * {
 *   "version": 1,
 *   "errors": 1,
 *   "warnings": 0,
 *   "diagnostics": [
 *     {
 *       "code": "width",
 *       "severity": "error",
 *       "message": "'wide' of UInt(16) cannot drive ...",
 *       "sites": [
 *         {"file": "Adder.java", "line": 14, "class": "com.example.Adder", "method": "<init>", "note": "", "callers": []}
 *       ],
 *       "hint": "say what is meant: ..."
 *     }
 *   ]
 * }
 * }</pre>
 *
 * <p>{@code sites} has the most relevant place first; {@code callers} of a place in a utility method are further places (without
 * note and callers), innermost first. {@code file} is the name without its folder, which follows from the class's package; file,
 * class and method are empty and the line is 0 where the class file does not tell. {@code hint} may be null. The text is ASCII.
 */
public final class DiagnosticsJson {
    private final StringBuilder text = new StringBuilder();

    private DiagnosticsJson() {}

    /** The findings in their order; ends with a newline. */
    public static String of(List<Diagnostic> diagnostics) {
        var json = new DiagnosticsJson();
        json.write(diagnostics);
        return json.text.toString();
    }

    private void write(List<Diagnostic> diagnostics) {
        long errors =
                diagnostics.stream().filter(d -> d.severity() == Severity.ERROR).count();
        text.append("{\n  \"version\": 1,\n  \"errors\": ").append(errors);
        text.append(",\n  \"warnings\": ").append(diagnostics.size() - errors);
        text.append(",\n  \"diagnostics\": [");
        for (int i = 0; i < diagnostics.size(); i++) {
            text.append(i == 0 ? "\n" : ",\n");
            write(diagnostics.get(i));
        }
        text.append(diagnostics.isEmpty() ? "]\n}\n" : "\n  ]\n}\n");
    }

    private void write(Diagnostic diagnostic) {
        text.append("    {\n");
        member("      ", "code", diagnostic.code()).append(",\n");
        member("      ", "severity", diagnostic.severity().name().toLowerCase(Locale.ROOT))
                .append(",\n");
        member("      ", "message", diagnostic.message()).append(",\n      \"sites\": [");
        for (int i = 0; i < diagnostic.sites().size(); i++) {
            var site = diagnostic.sites().get(i);
            text.append(i == 0 ? "\n        {" : ",\n        {");
            place(site.loc());
            member(", ", "note", site.note()).append(", \"callers\": [");
            callers(site.loc());
            text.append("]}");
        }
        text.append(diagnostic.sites().isEmpty() ? "],\n" : "\n      ],\n");
        member("      ", "hint", diagnostic.hint()).append("\n    }");
    }

    private void callers(Loc loc) {
        String lead = "{";
        for (@Nullable Loc up = loc.caller(); up != null; up = up.caller()) {
            text.append(lead);
            place(up);
            text.append('}');
            lead = ", {";
        }
    }

    private void place(Loc loc) {
        member("", "file", loc.file()).append(", \"line\": ").append(loc.line());
        member(", ", "class", loc.className());
        member(", ", "method", loc.method());
    }

    private StringBuilder member(String lead, String name, @Nullable String value) {
        text.append(lead).append('"').append(name).append("\": ");
        if (value == null) {
            return text.append("null");
        }
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            character(value.charAt(i));
        }
        return text.append('"');
    }

    private void character(char c) {
        if (c == '"' || c == '\\') {
            text.append('\\').append(c);
        } else if (c == '\n') {
            text.append("\\n");
        } else if (c < ' ' || c > '~') {
            text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
        } else {
            text.append(c);
        }
    }
}
