// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.ternary;

/** How ternary weights lie in a byte. A trit is {@code w + 1}: 0, 1 or 2. */
public enum TritPacking {
    /** 2 bits per weight, trit n at bit 2 n, as in GGUF's TQ2_0. */
    FOUR_PER_BYTE(4),

    /**
     * 1.6 bits per weight, as in GGUF's TQ1_0: {@code ceil(256 q / 243)} with q the number whose base-3 digits are the trits, trit 0 most
     * significant. Digit n of a byte b is {@code 3 (b 3^n mod 256) >> 8}.
     */
    FIVE_PER_BYTE(5);

    private final int trits;

    TritPacking(int trits) {
        this.trits = trits;
    }

    /** Weights in a byte. */
    public int trits() {
        return trits;
    }
}
