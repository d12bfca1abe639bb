// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

/** What multiplies and adds in a chain. */
public enum DspForm {
    /** A multiplier per product and an adder, left to synthesis: any device, nothing packed. */
    PORTABLE(3),
    /** AMD's block of the 7 series (UG479): 25 x 18 bits with a pre-adder, sums of 48 bits in a cascade. */
    DSP48E1(4),
    /** AMD's block of UltraScale and UltraScale+ (UG579): 27 x 18 bits. */
    DSP48E2(4),
    /** Lattice's block of the iCE40 UltraPlus (FPGA-TN-02007): two 8 x 8 multipliers with adders of 16 bits; sums go on by wires. */
    SB_MAC16(3);

    private final int latency;

    DspForm(int latency) {
        this.latency = latency;
    }

    /** Cycles from operands to the sum that has them. */
    public int latency() {
        return latency;
    }

    /**
     * What a block multiplies at once.
     *
     * @param operandBits 8 or 4, of both operands
     * @param length of the chain, which fields without limits are made for
     */
    public Packing packing(int operandBits, int length) {
        if (operandBits != 8 && operandBits != 4) {
            throw new IllegalArgumentException("operands of " + operandBits + " bits: DSP chains take 8 or 4");
        }
        boolean four = operandBits == 4;
        return switch (this) {
            case PORTABLE -> {
                int field = 2 * operandBits + 32 - Integer.numberOfLeadingZeros(length);
                yield new Packing(operandBits, 2, four ? 2 : 1, field, (four ? 4 : 2) * field, false);
            }
            // x: 20 + 4 bits and a sign; y: 10 + 4 bits.
            case DSP48E1 -> four ? new Packing(4, 2, 2, 10, 48, true) : new Packing(8, 2, 1, 16, 48, true);
            // x: 22 + 4 bits and a sign; y: 11 + 4 bits.
            case DSP48E2 -> four ? new Packing(4, 2, 2, 11, 48, true) : new Packing(8, 2, 1, 18, 48, true);
            case SB_MAC16 -> new Packing(operandBits, 2, 1, 16, 32, false);
        };
    }
}
