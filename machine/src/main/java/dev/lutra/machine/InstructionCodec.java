// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import dev.lutra.machine.Instruction.EndLoop;
import dev.lutra.machine.Instruction.Halt;
import dev.lutra.machine.Instruction.LoadActivations;
import dev.lutra.machine.Instruction.LoadEntries;
import dev.lutra.machine.Instruction.LoadRows;
import dev.lutra.machine.Instruction.LoadScales;
import dev.lutra.machine.Instruction.LoadWeights;
import dev.lutra.machine.Instruction.Loop;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Instruction.Next;
import dev.lutra.machine.Instruction.SetBase;
import dev.lutra.machine.Instruction.SetStride;
import dev.lutra.machine.Instruction.Store;
import dev.lutra.machine.Instruction.StoreRows;
import dev.lutra.machine.Instruction.StoreSums;
import dev.lutra.machine.Instruction.Sync;
import dev.lutra.machine.Instruction.Vector;
import java.util.ArrayList;
import java.util.List;

/**
 * Instructions to and from 128 bits. Bits 4:0 op, 7:5 unit (SYNC only), 15:8 wait, 23:16 post, 31:24 zero, body from bit
 * 32; the constants below give each field its lowest bit. A bit that no field covers must be 0.
 */
public final class InstructionCodec {
    public static final int OP_HALT = 1;
    public static final int OP_LOOP = 2;
    public static final int OP_ENDL = 3;
    public static final int OP_SETB = 4;
    public static final int OP_SETS = 5;
    public static final int OP_LDA = 6;
    public static final int OP_LDW = 7;
    public static final int OP_LDS = 8;
    public static final int OP_MX = 9;
    public static final int OP_ST = 10;
    public static final int OP_SYNC = 11;
    public static final int OP_LDV = 12;
    public static final int OP_STV = 13;
    public static final int OP_VEC = 14;
    public static final int OP_NEXT = 15;
    public static final int OP_LDE = 16;
    public static final int OP_STE = 17;

    public static final Field OP = new Field("op", 0, 5);
    public static final Field UNIT = new Field("unit", 5, 3);
    public static final Field WAIT = new Field("wait", 8, 8);
    public static final Field POST = new Field("post", 16, 8);

    public static final Field LOOP_COUNT = new Field("count", 32, 16);
    public static final Field LOOP_LENGTH = new Field("len", 48, 2);
    public static final Field LOOP_FLIP_A = new Field("flipA", 50, 1);
    public static final Field LOOP_FLIP_O = new Field("flipO", 51, 1);
    public static final Field LOOP_LAYERS = new Field("layers", 52, 1);

    public static final Field SETB_BASE = new Field("base", 32, 4);
    public static final Field SETB_ARGUMENT = new Field("argument", 36, 2);
    public static final Field SETB_OFFSET = new Field("offset", 40, 40);
    public static final Field SETB_STRIDE = new Field("stride", 80, 40);
    /** {@link SetBase.Per}, in its order. */
    public static final Field SETB_PER = new Field("per", 120, 2);

    public static final Field SETS_STRIDE = new Field("stride", 32, 3);
    public static final Field SETS_BYTES = new Field("bytes", 40, 40);

    /** All transfers. */
    public static final Field MEM_BASE = new Field("base", 32, 4);
    /** All transfers. */
    public static final Field MEM_STRIDE = new Field("stride", 36, 3);
    /** LDA and ST. */
    public static final Field MEM_HALF = new Field("half", 39, 1);
    /** LDE. */
    public static final Field MEM_ACTIVATIONS = new Field("activations", 39, 1);
    /** LDA, ST, LDV, STV and STE. */
    public static final Field MEM_BEATS = new Field("beats", 40, 16);
    /** LDW, LDS and LDE. */
    public static final Field MEM_LONG_BEATS = new Field("beats", 40, 20);

    /** LDW: words that the beats hold as bitmaps and codes, or 0. */
    public static final Field LDW_WORDS = new Field("words", 60, 20);

