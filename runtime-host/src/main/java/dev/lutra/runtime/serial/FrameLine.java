// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.serial;

/**
 * A line to a board that carries one frame and its answer at a time, used by one thread at a time. Whatever ends it (a cable pulled) is a
 * {@link dev.lutra.machine.UserException} of kind DEVICE.
 */
public interface FrameLine extends AutoCloseable {

    /** What it is called, for people. */
    String name();

    /** How often a frame is sent before the host gives up. */
    int attempts();

    /**
     * Sees to it that the board has forgotten what it has of an earlier frame, and that nothing of its answer comes any more.
     *
     * @param attempt how often the next frame has been sent before
     */
    void settle(int attempt);

    /**
     * Sends a frame and receives what is answered.
     *
     * @param answer takes it
     * @param attempt how often this frame has been sent before
     * @return how many bytes of the answer came; the others mean nothing
     */
    int exchange(byte[] frame, byte[] answer, int attempt);

    /** What to do about a board that says nothing. */
    String hintOnSilence();

    /** What to do about answers that are garbled. */
    String hintOnNoise();

    @Override
    void close();
}
