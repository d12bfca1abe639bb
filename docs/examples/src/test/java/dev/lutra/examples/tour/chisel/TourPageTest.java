// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.chisel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.examples.tour.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/hdl/tour-chisel.md quotes the code that is compiled and simulated. */
class TourPageTest {
    private static final String FOLDER = "dev/lutra/examples/tour/chisel";

    @Test
    void thePageQuotesTheCode() throws IOException {
        new Page("tour-chisel.md").quotes(FOLDER, List.of("Phrases.java", "package-info.java"));
    }

    /** The table has the lines of {@link Phrases} in their order. */
    @Test
    void thePhraseBookHasTheRowsOfItsModule() throws IOException {
        var source =
                Files.readString(Path.of(System.getProperty("basedir", "."), "src/main/java", FOLDER, "Phrases.java"));
        var rows = found("^ +row\\((.*)\\);$", source);
        assertThat(found("^\\| `.*?` \\| `(.*?)` \\|.*\\|$", new Page("tour-chisel.md").prose()))
                .isEqualTo(rows)
                .isNotEmpty();
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