    /** LDV and STV. */
    public static final Field MEM_ROW = new Field("row", 56, 12);
    /** LDV and STV: {@link RowFormat}, in its order. */
    public static final Field MEM_FORMAT = new Field("format", 68, 2);

    public static final Field MX_A_HALF = new Field("aHalf", 32, 1);
    public static final Field MX_FIRST = new Field("first", 33, 1);
    public static final Field MX_LAST = new Field("last", 34, 1);
    public static final Field MX_O_HALF = new Field("oHalf", 35, 1);
    /** {@link WeightType#code}. */
    public static final Field MX_WEIGHTS = new Field("weights", 36, 4);
    /** {@link ActivationType#code}. */
    public static final Field MX_ACTIVATIONS = new Field("activations", 40, 4);

    public static final Field MX_K_STEPS = new Field("kSteps", 44, 12);
    public static final Field MX_G_STEPS = new Field("gSteps", 56, 12);
    public static final Field MX_BLOCKS = new Field("blocks", 68, 12);
    public static final Field MX_OUTPUT_BEAT = new Field("oBeat", 80, 12);
    /** Bits of an accumulator - 1. */
    public static final Field MX_ACCUMULATOR = new Field("accumulator", 92, 6);
    /** Results of 64 bits. */
    public static final Field MX_WIDE = new Field("wide", 98, 1);
    /** Elements of a step. */
    public static final Field MX_TILE_K = new Field("tileK", 99, 7);
    /** Logarithm of the rows. */
    public static final Field MX_TILE_M = new Field("tileM", 106, 3);
    /** Logarithm of the columns of a block. */
    public static final Field MX_TILE_N = new Field("tileN", 109, 4);
    /** Results go to the scratchpad, from row {@link #MX_OUTPUT_BEAT} on. */
    public static final Field MX_TO_ROWS = new Field("toRows", 113, 1);

    /** Logarithm of the weights that are kept of M neighbours. */
    public static final Field MX_KEPT_N = new Field("keptN", 114, 3);
    /** Logarithm of M; 0: all weights are kept. */
    public static final Field MX_KEPT_M = new Field("keptM", 117, 3);
    /** The steps of a block are listed in the stream of scales. */
    public static final Field MX_LISTED = new Field("listed", 120, 1);

    public static final Field NEXT_SCALAR = new Field("scalar", 32, 4);
    /** Whether {@link #NEXT_END} is a number that ends a sequence. */
    public static final Field NEXT_HAS_END = new Field("hasEnd", 36, 1);
    /** The same of {@link #NEXT_OTHER_END}. */
    public static final Field NEXT_HAS_OTHER_END = new Field("hasOtherEnd", 37, 1);

    public static final Field NEXT_RESULTS = new Field("results", 40, 20);
    public static final Field NEXT_RECORD = new Field("record", 60, 18);
    public static final Field NEXT_SCALES = new Field("scales", 78, 18);
    public static final Field NEXT_END = new Field("end", 96, 16);
    public static final Field NEXT_OTHER_END = new Field("otherEnd", 112, 16);

    private InstructionCodec() {}

    /**
     * A field of an instruction.
     *
     * @param name its name in messages
     * @param low its lowest bit, 0..127
     * @param width its width, 1..40
     */
    public record Field(String name, int low, int width) {
        /** Largest value. */
        public long max() {
            return (1L << width) - 1;
        }
    }

