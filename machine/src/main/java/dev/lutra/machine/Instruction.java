// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import java.util.List;
import java.util.Locale;

/**
 * One instruction of 128 bits; {@link InstructionCodec} has the encoding. CTL executes HALT, LOOP, ENDL, SETB and SETS
 * itself and sends the others to the queue of their unit, with addresses, counts and halves already resolved.
 *
 * <p>Counts (beats, kSteps, blocks) of 0 are illegal, except the count of a loop.
 */
public sealed interface Instruction {
    /** Size of an instruction in memory. */
    int BYTES = 16;

    /** Deepest nest of loops. */
    int MAX_NEST = 4;

    /** Ends the region: all units drain, then every token counter must be at its preset. */
    record Halt() implements Instruction {}

    /**
     * Repeats the instructions up to the matching ENDL; a count of 0 skips them.
     *
     * <p>Double buffers inside loops: CTL keeps two phase bits, one for the activation buffer and one for the output
     * buffer, both 0 at the start of a region. The half that LDA and MX name is XORed with the activation phase, the
     * half of MX and ST for outputs with the output phase, at dispatch. At each ENDL of this loop (the last pass
     * included) CTL inverts the phases chosen here.
     *
     * @param count passes, 0..65535; with {@code length} log2 of how many of it a pass is for, 0..15: passes are rounded up
     * @param length 0: literal count; 1..3: run-time length register LEN1..LEN3
     * @param flipA invert the activation phase after each pass
     * @param flipO invert the output phase after each pass
     * @param layers LAYER counts up after each pass but the last, which sets it to the region's argument again; only on machines with a vector unit
     */
    record Loop(int count, int length, boolean flipA, boolean flipO, boolean layers) implements Instruction {
        /** Largest {@code count} with a {@code length}. */
        public static final int MOST_LOG = 15;

        /** A loop for a run-time length, with a pass for so many of it. */
        public static Loop per(int many, int length) {
            return new Loop(Integer.numberOfTrailingZeros(many), length, false, false);
        }

        /** Passes, with the values of the length registers. */
        public int passes(int[] lengths) {
            return length == 0 ? count : lengths[length - 1] + (1 << count) - 1 >> count;
        }

        /** A loop in one layer. */
        public Loop(int count, int length, boolean flipA, boolean flipO) {
            this(count, length, flipA, flipO, false);
        }

        /** A loop over so many layers. */
        public static Loop layers(int count) {
            return new Loop(count, 0, false, false, true);
        }

        /** A loop with a literal count. */
        public static Loop times(int count) {
            return new Loop(count, 0, false, false);
        }
    }

    /** Ends the innermost loop. */
    record EndLoop() implements Instruction {}

    /**
     * {@code b[base] = BASE[argument] + offset + LAYER * stride}, or LEN1 or LEN3 times it, modulo the address width.
     *
     * @param base base register 0..15
     * @param argument host register BASE0..BASE3
     * @param offset bytes, 0..2^40-1
     * @param stride bytes per layer, token or position, 0..2^40-1
     * @param per what the stride is multiplied by; other than LAYER only on machines with a vector unit
     */
    record SetBase(int base, int argument, long offset, long stride, Per per) implements Instruction {

        /** Factors of a stride, in the order of their codes. */
        public enum Per {
            /** LAYER. */
            LAYER,
            /** LEN3, the number of a token. */
            TOKEN,
            /** LEN1, positions before the one of a step. */
            POSITION;

            /** In the text form of a program. */
            String text() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        /** An address that depends on the layer. */
        public SetBase(int base, int argument, long offset, long layerStride) {
            this(base, argument, offset, layerStride, Per.LAYER);
        }
    }

    /**
     * {@code s[stride] = bytes}.
     *
     * @param stride stride register 1..7; register 0 is always 0
     * @param bytes -2^39..2^39-1
     */
    record SetStride(int stride, long bytes) implements Instruction {}

