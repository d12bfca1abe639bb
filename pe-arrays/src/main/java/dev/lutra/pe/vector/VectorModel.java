// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.vector;

import dev.lutra.machine.RowFormat;
import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Functional model of the vector unit: passes one after the other, each as docs/engines/vector.md says, every operation rounded to binary32 once. A NaN is
 * {@code 0x7FC00000} wherever it is computed.
 */
public final class VectorModel {
    private final VectorShape shape;
    private final int[] words;
    private final int[] scalars = new int[VectorShape.SCALARS];
    private int position;
    private byte[] bytes = {};

    public VectorModel(VectorShape shape) {
        this.shape = shape;
        words = new int[shape.rows() * shape.lanes()];
    }

    /** Bits of an element of the scratchpad, counted from a row. */
    public int get(int row, int element) {
        return words[at(row, element)];
    }

    public void set(int row, int element, int bits) {
        words[at(row, element)] = bits;
    }

    /** Puts a vector into the scratchpad. */
    public void put(int row, float[] vector) {
        for (int i = 0; i < vector.length; i++) set(row, i, Float.floatToRawIntBits(vector[i]));
    }

    /** A vector of the scratchpad. */
    public float[] take(int row, int length) {
        float[] vector = new float[length];
        for (int i = 0; i < length; i++) vector[i] = Float.intBitsToFloat(get(row, i));
        return vector;
    }

