// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

/**
 * The memory port of a machine.
 *
 * @param kind protocol
 * @param dataBits width of one beat, 32..wordBits of the engine, a power of two
 * @param addrBits width of a byte address, 12..40
 * @param maxBurst longest burst in beats, 1..256
 * @param outstanding reads in flight, 1..32
 */
public record Bus(Kind kind, int dataBits, int addrBits, int maxBurst, int outstanding) {

    /** What the machine speaks to its memory. */
    public enum Kind {
        /** AXI4 master. */
        AXI4,
        /** A memory inside the design, one beat per cycle. */
        LOCAL
    }

    /** Bytes of one beat. */
    public int beatBytes() {
        return dataBits / 8;
    }

    /** Bytes the address reaches. */
    public long addressable() {
        return 1L << addrBits;
    }
}
