// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

/**
 * The side engine beside the matrix engine: it adds up products of activations with sparse rows of INT16 codes, one entry a cycle.
 *
 * <p>An entry has 32 bits, little endian: the code in bits 15:0, the place of its activation among those of a row as they lie in memory in bits 30:16, and in bit
 * 31 whether it is the last one of its row. A row without any has one of code 0; words of 0 do nothing.
 *
 * @param columns activations it holds, a power of two, 64..32768; 0 where there is no side engine
 * @param ring bytes of the ring between LDW and it, a power of two
 * @param sums bytes of the ring of INT64 sums between it and ST, a power of two
 */
public record SideEngine(int columns, int ring, int sums) {

    /** No side engine. */
    public static final SideEngine NONE = new SideEngine(0, 0, 0);

    /** Bytes of an entry. */
    public static final int ENTRY_BYTES = Integer.BYTES;

    /** Bytes of a sum. */
    public static final int SUM_BYTES = Long.BYTES;

    /** Bits of a code. */
    public static final int CODE_BITS = Short.SIZE;

    /** Most places of activations. */
    public static final int MOST_COLUMNS = 1 << 15;

    /** Sums that may be on their way to their ring when it is seen to be full. */
    public static final int LATENCY = 4;

    private static final int LAST = 1 << 31;

    /** With room for two bursts in each ring, and for the sums of a tile whose INT32 results fill half of the output buffer. */
    public static SideEngine of(int columns, Bus bus, Buffers buffers) {
        int bursts = Integer.highestOneBit(4 * bus.maxBurst() * bus.beatBytes() - 1);
        return columns == 0
                ? NONE
                : new SideEngine(columns, Math.max(2048, bursts), Math.max(bursts, 2 * buffers.outputHalf()));
    }

    /** Whether there is one. */
    public boolean exists() {
        return columns > 0;
    }

    /** An entry. */
    public static int entry(int place, short code, boolean last) {
        return (last ? LAST : 0) | place << CODE_BITS | code & 0xFFFF;
    }

    /** The place of an entry's activation. */
    public static int place(int entry) {
        return (entry & ~LAST) >>> CODE_BITS;
    }

    /** The code of an entry. */
    public static short code(int entry) {
        return (short) entry;
    }

    /** Whether an entry is the last one of its row. */
    public static boolean isLast(int entry) {
        return (entry & LAST) != 0;
    }

    /** Bits of an accumulator for activations of so many bits: exact for a row with a code at every place. */
    public int sumBits(int activationBits) {
        return activationBits + CODE_BITS - 1 + Integer.numberOfTrailingZeros(columns) + 1;
    }
}
