// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

/** What a port of a memory that reads and writes by one address gives after an edge at which it wrote. */
public enum ReadDuringWrite {
    /** The word as it was before the edge. */
    READ_FIRST,
    /** The word as it is after the edge. */
    WRITE_FIRST,
    /** What it gave before: it does not read where it writes at least one bit. */
    NO_CHANGE
}
