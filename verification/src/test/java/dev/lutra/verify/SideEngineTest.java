// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.gen.device.SimulatedDevice;
import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Buffers;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Unit;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.forward.Sums;
import dev.lutra.map.program.MappedProgram;
import dev.lutra.map.program.MatrixSource;
import dev.lutra.map.program.ProgramCompiler;
import dev.lutra.map.quant.QuantizedMatrix;
import dev.lutra.map.quant.SparseRows;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.pe.MatrixEngines;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.linear.DeviceBackend;
import dev.lutra.runtime.linear.RegionRun;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.junit.Engines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sums of sparse rows that the side engine makes beside products of the matrix engine, with a memory that stalls at random, against plain Java; in deep runs in every
 * simulator. The products are those of the machine without it, in as many compute cycles.
 */
@Engines
class SideEngineTest {
    private static final long SEED = 20_261_122;
    private static final int COLUMNS = 1024;

    private final EngineKind simulator;

    SideEngineTest(EngineKind simulator) {
        this.simulator = simulator;
    }

    /** Chains; tables with reductions that are split in many chunks, on a bus narrower than a sum; INT16 activations, two steps of three in a line of four. */
    static List<Machine> machines() {
        Machine s = Machine.standard();
        var small = new Buffers(1024, 128, 64, 128, 4096);
        var narrow = new Engine(Engine.LUT_INT, 1, 8, 4, 2, 4, true, 32, 48);
        var wide = new Engine(Engine.LUT_INT, 1, 8, 3, 2, 4, true, 32, 48, narrow.packing(), 1, ActivationType.INT16);
        return List.of(
                        new Machine(
                                MatrixEngines.named("dsp").inPlaceOf(s.engine()),
                                s.bus(),
                                s.buffers(),
                                s.queueDepth(),
                                true),
                        new Machine(narrow, new Bus(Bus.Kind.AXI4, 32, 32, 4, 2), small, 2, true),
                        new Machine(wide, new Bus(Bus.Kind.AXI4, 64, 32, 16, 4), s.buffers(), 1, true))
                .stream()
                .map(machine -> machine.withSide(256))
                .toList();
    }

    /** Entries in the order of their columns; those of row r are numbered from r times the columns on. */
    private record Codes(short[][] codes, int[][] columns) implements SparseRows {

        static Codes of(short[][] dense) {
            int[][] columns = new int[dense.length][];
            short[][] codes = new short[dense.length][];
            for (int r = 0; r < dense.length; r++) {
                short[] row = dense[r];
                columns[r] =
                        IntStream.range(0, row.length).filter(c -> row[c] != 0).toArray();
                codes[r] = new short[columns[r].length];
                for (int i = 0; i < codes[r].length; i++) {
                    codes[r][i] = row[columns[r][i]];
                }
            }
            return new Codes(codes, columns);
        }

        @Override
        public int rows() {
            return codes.length;
        }

        @Override
        public int start(int row) {
            return row * COLUMNS;
        }

        @Override
        public int end(int row) {
            return start(row) + codes[row].length;
        }

        @Override
        public int column(int index) {
            return columns[index / COLUMNS][index % COLUMNS];
        }

        @Override
        public short code(int index) {
            return codes[index / COLUMNS][index % COLUMNS];
        }
    }

    @ParameterizedTest
    @MethodSource("machines")
    void sumsAreThoseOfPlainJava(Machine machine) throws IOException {
        var random = new SplittableRandom(SEED);
        MemoryConfig memory =
                MemoryConfig.of(16 << 20, 40).withStalls(MemoryConfig.Stalls.uniform(SEED, random.nextInt(300)));
        try (var device = SimulatedDevice.open(machine, simulator, memory).device()) {
            int n = 2 * machine.engine().n() + 1;
            // more rows than a tile, none at all, all extreme, one short row
            List<short[][]> matrices = List.of(
                    sparse(5 * machine.engine().n() - 1, 75, 10, random),
                    sparse(n, 150, 3, random),
                    new short[n][20],
                    full(3, 131, Short.MIN_VALUE),
                    full(2, 131, Short.MAX_VALUE),
                    sparse(1, 1, 100, random));
            for (short[][] matrix : matrices) {
                check(machine, device, matrix, 3, random);
            }
        }
    }

