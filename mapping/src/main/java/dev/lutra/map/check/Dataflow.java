// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.check;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Instruction.LoadActivations;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Instruction.Store;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.machine.Unit;
import dev.lutra.map.exec.Issued;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows the data of a run in the order of dispatch, and requires of each use of a buffer half that tokens alone put the units in
 * that order. Dispatch order is what the program means; if every two uses of a half are ordered the same way in time, no schedule
 * can give another result.
 */
final class Dataflow {
    private static final int IMAGE = 0;
    private static final int ACTIVATIONS = 1;
    private static final int RESULTS = 2;
    private static final int GIVEN = 3;
    private static final long STORED = -1;

    private final Machine machine;
    private final Program.Region region;
    private final Matrix matrix;
    private final SparseFlow sparse;
    private final int chunks;
    private final int kSteps;
    /** Of a block, that are computed. */
    private final int storedSteps;

    private final int blocks;
    private final int beat;
    private final int[] seen = new int[Unit.values().length];
    private final ActivationHalf[] activations = {new ActivationHalf(), new ActivationHalf()};
    private final OutputHalf[] outputs;

    /** The next thing MX must compute. */
    private int chunk;

    private int block;
    private int step;
    private long streamed;

    /** Where the matrix of the region and layer is, relative to an argument. */
    private record Matrix(int argument, long offset, long bytes) {}

    private static final class ActivationHalf {
        private @Nullable Issued load;
        private int loadIndex;
        private boolean used;
        private int lastReader;
    }

    private static final class OutputHalf {
        /** Per beat the offset in the results that it holds, or STORED. */
        private final long[] holds;

        private int lastWriter;
        private int lastStore;

        OutputHalf(int beats) {
            holds = new long[beats];
            Arrays.fill(holds, STORED);
        }
    }

    Dataflow(Machine machine, Program program, Program.Region region, int layer, int chunks) {
        this.machine = machine;
        this.region = region;
        this.chunks = chunks;
        this.beat = machine.bus().beatBytes();
        int size = machine.buffers().outputHalf() / beat;
        this.outputs = new OutputHalf[] {new OutputHalf(size), new OutputHalf(size)};
        this.kSteps = up(region.k(), machine.engine().step());
        this.storedSteps = region.isListed() ? region.listedSteps() : kSteps;
        this.blocks = up(region.n(), machine.engine().n());
        this.matrix = matrix(program, layer);
        this.sparse = new SparseFlow(machine, region);
        long line = machine.engine().lineBytes();
        long block = (long) machine.engine().m() * machine.engine().n() * (region.wide() ? 8 : 4);
        Refusal.require(
                region.inBytes() >= kSteps * line && region.outBytes() == blocks * block,
                -1,
                "its tables say %d bytes in and %d out, its shape needs %d and %d",
                region.inBytes(),
                region.outBytes(),
                kSteps * line,
                blocks * block);
    }

    /** In the weight image, or at BASE3 if no tensor at all is of the region. */
    private Matrix matrix(Program program, int layer) {
        List<Program.Tensor> ofRegion = program.tensors().stream()
                .filter(t -> t.region().equals(region.name()))
                .toList();
        if (ofRegion.isEmpty()) {
            Refusal.require(region.groupSize() == 0, -1, "it has no tensor, and group scales, which no host gives");
            Refusal.require(!region.hasEntries(), -1, "it has no tensor, and sparse rows, which no host gives");
            // as long as its instructions take together: there is no table to hold that against
            return new Matrix(GIVEN, 0, Long.MAX_VALUE);
        }
        return ofRegion.stream()
                .filter(t -> t.layer() == layer)
                .map(t -> new Matrix(IMAGE, t.offset(), t.bytes() - region.entryBytes()))
                .findFirst()
                .orElseThrow(() -> new Refusal(-1, "the program has no tensor for it"));
    }

    private static int up(int a, int b) {
        return (a + b - 1) / b;
    }

