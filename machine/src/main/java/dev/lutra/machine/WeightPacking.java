// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import org.jspecify.annotations.Nullable;

/**
 * What the weight words of a matrix engine hold, and so which weights it takes and in how many passes over the steps of a group.
 *
 * <p>A step is t*g elements of the reduction; each pass takes one weight word per step, which holds {@code planes} planes of n columns
 * ({@link Engine#planes}), column 0 in the least significant bits, the columns without gaps; what is left of the word is 0. Passes go
 * from the most significant on. A weight w of W bits has the unsigned code {@code q = w + 2^(W-1)}, with {@code z' = 1};
 * one of three values {@code q = w + 1} in two planes, {@code z' = -1}; one of +-1 {@code q = (w + 1) / 2}, {@code z' = 0}. Where W is no
 * multiple of the planes of a pass, it is taken for a weight of the next multiple.
 */
public enum WeightPacking {
    /**
     * Per table of g elements and plane g bits, the planes of a table one after the other: bit i is the plane's bit of q of element i; with
     * the top bit set, the bits below it are inverted (LUT Tensor Core, arXiv 2408.06003, eq. 6).
     */
    MAPPED_PLANES,

    /**
     * One plane's signs of t*g elements, a set bit of q being +, relative to each other: bit i says whether the sign of element i is not that
     * of element {@code i & i - 1}; bit 0 whether that of element 0 is -. So a tree of adders needs to negate nothing.
     */
    RELATIVE_SIGNS,

    /** One plane's bits of q of t*g elements, element i at bit i: a set bit is +1, another one -1. */
    SIGNS,

    /**
     * Per element a digit of {@code planes} bits, at least 2: of w in two's complement, with the top bit of all digits but the most
     * significant one inverted. Read as a signed number, a digit is then what a multiplier of its width takes, and
     * {@code w = sum digit_i 2^(planes i) + sum over i > 0 of 2^(planes i - 1)}.
     */
    DIGITS,

    /** One plane's bits of w in two's complement, element i at bit i; the most significant plane counts negative. +-1 takes two planes. */
    PLANES,

    /**
     * Ternary only, g = 3: per table of three elements 5 bits, bits 3..0 the magnitude and bit 4 the sign of {@code 9 w0 + 3 w1 + w2}
     * (bitnet.cpp's TL2). One pass, which counts as two planes.
     */
    TRIPLES,

    /**
     * Codes of {@link TypedCodes}, two bits of each a pass, element i at bits 2i+1 and 2i; the least significant pass first. All passes of a
     * step come one after the other, with the step's activations. A group has two bytes per column, with its first word: scale and mark.
     */
    TYPED_CODES,

    /**
     * Integers in two's complement, as wide as the engine's widest ones, for chains of multipliers ({@link ChainLayout}). All passes of a step
     * come one after the other. Of each M neighbours N are stored, at a ratio that the instruction says; then each pass has a line
     * of indices in the stream of scales.
     */
    CHAINS;

    private static final int TRIPLE = 3;
    private static final int TRIPLE_BITS = 5;

    /** Why the parameters of an engine do not go with this packing, or null. */
    @Nullable
    String complaint(Engine e) {
        return switch (this) {
            case MAPPED_PLANES -> null;
            case RELATIVE_SIGNS, SIGNS, PLANES ->
                e.planes() == 1 ? (this == PLANES ? wide(e) : null) : "takes 1 plane a slot, not " + e.planes();
            case TYPED_CODES ->
                e.planes() == 2
                        ? wide(e)
                        : "takes 2 bits of each code a slot, so engine.planes must be 2, not " + e.planes();
            case CHAINS -> {
                if (e.step() % 2 != 0) {
                    yield "takes an even number of activations a slot, not " + e.step();
                } else if (e.groupScales()) {
                    yield "has no group scales, so engine.groupScales must be false";
                }
                yield e.planes() == e.maxBits()
                        ? wide(e)
                        : "takes weights whole, so engine.planes must be engine.maxBits, not %d and %d"
                                .formatted(e.planes(), e.maxBits());
            }
            case DIGITS -> e.planes() > 1 ? wide(e) : "takes 2 to 8 planes a slot, not 1";
            case TRIPLES -> {
                if (e.g() != TRIPLE) {
                    yield "has three weights in a code, so engine.g must be 3, not " + e.g();
                }
                yield e.planes() == 2 && e.maxBits() == 2
                        ? null
                        : "takes ternary weights in one pass: engine.planes and engine.maxBits must be 2, not %d and %d"
                                .formatted(e.planes(), e.maxBits());
            }
        };
    }

