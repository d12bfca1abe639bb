// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

/** Compressed sparse rows of INT16 codes: what a side engine adds up beside a matrix. Entries are numbered row by row, and in a row by column. */
public interface SparseRows {
    /** Rows, some of them without entries. */
    int rows();

    /** The first entry of a row. */
    int start(int row);

    /** Behind the last entry of a row. */
    int end(int row);

    /** The column of an entry. */
    int column(int index);

    /** The code of an entry. */
    short code(int index);
}
