// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LutCoreCyclesTest {

    @Test
    void groupTakesItsSlotsOrTheScale() {
        assertThat(LutCoreCycles.group(4, 2, true)).isEqualTo(8);
        assertThat(LutCoreCycles.group(4, 3, true)).isEqualTo(12);
        assertThat(LutCoreCycles.group(1, 1, true)).isEqualTo(8);
        assertThat(LutCoreCycles.group(1, 1, false)).isEqualTo(1);
    }

    @Test
    void productCountsTheShortLastGroup() {
        // stories260K, K = 172 on 16 activations per step: 11 steps; groups of 32 are 2 steps, the last has 1
        assertThat(LutCoreCycles.product(4, 11, 2, 4)).isEqualTo(4 * (5 * 8 + 8));
        assertThat(LutCoreCycles.product(8, 11, 2, 4)).isEqualTo(4 * (5 * 16 + 8));
        assertThat(LutCoreCycles.product(2, 11, 0, 4)).isEqualTo(4 * 22);
        assertThat(LutCoreCycles.product(4, 256, 8, 256)).isEqualTo(256L * 256 * 4);
    }

    @Test
    void refusesShapesThatCannotBe() {
        assertThatThrownBy(() -> LutCoreCycles.group(17, 1, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LutCoreCycles.product(2, 0, 0, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
