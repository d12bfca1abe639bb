// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.check;

import dev.lutra.machine.Instruction;
import dev.lutra.machine.Instruction.LoadRows;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Instruction.Next;
import dev.lutra.machine.Instruction.StoreRows;
import dev.lutra.machine.Instruction.Sync;
import dev.lutra.machine.Instruction.Vector;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.machine.RowFormat;
import dev.lutra.machine.Unit;
import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorRow;
import dev.lutra.machine.VectorShape;
import dev.lutra.map.exec.Issued;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows the data of a region with vectors, in the order of dispatch, and requires of each use of a row of the scratchpad, or of a beat of the activation buffer, that
 * tokens alone put the units in that order, and of each pass that it waits for what it reads ({@link VectorHazards}). What is read was written in the same region. Such
 * a region uses rows in place of the halves that LDA and ST know.
 *
 * <p>It does not prove which numbers are computed: what matrix a product takes is the mapper's word, where {@link Dataflow} knows it of regions that are one product.
 */
final class VectorFlow {
    private static final int IMAGE = 0;
    private static final int INPUTS = 1;
    private static final int RESULTS = 2;
    private static final int RECORDS = 3;
    private static final String EMBEDDINGS = ".embeddings";
    private static final Unit[] UNITS = Unit.values();

    private final Machine machine;
    private final VectorShape shape;
    private final Program.Region region;
    private final List<Program.Tensor> tensors;
    private final int chunks;
    private final int token;
    private final Program program;
    private final Limits limits;
    private final Map<Program.Tensor, BitSet> taken = new LinkedHashMap<>();
    private final int beat;
    private final int[] seen = new int[UNITS.length];
    private final Places rows;
    private final Places activations;
    private final VectorHazards hazards;
    private final BitSet stored = new BitSet();
    private final CacheLines records;
    private final CacheLines scales;
    private boolean summing;

    /** Rows or beats: who wrote and read each of them last. */
    private static final class Places {
        private final String what;
        private final int[] elements;
        private final int[] writer;
        private final int[] written;
        private final int[][] read;

        Places(String what, int count) {
            this.what = what;
            elements = new int[count];
            writer = new int[count];
            written = new int[count];
            read = new int[UNITS.length][count];
        }

        void check(Issued op, int from, int count) {
            Refusal.require(
                    from + count <= elements.length,
                    op.pc(),
                    "%ss %d to %d: there are %d",
                    what,
                    from,
                    from + count - 1,
                    elements.length);
        }

        void read(Issued op, int index, int[] clock, int at, int wanted) {
            check(op, at, 1);
            Refusal.require(
                    elements[at] >= wanted,
                    op.pc(),
                    "it reads %d elements of %s %d, %d are written",
                    wanted,
                    what,
                    at,
                    elements[at]);
            Unit by = UNITS[writer[at]];
            if (by != op.unit()) {
                Refusal.require(
                        clock[by.ordinal()] >= written[at],
                        op.pc(),
                        "no token keeps it from reading %s %d before %s has written it",
                        what,
                        at,
                        by);
            }
            read[op.unit().ordinal()][at] = index + 1;
        }

        void write(Issued op, int index, int[] clock, int at, int count) {
            check(op, at, 1);
            for (Unit other : UNITS) {
                boolean wrote = elements[at] > 0 && writer[at] == other.ordinal();
                int needed = Math.max(read[other.ordinal()][at], wrote ? written[at] : 0);
                Refusal.require(
                        other == op.unit() || clock[other.ordinal()] >= needed,
                        op.pc(),
                        "no token keeps it from overwriting %s %d, which %s still uses",
                        what,
                        at,
                        other);
            }
            elements[at] = Math.max(elements[at], count);
            writer[at] = op.unit().ordinal();
            written[at] = index + 1;
        }
    }

    /** Of a region that is no step. */
    VectorFlow(Machine machine, Program program, Program.Region region, int layer, int chunks) {
        this(machine, program, region, layer, chunks, 0, 0);
    }

    /**
     * Of one step.
     *
     * @param positions before its own
     * @param scaleBytes of a line of the scales of its cache, at BASE1, 0 if it has none
     */
    static VectorFlow ofStep(
            Machine machine, Program program, Program.Region region, int positions, int token, long scaleBytes) {
        return new VectorFlow(machine, program, region, 0, positions, token, scaleBytes);
    }