    /** Why an engine's ternary weights cannot be packed five in a byte, or null. */
    @Nullable
    String packedComplaint(Engine e) {
        return switch (this) {
            case MAPPED_PLANES, DIGITS, TYPED_CODES -> {
                if (e.planes() != 2) {
                    yield "are decoded to both planes at once, so engine.planes must be 2, not " + e.planes();
                }
                yield e.maxBits() >= 2 ? null : "have two planes, so engine.maxBits must be 2 to 8, not 1";
            }
            case RELATIVE_SIGNS, SIGNS, PLANES ->
                "are decoded to both planes at once, the engine takes one plane of all steps after the other";
            case TRIPLES -> "have 5 bits for three already";
            case CHAINS -> "are whole integers to chains";
        };
    }

    /** Why the words of an engine cannot lie in memory as bitmaps and codes, or null. */
    @Nullable
    String bitmapComplaint(Engine e) {
        boolean whole = this == CHAINS || this == DIGITS && e.planes() == e.maxBits();
        if (!whole) {
            return "have parts of weights, of which a 0 is nothing special";
        }
        return Integer.bitCount(e.planes()) == 1
                ? null
                : "have codes of %d bits, no power of two: engine.planes must be 2, 4 or 8".formatted(e.planes());
    }

    private static @Nullable String wide(Engine e) {
        return e.maxBits() > 1 ? null : "is two's complement, so engine.maxBits must be 2 to 8, not 1";
    }

    /** Bits of one column in a weight word. */
    int columnBits(Engine e) {
        return switch (this) {
            case TRIPLES -> e.t() * TRIPLE_BITS;
            case CHAINS -> e.step() * e.planes() / ChainLayout.of(e).block();
            default -> e.step() * e.planes();
        };
    }

    /**
     * Why an engine does not take weights, or null.
     *
     * @param bits planes of the format, 1..8
     * @param zeroPoint z' of the format, or a kind of {@link TypedCodes}
     */
    @Nullable
    String refusal(Engine e, int bits, int zeroPoint) {
        if (this == TRIPLES && zeroPoint != -1) {
            return "its weights are integers of %d bits, the engine's codes stand for three ternary weights each"
                    .formatted(bits);
        }
        if (this != TYPED_CODES && zeroPoint > 1) {
            return "each of its groups has a %s of its own, the engine knows integers"
                    .formatted(zeroPoint == TypedCodes.FLOATS ? "special value" : "zero point");
        }
        if (zeroPoint > 1 && !e.groupScales()) {
            return "its groups have scales and marks, the engine has no groups";
        }
        return bits > e.maxBits()
                ? "its weights have %d bits, the engine takes at most %d".formatted(bits, e.maxBits())
                : null;
    }

    /** Passes that weights of so many bits take. */
    int passes(Engine e, int bits) {
        if (this == CHAINS) {
            return ChainLayout.of(e).block();
        }
        int least = this == PLANES ? Math.max(2, bits) : bits;
        return (least + e.planes() - 1) / e.planes();
    }

    /** z' of an MX instruction for weights of a format: what is left of it where codes are exact, it is 0. */
    int zeroPoint(Engine e, int bits, int zeroPoint) {
        return switch (this) {
            case MAPPED_PLANES, RELATIVE_SIGNS, SIGNS -> bits % e.planes() == 0 ? zeroPoint : 1;
            case DIGITS, PLANES, TRIPLES, CHAINS -> 0;
            case TYPED_CODES -> zeroPoint == TypedCodes.FLOATS ? 1 : 0;
        };
    }

    /** Whether the passes of a step come one after the other, and a group's scales, if it has any, with its first word; otherwise the steps of a pass, and scales last. */
    public boolean stepwise() {
        return this == TYPED_CODES || this == CHAINS;
    }

    /** Bytes that a group of one column has in the stream of scales. */
    int groupBytes() {
        return this == TYPED_CODES ? 2 : 1;
    }

    /** Bits that a row of k weights takes where nothing is padded. */
    long storedBits(Engine e, int k, int bits) {
        return switch (this) {
            case TRIPLES -> (k + TRIPLE - 1L) / TRIPLE * TRIPLE_BITS;
            case CHAINS -> (long) k * e.planes();
            default -> (long) k * passes(e, bits) * e.planes();
        };
    }
}
