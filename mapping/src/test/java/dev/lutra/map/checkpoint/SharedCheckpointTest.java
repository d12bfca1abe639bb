// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.map.SharedModels;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;
import dev.lutra.map.model.RopePairing;
import dev.lutra.map.model.TernaryMatrix;
import dev.lutra.map.model.WeightMatrix;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedCheckpointTest {
    @Test
    void stories260kHasTheSizesOfItsReadme() {
        Path directory = SharedModels.directory("stories260K");
        Checkpoint checkpoint = Checkpoint.open(directory);
        assertThat(checkpoint.layout()).isEqualTo(Checkpoint.Layout.LLAMA2C);
        assertThat(checkpoint.tokenizer()).isEqualTo(directory.resolve("tok512.bin"));
        assertThat(checkpoint.model().config())
                .isEqualTo(new LlamaConfig(
                        64, 172, 5, 8, 4, 8, 512, 512, 10000f, RopePairing.ADJACENT, 1e-5f, true, 1, List.of(1)));
        assertThat(checkpoint.model().isTernary()).isFalse();
        assertThat(Checkpoint.open(directory.resolve("stories260K.bin")).tokenizer())
                .isEqualTo(checkpoint.tokenizer());
    }

    @Test
    void pocketBitnetHasTheCountsOfItsReadme() {
        LlamaModel model =
                Checkpoint.open(SharedModels.directory("pocket-bitnet")).model();
        assertThat(model.config())
                .isEqualTo(new LlamaConfig(
                        128, 384, 6, 4, 2, 32, 512, 256, 10000f, RopePairing.HALF_SPLIT, 1e-5f, true, 0, List.of(1)));
        assertThat(model.isTernary()).isTrue();
        long weights = 0;
        long zeros = 0;
        for (int layer = 0; layer < 6; layer++) {
            for (Region region : Region.OF_A_LAYER) {
                for (WeightMatrix matrix : model.matrices(region, layer)) {
                    byte[] codes = new byte[matrix.cols()];
                    for (int row = 0; row < matrix.rows(); row++) {
                        ((TernaryMatrix) matrix).readCodes(row, codes);
                        for (byte code : codes) {
                            weights++;
                            zeros += code == 0 ? 1 : 0;
                        }
                    }
                }
            }
        }
        assertThat(weights).isEqualTo(1_179_648);
        assertThat(Math.round(1000.0 * zeros / weights)).isEqualTo(359);
    }
}
