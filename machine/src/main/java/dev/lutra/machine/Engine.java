// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import org.jspecify.annotations.Nullable;

/**
 * The matrix engine of a machine: integer activations, or such as become integers in front of it, times low-bit weights.
 *
 * <p>One step takes {@code t * g} activations of each of {@code m} rows and one weight word, which holds {@code planes} planes of
 * {@code n} output columns as {@link #packing} says.
 *
 * @param kind engine family: {@code lut-int}, or the name of another one that the generator knows or that a jar offers to it
 * @param m rows computed together, 1..64, a power of two
 * @param n output columns, 4..256, a power of two
 * @param g activations per table, 2..6 (a table of {@code lut-int} holds 2^(g-1) entries); without tables, t*g is what counts
 * @param t tables summed before one accumulator, 1..16
 * @param maxBits widest weight, 1..8 bits (planes)
 * @param groupScales whether unsigned 8-bit group scales can be applied
 * @param innerBits width of the accumulator of one group (or of one MX instruction without scales), 16..32, signed
 * @param outerBits width of the accumulator over groups, innerBits..64, signed
 * @param packing what a weight word holds
 * @param planes planes of a weight in a weight word, so that weights of W bits take ceil(W / planes) passes, 1..8
 * @param activations what activations are
 * @param tables what its tables are like; {@link Tables#REGISTERS} where there are none
 * @param packedTernary whether ternary weights lie in memory at five in a byte: four words carry five ({@link #storedWords})
 * @param bitmaps whether weight words may lie in memory as {@link BitmapWords}
 */
