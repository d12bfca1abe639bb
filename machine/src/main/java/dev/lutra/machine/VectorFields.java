// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import dev.lutra.machine.Instruction.Vector;
import dev.lutra.machine.InstructionCodec.Field;
import dev.lutra.machine.VectorPass.Addend;
import dev.lutra.machine.VectorPass.After;
import dev.lutra.machine.VectorPass.Factor;
import dev.lutra.machine.VectorPass.Function;
import dev.lutra.machine.VectorPass.Reduction;
import dev.lutra.machine.VectorPass.Result;
import dev.lutra.machine.VectorPass.Sign;
import dev.lutra.machine.VectorPass.Source;
import org.jspecify.annotations.Nullable;

/** The fields of VEC: those of {@link VectorPass}, enumerations as their ordinals. */
public final class VectorFields {
    public static final Field SOURCE = new Field("source", 32, 2);
    public static final Field SIGN = new Field("sign", 34, 2);
    public static final Field FACTOR = new Field("factor", 36, 2);
    public static final Field ADDEND = new Field("addend", 38, 2);
    public static final Field FUNCTION = new Field("function", 40, 2);
    public static final Field RESULT = new Field("result", 42, 2);
    public static final Field REDUCTION = new Field("reduction", 44, 3);
    public static final Field KEEP = new Field("keep", 47, 1);
    public static final Field AFTER = new Field("after", 48, 2);
    /** 0: literal. */
    public static final Field LENGTH_REGISTER = new Field("length register", 50, 2);

    public static final Field LENGTH = new Field("length", 52, 16);
    public static final Field X = new Field("x", 68, 12);
    public static final Field Y = new Field("y", 80, 12);
    public static final Field OUT = new Field("out", 92, 12);
    public static final Field TARGET = new Field("target", 104, 4);
    public static final Field FACTOR_SCALAR = new Field("register of the factor", 108, 4);
    public static final Field ADDEND_SCALAR = new Field("register of the addend", 112, 4);
    /** Bits 4:0 of the period. */
    public static final Field PERIOD = new Field("period", 116, 5);
    /** Its bits 8:5. */
    public static final Field PERIOD_HIGH = new Field("period", 124, 4);
    /** 1 + log2 of the distance, 0 for none. */
    public static final Field SWAP = new Field("swap", 121, 3);

    /** log2, where the factor is a vector. */
    public static final Field SPREAD = new Field("spread", FACTOR_SCALAR.low(), 4);
    /** log2, where no register is added. */
    public static final Field REPEAT = new Field("repeat", ADDEND_SCALAR.low(), 4);
    /** log2 of the rows of a block, in place of swap where blocks are repeated. */
    public static final Field BLOCK = new Field("block", SWAP.low(), 3);

    /** Bits 23:0 of a constant, in place of x and y. */
    public static final Field CONSTANT_LOW = new Field("constant", X.low(), 24);
    /** Its bits 31:24, in place of period and swap. */
    public static final Field CONSTANT_HIGH = new Field("constant", PERIOD.low(), 8);

    private VectorFields() {}

    /** A sentence on the first thing that cannot be said in an instruction, or null. */
    static @Nullable String complaint(Vector i) {
        VectorPass p = i.pass();
        boolean constant = p.source() == Source.CONSTANT;
        if (i.length() != 0 && p.length() != 1) {
            return "a pass over LEN%d must have 1 element, not %d".formatted(i.length(), p.length());
        } else if (constant && p.readsY()) {
            return "a constant takes no vector as factor or addend";
        } else if (p.swap() != 0 && (Integer.bitCount(p.swap()) != 1 || p.swap() > 1 << SWAP.max() - 1)) {
            return "elements %d apart change places: it must be a power of two up to %d"
                    .formatted(p.swap(), 1 << SWAP.max() - 1);
        }
        boolean used = (!constant || p.x() == 0)
                && (constant || p.constant() == 0)
                && (p.readsY() && p.reduction() != Reduction.PAIRS || p.y() == 0 && p.period() == 0)
                && (p.factor() == Factor.SCALAR || p.factorScalar() == 0)
                && (p.addend() == Addend.SCALAR || p.addendScalar() == 0)
                && (p.result() != Result.NONE || p.out() == 0)
                && (p.reduction() != Reduction.NONE || p.target() == 0);
        return used ? null : "a field that the pass does not use is not 0";
    }

