// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.engine;

/**
 * Size and timing of an AXI4 memory. Same configuration, same design, same stimulus: same cycles on every engine.
 *
 * @param bytes size, a multiple of the bus width; addresses from there on answer DECERR
 * @param latency cycles from the AR handshake to the first R beat, and from the last W handshake to B (at least 1)
 * @param beatsPer1024 bandwidth of R and of W, each, in beats per 1024 cycles (1..1024)
 * @param maxReads read bursts accepted and not yet finished (1..64)
 * @param maxWrites write bursts accepted and not yet answered (1..64)
 * @param stalls random stalls; {@link Stalls#NONE} for none
 * @param dram rows and refresh of reads; {@link Dram#NONE} for neither
 */
public record MemoryConfig(
        long bytes, int latency, int beatsPer1024, int maxReads, int maxWrites, Stalls stalls, Dram dram) {

    /**
     * What a read meets in a dynamic memory, in cycles of the memory port. Rows of {@code rowBytes} lie in the banks in turn, each bank has one row open, and all are refreshed at once.
     *
     * @param rowBytes bytes of a row, a power of two from 4096 on; 0 without rows and refresh
     * @param banks 1..64, a power of two
     * @param rowMiss cycles in which a bank closes a row and opens another one
     * @param refreshInterval cycles from one refresh to the next
     * @param refreshCycles cycles of a refresh, less than that; all rows are closed behind it
     */
    public record Dram(int rowBytes, int banks, int rowMiss, int refreshInterval, int refreshCycles) {
        public static final Dram NONE = new Dram(0, 1, 0, 1, 0);

        /**
         * A 64-bit channel of DDR4-2400 (JEDEC JESD79-4) with chips of 8 bits and 4 Gbit, behind a port of 512 bits at 300 MHz, which has its bandwidth: rows of 8 KiB in 16 banks, tRP + tRCD of 28 ns, tREFI of
         * 7.8 microseconds, tRFC of 260 ns.
         */
        public static final Dram DDR4 = new Dram(8192, 16, 9, 2340, 78);

        public Dram {
            checkRange("row", rowBytes, 0, 1 << 20);
            checkRange("banks", banks, 1, 64);
            checkRange("row miss", rowMiss, 0, 1 << 10);
            checkRange("refresh interval", refreshInterval, 1, 1 << 30);
            checkRange("refresh", refreshCycles, 0, refreshInterval - 1L);
            if (Integer.bitCount(rowBytes) > 1 || rowBytes != 0 && rowBytes < 4096 || Integer.bitCount(banks) != 1) {
                throw new SimulationException("memory configuration: rows of " + rowBytes + " bytes in " + banks
                        + " banks: both are powers of two, and a row has 4096 bytes or more");
            }
        }
    }

    /**
     * Probability, in 1/1024 (0..1023), that a channel stalls in a cycle: AR, AW and W do not raise ready, R and B do not
     * raise valid. The decision depends on seed, channel and cycle alone.
     */
    public record Stalls(long seed, int ar, int aw, int w, int r, int b) {
        public static final Stalls NONE = new Stalls(0, 0, 0, 0, 0, 0);

        public Stalls {
            checkRange("stall probability of AR", ar, 0, 1023);
            checkRange("stall probability of AW", aw, 0, 1023);
            checkRange("stall probability of W", w, 0, 1023);
            checkRange("stall probability of R", r, 0, 1023);
            checkRange("stall probability of B", b, 0, 1023);
        }

        /** The same probability on all five channels. */
        public static Stalls uniform(long seed, int probability) {
            return new Stalls(seed, probability, probability, probability, probability, probability);
        }
    }

    public MemoryConfig {
        checkRange("bytes", bytes, 1, Integer.MAX_VALUE);
        checkRange("latency", latency, 1, 1 << 20);
        checkRange("beatsPer1024", beatsPer1024, 1, 1024);
        checkRange("maxReads", maxReads, 1, 64);
        checkRange("maxWrites", maxWrites, 1, 64);
    }

    /** Without rows and refresh. */
    public MemoryConfig(long bytes, int latency, int beatsPer1024, int maxReads, int maxWrites, Stalls stalls) {
        this(bytes, latency, beatsPer1024, maxReads, maxWrites, stalls, Dram.NONE);
    }

    /** Full bandwidth, 16 bursts each way, no random stalls. */
    public static MemoryConfig of(long bytes, int latency) {
        return new MemoryConfig(bytes, latency, 1024, 16, 16, Stalls.NONE);
    }

    /** The same timing with another size. */
    public MemoryConfig withBytes(long size) {
        return new MemoryConfig(size, latency, beatsPer1024, maxReads, maxWrites, stalls, dram);
    }

    public MemoryConfig withBandwidth(int beatsPer1024) {
        return new MemoryConfig(bytes, latency, beatsPer1024, maxReads, maxWrites, stalls, dram);
    }

    public MemoryConfig withStalls(Stalls stalls) {
        return new MemoryConfig(bytes, latency, beatsPer1024, maxReads, maxWrites, stalls, dram);
    }

    public MemoryConfig withDram(Dram dram) {
        return new MemoryConfig(bytes, latency, beatsPer1024, maxReads, maxWrites, stalls, dram);
    }

    /** Size, timing, seed and stall probabilities, rows and refresh in this order, as native code takes them. */
    public long[] numbers() {
        return new long[] {
            bytes,
            latency,
            beatsPer1024,
            maxReads,
            maxWrites,
            stalls.seed,
            stalls.ar,
            stalls.aw,
            stalls.w,
            stalls.r,
            stalls.b,
            dram.rowBytes,
            dram.banks,
            dram.rowMiss,
            dram.refreshInterval,
            dram.refreshCycles
        };
    }

    private static void checkRange(String what, long value, long low, long high) {
        if (value < low || value > high) {
            throw new SimulationException(
                    "memory configuration: " + what + " is " + value + ", legal is " + low + ".." + high);
        }
    }
}
