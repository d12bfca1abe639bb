// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

/**
 * On-chip buffers in bytes, each a power of two.
 *
 * @param weightRing ring between LDW and MX for weight words
 * @param scaleRing ring between LDW and MX for group scales; 0 without group scales
 * @param activationHalf one of the two halves LDA writes and MX reads
 * @param outputHalf one of the two halves MX writes and ST reads
 * @param program program cache, which is the largest program (16 bytes per instruction)
 */
public record Buffers(int weightRing, int scaleRing, int activationHalf, int outputHalf, int program) {

    /** Instructions the program cache holds. */
    public int instructions() {
        return program / Instruction.BYTES;
    }
}