    /** Half a percent of the weights: what a region takes longer than without them is what memory takes to bring them, and a little at its ends. */
    @Test
    void sumsAreMadeWhileTheMatrixEngineWorks() throws IOException {
        Machine with = machines().get(0).withSide(1024);
        Machine s = machines().get(0);
        var without = new Machine(s.engine(), s.bus(), s.buffers(), s.queueDepth(), true);
        short[][] apart = new short[128][1024];
        var random = new SplittableRandom(SEED);
        for (int i = 0; i < 128 * 1024 / 200; i++) {
            apart[random.nextInt(128)][random.nextInt(1024)] = (short) (1 + random.nextInt(Short.MAX_VALUE));
        }
        long[] cycles = new long[2];
        long[] read = new long[2];
        for (Machine machine : List.of(without, with)) {
            try (var device = SimulatedDevice.open(machine, simulator, MemoryConfig.of(16 << 20, 40))
                    .device()) {
                RegionRun run = check(machine, device, apart, 1, new SplittableRandom(SEED));
                int i = machine == with ? 1 : 0;
                cycles[i] = run.counters().cycles();
                read[i] = run.counters().bytesRead();
            }
        }
        long brought = (read[1] - read[0]) / with.bus().beatBytes();
        assertThat(brought).isGreaterThan(128 * 1024 / 200 / 4);
        assertThat(cycles[1] - cycles[0]).as("%d beats more", brought).isLessThan(brought + 100);
    }

    private static short[][] full(int n, int k, short code) {
        short[][] matrix = new short[n][k];
        for (short[] row : matrix) {
            Arrays.fill(row, code);
        }
        return matrix;
    }

    /** A quarter of the rows is empty, one is full, and the first and the last column have more than others. */
    private static short[][] sparse(int n, int k, int percent, SplittableRandom random) {
        short[][] matrix = new short[n][k];
        int whole = random.nextInt(n);
        for (int r = 0; r < n; r++) {
            boolean empty = r != whole && random.nextInt(4) == 0;
            for (int c = 0; c < k && !empty; c++) {
                boolean edge = c == 0 || c == k - 1;
                if (r == whole || random.nextInt(100) < (edge ? 50 : percent)) {
                    int kind = random.nextInt(4);
                    int code = 1 + random.nextInt(Short.MAX_VALUE);
                    matrix[r][c] = kind == 0 ? Short.MIN_VALUE : (short) (kind == 1 ? -code : code);
                }
            }
        }
        return matrix;
    }

    private static RegionRun check(
            Machine machine, Device device, short[][] apart, int activations, SplittableRandom random)
            throws IOException {
        int n = apart.length;
        int k = apart[0].length;
        byte[] codes = new byte[n * k];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) (random.nextInt(15) - 7);
        }
        float[] scales = new float[n];
        Arrays.fill(scales, 1);
        var matrix = new QuantizedMatrix(WeightFormat.INT4, n, k, 0, codes, new byte[0], scales);
        var image = new ByteArrayOutputStream();
        MappedProgram mapped = new ProgramCompiler(machine)
                .compile(
                        List.of(MatrixSource.of(
                                "X",
                                List.of(matrix),
                                layer -> machine.side().exists() ? List.of(Codes.of(apart)) : List.of())),
                        image);
        byte[][] rows = IntStream.range(0, activations)
                .mapToObj(i -> RandomActivations.of(machine.engine().activations(), 1, k, random, i == 1)[0])
                .toArray(byte[][]::new);
        String what = "%d x %d on %s (seed %d)".formatted(n, k, machine.engine(), SEED);
        List<RegionRun> runs = new ArrayList<>();
        try (var backend = new DeviceBackend(
                device, mapped, ByteBuffer.wrap(image.toByteArray()), Duration.ofMinutes(5), runs::add)) {
            Sums sums = backend.sums("X", 0, rows);
            assertThat(sums.codes()).as(what).isEqualTo(ReferenceBackend.multiply(machine.engine(), matrix, rows));
            assertThat(sums.outliers()).as(what).isEqualTo(machine.side().exists() ? plain(apart, rows) : null);
        }
        assertThat(runs.get(0).counters().busy().get(Unit.MX))
                .isEqualTo(rows.length * mapped.plan("X").computeCycles());
        return runs.get(0);
    }

    private static long[][] plain(short[][] apart, byte[][] rows) {
        long[][] sums = new long[rows.length][apart.length];
        for (int i = 0; i < rows.length; i++) {
            for (int r = 0; r < apart.length; r++) {
                int bytes = rows[i].length / apart[r].length;
                for (int c = 0; c < apart[r].length; c++) {
                    sums[i][r] += (long) apart[r][c] * ActivationType.at(rows[i], c * bytes, bytes);
                }
            }
        }
        return sums;
    }
}