    /**
     * Encodes an instruction.
     *
     * @throws IllegalArgumentException if a value does not fit its field or is not legal, naming field and value
     */
    public static Word encode(Instruction instruction) {
        String complaint = Legal.complaint(instruction);
        if (complaint != null) {
            throw new IllegalArgumentException(complaint);
        }
        Word w = new Word();
        switch (opcode(instruction)) {
            case OP_LOOP -> {
                Loop i = (Loop) instruction;
                w.put(LOOP_COUNT, i.count()).put(LOOP_LENGTH, i.length());
                w.put(LOOP_FLIP_A, i.flipA()).put(LOOP_FLIP_O, i.flipO()).put(LOOP_LAYERS, i.layers());
            }
            case OP_SETB -> {
                SetBase i = (SetBase) instruction;
                w.put(SETB_BASE, i.base()).put(SETB_ARGUMENT, i.argument());
                w.put(SETB_OFFSET, i.offset())
                        .put(SETB_STRIDE, i.stride())
                        .put(SETB_PER, i.per().ordinal());
            }
            case OP_SETS -> {
                SetStride i = (SetStride) instruction;
                w.put(SETS_STRIDE, i.stride()).put(SETS_BYTES, i.bytes() & SETS_BYTES.max());
            }
            case OP_LDA -> {
                LoadActivations i = (LoadActivations) instruction;
                w.put(i.tokens()).put(MEM_BASE, i.base()).put(MEM_STRIDE, i.stride());
                w.put(MEM_HALF, i.half()).put(MEM_BEATS, i.beats());
            }
            case OP_LDW -> {
                LoadWeights i = (LoadWeights) instruction;
                w.put(i.tokens())
                        .put(MEM_BASE, i.base())
                        .put(MEM_STRIDE, i.stride())
                        .put(MEM_LONG_BEATS, i.beats())
                        .put(LDW_WORDS, i.words());
            }
            case OP_LDS -> {
                LoadScales i = (LoadScales) instruction;
                w.put(i.tokens())
                        .put(MEM_BASE, i.base())
                        .put(MEM_STRIDE, i.stride())
                        .put(MEM_LONG_BEATS, i.beats());
            }
            case OP_MX -> {
                Multiply i = (Multiply) instruction;
                w.put(i.tokens()).put(MX_A_HALF, i.aHalf()).put(MX_O_HALF, i.oHalf());
                w.put(MX_FIRST, i.first()).put(MX_LAST, i.last());
                w.put(MX_K_STEPS, i.kSteps()).put(MX_G_STEPS, i.gSteps());
                w.put(MX_BLOCKS, i.blocks()).put(MX_OUTPUT_BEAT, i.outputBeat());
                w.put(MX_TILE_M, log2(i.tile().m()))
                        .put(MX_TILE_N, log2(i.tile().n()));
                w.put(MX_TILE_K, i.tile().k());
                MatrixTypes t = i.types();
                w.put(MX_ACTIVATIONS, t.activations().code())
                        .put(MX_WEIGHTS, t.weights().code());
                w.put(MX_ACCUMULATOR, t.accumulatorBits() - 1).put(MX_WIDE, t.wide());
                w.put(MX_TO_ROWS, i.toRows());
                w.put(MX_KEPT_N, i.kept().logN())
                        .put(MX_KEPT_M, i.kept().logM())
                        .put(MX_LISTED, i.listed());
            }
            case OP_ST -> {
                Store i = (Store) instruction;
                w.put(i.tokens()).put(MEM_BASE, i.base()).put(MEM_STRIDE, i.stride());
                w.put(MEM_HALF, i.half()).put(MEM_BEATS, i.beats());
            }
            case OP_SYNC -> {
                Sync i = (Sync) instruction;
                w.put(i.tokens()).put(UNIT, i.unit().ordinal());
            }
            case OP_LDV -> {
                LoadRows i = (LoadRows) instruction;
                rows(w.put(i.tokens()), i.base(), i.stride(), i.row(), i.beats(), i.format());
            }
            case OP_STV -> {
                StoreRows i = (StoreRows) instruction;
                rows(w.put(i.tokens()), i.base(), i.stride(), i.row(), i.beats(), i.format());
            }
            case OP_LDE -> {
                LoadEntries i = (LoadEntries) instruction;
                w.put(i.tokens()).put(MEM_BASE, i.base()).put(MEM_STRIDE, i.stride());
                w.put(MEM_ACTIVATIONS, i.activations()).put(MEM_LONG_BEATS, i.beats());
            }
            case OP_STE -> {
                StoreSums i = (StoreSums) instruction;
                w.put(i.tokens())
                        .put(MEM_BASE, i.base())
                        .put(MEM_STRIDE, i.stride())
                        .put(MEM_BEATS, i.beats());
            }
            case OP_VEC -> {
                Vector i = (Vector) instruction;
                VectorFields.put(w.put(i.tokens()), i);
            }
            case OP_NEXT -> {
                Next i = (Next) instruction;
                w.put(NEXT_SCALAR, i.scalar())
                        .put(NEXT_RESULTS, i.resultBytes())
                        .put(NEXT_RECORD, i.recordBytes())
                        .put(NEXT_SCALES, i.scaleBytes());
                if (!i.ends().isEmpty()) {
                    w.put(NEXT_HAS_END, true).put(NEXT_END, i.ends().get(0));
                }
                if (i.ends().size() > 1) {
                    w.put(NEXT_HAS_OTHER_END, true).put(NEXT_OTHER_END, i.ends().get(1));
                }
            }
            default -> {
                // HALT and ENDL have no body
            }
        }
        return w.put(OP, opcode(instruction));
    }

