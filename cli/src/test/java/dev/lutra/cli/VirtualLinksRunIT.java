// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.gen.device.VirtualAccelerator;
import dev.lutra.gen.device.VirtualCard;
import dev.lutra.gen.device.VirtualNetworkBoard;
import dev.lutra.machine.Machine;
import dev.lutra.sim.EngineKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole model through every back end on the default machine: the tokens of {@code sim:}, and every accumulator those of the reference. */
@EnabledIfSystemProperty(named = "lutra.deep", matches = "true", disabledReason = "minutes; ./lutra test --deep")
final class VirtualLinksRunIT {

    private static final int MEMORY = 16 << 20;

    @Test
    void textIsThatOfTheSimulation() throws IOException, InterruptedException {
        String data = System.getenv("LUTRA_TEST_DATA");
        assumeTrue(data != null, "LUTRA_TEST_DATA is not set");
        assumeTrue(Programs.find("gcc") != null, "there is no gcc");
        EngineKind engine = EngineKind.VERILATOR.missing().isEmpty() ? EngineKind.VERILATOR : EngineKind.EMBEDDED;
        Path model = Path.of(data, "models", "pocket-bitnet");
        JsonNode simulated = run(model, "sim:" + engine + "?memory=16", null);
        try (VirtualAccelerator accelerator = VirtualAccelerator.open(Machine.standard(), engine, MEMORY, step -> {});
                VirtualNetworkBoard board = VirtualNetworkBoard.open(accelerator);
                VirtualCard card = VirtualCard.open(accelerator)) {
            for (String address : List.of(
                    board.address("udp"),
                    board.address("tcp"),
                    card.xrtAddress(),
                    card.xdmaAddress(),
                    card.uioAddress())) {
                JsonNode text = run(model, address, card.preload());
                assertThat(text.required("bit_exact").booleanValue())
                        .as(address)
                        .isTrue();
                assertThat(text.required("token_ids")).as(address).isEqualTo(simulated.required("token_ids"));
            }
        }
    }

    private static JsonNode run(Path model, String device, String preload) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "run",
                        "--json",
                        "--model",
                        model.toString(),
                        "--prompt",
                        "Once",
                        "--max-tokens",
                        "3",
                        "--device",
                        device)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        if (preload != null) {
            builder.environment().put("LD_PRELOAD", preload);
        }
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(device).isZero();
        return JsonMapper.shared().readTree(out);
    }
}