    /** Clocks and streams belong to the trace. */
    void check(List<Issued> trace, List<int[]> clocks, Streams streams) {
        for (int i = 0; i < trace.size(); i++) {
            Issued op = trace.get(i);
            int index = seen[op.unit().ordinal()]++;
            if (op.instruction() instanceof LoadActivations) {
                load(op, index, clocks.get(i));
            } else if (op.instruction() instanceof Multiply mx) {
                multiply(op, mx, index, clocks.get(i), streams);
            } else if (op.instruction() instanceof Store) {
                store(op, index, clocks.get(i));
            }
        }
        Refusal.require(
                chunk == chunks && block == 0 && step == 0,
                -1,
                "it ends at chunk %d, block %d, step %d of %d chunks",
                chunk,
                block,
                step,
                chunks);
        sparse.check(trace, matrix.offset() + matrix.bytes(), chunks);
        for (ActivationHalf half : activations) {
            requireUsed(half);
        }
        for (OutputHalf half : outputs) {
            for (long held : half.holds) {
                Refusal.require(held == STORED, -1, "results at offset %d are never stored", held);
            }
        }
    }

    private void requireUsed(ActivationHalf half) {
        if (half.load != null && !half.used) {
            throw new Refusal(half.load.pc(), "nothing reads the activations it loads");
        }
    }

    /** {@code count} instructions of {@code unit} must have retired before the instruction with this clock starts. */
    private static void requireAfter(Issued op, int[] clock, Unit unit, int count, String why) {
        Refusal.require(clock[unit.ordinal()] >= count, op.pc(), "no token keeps it from %s", why);
    }

    private void inside(Issued op, int argument, long size) {
        Refusal.require(
                op.argument() == argument, op.pc(), "it uses BASE%d instead of BASE%d", op.argument(), argument);
        long end = op.offset() + (long) op.beats() * beat;
        Refusal.require(
                op.offset() >= 0 && end <= size,
                op.pc(),
                "bytes %d to %d are out of the range of BASE%d, %d bytes",
                op.offset(),
                end,
                argument,
                size);
    }

    private void load(Issued op, int index, int[] clock) {
        inside(op, ACTIVATIONS, region.inBytes() * chunks);
        ActivationHalf half = activations[op.aHalf()];
        requireAfter(op, clock, Unit.MX, half.lastReader, "overwriting activations that MX still reads");
        requireUsed(half);
        half.load = op;
        half.loadIndex = index;
        half.used = false;
    }

    private void multiply(Issued op, Multiply mx, int index, int[] clock, Streams streams) {
        int pc = op.pc();
        Refusal.require(chunk < chunks, pc, "all %d chunks are computed already", chunks);
        requireGroups(pc, mx);
        weights(op, streams);
        read(op, mx, index, clock);
        Refusal.require(mx.first() == (step == 0), pc, "first is wrong: it begins at step %d", step);
        step += mx.kSteps();
        Refusal.require(step <= storedSteps, pc, "it goes on to step %d of %d", step, storedSteps);
        Refusal.require(
                mx.last() == (step == storedSteps), pc, "last is wrong: it ends at step %d of %d", step, storedSteps);
        Refusal.require(!mx.listed() || mx.first() && mx.last(), pc, "its steps are listed and its reduction is split");
        if (!mx.last()) {
            return;
        }
        Refusal.require(block + mx.blocks() <= blocks, pc, "it computes %d blocks of %d", block + mx.blocks(), blocks);
        write(op, mx, index, clock);
        step = 0;
        block += mx.blocks();
        if (block == blocks) {
            Refusal.require(
                    streamed == matrix.bytes() || matrix.argument() == GIVEN,
                    pc,
                    "%d of %d bytes of the matrix are used",
                    streamed,
                    matrix.bytes());
            block = 0;
            streamed = 0;
            chunk++;
        }
    }

