// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.UserException;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.session.Generation;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Both programs on the embedded simulator, with the model of the demo. */
class HostProgramsTest {
    private static final Path MODEL = Path.of("../../cli/src/main/resources/models/pocket-bitnet");

    @Test
    void aStoryGoesOn() {
        var ternary = new Quantization(WeightFormat.TERNARY, 0, Quantization.Head.INT8);
        var pieces = new StringBuilder();
        Generation story = Story.write("sim:embedded", MODEL, ternary, "Once upon a", 2, pieces::append);
        assertThat(story.text()).isEqualTo(" time,").isEqualTo(pieces.toString());
        assertThat(story.end()).isEqualTo(Generation.End.TOKEN_LIMIT);
    }

    @Test
    void aLayerHasTheSumsOfPlainJava() {
        Layer.Result result = Layer.run("sim:embedded", MODEL, new Random(2));
        assertThat(result.equal()).isTrue();
        assertThat(result.sums()).hasSize((4 + 2 + 2) * 32);
        assertThat(result.counters().cycles()).isPositive();
    }

    @Test
    void anUnknownDeviceIsNamed() {
        assertThatThrownBy(() -> Layer.run("board:0", MODEL, new Random(3)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no kind of device 'board' (in 'board:0')");
    }
}