    static void put(Word w, Vector i) {
        VectorPass p = i.pass();
        w.put(SOURCE, p.source().ordinal()).put(SIGN, p.sign().ordinal());
        w.put(FACTOR, p.factor().ordinal()).put(ADDEND, p.addend().ordinal());
        w.put(FUNCTION, p.function().ordinal()).put(RESULT, p.result().ordinal());
        w.put(REDUCTION, p.reduction().ordinal()).put(KEEP, p.keep());
        w.put(AFTER, p.after().ordinal()).put(LENGTH_REGISTER, i.length());
        w.put(LENGTH, i.length() == 0 ? p.length() : 0);
        if (p.source() == Source.CONSTANT) {
            w.put(CONSTANT_LOW, p.constant() & CONSTANT_LOW.max()).put(CONSTANT_HIGH, p.constant() >>> 24);
        } else {
            w.put(X, p.x()).put(Y, p.y());
            w.put(PERIOD, p.period() & PERIOD.max()).put(PERIOD_HIGH, p.period() >> PERIOD.width());
            int swap = p.swap() == 0 ? 0 : 1 + Integer.numberOfTrailingZeros(p.swap());
            w.put(SWAP, p.repeat() == 1 ? swap : Integer.numberOfTrailingZeros(p.block()));
        }
        w.put(OUT, p.out()).put(TARGET, p.target());
        boolean spreads = p.factor() == Factor.VECTOR;
        w.put(FACTOR_SCALAR, spreads ? Integer.numberOfTrailingZeros(p.spread()) : p.factorScalar());
        boolean adds = p.addend() == Addend.SCALAR;
        w.put(ADDEND_SCALAR, adds ? p.addendScalar() : Integer.numberOfTrailingZeros(p.repeat()));
    }

    static Vector get(Word w, Tokens tokens) {
        Source source = Source.values()[(int) w.get(SOURCE)];
        boolean constant = source == Source.CONSTANT;
        Factor factor = Factor.values()[(int) w.get(FACTOR)];
        Addend addend = Addend.values()[(int) w.get(ADDEND)];
        int ofAddend = (int) w.get(ADDEND_SCALAR);
        int repeat = addend == Addend.SCALAR ? 0 : ofAddend;
        int swap = constant || repeat > 0 ? 0 : (int) w.get(SWAP);
        int ofFactor = (int) w.get(FACTOR_SCALAR);
        int length = (int) w.get(LENGTH_REGISTER);
        return new Vector(
                tokens,
                new VectorPass(
                        source,
                        Sign.values()[(int) w.get(SIGN)],
                        constant ? 0 : (int) w.get(X),
                        constant ? (int) (w.get(CONSTANT_HIGH) << 24 | w.get(CONSTANT_LOW)) : 0,
                        swap == 0 ? 0 : 1 << swap - 1,
                        1 << repeat,
                        repeat == 0 || constant ? 1 : 1 << w.get(BLOCK),
                        constant ? 0 : (int) w.get(Y),
                        constant ? 0 : (int) (w.get(PERIOD_HIGH) << PERIOD.width() | w.get(PERIOD)),
                        factor == Factor.VECTOR ? 1 << ofFactor : 1,
                        factor,
                        factor == Factor.VECTOR ? 0 : ofFactor,
                        addend,
                        addend == Addend.SCALAR ? ofAddend : 0,
                        Function.values()[(int) w.get(FUNCTION)],
                        Result.values()[(int) w.get(RESULT)],
                        (int) w.get(OUT),
                        value(Reduction.values(), w, REDUCTION),
                        w.get(KEEP) != 0,
                        (int) w.get(TARGET),
                        length == 0 ? (int) w.get(LENGTH) : 1,
                        value(After.values(), w, AFTER)),
                length);
    }

    private static <E> E value(E[] values, Word w, Field field) {
        int code = (int) w.get(field);
        if (code >= values.length) {
            throw new IllegalArgumentException(
                    "%s is %d: it must be from 0 to %d".formatted(field.name(), code, values.length - 1));
        }
        return values[code];
    }
}