    /** @param chunks of a step positions before its own */
    private VectorFlow(
            Machine machine,
            Program program,
            Program.Region region,
            int layer,
            int chunks,
            int token,
            long scaleBytes) {
        this.token = token;
        this.machine = machine;
        this.program = program;
        this.limits = new Limits(machine, region);
        this.shape = machine.vector();
        this.region = region;
        this.chunks = chunks;
        this.beat = machine.bus().beatBytes();
        this.records = new CacheLines(RECORDS, beat, machine.beats(region.positionBytes()), chunks);
        this.scales = new CacheLines(INPUTS, beat, machine.beats(scaleBytes), chunks);
        this.rows = new Places("row", shape.rows());
        this.activations = new Places(
                "activation beat", machine.beats(2L * machine.buffers().activationHalf()));
        this.hazards = new VectorHazards(shape);
        this.tensors = program.tensors().stream()
                .filter(t -> region.isStep() || t.layer() == layer)
                .toList();
    }

    /** Whether a region uses the vector unit. */
    static boolean uses(List<Issued> trace) {
        return trace.stream()
                .anyMatch(op -> op.unit() == Unit.VEC
                        || op.instruction() instanceof LoadRows
                        || op.instruction() instanceof StoreRows
                        || op.instruction() instanceof Multiply mx && mx.toRows());
    }

    /** Clocks and streams belong to the trace. */
    void check(List<Issued> trace, List<int[]> clocks, Streams streams) {
        for (int i = 0; i < trace.size(); i++) {
            Issued op = trace.get(i);
            int index = seen[op.unit().ordinal()]++;
            int[] clock = clocks.get(i);
            Instruction instruction = op.instruction();
            if (instruction instanceof LoadRows ldv) {
                inside(op);
                for (int r = 0; r < rowsOf(op, ldv.format()); r++) {
                    rows.write(op, index, clock, ldv.row() + r, shape.lanes());
                }
            } else if (instruction instanceof StoreRows stv) {
                for (int r = 0; r < rowsOf(op, stv.format()); r++) {
                    rows.read(op, index, clock, stv.row() + r, shape.lanes());
                }
                store(op);
            } else if (instruction instanceof Multiply mx) {
                multiply(op, mx, index, clock);
                for (Issued load : streams.of(op)) {
                    Program.Tensor of = inside(load);
                    if (region.isStep() && of != null) {
                        limits.ofRegion(op.pc(), mx, program.region(of.region()));
                    }
                }
            } else if (instruction instanceof Next next) {
                hazards.requireSet(op.pc(), next.scalar());
            } else if (instruction instanceof Vector vector) {
                pass(op, vector.pass(), index, clock);
            } else {
                boolean stream = op.unit() == Unit.LDW || instruction instanceof Sync;
                Refusal.require(stream, op.pc(), "a region with vectors has no use for halves of buffers");
            }
        }
        Refusal.require(!summing, -1, "it ends inside a reduction: the last product is missing");
        if (region.isStep()) {
            requireWhole();
        }
        int all = machine.beats(region.outBytes() * times());
        Refusal.require(
                stored.cardinality() == all, -1, "%d of %d beats of results are stored", stored.cardinality(), all);
    }

    private int rowsOf(Issued op, RowFormat format) {
        return op.beats() * beat / shape.rowBytes() * format.rows();
    }

    /** Chunks of inputs and of results. */
    private int times() {
        return region.isStep() ? 1 : chunks;
    }

    /** Lines of a step's cache, null of anything else. */
    private @Nullable CacheLines linesOf(Issued op) {
        if (!region.isStep()) {
            return null;
        }
        return switch (op.argument()) {
            case RECORDS -> records;
            case INPUTS -> scales;
            default -> null;
        };
    }

    /** Requires that what is read is there for it; the tensor it is part of, or null. */
    private Program.@Nullable Tensor inside(Issued op) {
        long end = op.offset() + (long) op.beats() * beat;
        if (op.argument() == IMAGE) {
            for (Program.Tensor t : tensors) {
                if (op.offset() >= t.offset() && end <= t.offset() + t.bytes()) {
                    take(op, t);
                    requireRow(op, t, end);
                    return t;
                }
            }
        }
        CacheLines lines = linesOf(op);
        if (op.unit() == Unit.LDA && lines != null) {
            lines.recall(op);
            return null;
        }
        if (op.argument() == RESULTS && region.isStep() && op.unit() == Unit.LDA) {
            Refusal.require(
                    op.offset() >= 0 && end <= region.outBytes(),
                    op.pc(),
                    "bytes %d to %d are out of the range of BASE%d, %d bytes",
                    op.offset(),
                    end,
                    RESULTS,
                    region.outBytes());
            Refusal.require(stored.isEmpty(), op.pc(), "it reads what the same step may have stored already");
            return null;
        }
        boolean good = op.argument() == INPUTS
                && !region.isStep()
                && op.unit() == Unit.LDA
                && op.offset() >= 0
                && end <= region.inBytes() * times();
        Refusal.require(
                good,
                op.pc(),
                "bytes %d to %d of BASE%d are in no tensor of the layer, nor in the region's %d bytes of inputs",
                op.offset(),
                end,
                op.argument(),
                region.inBytes() * times());
        return null;
    }

