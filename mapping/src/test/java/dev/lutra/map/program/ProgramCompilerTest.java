// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.Buffers;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import dev.lutra.map.exec.Matrices;
import dev.lutra.map.quant.WeightFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProgramCompilerTest {
    private static List<MatrixSource> regions(int count, int n, int k) {
        Random r = new Random(3);
        List<MatrixSource> sources = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sources.add(MatrixSource.of("R" + i, List.of(Matrices.random(r, WeightFormat.INT4, n, k, 32))));
        }
        return sources;
    }

    private static Machine machine(int addrBits, int programBytes) {
        Machine m = Machine.standard();
        Buffers b = m.buffers();
        return new Machine(
                m.engine(),
                new Bus(Bus.Kind.AXI4, 128, addrBits, 64, 4),
                new Buffers(b.weightRing(), b.scaleRing(), b.activationHalf(), b.outputHalf(), programBytes),
                4,
                true);
    }

    @Test
    void saysWhatWouldFit() {
        assertThatThrownBy(() -> new ProgramCompiler(machine(16, 2048))
                        .compile(regions(2, 256, 512), OutputStream.nullOutputStream()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("139264 bytes of weights")
                .hasMessageContaining("an address of 16 bits reaches 65536")
                .extracting(e -> ((UserException) e).hint())
                .asString()
                .contains("bus.addrBits of at least 18");
        assertThatThrownBy(() -> new ProgramCompiler(machine(32, 512))
                        .compile(regions(3, 512, 64), OutputStream.nullOutputStream()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the program cache holds 32 (512 bytes)")
                .extracting(e -> ((UserException) e).hint())
                .asString()
                .contains("buffers.program of at least 1024");
    }

    /** With less room the regions are written shorter, the largest first, and the results stay what they were. */
    @Test
    void shortensOnlyAsMuchAsNeeded() throws IOException {
        List<MatrixSource> sources = new ArrayList<>(regions(3, 688, 64));
        int free = size(sources, 4096);
        int tight = size(sources, 1024);
        assertThat(free).isGreaterThan(64).isGreaterThan(tight);
        assertThat(tight).isLessThanOrEqualTo(64);
    }

    private static int size(List<MatrixSource> sources, int programBytes) throws IOException {
        return new ProgramCompiler(machine(32, programBytes))
                .compile(sources, new ByteArrayOutputStream())
                .program()
                .code()
                .size();
    }
}
