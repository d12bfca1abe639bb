// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.plan;

import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.MatrixTypes;
import dev.lutra.machine.SideEngine;
import dev.lutra.machine.WeightType;
import dev.lutra.pe.EngineCycles;
import java.util.ArrayList;
import java.util.List;

/**
 * A region cut for a machine. Either the whole reduction fits one MX instruction ({@code chunks} is 1) and an instruction
 * computes a tile of {@code tileBlocks} blocks, or the reduction is split into chunks and an instruction
 * computes one chunk of one block.
 *
 * @param kSteps steps of the whole reduction, of which {@link #storedSteps} are stored
 * @param gSteps steps of a scale group, 0 without scales
 * @param chunkSteps steps of each chunk but the last, which may be shorter
 * @param chunks chunks of the reduction
 * @param blocks blocks of n output columns
 * @param tileBlocks blocks of each tile but the last, which may be smaller
 * @param tileEntries entries of sparse rows that are streamed with each tile, with those that fill it up to whole beats; 0 without sparse rows
 */
public record RegionPlan(
        Machine machine,
        RegionShape shape,
        int kSteps,
        int gSteps,
        int chunkSteps,
        int chunks,
        int blocks,
        int tileBlocks,
        int tileEntries) {

    /** Without sparse rows. */
    public RegionPlan(
            Machine machine,
            RegionShape shape,
            int kSteps,
            int gSteps,
            int chunkSteps,
            int chunks,
            int blocks,
            int tileBlocks) {
        this(machine, shape, kSteps, gSteps, chunkSteps, chunks, blocks, tileBlocks, 0);
    }

    /** With so many entries of sparse rows in each tile. */
    public RegionPlan withEntries(int entries) {
        return new RegionPlan(machine, shape, kSteps, gSteps, chunkSteps, chunks, blocks, tileBlocks, entries);
    }

    private Engine engine() {
        return machine.engine();
    }

    /** Bytes of the activations of one step: m rows. */
    public int lineBytes() {
        return engine().lineBytes();
    }

    /** Steps of a block that are stored and computed. */
    public int storedSteps() {
        return shape.listed() ? shape.listedSteps() : kSteps;
    }

    /** Passes over the steps of each group. */
    public int passes() {
        return engine().passes(shape.bits(), shape.kept());
    }

    /** Types of the MX instructions. */
    public MatrixTypes types() {
        return engine().types(WeightType.of(shape.bits(), shape.zeroPoint()), shape.wide());
    }

    /** Bytes of the results of one block. */
    public int blockBytes() {
        return engine().m() * engine().n() * (shape.wide() ? 8 : 4);
    }

    /** Activations of one chunk of rows in memory, in bytes, padded to a beat. */
    public long inBytes() {
        return padded((long) kSteps * lineBytes());
    }

    /** Results of one chunk of rows in memory, in bytes. */
    public long outBytes() {
        return (long) blocks * blockBytes();
    }

    /** Tiles of all blocks. */
    public int tiles() {
        return (blocks + tileBlocks - 1) / tileBlocks;
    }

    /** Blocks of the last tile if it is smaller than the others, else 0. */
    public int tailBlocks() {
        return blocks % tileBlocks;
    }

    /** Steps of the last chunk. */
    public int lastChunkSteps() {
        return kSteps - (chunks - 1) * chunkSteps;
    }

    /** Words of a piece that the machine makes of bitmaps and codes; 0 where words lie as they are. */
    public int bitmapWords(int pieceBlocks, int steps) {
        return shape.hasBitmaps() ? pieceBlocks * steps * passes() : 0;
    }

    /** Bytes of the weights of a piece. */
    public long weightBytes(int pieceBlocks, int steps) {
        if (shape.hasBitmaps()) {
            return padded((long) pieceBlocks * shape.bitmapBytes());
        }
        return engine().storedWords(shape.zeroPoint(), (long) pieceBlocks * steps * passes()) * engine().wordBytes();
    }

    /** Whether scales, indices or lists of steps are streamed. */
    public boolean streamsScales() {
        return shape.scaled() || shape.kept().indexed() || shape.listed();
    }

    /** Lines of scales of a block, one per group, of indices, one per pass of each step, or of its list, one per step. */
    public long scaleLines(int steps) {
        if (shape.listed()) {
            return steps;
        }
        return shape.scaled() ? groups(steps) : shape.kept().indexed() ? (long) steps * passes() : 0;
    }

    /** Bytes of the scales or indices of a piece, padded to a beat; 0 without. */
    public long scaleBytes(int pieceBlocks, int steps) {
        return padded(pieceBlocks * scaleLines(steps) * engine().scaleBytes());
    }

    /** Bytes of the entries of a tile. */
    public long tileEntryBytes() {
        return (long) tileEntries * SideEngine.ENTRY_BYTES;
    }

    /** Bytes of the entries of one layer's sparse rows, which are behind its matrix. */
    public long entryBytes() {
        return tiles() * tileEntryBytes();
    }

    /** Bytes of the sums of sparse rows of so many blocks. */
    public long sumBytes(int pieceBlocks) {
        return tileEntries == 0 ? 0 : (long) pieceBlocks * engine().n() * SideEngine.SUM_BYTES;
    }

    /** Bytes of one layer in the weight image: its matrix, and entries of sparse rows. */
    public long tensorBytes() {
        return matrixBytes() + entryBytes();
    }

    /** Bytes of one layer's matrix in the weight image. */
    public long matrixBytes() {
        long bytes = 0;
        for (Piece piece : pieces()) {
            bytes += scaleBytes(piece.blocks(), piece.steps()) + weightBytes(piece.blocks(), piece.steps());
        }
        return bytes;
    }

    /** Cycles of one layer and one chunk of rows, as the search for tiles estimates them. */
    public long predictedCycles() {
        return TileCost.of(this);
    }

    /** Scale groups in so many steps; 1 without scales. */
    public int groups(int steps) {
        return shape.scaled() ? (steps + gSteps - 1) / gSteps : 1;
    }

    /** All pieces of one chunk of rows, in the order in which they run. */
    public List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        for (int block = 0; block < blocks; block += tileBlocks) {
            for (int step = 0; step < storedSteps(); step += chunkSteps) {
                pieces.add(new Piece(
                        block, Math.min(tileBlocks, blocks - block), step, Math.min(chunkSteps, storedSteps() - step)));
            }
        }
        return pieces;
    }

    /** Compute cycles of one chunk of rows: those of its instructions. */
    public long computeCycles() {
        return pieces().stream()
                .mapToLong(piece ->
                        EngineCycles.of(engine(), shape.bits(), shape.kept(), piece.steps(), gSteps, piece.blocks()))
                .sum();
    }

    private long padded(long bytes) {
        int beat = machine.bus().beatBytes();
        return (bytes + beat - 1) / beat * beat;
    }

    @Override
    public String toString() {
        return "%s: %d layers, k %d = %d steps in %d chunks of %d, n %d = %d blocks in %d tiles of %d%s%s%s%s"
                .formatted(
                        shape.name(),
                        shape.layers(),
                        shape.k(),
                        kSteps,
                        chunks,
                        chunkSteps,
                        shape.n(),
                        blocks,
                        tiles(),
                        tileBlocks,
                        tailBlocks() == 0 ? "" : " (last: %d)".formatted(tailBlocks()),
                        tileEntries == 0 ? "" : " with %d entries".formatted(tileEntries),
                        shape.wide() ? ", INT64" : "",
                        shape.kept().indexed()
                                ? ", " + shape.kept()
                                : shape.listed()
                                        ? ", %d steps of a block".formatted(shape.listedSteps())
                                        : shape.hasBitmaps()
                                                ? ", %d bytes of a block".formatted(shape.bitmapBytes())
                                                : "");
    }
}
