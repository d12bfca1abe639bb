// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The flat graph of a design. Values are built through its methods, which fold constants, drop operations without effect
 * and return the existing object for an existing structure. Order of creation is an order of evaluation.
 */
final class Graph {
    private static final Value[] NONE = {};

    private final Map<Value, Value> known = new HashMap<>();
    private final List<Value> values = new ArrayList<>();
    private final MuxTree muxTree = new MuxTree(this);

    /** All values, operands before users. */
    List<Value> values() {
        return values;
    }

    Value constant(BigInteger number, int width, boolean signed) {
        return intern(new Value(Op.CONST, width, signed, NONE, 0, Numbers.wrap(number, width, signed), null));
    }

    Value constant(long number, int width, boolean signed) {
        return constant(BigInteger.valueOf(number), width, signed);
    }

    Value source(Object origin, int width, boolean signed) {
        return intern(new Value(Op.SOURCE, width, signed, NONE, 0, null, origin));
    }

    Value read(Object memory, Value address, int width, boolean signed) {
        return intern(new Value(Op.READ, width, signed, new Value[] {address}, 0, null, memory));
    }

    /** NOT (same width) or NEG. */
    Value unary(Op op, Value a, int width, boolean signed) {
        if (op == Op.NOT && a.op == Op.NOT && a.signed == signed) {
            return cast(a.in[0], width, signed);
        }
        if (width > 64) {
            if (op == Op.NEG) {
                return binary(Op.SUB, constant(0, width, a.signed), a, width, signed);
            }
            return make(op, width, signed, cast(a, width, a.signed));
        }
        return make(op, width, signed, a);
    }

    /** AND_R, OR_R or XOR_R. */
    Value reduce(Op op, Value a) {
        return a.width == 1 ? cast(a, 1, false) : make(op, 1, false, a);
    }

    Value not(Value bool) {
        return unary(Op.NOT, bool, 1, false);
    }

    /**
     * ADD to XOR. What is wider than a word gets operands of the width of the result, so that the emitter meets words side
     * by side only.
     */
    Value binary(Op op, Value a, Value b, int width, boolean signed) {
        if (op == Op.DIV || op == Op.REM) {
            int common = Math.max(width, Math.max(a.width, b.width));
            if (common > 64 && (a.width < common || b.width < common || width < common)) {
                Value wide = binary(op, cast(a, common, a.signed), cast(b, common, b.signed), common, a.signed);
                return cast(wide, width, signed);
            }
        } else if (width > 64) {
            a = cast(a, width, a.signed);
            b = cast(b, width, b.signed);
        }
        switch (op) {
            case ADD, OR, XOR -> {
                if (a.is(0)) {
                    return cast(b, width, signed);
                }
                if (b.is(0)) {
                    return cast(a, width, signed);
                }
            }
            case SUB -> {
                if (b.is(0)) {
                    return cast(a, width, signed);
                }
            }
            case AND -> {
                if (a.is(0) || b.is(0)) {
                    return constant(0, width, signed);
                }
                if (isOnes(a) && b.width <= a.width) {
                    return cast(b, width, signed);
                }
                if (isOnes(b) && a.width <= b.width) {
                    return cast(a, width, signed);
                }
            }
            case MUL -> {
                if (a.is(0) || b.is(0)) {
                    return constant(0, width, signed);
                }
                if (a.is(1)) {
                    return cast(b, width, signed);
                }
                if (b.is(1)) {
                    return cast(a, width, signed);
                }
            }
            default -> {}
        }
        if ((op == Op.AND || op == Op.OR) && a == b) {
            return cast(a, width, signed);
        }
        if (op == Op.OR && width == 1 && !signed && (a.is(1) || b.is(1))) {
            return constant(1, 1, false);
        }
        boolean commutes = op == Op.ADD || op == Op.MUL || op == Op.AND || op == Op.OR || op == Op.XOR;
        return commutes ? makeEitherWay(op, width, signed, a, b) : make(op, width, signed, a, b);
    }