    /**
     * Runs on LDA: memory at {@code b[base]} to an activation half, from its start; {@code b[base] += s[stride]} at
     * dispatch.
     *
     * @param half 0 or 1, before the activation phase
     * @param beats bus beats, 1..65535, which must fit the half
     */
    record LoadActivations(Tokens tokens, int base, int stride, int half, int beats) implements Instruction {}

    /**
     * Runs on LDW: memory at {@code b[base]} to the weight ring, as space allows; {@code b[base] += s[stride]}.
     *
     * @param beats bus beats, 1..2^20-1; may exceed the ring
     * @param words of the engine, 1..2^20-1, that the beats hold as {@link BitmapWords}, with padding behind them; 0: they hold words as they are
     */
    record LoadWeights(Tokens tokens, int base, int stride, int beats, int words) implements Instruction {
        /** Of words as they are. */
        public LoadWeights(Tokens tokens, int base, int stride, int beats) {
            this(tokens, base, stride, beats, 0);
        }
    }

    /**
     * Runs on LDW: memory at {@code b[base]} to the scale ring; {@code b[base] += s[stride]}.
     *
     * @param beats bus beats, 1..2^20-1, which must fit the scale ring
     */
    record LoadScales(Tokens tokens, int base, int stride, int beats) implements Instruction {}

    /**
     * Runs on MX: a product of {@code tile.m()} rows of activations with {@link #columns} columns of weights over {@link #depth} elements of
     * the reduction, {@code blocks} blocks of the tile's columns, each the sum over {@code kSteps} steps. Tile and types are those of the engine, which refuses
     * others; passes over the steps and z' follow from the weights' type ({@link Engine#passes}, {@link Engine#zeroPoint}).
     *
     * @param aHalf activation half read from its start, before the activation phase
     * @param oHalf output half, before the output phase
     * @param first clears the outer accumulators before the block
     * @param last writes the results of the block; without both first and last, blocks is 1
     * @param tile what the engine takes at a time
     * @param types of activations, weights, accumulators and results
     * @param kSteps steps, 1..4095
     * @param gSteps steps of a group; 0: one group, not scaled
     * @param blocks 1..4095
     * @param outputBeat first beat of the output half that is written, or first row of the scratchpad
     * @param toRows results go to rows of the vector unit's scratchpad, column by column, instead of the output half
     * @param kept weights that are stored, of how many
     * @param listed the steps of each block are those of a list that comes through the scale ring, a line each; else the first ones
     */
    record Multiply(
            Tokens tokens,
            int aHalf,
            int oHalf,
            boolean first,
            boolean last,
            MatrixTile tile,
            MatrixTypes types,
            int kSteps,
            int gSteps,
            int blocks,
            int outputBeat,
            boolean toRows,
            NmRatio kept,
            boolean listed)
            implements Instruction {

        /** Results go to the output buffer, all weights are stored. */
        public Multiply(
                Tokens tokens,
                int aHalf,
                int oHalf,
                boolean first,
                boolean last,
                MatrixTile tile,
                MatrixTypes types,
                int kSteps,
                int gSteps,
                int blocks,
                int outputBeat) {
            this(
                    tokens,
                    aHalf,
                    oHalf,
                    first,
                    last,
                    tile,
                    types,
                    kSteps,
                    gSteps,
                    blocks,
                    outputBeat,
                    false,
                    NmRatio.DENSE,
                    false);
        }

        /** N: columns of the product. */
        public int columns() {
            return blocks * tile.n();
        }

        /** K: elements of the reduction, with those that fill up its last step. */
        public int depth() {
            return kSteps * tile.k();
        }

        /** Whether group scales are applied. */
        public boolean scaled() {
            return gSteps != 0;
        }

        /** Groups of one block. */
        public int groups() {
            return scaled() ? (kSteps + gSteps - 1) / gSteps : 1;
        }

        /** Weight words taken by an engine that makes so many passes. */
        public long words(int passes) {
            return (long) blocks * kSteps * passes;
        }
    }

