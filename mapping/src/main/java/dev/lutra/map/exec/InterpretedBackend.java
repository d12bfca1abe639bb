// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.map.forward.LinearBackend;
import dev.lutra.map.forward.Sums;
import dev.lutra.map.model.Region;
import dev.lutra.map.pack.RowLayout;
import java.nio.ByteBuffer;

/** Runs the regions of a mapped model in the {@link ProgramInterpreter}. */
public final class InterpretedBackend implements LinearBackend {
    private final Machine machine;
    private final Program program;
    private final byte[] image;
    private final long seed;

    /**
     * @param image the weight image that belongs to the program
     * @param seed of the order in which units move
     */
    public InterpretedBackend(Machine machine, Program program, byte[] image, long seed) {
        if (program.imageBytes() != image.length) {
            throw new IllegalArgumentException(
                    "the program's image has %d bytes, not %d".formatted(program.imageBytes(), image.length));
        }
        this.machine = machine;
        this.program = program;
        this.image = image;
        this.seed = seed;
    }

    @Override
    public long[][] run(Region region, int layer, byte[][] rows) {
        return run(region.name(), layer, rows);
    }

    /** As {@link #run(Region, int, byte[][])}, for an entry point of any name. */
    public long[][] run(String name, int layer, byte[][] rows) {
        return sums(name, layer, rows).codes();
    }

    @Override
    public Sums sums(Region region, int layer, byte[][] rows) {
        return sums(region.name(), layer, rows);
    }

    /** As {@link #sums(Region, int, byte[][])}, for an entry point of any name. */
    public Sums sums(String name, int layer, byte[][] rows) {
        Program.Part part = program.part(name, layer);
        return run(
                part.region(),
                image,
                rows,
                (chunks, in, out, sums) ->
                        RunArguments.region(part.region().entry(), part.layer(), chunks, 0, in, out, sums));
    }

    /**
     * Runs a region whose matrix the host gives.
     *
     * @param matrix packed as the region's plan says
     */
    public long[][] run(String name, byte[] matrix, byte[][] rows) {
        Program.Region region = program.region(name);
        return run(
                        region,
                        matrix,
                        rows,
                        (chunks, in, out, sums) -> RunArguments.given(region.entry(), chunks, in, out, 0))
                .codes();
    }

    private interface Arguments {
        RunArguments of(int chunks, long in, long out, long sums);
    }

    /** The matrices are at address 0, activations, results and sums of sparse rows behind them. */
    private Sums run(Program.Region region, byte[] matrices, byte[][] rows, Arguments arguments) {
        RowLayout layout = new RowLayout(machine, region);
        int in = (matrices.length + 127) / 128 * 128;
        int out = in + Math.toIntExact(layout.inBytes(rows.length));
        int sums = out + Math.toIntExact(layout.outBytes(rows.length));
        ByteBuffer memory = ByteBuffer.allocate(sums + Math.toIntExact(layout.sumBytes(rows.length)));
        memory.put(matrices).position(in);
        layout.pack(rows, memory);
        new ProgramInterpreter(machine, program.code(), memory, seed)
                .run(arguments.of(layout.chunks(rows.length), in, out, sums));
        long[][] codes = layout.unpack(memory.position(out), rows.length);
        return new Sums(codes, region.hasEntries() ? layout.unpackSums(memory.position(sums), rows.length) : null);
    }
}
