// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

/** What the host may do with a field of a register. */
public enum RegisterAccess {
    READ_WRITE,
    /** It reads 0. */
    WRITE_ONLY,
    READ_ONLY,
    /** Always the same. */
    CONSTANT,
    /** Writing 1 acts once; it reads 0. */
    PULSE,
    /** Set by the hardware, cleared by writing 1. */
    WRITE_ONE_CLEARS,
    /** Set by the hardware, cleared by reading. */
    READ_CLEARS
}