    /**
     * An operation that does not care for the order of its operands: the other order, if that exists. Otherwise the order stays,
     * so that like parts of a design remain alike; a constant goes right.
     */
    private Value makeEitherWay(Op op, int width, boolean signed, Value a, Value b) {
        if (a.isConst()) {
            return make(op, width, signed, b, a);
        }
        Value existing = known.get(new Value(op, width, signed, new Value[] {b, a}, 0, null, null));
        return existing != null ? existing : make(op, width, signed, a, b);
    }

    /** {@code a * 2^amount}. */
    Value shiftLeft(Value a, Value amount, int width, boolean signed) {
        if (amount.isConst()) {
            BigInteger number = Numbers.of(amount);
            if (number.bitLength() > 31 || number.intValue() >= width) {
                return constant(0, width, signed);
            }
            int n = number.intValue();
            if (n == 0) {
                return cast(a, width, signed);
            }
            if (width > 64 || !a.signed && !signed) {
                return cast(concat(List.of(cast(a, width - n, false), constant(0, n, false))), width, signed);
            }
        }
        return make(Op.SHL, width, signed, width > 64 ? cast(a, width, a.signed) : a, clampAmount(amount, width));
    }

    /** {@code a / 2^amount}, rounded down. */
    Value shiftRight(Value a, Value amount, int width, boolean signed) {
        if (amount.isConst()) {
            BigInteger number = Numbers.of(amount);
            int n = number.bitLength() > 31 ? Integer.MAX_VALUE : number.intValue();
            if (n >= a.width) {
                return a.signed
                        ? cast(cast(slice(a, a.width - 1, 1), 1, true), width, signed)
                        : constant(0, width, signed);
            }
            return cast(cast(slice(a, n, a.width - n), a.width - n, a.signed), width, signed);
        }
        if (a.width > 64 && width > 64 && a.width != width) {
            int common = Math.max(a.width, width);
            Value wide = shiftRight(cast(a, common, a.signed), amount, common, a.signed);
            return cast(wide, width, signed);
        }
        if (a.width <= 64 && width > 64) {
            return cast(shiftRight(a, amount, a.width, a.signed), width, signed);
        }
        return make(Op.SHR, width, signed, a, clampAmount(amount, a.width));
    }

    /** An amount of at most 31 bits that shifts everything out where the given one does. */
    private Value clampAmount(Value amount, int width) {
        if (amount.width <= 31) {
            return amount;
        }
        Value limit = constant(width, 31, false);
        return mux(less(amount, cast(limit, amount.width, false)), cast(amount, 31, false), limit);
    }

    Value eq(Value a, Value b) {
        if (a == b) {
            return constant(1, 1, false);
        }
        if (a.width == 1 && b.width == 1 && !a.signed && !b.signed) {
            if (a.isConst()) {
                return a.is(1) ? b : not(b);
            }
            if (b.isConst()) {
                return b.is(1) ? a : not(a);
            }
        }
        int common = Math.max(a.width, b.width);
        if (common > 64 && a.width != b.width) {
            return eq(cast(a, common, a.signed), cast(b, common, b.signed));
        }
        return makeEitherWay(Op.EQ, 1, false, a, b);
    }

    Value less(Value a, Value b) {
        return order(Op.LT, a, b);
    }

    Value lessOrEqual(Value a, Value b) {
        return order(Op.LE, a, b);
    }

    private Value order(Op op, Value a, Value b) {
        int common = Math.max(a.width, b.width);
        return common > 64
                ? make(op, 1, false, cast(a, common, a.signed), cast(b, common, b.signed))
                : make(op, 1, false, a, b);
    }

