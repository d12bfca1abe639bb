// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GoldenTensorTest {
    private static GoldenTensor tensor() {
        long[] expected = new long[24];
        for (int i = 0; i < 24; i++) {
            expected[i] = i * i - 100;
        }
        return new GoldenTensor("output", new int[] {2, 3, 4}, expected);
    }

    private static void take(GoldenTensor tensor, int from, int to) {
        for (int i = from; i < to; i++) {
            tensor.take(i * i - 100 + (i == 17 || i == 20 ? 1 : 0), 1000 + 2 * i);
        }
    }

    @Test
    void theFirstDifferenceIsTold() {
        var tensor = tensor();
        take(tensor, 0, 24);
        assertThatThrownBy(tensor::check)
                .isInstanceOf(BenchFailure.class)
                .hasMessage("output[1, 1, 1] in cycle 1034: expected 189, actual 190; 2 of 24 elements differ");
        assertThatThrownBy(() -> tensor.take(1, 2000))
                .hasMessage("output: element 24 comes in cycle 2000, the shape is [2, 3, 4]");
    }

    @Test
    void missingElementsAreTold() {
        var tensor = tensor();
        take(tensor, 0, 5);
        assertThat(tensor.complete()).isFalse();
        assertThatThrownBy(tensor::check).hasMessage("output[0, 1, 1] and 18 more of 24 elements did not come");
        take(tensor, 5, 18);
        assertThatThrownBy(tensor::check)
                .hasMessage("output[1, 1, 1] in cycle 1034: expected 189, actual 190;"
                        + " 1 of 24 elements differ or did not come (6)");
    }

    @Test
    void equalIsEqual() {
        var tensor = new GoldenTensor("one", new int[] {1}, new long[] {-5});
        tensor.take(-5, 0);
        tensor.check();
        assertThatThrownBy(() -> new GoldenTensor("bad", new int[] {2, 2}, new long[3]))
                .hasMessage("bad: shape [2, 2] with 3 elements");
    }
}