public record Engine(
        String kind,
        int m,
        int n,
        int g,
        int t,
        int maxBits,
        boolean groupScales,
        int innerBits,
        int outerBits,
        WeightPacking packing,
        int planes,
        ActivationType activations,
        Tables tables,
        boolean packedTernary,
        boolean bitmaps) {

    /** The engine family that is always there: the LUT tensor core. */
    public static final String LUT_INT = "lut-int";

    /** Trits of a byte of packed ternary weights, and words that four packed ones carry. */
    public static final int PACKED_TRITS = 5;

    /** An engine whose tables, if it has any, are new in every slot, and whose ternary weights lie in memory as its words have them. */
    public Engine(
            String kind,
            int m,
            int n,
            int g,
            int t,
            int maxBits,
            boolean groupScales,
            int innerBits,
            int outerBits,
            WeightPacking packing,
            int planes,
            ActivationType activations) {
        this(
                kind,
                m,
                n,
                g,
                t,
                maxBits,
                groupScales,
                innerBits,
                outerBits,
                packing,
                planes,
                activations,
                Tables.REGISTERS,
                false,
                false);
    }

    /** An engine that takes INT8 activations and one offline-mapped plane of the weights a slot, as the LUT tensor core does. */
    public Engine(
            String kind, int m, int n, int g, int t, int maxBits, boolean groupScales, int innerBits, int outerBits) {
        this(
                kind,
                m,
                n,
                g,
                t,
                maxBits,
                groupScales,
                innerBits,
                outerBits,
                WeightPacking.MAPPED_PLANES,
                1,
                ActivationType.INT8);
    }

    /** This engine with words that may lie in memory as {@link BitmapWords}. */
    public Engine withBitmaps() {
        return new Engine(
                kind,
                m,
                n,
                g,
                t,
                maxBits,
                groupScales,
                innerBits,
                outerBits,
                packing,
                planes,
                activations,
                tables,
                packedTernary,
                true);
    }

    /** What it takes at a time. */
    public MatrixTile tile() {
        return new MatrixTile(m, n, step());
    }

    /**
     * Types of its MX instructions.
     *
     * @param wide results are INT64 instead of INT32
     */
    public MatrixTypes types(WeightType weights, boolean wide) {
        return new MatrixTypes(activations, weights, outerBits, wide);
    }

    /** Activations of the reduction dimension taken by one step: {@code t * g}. */
    public int step() {
        return t * g;
    }

    /** Bytes of one row's activations of a step in memory: the next power of two from those of t*g on. */
    public int rowBytes() {
        return power(step() * activations.bytes());
    }

    /** Bytes of the activations of a step: m rows. */
    public int lineBytes() {
        return m * rowBytes();
    }

    /**
     * Bytes of a line in the stream of scales: of one group n scales, and n marks where the packing has them; of chains the indices of a pass.
     */
    public int scaleBytes() {
        ChainLayout chains = chains();
        return chains != null ? chains.indexLineBits() / Byte.SIZE : n * packing.groupBytes();
    }

    /** Whether LDS has something to load: group scales, or indices. */
    public boolean hasScaleStream() {
        return groupScales || packing == WeightPacking.CHAINS;
    }

    /** How chains share columns and steps out; null if the engine has none. */
    public @Nullable ChainLayout chains() {
        return packing == WeightPacking.CHAINS ? ChainLayout.of(this) : null;
    }

    /** Bits of one column in a weight word. */
    public int columnBits() {
        return packing.columnBits(this);
    }

    /** Bits of a weight word: the next power of two from n columns on. */
    public int wordBits() {
        return power(n * columnBits());
    }

    /** Bytes of a weight word. */
    public int wordBytes() {
        return wordBits() / 8;
    }

    /** Whether its words hold whole codes, so that they may lie in memory as bitmaps and codes. */
    public boolean holdsCodes() {
        return packing.bitmapComplaint(this) == null;
    }

    /** How its words lie in memory as bitmaps and codes. */
    public BitmapWords bitmapWords() {
        return new BitmapWords(wordBits() / planes, planes);
    }

    /** Most passes over the steps of a group. */
    public int maxPasses() {
        return packing.passes(this, maxBits);
    }

    /**
     * Why it does not take weights of a format, as half a sentence with the values; null if it does.
     *
     * @param bits planes of the format, 1..8
     * @param zeroPoint z' of the format: 1 for integers, -1 for ternary weights, 0 for +-1
     */
    public @Nullable String refusal(int bits, int zeroPoint) {
        return packing.refusal(this, bits, zeroPoint);
    }

    /** Why it does not execute an MX instruction, as a sentence with the values; null if it does. */
    public @Nullable String refusal(Instruction.Multiply mx) {
        MatrixTypes given = mx.types();
        if (!mx.tile().equals(tile())) {
            return "its tile is %s, the engine's %s".formatted(mx.tile(), tile());
        } else if (given.activations() != activations) {
            return "its activations are %s, the engine's %s"
                    .formatted(given.activations().text(), activations.text());
        } else if (activations == ActivationType.FP16 && !(mx.first() && mx.last())) {
            return "its reduction is split, but rows of f16 have one exponent for all of it";
        } else if (given.accumulatorBits() != outerBits) {
            return "its accumulators are i%d, the engine's i%d".formatted(given.accumulatorBits(), outerBits);
        } else if (given.wide() && !canBeWide()) {
            return "its results are i64, the engine's accumulators i%d".formatted(outerBits);
        } else if (tables.stay() && mx.blocks() > tables.blocks()) {
            return "its n is %d blocks of columns, the engine's tables stay for %d"
                    .formatted(mx.blocks(), tables.blocks());
        }
        String sparse = mx.listed() ? refusalOfList(mx.kept()) : refusal(mx.kept());
        return sparse != null
                ? sparse
                : refusal(given.weights().bits(), given.weights().zeroPoint());
    }

    /** Why it does not take weights of which so many are kept, as half a sentence; null if it does. */
    public @Nullable String refusal(NmRatio kept) {
        ChainLayout chains = chains();
        if (chains == null) {
            return kept.equals(NmRatio.DENSE)
                    ? null
                    : "its weights are %s sparse, the engine takes all".formatted(kept);
        }
        return kept.m() > chains.block()
                ? "its weights are %s sparse, the engine's multiplexers have %d inputs".formatted(kept, chains.block())
                : null;
    }

    /** Why it does not take the steps of a list with so many weights of a step kept, as half a sentence; null if it does. */
    public @Nullable String refusalOfList(NmRatio kept) {
        return !listsSteps()
                ? "its steps are listed, the engine takes them in order"
                : kept.indexed() ? "its steps are listed and its weights %s sparse".formatted(kept) : null;
    }

    /** Whether it takes the steps of a list, each of which is a line of the scale ring: chains do. */
    public boolean listsSteps() {
        return chains() != null;
    }

    /** The greatest number of a step that a list can have: a line's bits, at most 16 of them. */
    public int mostListedStep() {
        return (1 << Math.min(Short.SIZE, scaleBytes() * Byte.SIZE)) - 1;
    }

    /** Whether sums may need results of 64 bits. */
    public boolean canBeWide() {
        return outerBits > Integer.SIZE;
    }

    /** Passes over the steps of a group that weights of so many bits take. */
    public int passes(int bits) {
        return packing.passes(this, bits);
    }

    /** The same with so many of them kept. */
    public int passes(int bits, NmRatio kept) {
        return passes(bits) / kept.rows();
    }

    /**
     * Bound of what the rounding of tables adds to a group's sum, before it is halved, for each of its elements: an entry of g elements is off by
     * less than 2 g, in every plane. 0 if tables are exact.
     */
    public long roundingOfElement(int bits) {
        return tables.quantised() ? 2L << passes(bits) * planes : 0;
    }

    /** z' by which a group's sums are corrected, for weights of a format. */
    public int zeroPoint(int bits, int zeroPoint) {
        return packing.zeroPoint(this, bits, zeroPoint);
    }

    /**
     * Whether integers of W bits whose groups have zero points are integers of W + 1 bits to it, the zero points taken off: where the stream of scales
     * has none. Codes and zero points of W bits differ by at most 2^W - 1.
     *
     * @param zeroPoint z' of the format, or a kind of {@link TypedCodes}
     */
    public boolean foldsOffsets(int zeroPoint) {
        return zeroPoint == TypedCodes.OFFSETS && packing != WeightPacking.TYPED_CODES;
    }

    /**
     * Whether the words of weights of a format lie in memory as trits.
     *
     * @param zeroPoint z' of the format
     */
    public boolean packs(int zeroPoint) {
        return packedTernary && zeroPoint == -1;
    }

    /**
     * Words in memory that stand for the words an MX instruction takes. Packed ternary weights have 5 trits w + 1 in a byte b, trit n being
     * {@code 3 (b 3^n mod 256) >> 8} (GGUF's TQ1_0). A word that it takes has 4 trits for each of its bytes, in the order of columns and in a column of
     * elements; byte i of its word in memory has trits 4i to 4i+3 of it. The fifth trits of four words, from the first one's first byte on, are
     * the trits of the next word, which is not in memory. Trits that stand for nothing are 0.
     *
     * @param zeroPoint z' of the format
     * @param words of the instruction
     */
    public long storedWords(int zeroPoint, long words) {
        return packs(zeroPoint) ? words - words / PACKED_TRITS : words;
    }

    /**
     * Bits that a row of k weights takes where nothing is padded, with the indices of those that are kept.
     *
     * @param zeroPoint z' of the format
     */
    public long storedBits(int k, int bits, int zeroPoint, NmRatio kept) {
        if (packs(zeroPoint)) {
            return (8L * k + PACKED_TRITS - 1) / PACKED_TRITS;
        }
        ChainLayout chains = chains();
        long indices = chains != null && kept.indexed() ? (long) k * chains.indexBits() / chains.width() : 0;
        return (packing.storedBits(this, k, bits) + indices) / kept.rows();
    }

    /** Products of an activation and a bit of a weight that a slot has for each row. */
    public int planeLanes() {
        return n * step() * planes / (chains() == null ? 1 : packing.passes(this, maxBits));
    }

    private static int power(int atLeast) {
        return Integer.highestOneBit(2 * atLeast - 1);
    }
}