    /** Branches of one width and signedness. */
    Value mux(Value cond, Value t, Value f) {
        if (t == f) {
            return t;
        }
        if (cond.isConst()) {
            return cond.is(1) ? t : f;
        }
        if (cond.op == Op.NOT) {
            return mux(cond.in[0], f, t);
        }
        if (t.op == Op.MUX && t.in[0] == cond) {
            return mux(cond, t.in[1], f);
        }
        if (f.op == Op.MUX && f.in[0] == cond) {
            return mux(cond, t, f.in[2]);
        }
        if (t.width == 1 && !t.signed) {
            if (t.is(1)) {
                return binary(Op.OR, cond, f, 1, false);
            }
            if (f.is(0)) {
                return binary(Op.AND, cond, t, 1, false);
            }
            if (t.is(0)) {
                return binary(Op.AND, not(cond), f, 1, false);
            }
            if (f.is(1)) {
                return binary(Op.OR, not(cond), t, 1, false);
            }
        }
        Value table = muxTree.table(cond, t, f);
        return table != null ? table : make(Op.MUX, t.width, t.signed, cond, t, f);
    }

    /** An element of a block by an index that lies below the number of elements. */
    Value element(Value index, List<Value> elements) {
        Value first = elements.get(0);
        Value block = intern(new Value(Op.BLOCK, first.width, first.signed, elements.toArray(NONE), 0, null, null));
        return intern(new Value(Op.SELECT, first.width, first.signed, new Value[] {index, block}, 0, null, null));
    }

    /** Elements of one width and signedness. */
    Value select(Value index, List<Value> elements, int width, boolean signed) {
        if (index.isConst()) {
            BigInteger i = Numbers.of(index);
            return i.bitLength() < 31 && i.intValue() < elements.size()
                    ? elements.get(i.intValue())
                    : constant(0, width, signed);
        }
        if (index.width > 31) {
            Value inside = less(index, constant(elements.size(), index.width, false));
            return mux(inside, select(cast(index, 31, false), elements, width, signed), constant(0, width, signed));
        }
        int reach = index.width >= 30 ? elements.size() : Math.min(elements.size(), 1 << index.width);
        List<Value> reachable = elements.subList(0, reach);
        if (reach <= 3) {
            return muxes(index, reachable, width, signed);
        }
        var in = new ArrayList<Value>();
        in.add(index);
        // Many different values: index them in memory. Few: branch, and evaluate only the one that is asked for.
        if (reach > 64 || 4 * new HashSet<>(reachable).size() > 3 * reach) {
            return element(index, reachable);
        }
        in.addAll(reachable);
        return intern(new Value(Op.SWITCH, width, signed, in.toArray(NONE), 0, null, null));
    }

    private Value muxes(Value index, List<Value> elements, int width, boolean signed) {
        boolean full = 1 << index.width == elements.size();
        Value result = constant(0, width, signed);
        for (int i = elements.size() - 1; i >= 0; i--) {
            result = full && i == elements.size() - 1
                    ? elements.get(i)
                    : mux(eq(index, constant(i, index.width, false)), elements.get(i), result);
        }
        return result;
    }

    /** Unsigned bits {@code lo} upwards. */
    Value slice(Value a, int lo, int width) {
        if (lo == 0) {
            return cast(a, width, false);
        }
        switch (a.op) {
            case SLICE -> {
                return slice(a.in[0], a.lo + lo, width);
            }
            case CAST -> {
                if (lo + width <= a.in[0].width) {
                    return slice(a.in[0], lo, width);
                }
                if (!a.in[0].signed && lo >= a.in[0].width) {
                    return constant(0, width, false);
                }
            }
            case CONCAT -> {
                return sliceOfConcat(a, lo, width);
            }
            default -> {}
        }
        return intern(new Value(Op.SLICE, width, false, new Value[] {a}, lo, null, null), a);
    }

    private Value sliceOfConcat(Value a, int lo, int width) {
        var parts = new ArrayList<Value>();
        int base = a.width;
        for (Value part : a.in) {
            base -= part.width;
            int from = Math.max(lo, base);
            int to = Math.min(lo + width, base + part.width);
            if (from < to) {
                parts.add(slice(part, from - base, to - from));
            }
        }
        return concat(parts);
    }

