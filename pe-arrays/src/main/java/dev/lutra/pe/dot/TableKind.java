// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

/** How a table in registers is looked up. */
public enum TableKind {
    /** 2^G entries, sums of the activations whose bit is 1: UNPU (Lee et al., JSSC 2019). */
    FULL,
    /** 2^(G-1) entries by odd symmetry; index inverted and output negated at run time (LUT Tensor Core, eq. 5). */
    SYMMETRIC,
    /** The same entries, index and signs mapped offline (eq. 6): nothing is negated, the adders subtract. */
    MAPPED,
    /** Three ternary weights per code of 5 bits ({@link TernaryTable}): all of a weight in one slot, zero by a code of its own. */
    TERNARY;

    /** Bits of a code. */
    int codeBits(int g) {
        return this == TERNARY ? TernaryTable.INDEX_BITS + 1 : g;
    }
}