    private static void rows(Word w, int base, int stride, int row, int beats, RowFormat format) {
        w.put(MEM_BASE, base).put(MEM_STRIDE, stride).put(MEM_ROW, row).put(MEM_BEATS, beats);
        w.put(MEM_FORMAT, format.ordinal());
    }

    /**
     * Decodes an instruction.
     *
     * @throws IllegalArgumentException if it is illegal: unknown op, unused bits set, or a value out of its range
     */
    public static Instruction decode(Word w) {
        Instruction instruction = fields(w);
        if (!encode(instruction).equals(w)) {
            throw new IllegalArgumentException("bits are set that " + mnemonic(instruction) + " does not use");
        }
        return instruction;
    }

    private static Instruction fields(Word w) {
        Tokens tokens = new Tokens((int) w.get(WAIT), (int) w.get(POST));
        int base = (int) w.get(MEM_BASE);
        int stride = (int) w.get(MEM_STRIDE);
        int half = (int) w.get(MEM_HALF);
        int beats = (int) w.get(MEM_BEATS);
        int longBeats = (int) w.get(MEM_LONG_BEATS);
        int op = (int) w.get(OP);
        return switch (op) {
            case OP_HALT -> new Halt();
            case OP_LOOP ->
                new Loop(
                        (int) w.get(LOOP_COUNT),
                        (int) w.get(LOOP_LENGTH),
                        w.flag(LOOP_FLIP_A),
                        w.flag(LOOP_FLIP_O),
                        w.flag(LOOP_LAYERS));
            case OP_ENDL -> new EndLoop();
            case OP_SETB ->
                new SetBase(
                        (int) w.get(SETB_BASE),
                        (int) w.get(SETB_ARGUMENT),
                        w.get(SETB_OFFSET),
                        w.get(SETB_STRIDE),
                        per(w));
            case OP_SETS -> new SetStride((int) w.get(SETS_STRIDE), w.get(SETS_BYTES) << 24 >> 24);
            case OP_LDA -> new LoadActivations(tokens, base, stride, half, beats);
            case OP_LDW -> new LoadWeights(tokens, base, stride, longBeats, (int) w.get(LDW_WORDS));
            case OP_LDS -> new LoadScales(tokens, base, stride, longBeats);
            case OP_MX ->
                new Multiply(
                        tokens,
                        (int) w.get(MX_A_HALF),
                        (int) w.get(MX_O_HALF),
                        w.flag(MX_FIRST),
                        w.flag(MX_LAST),
                        new MatrixTile(1 << w.get(MX_TILE_M), 1 << w.get(MX_TILE_N), (int) w.get(MX_TILE_K)),
                        new MatrixTypes(
                                ActivationType.ofCode((int) w.get(MX_ACTIVATIONS)),
                                weights((int) w.get(MX_WEIGHTS)),
                                (int) w.get(MX_ACCUMULATOR) + 1,
                                w.flag(MX_WIDE)),
                        (int) w.get(MX_K_STEPS),
                        (int) w.get(MX_G_STEPS),
                        (int) w.get(MX_BLOCKS),
                        (int) w.get(MX_OUTPUT_BEAT),
                        w.flag(MX_TO_ROWS),
                        new NmRatio(1 << w.get(MX_KEPT_N), 1 << w.get(MX_KEPT_M)),
                        w.flag(MX_LISTED));
            case OP_ST -> new Store(tokens, base, stride, half, beats);
            case OP_SYNC -> {
                int unit = (int) w.get(UNIT);
                if (unit >= Unit.values().length) {
                    throw new IllegalArgumentException("there is no unit " + unit);
                }
                yield new Sync(tokens, Unit.values()[unit]);
            }
            case OP_LDV -> new LoadRows(tokens, base, stride, (int) w.get(MEM_ROW), beats, format(w));
            case OP_STV -> new StoreRows(tokens, base, stride, (int) w.get(MEM_ROW), beats, format(w));
            case OP_VEC -> VectorFields.get(w, tokens);
            case OP_LDE -> new LoadEntries(tokens, base, stride, w.flag(MEM_ACTIVATIONS), longBeats);
            case OP_STE -> new StoreSums(tokens, base, stride, beats);
            case OP_NEXT -> {
                List<Integer> ends = new ArrayList<>();
                if (w.flag(NEXT_HAS_END)) {
                    ends.add((int) w.get(NEXT_END));
                }
                if (w.flag(NEXT_HAS_OTHER_END)) {
                    ends.add((int) w.get(NEXT_OTHER_END));
                }
                yield new Next(
                        (int) w.get(NEXT_SCALAR), w.get(NEXT_RESULTS), w.get(NEXT_RECORD), w.get(NEXT_SCALES), ends);
            }
            default -> throw new IllegalArgumentException("there is no operation " + op);
        };
    }