    /** Unsigned. */
    Value concat(List<Value> msbFirst) {
        var flat = new ArrayList<Value>();
        for (Value part : msbFirst) {
            if (part.op == Op.CONCAT) {
                flat.addAll(List.of(part.in));
            } else {
                flat.add(part);
            }
        }
        // Neighbours that are neighbouring bits of one value are one slice.
        for (int i = flat.size() - 2; i >= 0; i--) {
            Value high = flat.get(i);
            Value low = flat.get(i + 1);
            Value base = sliced(high);
            if (base != null && base == sliced(low) && lowBit(high) == lowBit(low) + low.width) {
                flat.set(i, slice(base, lowBit(low), high.width + low.width));
                flat.remove(i + 1);
            }
        }
        if (flat.size() == 1) {
            return cast(flat.get(0), flat.get(0).width, false);
        }
        int width = 0;
        for (Value part : flat) {
            width += part.width;
        }
        // One bit again and again is the sign of a number of one bit.
        Value bit = flat.get(0);
        if (bit.width == 1 && flat.stream().allMatch(part -> part == bit)) {
            return cast(cast(cast(bit, 1, true), width, true), width, false);
        }
        // Zeros on top are an extension.
        if (flat.get(0).is(0)) {
            return cast(concat(flat.subList(1, flat.size())), width, false);
        }
        return make(Op.CONCAT, width, false, flat.toArray(NONE));
    }

    /** What a value is bits of, from {@link #lowBit} upwards; null: it is not a part of a longer value. */
    static @Nullable Value sliced(Value v) {
        if (v.op == Op.SLICE) {
            return v.in[0];
        }
        return v.op == Op.CAST && v.width <= v.in[0].width ? v.in[0] : null;
    }

    static int lowBit(Value v) {
        return v.op == Op.SLICE ? v.lo : 0;
    }

    /** The operand's two's complement, extended by its own sign or cut, read as a type. */
    Value cast(Value a, int width, boolean signed) {
        if (a.width == width && a.signed == signed) {
            return a;
        }
        if (a.op == Op.CAST) {
            Value x = a.in[0];
            boolean cut = width <= a.width;
            boolean sameExtension = a.width > x.width && (a.signed == x.signed || !x.signed)
                    || a.width == x.width && a.signed == x.signed;
            if (cut || sameExtension) {
                return cast(x, width, signed);
            }
        }
        if (width < a.width) {
            if (a.op == Op.SLICE) {
                return cast(slice(a.in[0], a.lo, width), width, signed);
            }
            if (a.op == Op.CONCAT && !signed) {
                return sliceOfConcat(a, 0, width);
            }
            // Low bits of a sum need only low bits: stay in a smaller machine word where that helps.
            boolean helps = width <= 32 && a.width > 32 || width <= 64 && a.width > 64;
            switch (a.op) {
                case ADD, SUB, MUL, AND, OR, XOR -> {
                    if (helps) {
                        return binary(a.op, low(a.in[0], width), low(a.in[1], width), width, signed);
                    }
                }
                case SHR -> {
                    if (helps) {
                        return make(Op.SHR, width, signed, a.in[0], a.in[1]);
                    }
                }
                case MUX -> {
                    if (helps) {
                        return mux(a.in[0], cast(a.in[1], width, signed), cast(a.in[2], width, signed));
                    }
                }
                default -> {}
            }
        }
        return make(Op.CAST, width, signed, a);
    }

    /** The operand cut to a width if it is wider. */
    private Value low(Value a, int width) {
        return a.width > width ? cast(a, width, a.signed) : a;
    }

    private static boolean isOnes(Value v) {
        return v.isConst() && !v.signed && Numbers.of(v).bitCount() == v.width;
    }

    private Value make(Op op, int width, boolean signed, Value... in) {
        return intern(new Value(op, width, signed, in, 0, null, null), in);
    }

    private Value intern(Value candidate, Value... operands) {
        if (operands.length > 0) {
            boolean constant = true;
            for (Value operand : operands) {
                constant &= operand.isConst();
            }
            if (constant) {
                return constant(Numbers.evaluate(candidate), candidate.width, candidate.signed);
            }
        }
        Value existing = known.putIfAbsent(candidate, candidate);
        if (existing != null) {
            return existing;
        }
        candidate.id = values.size();
        values.add(candidate);
        return candidate;
    }
}
