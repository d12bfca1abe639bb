// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.HdlException;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.DiagnosticsJson;
import dev.lutra.hdl.ir.Loc;
import dev.lutra.hdl.ir.Severity;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Findings in the form that programs read. */
class DiagnosticsJsonTest {
    static final class TooWide extends Module {
        final UInt a = in(uint(8));
        final UInt o = out(uint(4));

        TooWide() {
            when(a.ne(0), () -> drive(o));
        }

        private void drive(UInt target) {
            target.set(a);
        }
    }

    @Test
    void ofADesign() {
        var thrown = catchThrowableOfType(HdlException.class, () -> Circuit.of(TooWide::new));
        assertThat(thrown.toJson()
                        .replaceAll("\"line\": [1-9]\\d*", "\"line\": N")
                        .replace("dev.lutra.hdl.language.DiagnosticsJsonTest", "T"))
                .isEqualTo("""
                {
                  "version": 1,
                  "errors": 1,
                  "warnings": 0,
                  "diagnostics": [
                    {
                      "code": "width",
                      "severity": "error",
                      "message": "'a' of UInt(8) cannot drive 'o' of UInt(4): it would lose 4 bits",
                      "sites": [
                        {"file": "DiagnosticsJsonTest.java", "line": N, "class": "T$TooWide", "method": "drive", "note": "", \
                "callers": [{"file": "DiagnosticsJsonTest.java", "line": N, "class": "T$TooWide", "method": "<init>"}]},
                        {"file": "DiagnosticsJsonTest.java", "line": N, "class": "T$TooWide", "method": "<init>", \
                "note": "the value, 8 bits", "callers": []},
                        {"file": "DiagnosticsJsonTest.java", "line": N, "class": "T$TooWide", "method": "<init>", \
                "note": "the target, 4 bits", "callers": []}
                      ],
                      "hint": "say what is meant: truncate(4), saturate(4), or wrapAdd/wrapSub where the value is computed"
                    }
                  ]
                }
                """);
    }

    @Test
    void ofNothing() {
        assertThat(DiagnosticsJson.of(List.of())).isEqualTo("""
                {
                  "version": 1,
                  "errors": 0,
                  "warnings": 0,
                  "diagnostics": []
                }
                """);
    }

    @Test
    void ofTextsThatNeedEscapes() {
        var warning = new Diagnostic("code", Severity.WARNING, "\"a\\b\"\n\t\u00fc\ud83d\ude00", List.of(), null);
        var second = Diagnostic.warning("code", Loc.UNKNOWN, "", "");
        assertThat(DiagnosticsJson.of(List.of(warning, second))).isEqualTo("""
                {
                  "version": 1,
                  "errors": 0,
                  "warnings": 2,
                  "diagnostics": [
                    {
                      "code": "code",
                      "severity": "warning",
                      "message": "\\"a\\\\b\\"\\n\\u0009\\u00fc\\ud83d\\ude00",
                      "sites": [],
                      "hint": null
                    },
                    {
                      "code": "code",
                      "severity": "warning",
                      "message": "",
                      "sites": [
                        {"file": "", "line": 0, "class": "", "method": "", "note": "", "callers": []}
                      ],
                      "hint": ""
                    }
                  ]
                }
                """);
    }
}