    private static SetBase.Per per(Word w) {
        int code = (int) w.get(SETB_PER);
        if (code >= SetBase.Per.values().length) {
            throw new IllegalArgumentException("factor %d of a stride does not exist".formatted(code));
        }
        return SetBase.Per.values()[code];
    }

    private static RowFormat format(Word w) {
        int code = (int) w.get(MEM_FORMAT);
        if (code >= RowFormat.values().length) {
            throw new IllegalArgumentException("format %d of rows does not exist".formatted(code));
        }
        return RowFormat.values()[code];
    }

    private static int log2(int power) {
        return Integer.numberOfTrailingZeros(power);
    }

    private static WeightType weights(int code) {
        for (WeightType type : WeightType.values()) {
            if (type.code() == code) {
                return type;
            }
        }
        throw new IllegalArgumentException("weight type %d does not exist".formatted(code));
    }

    static int opcode(Instruction instruction) {
        if (instruction instanceof Halt) {
            return OP_HALT;
        } else if (instruction instanceof Loop) {
            return OP_LOOP;
        } else if (instruction instanceof EndLoop) {
            return OP_ENDL;
        } else if (instruction instanceof SetBase) {
            return OP_SETB;
        } else if (instruction instanceof SetStride) {
            return OP_SETS;
        } else if (instruction instanceof LoadActivations) {
            return OP_LDA;
        } else if (instruction instanceof LoadWeights) {
            return OP_LDW;
        } else if (instruction instanceof LoadScales) {
            return OP_LDS;
        } else if (instruction instanceof Multiply) {
            return OP_MX;
        } else if (instruction instanceof Store) {
            return OP_ST;
        } else if (instruction instanceof LoadRows) {
            return OP_LDV;
        } else if (instruction instanceof StoreRows) {
            return OP_STV;
        } else if (instruction instanceof Vector) {
            return OP_VEC;
        } else if (instruction instanceof Next) {
            return OP_NEXT;
        } else if (instruction instanceof LoadEntries) {
            return OP_LDE;
        } else if (instruction instanceof StoreSums) {
            return OP_STE;
        }
        return OP_SYNC;
    }

    /** The instruction's name in the text form, such as {@code lda}. */
    public static String mnemonic(Instruction instruction) {
        return MNEMONICS[opcode(instruction)];
    }

    private static final String[] MNEMONICS = {
        "", "halt", "loop", "endl", "setb", "sets", "lda", "ldw", "lds", "mx", "st", "sync", "ldv", "stv", "vec",
        "next", "lde", "ste"
    };
}
