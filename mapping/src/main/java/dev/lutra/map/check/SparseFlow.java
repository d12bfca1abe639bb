// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.check;

import dev.lutra.machine.Instruction.LoadEntries;
import dev.lutra.machine.Instruction.StoreSums;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.machine.SideEngine;
import dev.lutra.map.exec.Issued;
import java.util.List;

/**
 * What goes through the side engine in a run, in the order of dispatch: of each chunk of rows its activations, whole, then the entries behind the matrix in order, and
 * as many sums as the region has columns. Each LDE of entries is followed by the STE that takes its sums.
 */
final class SparseFlow {
    private static final int IMAGE = 0;
    private static final int ACTIVATIONS = 1;
    private static final int SUMS = 3;

    private final Program.Region region;
    private final int beat;
    /** Of a chunk of rows. */
    private final long sumBytes;

    private int chunk;
    private boolean loaded;
    private boolean owed;
    private long streamed;
    private long stored;

    SparseFlow(Machine machine, Program.Region region) {
        this.region = region;
        this.beat = machine.bus().beatBytes();
        int n = machine.engine().n();
        this.sumBytes = region.hasEntries() ? (long) (region.n() + n - 1) / n * n * SideEngine.SUM_BYTES : 0;
    }

    /** @param entries offset in the image of the entries of the layer */
    void check(List<Issued> trace, long entries, int chunks) {
        for (Issued op : trace) {
            if (op.instruction() instanceof LoadEntries lde) {
                if (lde.activations()) {
                    activations(op);
                } else {
                    entries(op, entries);
                }
            } else if (op.instruction() instanceof StoreSums) {
                store(op);
            }
        }
        Refusal.require(
                !loaded && (!region.hasEntries() || chunk == chunks),
                -1,
                "its sparse rows end at chunk %d of %d, byte %d of %d",
                chunk,
                chunks,
                streamed,
                region.entryBytes());
    }

    private void activations(Issued op) {
        Refusal.require(!loaded, op.pc(), "it loads activations again before all entries have come");
        at(op, ACTIVATIONS, chunk * region.inBytes());
        Refusal.require(
                bytes(op) == region.inBytes(),
                op.pc(),
                "it loads %d bytes of activations, they are %d",
                bytes(op),
                region.inBytes());
        loaded = true;
    }

    private void entries(Issued op, long entries) {
        Refusal.require(loaded, op.pc(), "its entries come before their activations");
        Refusal.require(!owed, op.pc(), "nothing stores the sums of the entries before");
        at(op, IMAGE, entries + streamed);
        streamed += bytes(op);
        Refusal.require(
                streamed <= region.entryBytes(),
                op.pc(),
                "it reads beyond the entries of %d bytes",
                region.entryBytes());
        owed = true;
    }

    private void store(Issued op) {
        Refusal.require(owed, op.pc(), "no entries have come whose sums it could store");
        at(op, SUMS, chunk * sumBytes + stored);
        owed = false;
        stored += bytes(op);
        Refusal.require(stored <= sumBytes, op.pc(), "it stores %d of %d bytes of sums", stored, sumBytes);
        if (streamed == region.entryBytes()) {
            Refusal.require(stored == sumBytes, op.pc(), "%d of %d bytes of sums are stored", stored, sumBytes);
            loaded = false;
            streamed = 0;
            stored = 0;
            chunk++;
        }
    }

    private static void at(Issued op, int argument, long offset) {
        Refusal.require(
                op.argument() == argument && op.offset() == offset,
                op.pc(),
                "it is at BASE%d + %d, the next one is at BASE%d + %d",
                op.argument(),
                op.offset(),
                argument,
                offset);
    }

    private long bytes(Issued op) {
        return (long) op.beats() * beat;
    }
}
