// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

/**
 * Options of a {@link TableCore}. What cannot be built, or would say nothing, is refused with the reason.
 *
 * @param m rows of activations
 * @param n columns of weights
 * @param g activations per table, 2..6
 * @param t tables of a row summed before one accumulator
 * @param planes planes of the weights per cycle, 1 (bit-serial) to 8
 * @param storage what tables lie in
 * @param order which loop is outermost
 * @param blocks blocks of n columns whose sums are kept, 4..64 with {@link Order#TABLES_STAY}, else 1
 * @param activationBits 8 or 16; activations are at most {@code 2^(bits-1) - 1} in magnitude
 * @param quantised table entries have 8 bits and one power of two as scale for all tables of a slot and row
 * @param leastFirst planes come least significant first
 * @param zeroPoints every column and slot brings a zero point
 * @param levels adders between two registers of a tree, 1..3
 * @param unit columns that share one precompute; n: all
 * @param sumBits width of sums; they wrap
 */
public record TableOptions(
        int m,
        int n,
        int g,
        int t,
        int planes,
        Storage storage,
        Order order,
        int blocks,
        int activationBits,
        boolean quantised,
        boolean leastFirst,
        boolean zeroPoints,
        int levels,
        int unit,
        int sumBits) {

    /** What tables lie in. */
    public enum Storage {
        /** Registers: all entries are made at once, by adders. */
        REGISTERS,
        /** Distributed RAM: one adder writes an entry per cycle, while the table before is in use. */
        RAM
    }

    /** Which loop is outermost. */
    public enum Order {
        /** Column blocks outermost: sums stay in registers while the reduction passes, tables are new in every slot. */
        SUMS_STAY,
        /** Tiles of the reduction outermost: tables stay while the column blocks pass, whose sums lie in a memory. */
        TABLES_STAY
    }

    public TableOptions {
        refuse(m < 1 || n < 1 || t < 1, m + " rows, " + n + " columns, " + t + " tables");
        refuse(g < 2 || g > 6, "activations per table must be 2..6, not " + g);
        refuse(planes < 1 || planes > 8, "planes per cycle must be 1..8, not " + planes);
        refuse(activationBits != 8 && activationBits != 16, "activations have 8 or 16 bits, not " + activationBits);
        refuse(levels < 1 || levels > 3, "levels between registers must be 1..3, not " + levels);
        refuse(unit < 1 || n % unit != 0, n + " columns are no multiple of a unit of " + unit);
        refuse(sumBits < 8 || sumBits > 64, "sums have 8..64 bits, not " + sumBits);
        refuse(
                storage == Storage.RAM && order == Order.SUMS_STAY,
                "a table in RAM takes " + (g + (1 << g - 1))
                        + " cycles to write and would be used in one slot: let tables stay, or keep them in registers");
        refuse(order == Order.SUMS_STAY && blocks != 1, "sums that stay are those of one block, not of " + blocks);
        refuse(
                order == Order.TABLES_STAY && (blocks < 4 || blocks > 64),
                "blocks must be 4..64, not " + blocks
                        + ": a block's sums are used again three cycles later at the earliest");
        refuse(leastFirst && planes == 8, "with 8 planes per cycle no plane comes first");
        refuse(t == 1 && levels > 1, "one table has no tree of adders whose levels could share a register");
    }

    private static void refuse(boolean wrong, String reason) {
        if (wrong) throw new IllegalArgumentException(reason);
    }

    /** Activations of a row that a slot covers. */
    public int lanes() {
        return t * g;
    }

    /** Slots for all planes of W-bit weights: weights are widened to the next multiple of {@link #planes}. */
    public int passes(int weightBits) {
        return (weightBits + planes - 1) / planes;
    }

    /** Cycles from a load to the first slot that may use it; 0 where activations come with the slot. */
    public int loadCycles() {
        if (order == Order.SUMS_STAY) return 0;
        return storage == Storage.REGISTERS ? 1 : g + (1 << g - 1);
    }

    /** Cycles from a slot's codes to their lookups. */
    int lookupStage() {
        return storage == Storage.RAM ? 1 : quantised ? 3 : 2;
    }

    int treeStages() {
        return (SignTree.levels(t) + levels - 1) / levels;
    }

    /** Cycles from a slot to its results. */
    public int latency() {
        return lookupStage() + treeStages() + 3;
    }

    /**
     * Cycles of a product from its first load, or slot, to its last slot, both included.
     *
     * @param rows of activations
     * @param k reduction length
     * @param columns of weights
     */
    public long cycles(int rows, int k, int columns, int weightBits) {
        long tiles = (long) passes(weightBits) * ((k + lanes() - 1) / lanes());
        long blockRows = (rows + m - 1) / m;
        long columnBlocks = (columns + n - 1) / n;
        if (order == Order.SUMS_STAY) return blockRows * columnBlocks * tiles;
        long chunks = columnBlocks / blocks;
        int rest = (int) (columnBlocks % blocks);
        // All tiles but the last one take the writing of the next one's tables, if their slots take less.
        long busy = blockRows * tiles * (chunks * Math.max(blocks, loadCycles()) + (rest == 0 ? 0 : period(rest)));
        int last = rest == 0 ? blocks : rest;
        return loadCycles() + busy - (period(last) - last);
    }

    /** Cycles from the first slot of a tile to the first slot of the next one. */
    public int period(int columnBlocks) {
        // A block comes again three cycles later at the earliest.
        return Math.max(columnBlocks, Math.max(loadCycles(), 3));
    }

    int entryBits() {
        return quantised ? 8 : wholeBits();
    }

    int wholeBits() {
        return activationBits + 32 - Integer.numberOfLeadingZeros(g - 1);
    }

    /** Shifts 0..largest by which entries are scaled. */
    int largestShift() {
        return wholeBits() - 1 - 7;
    }
}
