// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.tour.verilog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.examples.tour.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/hdl/tour-verilog.md quotes the code that is compiled and simulated. */
class TourPageTest {
    private static final String FOLDER = "dev/lutra/examples/tour/verilog";

    @Test
    void thePageQuotesTheCode() throws IOException {
        new Page("tour-verilog.md").quotes(FOLDER, List.of("Phrases.java", "package-info.java"));
    }

    /** The table has the lines of {@link Phrases} in their order, which the proof relies on. */
    @Test
    void thePhraseBookHasTheRowsOfItsModule() throws IOException {
        var source =
                Files.readString(Path.of(System.getProperty("basedir", "."), "src/main/java", FOLDER, "Phrases.java"));
        var rows = Pattern.compile("^ +row\\((.*)\\);$", Pattern.MULTILINE)
                .matcher(source)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(PhraseBook.read().stream().map(PhraseBook::java))
                .isEqualTo(rows)
                .isNotEmpty();
    }
}
