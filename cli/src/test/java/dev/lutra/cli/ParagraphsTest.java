// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ParagraphsTest {

    @Test
    void linesGoOnUntilAStopAndExamplesStay() {
        assertThat(Paragraphs.joined(
                        "", "Examples:", "  ./lutra a", "  ./lutra b", "", "One sentence", "goes on.", "Two."))
                .containsExactly("", "Examples:", "  ./lutra a", "  ./lutra b", "", "One sentence goes on.", "Two.");
    }

    @Test
    void wordsStayWholeAndExamplesGoOnAsAShellHasIt() {
        assertThat(Paragraphs.wrapped(20, "Written: a program.bin and weights.bin."))
                .containsExactly("Written: a", "program.bin and", "weights.bin.");
        assertThat(Paragraphs.wrapped(30, "", "  ./lutra run --model m --weights int4 --group 32", "  ./lutra info"))
                .containsExactly("", "  ./lutra run --model m \\", "    --weights int4 --group 32", "  ./lutra info");
        assertThat(Paragraphs.wrapped(12, "  ./l a --option-of-some-length"))
                .containsExactly("  ./l a \\", "    --option-of-some-length");
    }

    /** A wrapped line is followed by the rest of its sentence, not by a break of the source. */
    @Test
    void helpOfACommandIsWrappedAsAWhole() {
        var out = new StringWriter();
        Main.run(new PrintWriter(out), new PrintWriter(new StringWriter()), "boards", "--help");
        assertThat(out.toString().lines().map(String::length)).allMatch(length -> length <= 80);
        assertThat(out.toString()).contains(" is also asked ");
    }
}
