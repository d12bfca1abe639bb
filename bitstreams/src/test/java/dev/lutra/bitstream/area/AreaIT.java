// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Circuit;
import dev.lutra.pe.dot.MacArray;
import dev.lutra.pe.dot.StationaryArray;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small arrays through the flow: tables must end in distributed RAM, and the table must stay ahead of the multiply-accumulate. */
class AreaIT {

    @TempDir
    Path folder;

    @Test
    void tablesBeatTheMultiplyAccumulateOnLut6() throws InterruptedException {
        assumeTrue(Boolean.getBoolean("lutra.deep"), "skipped without --deep");
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "yosys"))),
                "skipped: no yosys on the path");
        var yosys = new Yosys(folder, null, System.getenv("PATH"));
        var tables = yosys.synthesise(
                Circuit.of(() -> new StationaryArray(new StationaryArray.Params(7, 5, 4, 32, 24, 7)))
                        .circuit(),
                AreaTarget.LUT6,
                Repeat.NONE);
        var mac = yosys.synthesise(
                Circuit.of(() -> new MacArray(new MacArray.Params(7, 20, 2, 24)))
                        .circuit(),
                AreaTarget.LUT6,
                Repeat.NONE);
        System.out.println("7 columns of 20 lanes: tables " + tables + ", multiply-accumulate " + mac);
        assertThat(tables.multipliers() + mac.multipliers()).isZero();
        // 4 tables of 5 RAMs of 8 LUTs, 12 such RAMs of sums, and adders; the table takes two cycles for what the other
        // one does in one.
        assertThat(tables.area()).isBetween(4 * 40 + 96.0, 1200.0);
        assertThat(2 * tables.area()).isLessThan(mac.area());
        assertThat(tables.pathPs()).isBetween(500.0, 10_000.0);
    }
}