    /** Of embeddings a step takes the one of its token. */
    private void requireRow(Issued op, Program.Tensor tensor, long end) {
        long row = tensor.offset() + token * region.inBytes();
        Refusal.require(
                !tensor.name().endsWith(EMBEDDINGS) || op.offset() == row && end == row + region.inBytes(),
                op.pc(),
                "bytes %d to %d are not the embedding of token %d",
                op.offset(),
                end,
                token);
    }

    /** A step takes each tensor of the image once. */
    private void take(Issued op, Program.Tensor tensor) {
        BitSet beats = taken.computeIfAbsent(tensor, t -> new BitSet());
        for (int i = 0; region.isStep() && i < op.beats(); i++) {
            int at = (int) ((op.offset() - tensor.offset()) / beat) + i;
            Refusal.require(!beats.get(at), op.pc(), "beat %d of %s is taken already", at, tensor.name());
            beats.set(at);
        }
    }

    /** A step takes every tensor of its layers and its head, from begin to end, and leaves nothing of its record behind but what was there. */
    private void requireWhole() {
        for (Program.Tensor tensor : tensors) {
            int beats = machine.beats(tensor.bytes());
            int took = taken.getOrDefault(tensor, new BitSet()).cardinality();
            boolean looked = tensor.name().endsWith(EMBEDDINGS);
            Refusal.require(looked || took == beats, -1, "%d of %d beats of %s are taken", took, beats, tensor.name());
        }
        records.requireWhole(region.layers());
        scales.requireWhole(region.layers());
    }

    private void store(Issued op) {
        long end = op.offset() + (long) op.beats() * beat;
        CacheLines lines = linesOf(op);
        if (lines != null) {
            lines.keep(op);
            return;
        }
        Refusal.require(op.argument() == RESULTS, op.pc(), "it uses BASE%d instead of BASE%d", op.argument(), RESULTS);
        Refusal.require(
                op.offset() >= 0 && end <= region.outBytes() * times(),
                op.pc(),
                "bytes %d to %d are out of the range of BASE%d, %d bytes",
                op.offset(),
                end,
                RESULTS,
                region.outBytes() * times());
        once(op, stored, op.offset());
    }

    private void once(Issued op, BitSet beats, long offset) {
        for (int i = 0; i < op.beats(); i++) {
            int at = (int) (offset / beat) + i;
            Refusal.require(!beats.get(at), op.pc(), "beat %d of the results is stored already", at);
            beats.set(at);
        }
    }

    private void multiply(Issued op, Multiply mx, int index, int[] clock) {
        Refusal.require(mx.toRows(), op.pc(), "its results do not go to rows");
        Refusal.require(
                mx.first() != summing,
                op.pc(),
                "first is wrong: the product before was %s",
                summing ? "not the last" : "the last");
        summing = !mx.last();
        int half = op.aHalf() * activations.elements.length / 2;
        int beats = machine.beats((long) mx.kSteps() * machine.engine().lineBytes());
        for (int i = 0; i < beats; i++) {
            activations.read(op, index, clock, half + i, 1);
        }
        if (mx.last()) {
            for (int r = 0; r < mx.columns() / shape.lanes(); r++) {
                rows.write(op, index, clock, mx.outputBeat() + r, shape.lanes());
            }
        }
    }

    private void pass(Issued op, VectorPass p, int index, int[] clock) {
        hazards.check(op.pc(), p);
        List<VectorRow> cycles = VectorRow.of(shape, p);
        for (VectorRow cycle : cycles) {
            if (cycle.x() >= 0) {
                rows.read(op, index, clock, cycle.x(), cycle.xElements());
            }
            if (cycle.y() >= 0) {
                rows.read(op, index, clock, cycle.y(), cycle.yElements());
            }
        }
        if (p.writesRows()) {
            rows.check(op, p.out(), shape.rowsOf(p.length()));
            for (VectorRow cycle : cycles) {
                if (cycle.out() >= 0) {
                    rows.write(op, index, clock, cycle.out(), cycle.outElements());
                }
            }
        } else if (p.result() == VectorPass.Result.ACTIVATIONS) {
            int beats = machine.beats(p.length());
            activations.check(op, p.out(), beats);
            for (int i = 0; i < beats; i++) {
                activations.write(op, index, clock, p.out() + i, 1);
            }
        }
    }
}