    private void requireGroups(int pc, Multiply mx) {
        Refusal.require(
                mx.scaled() == (region.groupSize() != 0),
                pc,
                mx.scaled()
                        ? "it takes group scales, the region has none"
                        : "it takes no group scales, the region has");
        if (mx.scaled()) {
            long group = (long) mx.gSteps() * machine.engine().step();
            boolean oneGroup = region.groupSize() >= region.k() && mx.gSteps() >= kSteps;
            Refusal.require(
                    group == region.groupSize() || oneGroup,
                    pc,
                    "its groups have %d inputs, the region's %d",
                    group,
                    region.groupSize());
            Refusal.require(step % mx.gSteps() == 0, pc, "it begins inside a group, at step %d", step);
        }
    }

    private void weights(Issued op, Streams streams) {
        for (Issued load : streams.of(op)) {
            long expected = matrix.offset() + streamed;
            Refusal.require(
                    load.argument() == matrix.argument() && load.offset() == expected,
                    load.pc(),
                    "it reads at BASE%d + %d, the stream goes on at BASE%d + %d",
                    load.argument(),
                    load.offset(),
                    matrix.argument(),
                    expected);
            streamed += streams.bytes(load);
            Refusal.require(
                    streamed <= matrix.bytes(), load.pc(), "it reads beyond the matrix of %d bytes", matrix.bytes());
        }
    }

    private void read(Issued op, Multiply mx, int index, int[] clock) {
        ActivationHalf half = activations[op.aHalf()];
        Issued load = half.load;
        if (load == null) {
            throw new Refusal(op.pc(), "it reads activation half %d, which nothing has written".formatted(op.aHalf()));
        }
        requireAfter(op, clock, Unit.LDA, half.loadIndex + 1, "reading activations before they are loaded");
        long line = machine.engine().lineBytes();
        long expected = chunk * region.inBytes() + step * line;
        Refusal.require(
                load.offset() == expected,
                op.pc(),
                "half %d holds the activations at offset %d, it needs those at %d",
                op.aHalf(),
                load.offset(),
                expected);
        // a list may name any step
        long bytes = (mx.listed() ? kSteps : mx.kSteps()) * line;
        Refusal.require(
                (long) load.beats() * beat >= bytes,
                op.pc(),
                "it reads %d bytes of activations, %d are loaded",
                bytes,
                (long) load.beats() * beat);
        Refusal.require(
                machine.engine().activations() != ActivationType.FP16 || (long) load.beats() * beat == region.inBytes(),
                op.pc(),
                "its rows have their exponents of %d bytes of activations, they are %d",
                (long) load.beats() * beat,
                region.inBytes());
        half.used = true;
        half.lastReader = index + 1;
    }

    private void write(Issued op, Multiply mx, int index, int[] clock) {
        OutputHalf half = outputs[op.oHalf()];
        requireAfter(op, clock, Unit.ST, half.lastStore, "overwriting results that ST still reads");
        long blockBytes = region.outBytes() / blocks;
        long from = chunk * region.outBytes() + block * blockBytes;
        int count = (int) (mx.blocks() * blockBytes / beat);
        for (int i = 0; i < count; i++) {
            long held = half.holds[mx.outputBeat() + i];
            Refusal.require(held == STORED, op.pc(), "it overwrites results at offset %d before they are stored", held);
            half.holds[mx.outputBeat() + i] = from + (long) i * beat;
        }
        half.lastWriter = index + 1;
    }

    private void store(Issued op, int index, int[] clock) {
        inside(op, RESULTS, region.outBytes() * chunks);
        OutputHalf half = outputs[op.oHalf()];
        requireAfter(op, clock, Unit.MX, half.lastWriter, "storing results before MX has written them");
        for (int i = 0; i < op.beats(); i++) {
            long address = op.offset() + (long) i * beat;
            Refusal.require(
                    half.holds[i] == address,
                    op.pc(),
                    half.holds[i] == STORED
                            ? "beat %d of half %d holds nothing new to store"
                            : "beat %d of half %d belongs to another offset than " + address,
                    i,
                    op.oHalf());
            half.holds[i] = STORED;
        }
        half.lastStore = index + 1;
    }
}
