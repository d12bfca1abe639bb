// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

import dev.lutra.pe.serial.SerialType;
import java.util.ArrayList;
import java.util.List;

/**
 * Rounds the weights of one group to a {@link MixedFormat} (BitMoD, algorithm 1).
 *
 * <p>A floating-point type takes the nearest of its values, and of two as near the lower one. Its scale is the largest magnitude of the
 * group over the type's own. Types are tried in the order ER positive, ER negative, EA positive, EA negative; the least squared error
 * wins, the first of equals.
 *
 * <p>Integers round to nearest, ties to even. The asymmetric ones spread their codes from the smallest to the largest weight, and their
 * zero point is the code that stands for 0.
 */
final class GroupCodes {
    private static final float SMALLEST_SCALE = 1e-5f;
    private static final float LARGEST_SCALE = 1e4f;

    private GroupCodes() {}

    /**
     * How a group is to be rounded.
     *
     * @param type of the codes
     * @param zero what is subtracted from the value of a code
     * @param scale of a value: what one is worth, half a unit of floating-point types
     */
    record Choice(SerialType type, int zero, float scale) {
        Choice with(float other) {
            return new Choice(type, zero, other);
        }
    }

    /** Chooses for {@code w[from, to)}. */
    static Choice choose(MixedFormat format, float[] w, int from, int to) {
        if (!format.isFloat()) {
            return format.isAsymmetric() ? asymmetric(format, w, from, to) : symmetric(format, w, from, to);
        }
        SerialType first = format == MixedFormat.BITMOD3 ? SerialType.FP3_ER_POSITIVE : SerialType.FP4_ER_POSITIVE;
        List<Choice> choices = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            SerialType type = SerialType.values()[first.ordinal() + i];
            choices.add(new Choice(type, 0, clamp(largest(w, from, to) / type.largest() * 2) / 2));
        }
        Choice best = choices.get(0);
        double least = Double.POSITIVE_INFINITY;
        byte[] codes = new byte[to - from];
        for (Choice choice : choices) {
            round(choice, w, from, to, codes, 0);
            double error = 0;
            for (int i = 0; i < codes.length; i++) {
                double difference = (double) choice.type.value(codes[i] & 0xff) * choice.scale - w[from + i];
                error += difference * difference;
            }
            if (error < least) {
                least = error;
                best = choice;
            }
        }
        return best;
    }

    private static Choice symmetric(MixedFormat format, float[] w, int from, int to) {
        SerialType type = SerialType.integer(format.bits());
        return new Choice(type, 0, clamp(largest(w, from, to) / type.largest()));
    }

    private static Choice asymmetric(MixedFormat format, float[] w, int from, int to) {
        float smallest = w[from];
        float largest = w[from];
        for (int i = from + 1; i < to; i++) {
            smallest = Math.min(smallest, w[i]);
            largest = Math.max(largest, w[i]);
        }
        int most = (1 << format.bits()) - 1;
        float scale = clamp((largest - smallest) / most);
        int zero = (int) Math.max(0, Math.min(most, Math.rint(-smallest / scale)));
        return new Choice(SerialType.integer(format.bits()), zero - (most + 1) / 2, scale);
    }

    private static float clamp(float scale) {
        return Math.max(SMALLEST_SCALE, Math.min(LARGEST_SCALE, scale));
    }

    private static float largest(float[] w, int from, int to) {
        float largest = 0;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, Math.abs(w[i]));
        }
        return largest;
    }

    /** Writes the codes of {@code w[from, to)} to {@code codes[at..]}. */
    static void round(Choice choice, float[] w, int from, int to, byte[] codes, int at) {
        SerialType type = choice.type;
        int count = 1 << type.bits();
        if (!type.isFloat()) {
            int half = count / 2;
            for (int i = from; i < to; i++) {
                double code = Math.rint(w[i] / choice.scale) + choice.zero;
                codes[at + i - from] = (byte) ((int) Math.max(-half, Math.min(half - 1, code)) & count - 1);
            }
            return;
        }
        for (int i = from; i < to; i++) {
            float x = w[i] / choice.scale;
            int best = 0;
            for (int code = 1; code < count; code++) {
                float near = Math.abs(type.value(code) - x);
                float nearest = Math.abs(type.value(best) - x);
                if (near < nearest || near == nearest && type.value(code) < type.value(best)) {
                    best = code;
                }
            }
            codes[at + i - from] = (byte) best;
        }
    }
}
