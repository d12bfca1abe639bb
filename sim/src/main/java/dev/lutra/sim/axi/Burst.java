// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.axi;

/** A burst between its address handshake and its last response. */
final class Burst {
    final long address;
    final int length;
    final int size;
    final int id;
    /** 0 OKAY, 2 SLVERR, 3 DECERR. */
    final int response;
    /** Reads: first cycle in which data may be valid. Writes: first cycle of the response, set with the last data beat. */
    long readyAt;
    /** Beats transferred. */
    int beat;

    /** A burst of {@code length + 1} beats of {@code 2^size} bytes. */
    Burst(long address, int length, int size, int id, int response) {
        this.address = address;
        this.length = length;
        this.size = size;
        this.id = id;
        this.response = response;
    }

    /** Address of the current beat. */
    long beatAddress() {
        return beatAddress(address, size, beat);
    }

    static long beatAddress(long address, int size, int beat) {
        return beat == 0 ? address : aligned(address, size) + ((long) beat << size);
    }

    static long aligned(long address, int size) {
        return address >> size << size;
    }

    /** The last byte that the burst touches. */
    static long lastByte(long address, int length, int size) {
        return aligned(beatAddress(address, size, length), size) + (1L << size) - 1;
    }

    /** Whether all data beats are transferred. */
    boolean complete() {
        return beat > length;
    }
}
