// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.forward;

import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.RopePairing;
import java.util.List;

/** Rotary position embedding (arXiv 2104.09864) in either pairing. */
public final class Rotary {
    private final RopePairing pairing;
    private final int headDim;
    private final float[] frequencies;

    /** For heads of a model. */
    public Rotary(LlamaConfig config) {
        pairing = config.ropePairing();
        headDim = config.headDim();
        frequencies = new float[headDim / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = (float) (1 / StrictMath.pow(config.ropeTheta(), 2.0 * i / headDim));
        }
    }

    /** Cosines, then sines, of the headDim / 2 angles of a position; angle and results rounded to binary32. */
    float[] angles(int position) {
        int half = headDim / 2;
        float[] angles = new float[headDim];
        for (int i = 0; i < half; i++) {
            float angle = position * frequencies[i];
            angles[i] = (float) StrictMath.cos(angle);
            angles[half + i] = (float) StrictMath.sin(angle);
        }
        return angles;
    }

    /** A position's cosines and signed sines as vectors of headDim elements: element i becomes {@code x[i] cos[i] + partner sin[i]}. */
    public List<float[]> table(int position) {
        float[] angles = angles(position);
        int half = headDim / 2;
        boolean adjacent = pairing == RopePairing.ADJACENT;
        float[] cosines = new float[headDim];
        float[] sines = new float[headDim];
        for (int i = 0; i < half; i++) {
            int first = adjacent ? 2 * i : i;
            int second = adjacent ? first + 1 : first + half;
            cosines[first] = cosines[second] = angles[i];
            sines[first] = -angles[half + i];
            sines[second] = angles[half + i];
        }
        return List.of(cosines, sines);
    }

    /** Turns {@code heads} consecutive heads in {@code x} from {@code from}: {@code (a c - b s, a s + b c)} for each pair (a, b). */
    void turn(float[] x, int from, int heads, float[] angles) {
        int half = headDim / 2;
        int step = pairing == RopePairing.ADJACENT ? 2 : 1;
        int apart = pairing == RopePairing.ADJACENT ? 1 : half;
        for (int head = from; head < from + heads * headDim; head += headDim) {
            for (int i = 0; i < half; i++) {
                int first = head + i * step;
                float a = x[first];
                float b = x[first + apart];
                float c = angles[i];
                float s = angles[half + i];
                x[first] = a * c - b * s;
                x[first + apart] = a * s + b * c;
            }
        }
    }
}
