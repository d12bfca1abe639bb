// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

/**
 * How an engine of sparse chains ({@link WeightPacking#CHAINS}) shares its columns and steps out. It has chains of {@code length} places, each
 * of which multiplies one activation with a weight of {@code width} columns, a <em>unit</em>; a chain has {@code block} units, which it
 * computes one after the other or, sparse, {@code M/N} at a time.
 *
 * <p><b>A pass</b> t of a step has, of each chain, units {@code t M/N .. (t + 1) M/N - 1}, so that a step takes {@code block N/M} passes. Place j of a
 * chain is in group {@code e = j / (length / block)} and serves activations {@code block b} and following, {@code b = j mod (length / block)}. It
 * belongs to unit {@code e / (block N/M)} of the pass; with {@code q = e mod (block N/M)} its weights are those at activation
 * {@code block b + M (q / N) + index}; dense, the index is 0.
 *
 * <p><b>A weight word</b> has the weight of column i of the unit of place j of chain c at {@code ((c length + j) width + i) bits}; the line of indices of
 * a pass the index of place j of chain c at {@code (c length + j) indexBits}. Column {@code (c block + u) width + i} of a tile is column i of unit u
 * of chain c.
 *
 * @param chains whose results are for different columns
 * @param length places of a chain: activations of a step
 * @param block units of a chain, and the greatest M
 * @param width columns of a unit, which share indices
 */
public record ChainLayout(int chains, int length, int block, int width) {
    private static final int MOST = 16;
    private static final int NARROW = 4;

    /** Of an engine whose weights are packed for chains. */
    static ChainLayout of(Engine e) {
        boolean narrow = e.activations().bits() <= NARROW && e.maxBits() <= NARROW;
        int width = e.m() == 1 || narrow ? 2 : 1;
        int block = Math.min(Math.min(MOST, Integer.lowestOneBit(e.step())), e.n() / width);
        return new ChainLayout(e.n() / width / block, e.step(), block, width);
    }

    /** Bits of an index in its line: 1, 2 or 4. */
    public int indexBits() {
        int bits = Integer.numberOfTrailingZeros(block);
        return bits == 3 ? 4 : bits;
    }

    /** Bits of a line of indices: of all places, filled up to a power of two of bytes. */
    public int indexLineBits() {
        return Math.max(Byte.SIZE, Integer.highestOneBit(2 * chains * length * indexBits() - 1));
    }

    /** Passes over a step. */
    public int passes(NmRatio ratio) {
        return block / ratio.rows();
    }

    /**
     * The activation of the step that a place multiplies.
     *
     * @param j place in the chain
     * @param index stored index, 0 if the ratio is dense
     */
    public int activation(NmRatio ratio, int j, int index) {
        int perGroup = length / block;
        int q = j / perGroup % passes(ratio);
        return block * (j % perGroup) + ratio.m() * (q / ratio.n()) + index;
    }

    /** The unit of its chain that a place has a weight of, in a pass. */
    public int unit(NmRatio ratio, int pass, int j) {
        return pass * ratio.rows() + j / (length / block) / passes(ratio);
    }
}