    /**
     * Runs on ST: an output half, from its start, to memory at {@code b[base]}; {@code b[base] += s[stride]}. Retires
     * when the write responses are back.
     *
     * @param half 0 or 1, before the output phase
     * @param beats bus beats, 1..65535, which must fit the half
     */
    record Store(Tokens tokens, int base, int stride, int half, int beats) implements Instruction {}

    /**
     * Runs on LDA: memory at {@code b[base]} to rows of the scratchpad; {@code b[base] += s[stride]}.
     *
     * @param row first row, 0..4095
     * @param beats bus beats, 1..65535, a multiple of the bytes of a row
     * @param format of elements in memory
     */
    record LoadRows(Tokens tokens, int base, int stride, int row, int beats, RowFormat format) implements Instruction {

        /** Of words. */
        public LoadRows(Tokens tokens, int base, int stride, int row, int beats) {
            this(tokens, base, stride, row, beats, RowFormat.WORDS);
        }
    }

    /** Runs on ST: rows of the scratchpad to memory, otherwise as {@link LoadRows}. Retires when its last row is on its way. */
    record StoreRows(Tokens tokens, int base, int stride, int row, int beats, RowFormat format) implements Instruction {

        /** Of words. */
        public StoreRows(Tokens tokens, int base, int stride, int row, int beats) {
            this(tokens, base, stride, row, beats, RowFormat.WORDS);
        }
    }

    /**
     * Runs on LDW: memory at {@code b[base]} to the side engine; {@code b[base] += s[stride]}.
     *
     * @param activations they are the activations of a row, from its first place on, and are loaded when all entries before are worked off; else entries of
     *     sparse rows, through their ring
     * @param beats bus beats, 1..2^20-1; of activations they must fit the side engine, of entries they may exceed the ring
     */
    record LoadEntries(Tokens tokens, int base, int stride, boolean activations, int beats) implements Instruction {}

    /**
     * Runs on ST: the next INT64 sums of sparse rows, as they come, to memory at {@code b[base]}; {@code b[base] += s[stride]}.
     *
     * @param beats bus beats, 1..65535
     */
    record StoreSums(Tokens tokens, int base, int stride, int beats) implements Instruction {}

    /**
     * Runs on VEC: a pass of the vector unit. Retires when what it wrote can be read.
     *
     * @param pass over so many elements; fields it does not use are 0, rows 0..4095, period 0..511, swap 0 or a power of two up to 64; a constant takes no y
     * @param length 0: elements as in the pass; 1..3: the pass says 1, and takes the run-time length LEN1..LEN3 (0 skips it)
     */
    record Vector(Tokens tokens, VectorPass pass, int length) implements Instruction {}

    /**
     * Goes on to the next token of a sequence, when all units are at rest and all that was stored is in memory: {@code LEN3 = s[scalar]}, its lower 16 bits;
     * LEN1 counts up; BASE1, BASE2 and BASE3 move on. The next region begins with its arguments again. Only on machines with a vector unit.
     *
     * @param scalar register of the vector unit, 0..15, with the number of the token
     * @param resultBytes by which BASE2 moves on, 0..2^20-1
     * @param recordBytes by which BASE3 moves on, 0..2^18-1
     * @param scaleBytes by which BASE1 moves on, 0..2^18-1
     * @param ends at most two numbers 0..65535; with one of them in LEN3, and bit 31 of the register 0, the loop of the ENDL that comes next
     *     ends with this pass
     */
    record Next(int scalar, long resultBytes, long recordBytes, long scaleBytes, List<Integer> ends)
            implements Instruction {
        /** Most numbers that end a sequence. */
        public static final int MOST_ENDS = 2;

        public Next {
            ends = List.copyOf(ends);
        }
    }

    /** Runs on {@code unit}: only waits and posts. */
    record Sync(Tokens tokens, Unit unit) implements Instruction {}
}