    /** Puts elements as they lie in memory, little endian, into the scratchpad. */
    public void load(int row, byte[] memory, RowFormat format) {
        ByteBuffer from = ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; from.hasRemaining(); i++) {
            set(
                    row,
                    i,
                    switch (format) {
                        case WORDS -> from.getInt();
                        case INT8 -> from.get();
                        case BINARY16 -> VectorArithmetic.fromHalf(from.getShort());
                    });
        }
    }

    /** So many bytes of memory, of elements of the scratchpad. */
    public byte[] store(int row, int bytes, RowFormat format) {
        ByteBuffer to = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; to.hasRemaining(); i++) {
            int bits = get(row, i);
            switch (format) {
                case WORDS -> to.putInt(bits);
                case INT8 -> to.put((byte) bits);
                case BINARY16 -> to.putShort(VectorArithmetic.toHalf(bits));
            }
        }
        return to.array();
    }

    /** Bits of a scalar register. */
    public int scalar(int number) {
        return scalars[number];
    }

    private int at(int row, int element) {
        return (row * shape.lanes() + element) % words.length;
    }

    /** What the last pass with {@link VectorPass.Result#ACTIVATIONS} gave, an element a byte. */
    public byte[] activations() {
        return bytes.clone();
    }

    /** A function of a number, as every pass computes it. */
    public static float apply(VectorPass.Function function, float x) {
        return VectorArithmetic.function(function, x);
    }

    /** @throws IllegalArgumentException if a row reads what an earlier one of the same pass writes */
    public void run(VectorPass p) {
        if (p.readsItsResult(shape)) throw new IllegalArgumentException("a pass reads rows that it has written: " + p);
        if (p.reduction() == VectorPass.Reduction.SUM) {
            sum(p);
            return;
        }
        float factor = number(scalars[p.factorScalar()]);
        float scalar = number(p.source() == VectorPass.Source.SCALAR ? scalars[p.x()] : p.constant());
        int[] v = new int[p.length()];
        for (int i = 0; i < v.length; i++) {
            int total = switch (p.addend()) {
                case NOTHING -> Float.floatToRawIntBits(-0f);
                case VECTOR, MINIMUM -> y(p, i);
                case SCALAR -> scalars[p.addendScalar()];
            };
            int lanes = shape.lanes();
            // a part has whole rows
            int part = shape.rowsOf(p.length()) * lanes;
            for (int k = 0; k < p.parts(); k++) {
                int from = p.reduction() == VectorPass.Reduction.RUNS
                        ? (i / lanes * p.parts() + k) * lanes + i % lanes
                        : k * part + i;
                float product = product(p, from, scalar, factor);
                total = p.addend() == VectorPass.Addend.MINIMUM
                        ? lesser(Float.floatToIntBits(product), total)
                        : Float.floatToIntBits(product + number(total));
            }
            v[i] = p.function() == VectorPass.Function.NONE
                    ? total
                    : Float.floatToIntBits(VectorArithmetic.function(p.function(), number(total)));
        }
        if (p.result() == VectorPass.Result.ACTIVATIONS) bytes = new byte[v.length];
        for (int i = 0; i < v.length; i++) {
            switch (p.result()) {
                case NONE -> {}
                case FLOAT -> set(p.out(), i, v[i]);
                case INT8 -> set(p.out(), i, int8(number(v[i])));
                case ACTIVATIONS -> bytes[i] = (byte) int8(number(v[i]));
            }
        }
        switch (p.reduction()) {
            case NONE, SUM, PAIRS, PARTS, RUNS -> {}
            case FIRST -> scalars[p.target()] = v[0];
            case MAXIMUM -> greatest(v, p);
            case ARGUMENT -> {
                int from = p.keep() ? position : 0;
                int first = greatest(v, p);
                if (first >= 0) scalars[p.target() + 1] = from + first;
                position = from + p.length();
            }
        }
    }

    /** The lesser one in the order of IEEE 754's totalOrder: that of their bits as sign and magnitude. */
    private static int lesser(int a, int b) {
        return Integer.compare(a < 0 ? a ^ 0x7FFF_FFFF : a, b < 0 ? b ^ 0x7FFF_FFFF : b) <= 0 ? a : b;
    }

    private static int int8(float v) {
        return (int) Math.max(-127, Math.min(127, Math.rint(v)));
    }

    /** Puts the greatest number into the register of a pass; the first element that has it, or -1 if the register held one as great. */
    private int greatest(int[] v, VectorPass p) {
        int best = 0;
        // Float.compare has a NaN above all, and -0 below +0.
        for (int i = 1; i < v.length; i++) {
            if (Float.compare(number(v[i]), number(v[best])) > 0) best = i;
        }
        if (p.keep() && Float.compare(number(v[best]), number(scalars[p.target()])) <= 0) return -1;
        scalars[p.target()] = v[best];
        return best;
    }

    /** Row r of a lane goes to partial sum r mod 4; sums of lanes are (s0 + s2) + (s1 + s3); lanes are added pairwise, the upper half to the lower. */
    private void sum(VectorPass p) {
        float factor = number(scalars[p.factorScalar()]);
        float scalar = number(p.source() == VectorPass.Source.SCALAR ? scalars[p.x()] : p.constant());
        float[] lanes = new float[shape.lanes()];
        for (int lane = 0; lane < lanes.length; lane++) {
            float[] s = {-0f, -0f, -0f, -0f};
            for (int i = lane; i < p.length(); i += lanes.length) {
                s[i / lanes.length % 4] += product(p, i, scalar, factor);
            }
            lanes[lane] = (s[0] + s[2]) + (s[1] + s[3]);
        }
        for (int half = lanes.length / 2; half >= 1; half /= 2) {
            for (int lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
        }
        float total = lanes[0] + (p.keep() ? number(scalars[p.target()]) : -0f);
        scalars[p.target()] = Float.floatToIntBits(VectorArithmetic.function(p.function(), total));
    }

    private float product(VectorPass p, int i, float scalar, float factor) {
        float x = x(p, i, scalar);
        return x
                * switch (p.factor()) {
                    case ONE -> 1f;
                    case ITSELF -> x;
                    case VECTOR -> number(y(p, i));
                    case SCALAR -> factor;
                };
    }

    private float x(VectorPass p, int i, float scalar) {
        int block = p.block() * shape.lanes();
        int partner = p.reduction() == VectorPass.Reduction.PAIRS
                ? 2 * i
                : p.swap() > 0
                        ? i % (2 * p.swap()) < p.swap() ? i + p.swap() : i - p.swap()
                        : i / (block * p.repeat()) * block + i % block;
        float x = switch (p.source()) {
            case VECTOR -> number(get(p.x(), partner));
            case INTEGERS -> (float) get(p.x(), partner);
            case SCALAR, CONSTANT -> scalar;
        };
        int bits = Float.floatToRawIntBits(x);
        return switch (p.sign()) {
            case SAME -> x;
            case NEGATED -> number(bits ^ 0x8000_0000);
            case MAGNITUDE -> number(bits & 0x7FFF_FFFF);
            case POSITIVE -> bits < 0 ? 0f : x;
        };
    }

    private int y(VectorPass p, int i) {
        if (p.reduction() == VectorPass.Reduction.PAIRS) return get(p.x(), 2 * i + 1);
        if (p.spread() > 1) return get(p.y(), i / p.spread());
        int row = i / shape.lanes();
        return get(p.y() + (p.period() == 0 ? row : row % p.period()), i % shape.lanes());
    }

    private static float number(int bits) {
        return Float.intBitsToFloat(bits);
    }
}
