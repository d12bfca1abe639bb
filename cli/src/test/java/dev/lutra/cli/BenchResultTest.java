// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchResultTest {
    private static final BenchResult RESULT = new BenchResult(
            List.of(new BenchResult.Reached("a token", 128, 400, 300)),
            List.of(new BenchResult.Speed("slow", 1000, 2), new BenchResult.Speed("fast", 4000, 1)));

    @Test
    void fractionsAndRatiosAreTheRightWayUp() {
        assertThat(RESULT.json()).containsEntry("sim_ratio", 8.0);
        assertThat(RESULT.json().get("accelerator"))
                .isEqualTo(List.of(Map.of(
                        "work", "a token", "bus_bits", 128, "cycles", 400L, "ceiling_cycles", 300L, "fraction", 0.75)));
    }

    @Test
    void theTableHasARowPerMeasurement() {
        assertThat(RESULT.table().lines().filter(line -> !line.isEmpty()).toList())
                .hasSize(6)
                .anyMatch(line -> line.matches("a token +128 +400 +300 +75[.,]0 %"))
                .anyMatch(line -> line.matches("ratio +8[.,]0"));
    }
}
