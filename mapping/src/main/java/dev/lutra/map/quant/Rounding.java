// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

/** Round-to-nearest of a run of weights that share one scale. */
final class Rounding {
    private Rounding() {}

    /**
     * The real-valued scale of {@code values[from, to)}: largest magnitude / largest code for INT2 to INT8, mean magnitude for INT1 (the
     * least-squares choice for signs) and ternary (BitNet b1.58, arXiv 2402.17764). 0 for weights so small that their scale would
     * be subnormal; they count as zero.
     */
    static float scale(WeightFormat format, float[] values, int from, int to) {
        double sum = 0;
        float largest = 0;
        for (int i = from; i < to; i++) {
            float magnitude = Math.abs(values[i]);
            sum += magnitude;
            largest = Math.max(largest, magnitude);
        }
        float scale = switch (format) {
            case INT1, TERNARY -> (float) (sum / (to - from));
            default -> largest / format.maxCode();
        };
        return scale < Float.MIN_NORMAL ? 0 : scale;
    }

    /** Codes of {@code values[from, to)}: nearest multiple of the scale, ties to the even one, limited to the format's codes. */
    static void codes(WeightFormat format, float scale, float[] values, int from, int to, byte[] codes, int at) {
        int most = format.maxCode();
        for (int i = from; i < to; i++) {
            int code;
            if (format == WeightFormat.INT1) {
                code = values[i] < 0 ? -1 : 1;
            } else if (scale == 0) {
                code = 0;
            } else {
                code = (int) Math.max(-most, Math.min(most, Math.rint(values[i] / scale)));
            }
            codes[at + i - from] = (byte) code;
        }
    }
}
