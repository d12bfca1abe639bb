// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.check;

import dev.lutra.machine.Instruction;
import dev.lutra.machine.Instruction.LoadRows;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Instruction.StoreRows;
import dev.lutra.machine.Instruction.Sync;
import dev.lutra.machine.Instruction.Vector;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.machine.Unit;
import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorShape;
import dev.lutra.map.exec.Issued;
import java.util.BitSet;
import java.util.List;

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
    private static final Unit[] UNITS = Unit.values();

    private final Machine machine;
    private final VectorShape shape;
    private final Program.Region region;
    private final List<Program.Tensor> tensors;
    private final int chunks;
    private final int beat;
    private final int[] seen = new int[UNITS.length];
    private final Places rows;
    private final Places activations;
    private final VectorHazards hazards;
    private final BitSet stored = new BitSet();
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

    VectorFlow(Machine machine, Program program, Program.Region region, int layer, int chunks) {
        this.machine = machine;
        this.shape = machine.vector();
        this.region = region;
        this.chunks = chunks;
        this.beat = machine.bus().beatBytes();
        this.rows = new Places("row", shape.rows());
        this.activations = new Places(
                "activation beat", machine.beats(2L * machine.buffers().activationHalf()));
        this.hazards = new VectorHazards(shape);
        this.tensors =
                program.tensors().stream().filter(t -> t.layer() == layer).toList();
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
                for (int r = 0; r < rowsOf(op); r++) {
                    rows.write(op, index, clock, ldv.row() + r, shape.lanes());
                }
            } else if (instruction instanceof StoreRows stv) {
                for (int r = 0; r < rowsOf(op); r++) {
                    rows.read(op, index, clock, stv.row() + r, shape.lanes());
                }
                store(op);
            } else if (instruction instanceof Multiply mx) {
                multiply(op, mx, index, clock);
                streams.of(op).forEach(this::inside);
            } else if (instruction instanceof Vector vector) {
                pass(op, vector.pass(), index, clock);
            } else {
                boolean stream = op.unit() == Unit.LDW || instruction instanceof Sync;
                Refusal.require(stream, op.pc(), "a region with vectors has no use for halves of buffers");
            }
        }
        Refusal.require(!summing, -1, "it ends inside a reduction: the last product is missing");
        int all = machine.beats(region.outBytes() * chunks);
        Refusal.require(
                stored.cardinality() == all, -1, "%d of %d beats of results are stored", stored.cardinality(), all);
    }

    private int rowsOf(Issued op) {
        return op.beats() * beat / shape.rowBytes();
    }

    private void inside(Issued op) {
        long end = op.offset() + (long) op.beats() * beat;
        boolean good = op.argument() == IMAGE
                ? tensors.stream().anyMatch(t -> op.offset() >= t.offset() && end <= t.offset() + t.bytes())
                : op.argument() == INPUTS
                        && op.unit() == Unit.LDA
                        && op.offset() >= 0
                        && end <= region.inBytes() * chunks;
        Refusal.require(
                good,
                op.pc(),
                "bytes %d to %d of BASE%d are in no tensor of the layer, nor in the region's %d bytes of inputs",
                op.offset(),
                end,
                op.argument(),
                region.inBytes() * chunks);
    }

    private void store(Issued op) {
        Refusal.require(op.argument() == RESULTS, op.pc(), "it uses BASE%d instead of BASE%d", op.argument(), RESULTS);
        long end = op.offset() + (long) op.beats() * beat;
        Refusal.require(
                op.offset() >= 0 && end <= region.outBytes() * chunks,
                op.pc(),
                "bytes %d to %d are out of the range of BASE%d, %d bytes",
                op.offset(),
                end,
                RESULTS,
                region.outBytes() * chunks);
        for (int i = 0; i < op.beats(); i++) {
            int at = (int) (op.offset() / beat) + i;
            Refusal.require(!stored.get(at), op.pc(), "beat %d of the results is stored already", at);
            stored.set(at);
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
        int count = shape.rowsOf(p.length());
        hazards.check(op.pc(), p);
        for (int r = 0; r < count; r++) {
            int elements = Math.min(shape.lanes(), p.length() - r * shape.lanes());
            // a partner within the row may be the last of it
            int partners = p.swap() == 0 || p.swap() >= shape.lanes() ? elements : shape.lanes();
            if (p.readsX()) {
                rows.read(op, index, clock, p.xRow(shape, r), partners);
            }
            if (p.readsY()) {
                rows.read(op, index, clock, p.yRow(shape, r), elements);
            }
        }
        if (p.writesRows()) {
            rows.check(op, p.out(), count);
            for (int r = 0; r < count; r++) {
                rows.write(op, index, clock, p.out() + r, Math.min(shape.lanes(), p.length() - r * shape.lanes()));
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
