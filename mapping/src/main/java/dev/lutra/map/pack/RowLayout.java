// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.pack;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.machine.SideEngine;
import dev.lutra.map.plan.GatedRows;
import dev.lutra.pe.dot.SharedExponent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * How a region's rows lie in memory. Activations of a chunk of m rows: [step][m][row of a step] INT8, INT16 or binary16, zero beyond t*g, beyond k and beyond the
 * last row. Results: [block][m][n] INT32 or INT64, little endian; sums of sparse rows, of machines with m = 1, [block][n] INT64.
 */
public final class RowLayout {
    private final Engine engine;
    private final Program.Region region;
    private final int steps;

    /** Outputs of GATE where UP does not follow at once; else 0. */
    private final int gate;

    /** For one region of a program of this machine. */
    public RowLayout(Machine machine, Program.Region region) {
        this.engine = machine.engine();
        this.region = region;
        this.steps = (region.k() + engine.step() - 1) / engine.step();
        int width = GatedRows.are(region.name()) ? GatedRows.width(machine.vector(), region.n()) : 0;
        this.gate = region.n() == 2 * width ? 0 : width;
    }

    /** Chunks that so many rows take: the argument LEN1. */
    public int chunks(int rows) {
        return (rows + engine.m() - 1) / engine.m();
    }

    /** Bytes of activations for so many rows. */
    public long inBytes(int rows) {
        return chunks(rows) * region.inBytes();
    }

    /** Bytes of results for so many rows. */
    public long outBytes(int rows) {
        return chunks(rows) * region.outBytes();
    }

    /** Bytes of the sums of sparse rows for so many rows of activations; 0 where the region has none. */
    public long sumBytes(int rows) {
        return region.hasEntries() ? (long) chunks(rows) * columns() * SideEngine.SUM_BYTES : 0;
    }

    /** Columns of all blocks. */
    private int columns() {
        return (region.n() + engine.n() - 1) / engine.n() * engine.n();
    }

    /**
     * Reads sums of sparse rows from the buffer's position on, which moves.
     *
     * @return [row][n]
     */
    public long[][] unpackSums(ByteBuffer from, int rows) {
        long[][] sums = new long[rows][region.n()];
        ByteBuffer b = from.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        for (long[] row : sums) {
            int at = b.position();
            b.asLongBuffer().get(row);
            b.position(at + columns() * SideEngine.SUM_BYTES);
        }
        from.position(b.position());
        return sums;
    }

    /**
     * Writes activations from the buffer's position on.
     *
     * @param rows [row][k] INT8, or [row][2k] INT16 or binary16, little endian; each in the range of the engine's activations, -127..127 for INT8, and finite
     * @param into at least {@link #inBytes} remaining; its position moves by that much
     * @throws IllegalArgumentException if a row has not k values or holds another value
     */
    public void pack(byte[][] rows, ByteBuffer into) {
        byte[] chunk = new byte[Math.toIntExact(region.inBytes())];
        int line = engine.lineBytes();
        for (int first = 0; first < rows.length; first += engine.m()) {
            Arrays.fill(chunk, (byte) 0);
            for (int m = 0; m < engine.m() && first + m < rows.length; m++) {
                byte[] row = rows[first + m];
                int given = bytesGiven(row, first + m);
                int bytes = engine.activations().bytes();
                for (int step = 0; step < steps; step++) {
                    int k = step * engine.step();
                    int count = Math.min(engine.step(), region.k() - k);
                    int at = step * line + m * engine.rowBytes();
                    for (int i = 0; i < count; i++) {
                        ActivationType.put(
                                ActivationType.at(row, (k + i) * given, given), chunk, at + i * bytes, bytes);
                    }
                }
            }
            into.put(chunk);
        }
    }

    private int bytesGiven(byte[] row, int index) {
        int bytes = row.length / region.k();
        if (row.length != bytes * region.k() || bytes < 1 || bytes > Short.BYTES) {
            throw new IllegalArgumentException("row %d of region %s has %d bytes, not those of %d activations"
                    .formatted(index, region.name(), row.length, region.k()));
        }
        if (engine.activations() == ActivationType.FP16) {
            requireFinite(row, index);
            return bytes;
        }
        int largest = engine.activations().largest();
        for (int k = 0; k < region.k(); k++) {
            int activation = ActivationType.at(row, k * bytes, bytes);
            if (Math.abs(activation) > largest) {
                throw new IllegalArgumentException("activation [%d][%d] is %d: the range is -%d..%d"
                        .formatted(index, k, activation, largest, largest));
            }
        }
        return bytes;
    }

    private void requireFinite(byte[] row, int index) {
        int bytes = ActivationType.FP16.bytes();
        if (row.length != region.k() * bytes) {
            throw new IllegalArgumentException("row %d of region %s has %d bytes, not those of %d binary16 numbers"
                    .formatted(index, region.name(), row.length, region.k()));
        }
        for (int k = 0; k < region.k(); k++) {
            int half = ActivationType.at(row, k * bytes, bytes);
            if (!SharedExponent.isFinite(half)) {
                throw new IllegalArgumentException(
                        "activation [%d][%d] is no finite number: 0x%04x".formatted(index, k, half & 0xFFFF));
            }
        }
    }

    /**
     * Reads results from the buffer's position on, which moves. Outputs that fill up a row of the scratchpad are left out.
     *
     * @return [row][n]
     */
    public long[][] unpack(ByteBuffer from, int rows) {
        long[][] results = new long[rows][region.n()];
        ByteBuffer b = from.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int blocks = (region.n() + engine.n() - 1) / engine.n();
        for (int first = 0; first < rows; first += engine.m()) {
            for (int block = 0; block < blocks; block++) {
                for (int m = 0; m < engine.m(); m++) {
                    for (int column = 0; column < engine.n(); column++) {
                        long value = region.wide() ? b.getLong() : b.getInt();
                        int n = block * engine.n() + column;
                        if (first + m < rows && n < region.n()) {
                            results[first + m][n] = value;
                        }
                    }
                }
            }
        }
        from.position(b.position());
        return gate == 0
                ? results
                : Arrays.stream(results).map(this::withoutGap).toArray(long[][]::new);
    }

    private long[] withoutGap(long[] row) {
        long[] both = Arrays.copyOf(row, 2 * gate);
        System.arraycopy(row, row.length - gate, both, gate, gate);
        return both;
    }
}
