// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AreaSearchTest {

    /** A made-up area with one lowest point, three steps from the start. */
    @Test
    void walksToThePointWithoutBetterNeighbours() throws InterruptedException {
        var asked = new ArrayList<AreaPoint>();
        var rows = AreaSearch.from(AreaPoint.standard(AreaTarget.LUT6), point -> {
            asked.add(point);
            double far = Math.abs(point.g() - 3) + Math.abs(point.lanes() / 80 - 1) + (point.ram() ? 0 : 5);
            return new Synthesis(point.n() * point.t() * point.g() * (10 + far), 0, 0, 1);
        });
        assertThat(asked).doesNotHaveDuplicates();
        assertThat(rows.get(0).engine().name()).startsWith("RAM M=1 N=").contains("G=3 T=27");
        assertThat(rows).hasSizeGreaterThan(5);
        assertThat(rows.stream().map(AreaRow::areaCyclesPerProduct)).isSorted();
    }

    /** Work that is not constant would make the comparison worthless. */
    @ParameterizedTest
    @EnumSource(AreaTarget.class)
    void neighboursDoTheSameWork(AreaTarget target) {
        var start = AreaPoint.standard(target);
        var points = new ArrayList<>(List.of(start));
        for (AreaPoint point : start.neighbours()) {
            points.add(point);
            points.addAll(point.neighbours());
        }
        double work = start.engine().productsPerCycle();
        for (AreaPoint point : points) {
            var row = point.row(new Synthesis(1, 1, 0, 1));
            assertThat(row.synthesis().area()).isEqualTo(point.m());
            assertThat(row.engine().productsPerCycle()).as(point.toString()).isBetween(0.8 * work, 1.2 * work);
        }
    }
}
