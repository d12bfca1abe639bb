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
 * @param onChipBits width of a byte address of the memory on the chip, which begins at 0; 0 with AXI4. Where it is less than addrBits, the
 *     upper half of the addresses is that of the board's flash, which LDW and LDS alone can read, and nobody write
 */
public record Bus(Kind kind, int dataBits, int addrBits, int maxBurst, int outstanding, int onChipBits) {

    /** Without a flash. */
    public Bus(Kind kind, int dataBits, int addrBits, int maxBurst, int outstanding) {
        this(kind, dataBits, addrBits, maxBurst, outstanding, kind == Kind.LOCAL ? addrBits : 0);
    }

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

    /** Whether weights may lie in the board's flash. */
    public boolean hasFlash() {
        return kind == Kind.LOCAL && onChipBits < addrBits;
    }

    /** Bytes from address 0 on that can be read and written. */
    public long writable() {
        return hasFlash() ? 1L << onChipBits : addressable();
    }

    /** First address of the flash, which is also an address in it and the bytes that are reached there. */
    public long flashBase() {
        return 1L << addrBits - 1;
    }
}
