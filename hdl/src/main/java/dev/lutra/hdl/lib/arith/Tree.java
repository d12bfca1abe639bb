// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.arith;

/** How a {@link BitHeap} becomes two rows. */
public enum Tree {
    /**
     * As early as possible: each level puts full adders on every three bits of a column and half adders on pairs (Wallace, "A suggestion
     * for a fast multiplier", IEEE Transactions on Electronic Computers, 1964).
     */
    WALLACE,
    /**
     * As late as possible: each level lowers the columns only as far as the next of 2, 3, 4, 6, 9, 13, ... asks for; as many levels as
     * {@link #WALLACE} with fewer adders (Dadda, "Some schemes for parallel multipliers", Alta Frequenza, 1965).
     */
    DADDA,
    /**
     * Levels of 4:2 compressors, each two full adders whose carry runs one column aside and no further: half as many levels, each twice
     * as deep, regular in layout (Weinberger, "4-2 carry-save adder module", IBM Technical Disclosure Bulletin, 1981).
     */
    FOUR_TWO
}
