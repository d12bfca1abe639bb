// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.serial;

import dev.lutra.machine.SerialProtocol;
import java.util.Arrays;

/**
 * Frames on an SPI bus: a frame and its answer are one transfer, which is why a board has forgotten the one before. The answer comes after zeros and
 * {@link SerialProtocol#ANSWER}, some bytes after the frame; where it has not come to its end within the transfer, the next attempt gives it more time.
 */
public final class SpiLine implements FrameLine {

    /** Bytes for which the first attempt waits for an answer; each one after it twice as long. */
    static final int SLACK = 4;

    private static final int MOST_DOUBLED = 6;
    private static final int ATTEMPTS = 8;

    private final SpiPort port;

    /** @param port closed with this line */
    public SpiLine(SpiPort port) {
        this.port = port;
    }

    @Override
    public String name() {
        return port.name();
    }

    @Override
    public int attempts() {
        return ATTEMPTS;
    }

    @Override
    public void settle(int attempt) {}

    @Override
    public int exchange(byte[] frame, byte[] answer, int attempt) {
        int slack = SLACK << Math.min(attempt, MOST_DOUBLED);
        byte[] in = port.transfer(Arrays.copyOf(frame, frame.length + slack + 1 + answer.length));
        int at = frame.length;
        while (at < in.length && in[at] == 0) {
            at++;
        }
        if (at == in.length) {
            return 0;
        }
        // Anything else but the mark makes an answer that does not fit, which is noise rather than silence.
        int from = in[at] == (byte) SerialProtocol.ANSWER ? at + 1 : at;
        int count = Math.min(answer.length, in.length - from);
        System.arraycopy(in, from, answer, 0, count);
        return from > at ? count : Math.min(count, answer.length - 1);
    }

    @Override
    public String hintOnSilence() {
        return "Is its bitstream loaded (lutra program) and built with --host spi, and is this the right chip select?";
    }

    @Override
    public String hintOnNoise() {
        return "Is " + port.hertz()
                + " Hz at most a quarter of the board's clock? If it is, look at the wires, or try hz=N with less.";
    }

    @Override
    public void close() {
        port.close();
    }
}
