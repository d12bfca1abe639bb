// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.fir;

import java.util.ArrayList;
import java.util.List;

/** Coefficients of low-pass filters by the window method with a Hamming window (Oppenheim and Schafer, Discrete-Time Signal Processing, 7.2). */
public final class WindowedSinc {
    private WindowedSinc() {}

    /**
     * A low-pass filter of linear phase and gain 1.
     *
     * @param taps coefficients, odd and at least 3
     * @param cutoff in cycles per sample, between 0 and 0.5
     * @param fractionBits of the coefficients, which are rounded to the nearest
     */
    public static List<Integer> lowPass(int taps, double cutoff, int fractionBits) {
        if (taps < 3 || taps % 2 == 0 || !(cutoff > 0 && cutoff < 0.5)) {
            throw new IllegalArgumentException("a filter of " + taps + " taps with cut-off " + cutoff
                    + ": an odd number from 3 on, between 0 and 0.5 cycles per sample");
        }
        double[] response = new double[taps];
        double gain = 0;
        for (int k = 0; k < taps; k++) {
            double at = k - taps / 2;
            double sinc = at == 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * at) / (Math.PI * at);
            response[k] = sinc * (0.54 - 0.46 * Math.cos(2 * Math.PI * k / (taps - 1)));
            gain += response[k];
        }
        List<Integer> coefficients = new ArrayList<>();
        for (double value : response) {
            coefficients.add(Math.toIntExact(Math.round(value / gain * (1L << fractionBits))));
        }
        return coefficients;
    }
}
