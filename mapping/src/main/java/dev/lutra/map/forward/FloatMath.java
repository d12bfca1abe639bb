// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

/** The binary32 kernels of the model. One rounding per operation, in the order given here and in no other. */
final class FloatMath {
    private FloatMath() {}

    /**
     * Dot product in four partial sums: element i is multiplied and added to sum i mod 4, in order of i; the result is
     * {@code (s0 + s1) + (s2 + s3)}.
     */
    static float dot(float[] a, int aFrom, float[] b, int bFrom, int length) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = 0;
        for (; i + 3 < length; i += 4) {
            s0 += a[aFrom + i] * b[bFrom + i];
            s1 += a[aFrom + i + 1] * b[bFrom + i + 1];
            s2 += a[aFrom + i + 2] * b[bFrom + i + 2];
            s3 += a[aFrom + i + 3] * b[bFrom + i + 3];
        }
        if (i < length) {
            s0 += a[aFrom + i] * b[bFrom + i];
        }
        if (i + 1 < length) {
            s1 += a[aFrom + i + 1] * b[bFrom + i + 1];
        }
        if (i + 2 < length) {
            s2 += a[aFrom + i + 2] * b[bFrom + i + 2];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** RMSNorm (arXiv 1910.07467): {@code (x r) g} with {@code r = 1 / sqrt(x.x / n + eps)}. */
    static float[] rmsNorm(float[] x, float[] gain, float eps) {
        float meanSquare = dot(x, 0, x, 0, x.length) / x.length;
        float r = 1 / (float) StrictMath.sqrt(meanSquare + eps);
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i] * r * gain[i];
        }
        return y;
    }

    /** Softmax of the first {@code length} elements, in place: shift by the maximum, exponentials, sum in order, quotients. */
    static void softmax(float[] x, int length) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < length; i++) {
            max = Math.max(max, x[i]);
        }
        float sum = 0;
        for (int i = 0; i < length; i++) {
            x[i] = exp(x[i] - max);
            sum += x[i];
        }
        for (int i = 0; i < length; i++) {
            x[i] /= sum;
        }
    }

    /** {@code gate / (1 + exp(-gate)) x up}, element by element, of the halves of {@code gateUp}. */
    static float[] siluGate(float[] gateUp) {
        int n = gateUp.length / 2;
        float[] y = new float[n];
        for (int i = 0; i < n; i++) {
            float gate = gateUp[i];
            y[i] = gate / (1 + exp(-gate)) * gateUp[n + i];
        }
        return y;
    }

    /** {@code max(gate, 0)^2 x up}, element by element, of the halves of {@code gateUp}. */
    static float[] squaredReluGate(float[] gateUp) {
        int n = gateUp.length / 2;
        float[] y = new float[n];
        for (int i = 0; i < n; i++) {
            float gate = Math.max(gateUp[i], 0);
            y[i] = gate * gate * gateUp[n + i];
        }
        return y;
    }

    /** {@code x += y}. */
    static void add(float[] x, float[] y) {
        for (int i = 0; i < x.length; i++) {
            x[i] += y[i];
        }
    }

    private static float exp(float x) {
        return (float) StrictMath.exp(x);
    }
}
