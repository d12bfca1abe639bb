// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.ir.ResetKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedOwnResetTest extends OwnResetCases {
    @Override
    Simulator open(Elaboration<?> design) {
        return Simulators.embedded(design);
    }

    @Test
    void theTraceShowsItsLevel(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("top.vcd");
        try (var sim = open(Circuit.of(ResetKind.ASYNC_LOW, Top::new))) {
            sim.trace(file);
            sim.reset(1);
            sim.step(1);
        }
        String text = Files.readString(file);
        String id = text.replaceAll("(?s).*\\$var wire 1 (\\S+) rst_n \\$end.*", "$1");
        assertThat(text).contains("\n0" + id + "\n").contains("\n1" + id + "\n");
        assertThat(text.indexOf("\n0" + id + "\n")).isLessThan(text.indexOf("\n1" + id + "\n"));
    }
}
