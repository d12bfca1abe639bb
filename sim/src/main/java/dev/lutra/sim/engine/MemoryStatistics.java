// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.engine;

/**
 * What an {@link AxiMemory} has transferred.
 *
 * @param readBursts address handshakes on AR
 * @param readBeats data handshakes on R
 * @param writeBursts address handshakes on AW
 * @param writeBeats data handshakes on W
 */
public record MemoryStatistics(long readBursts, long readBeats, long writeBursts, long writeBeats) {}
