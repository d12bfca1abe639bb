// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.pack;

import dev.lutra.machine.Engine;
import dev.lutra.machine.SideEngine;
import dev.lutra.map.plan.RegionPlan;
import dev.lutra.map.quant.SparseRows;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Writes the sparse rows of a region as the side engine streams them: tile by tile the entries of its rows, row by row, those of the columns that fill up the
 * last block too, and words of 0 up to the entries of a tile.
 */
public final class EntryPacker {
    private final RegionPlan plan;
    private final Engine engine;

    /** @param plan how the region is cut; of its entries only {@link #pack} needs to know */
    public EntryPacker(RegionPlan plan) {
        this.plan = plan;
        this.engine = plan.machine().engine();
    }

    /** Whether the machine has a side engine that takes rows of the region's activations. */
    public boolean fits() {
        SideEngine side = plan.machine().side();
        return plan.kSteps() * placesOfStep() <= side.columns();
    }

    /**
     * The plan with as many entries as the largest tile of any layer has, whole beats of them.
     *
     * @param layers of each its matrices, one above the other
     */
    public RegionPlan planned(List<List<? extends SparseRows>> layers) {
        int most = 0;
        for (List<? extends SparseRows> matrices : layers) {
            int row = 0;
            int[] ofTiles = new int[plan.tiles()];
            for (SparseRows rows : matrices) {
                for (int r = 0; r < rows.rows(); r++) {
                    ofTiles[row++ / tileRows()] += Math.max(1, rows.end(r) - rows.start(r));
                }
            }
            while (row < plan.blocks() * engine.n()) {
                ofTiles[row++ / tileRows()]++;
            }
            for (int entries : ofTiles) {
                most = Math.max(most, entries);
            }
        }
        int ofBeat = Math.max(1, plan.machine().bus().beatBytes() / SideEngine.ENTRY_BYTES);
        return plan.withEntries((most + ofBeat - 1) / ofBeat * ofBeat);
    }

    /** The bytes of one layer, whose matrices lie one above the other. */
    public byte[] pack(List<? extends SparseRows> matrices) {
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(plan.entryBytes())).order(ByteOrder.LITTLE_ENDIAN);
        int row = 0;
        for (SparseRows rows : matrices) {
            for (int r = 0; r < rows.rows(); r++) {
                begin(row++, out);
                for (int i = rows.start(r); i < rows.end(r); i++) {
                    out.putInt(SideEngine.entry(place(rows.column(i)), rows.code(i), i == rows.end(r) - 1));
                }
                if (rows.start(r) == rows.end(r)) {
                    out.putInt(SideEngine.entry(0, (short) 0, true));
                }
            }
        }
        while (row < plan.blocks() * engine.n()) {
            begin(row++, out);
            out.putInt(SideEngine.entry(0, (short) 0, true));
        }
        return out.array();
    }

    private void begin(int row, ByteBuffer out) {
        if (row % tileRows() == 0) {
            out.position(Math.toIntExact(row / tileRows() * plan.tileEntryBytes()));
        }
    }

    private int tileRows() {
        return plan.tileBlocks() * engine.n();
    }

    private int placesOfStep() {
        return engine.rowBytes() / engine.activations().bytes();
    }

    private int place(int column) {
        return column / engine.step() * placesOfStep() + column % engine.step();
    }
}
