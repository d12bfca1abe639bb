// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import java.math.BigInteger;

/** Arithmetic on constants, for folding. */
final class Numbers {
    private Numbers() {}

    static BigInteger of(Value constant) {
        BigInteger number = constant.number;
        if (number == null) {
            throw new IllegalArgumentException(constant + " is not a constant");
        }
        return number;
    }

    /** The number of a type with the given low bits. */
    static BigInteger wrap(BigInteger number, int width, boolean signed) {
        if (number.bitLength() <= (signed ? width - 1 : width) && (signed || number.signum() >= 0)) {
            return number;
        }
        BigInteger low = bits(number, 0, width);
        return signed && low.testBit(width - 1) ? low.subtract(BigInteger.ONE.shiftLeft(width)) : low;
    }

    /** Bits of the two's complement as an unsigned number. */
    static BigInteger bits(BigInteger number, int lo, int width) {
        return number.shiftRight(lo).and(BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE));
    }

    /** Word k of the two's complement. */
    static long word(BigInteger number, int k) {
        return number.shiftRight(64 * k).longValue();
    }

    /** The value of an operation whose operands are all constants. */
    static BigInteger evaluate(Value v) {
        BigInteger a = of(v.in[0]);
        BigInteger b = v.in.length > 1 ? of(v.in[1]) : BigInteger.ZERO;
        BigInteger result = switch (v.op) {
            case NOT -> a.not();
            case NEG -> a.negate();
            case AND_R -> bool(bits(a, 0, v.in[0].width).bitCount() == v.in[0].width);
            case OR_R -> bool(a.signum() != 0);
            case XOR_R -> bool(bits(a, 0, v.in[0].width).bitCount() % 2 == 1);
            case ADD -> a.add(b);
            case SUB -> a.subtract(b);
            case MUL -> a.multiply(b);
            case DIV -> b.signum() == 0 ? BigInteger.ONE.negate() : a.divide(b);
            case REM -> b.signum() == 0 ? a : a.remainder(b);
            case AND -> a.and(b);
            case OR -> a.or(b);
            case XOR -> a.xor(b);
            case EQ -> bool(a.equals(b));
            case LT -> bool(a.compareTo(b) < 0);
            case LE -> bool(a.compareTo(b) <= 0);
            case SHL -> b.bitLength() > 31 || b.intValue() >= v.width ? BigInteger.ZERO : a.shiftLeft(b.intValue());
            case SHR -> a.shiftRight(b.bitLength() > 31 ? Integer.MAX_VALUE : b.intValue());
            case MUX -> a.signum() != 0 ? b : of(v.in[2]);
            case SLICE -> bits(a, v.lo, v.width);
            case CONCAT -> concat(v);
            case CAST -> a;
            case CONST, SOURCE, READ, SELECT, SWITCH, BLOCK ->
                throw new IllegalArgumentException("not an operation on constants: " + v);
        };
        return wrap(result, v.width, v.signed);
    }

    private static BigInteger concat(Value v) {
        BigInteger result = BigInteger.ZERO;
        for (Value part : v.in) {
            result = result.shiftLeft(part.width).or(bits(of(part), 0, part.width));
        }
        return result;
    }

    private static BigInteger bool(boolean value) {
        return value ? BigInteger.ONE : BigInteger.ZERO;
    }
}
