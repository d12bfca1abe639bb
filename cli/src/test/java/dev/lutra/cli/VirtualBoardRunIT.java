// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.gen.accel.LocalAccelerator;
import dev.lutra.gen.device.VirtualBoard;
import dev.lutra.machine.Machine;
import dev.lutra.sim.EngineKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole model through {@code uart:} on a virtual board: the tokens of the reference, and every accumulator. */
@EnabledIfSystemProperty(named = "lutra.deep", matches = "true", disabledReason = "half a minute; ./lutra test --deep")
final class VirtualBoardRunIT {

    @Test
    void storiesAreThoseOfTheReference() {
        String data = System.getenv("LUTRA_TEST_DATA");
        assumeTrue(data != null, "LUTRA_TEST_DATA is not set");
        EngineKind engine = EngineKind.VERILATOR.missing().isEmpty() ? EngineKind.VERILATOR : EngineKind.EMBEDDED;
        Path model = Path.of(data, "models", "stories260K");
        try (VirtualBoard board =
                VirtualBoard.open(new LocalAccelerator.Params(Machine.smallest(), 4), engine, step -> {})) {
            JsonNode onBoard = run(model, board.address());
            assertThat(onBoard.required("bit_exact").booleanValue()).isTrue();
            assertThat(onBoard.required("token_ids"))
                    .isEqualTo(run(model, ModelRun.REFERENCE).required("token_ids"));
        }
    }

    private static JsonNode run(Path model, String device) {
        var out = new StringWriter();
        int exit = Main.run(
                new PrintWriter(out),
                new PrintWriter(System.err, true),
                "run",
                "--json",
                "--model",
                model.toString(),
                "--weights",
                "int2",
                "--prompt",
                "Once",
                "--max-tokens",
                "2",
                "--device",
                device);
        assertThat(exit).isZero();
        return JsonMapper.shared().readTree(out.toString());
    }
}
