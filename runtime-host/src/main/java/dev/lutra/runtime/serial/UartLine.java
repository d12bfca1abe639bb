// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.serial;

import dev.lutra.machine.UserException;
import java.time.Duration;

/** Frames on an asynchronous serial line: a board forgets a frame that does not go on after a silence. */
public final class UartLine implements FrameLine {

    /** A board that never falls silent sends something else. */
    private static final Duration MOST_NOISE = Duration.ofSeconds(2);

    private final SerialPort port;
    private final LineTiming timing;

    /** @param port closed with this line */
    public UartLine(SerialPort port, LineTiming timing) {
        this.port = port;
        this.timing = timing;
    }

    @Override
    public String name() {
        return port.name();
    }

    @Override
    public int attempts() {
        return timing.attempts();
    }

    /** Waits until the board has said nothing for a while, longer from attempt to attempt. */
    @Override
    public void settle(int attempt) {
        Duration quiet = timing.quiet().multipliedBy(1L << Math.min(attempt, 6));
        long deadline = System.nanoTime() + MOST_NOISE.toNanos();
        byte[] dropped = new byte[1024];
        while (port.read(dropped, 0, dropped.length, quiet) > 0) {
            if (System.nanoTime() - deadline > 0) {
                throw new UserException(
                        UserException.Kind.DEVICE,
                        port.name() + " sends without end: this is no board of ours",
                        "Check which line the board is on.");
            }
        }
    }

    /** Receives until all is there, or nothing has come for as long as an answer may take. */
    @Override
    public int exchange(byte[] frame, byte[] answer, int attempt) {
        port.write(frame);
        Duration limit = timing.answerTo(frame.length + answer.length);
        int count = 0;
        while (count < answer.length) {
            int more = port.read(answer, count, answer.length - count, limit);
            if (more == 0) {
                break;
            }
            count += more;
        }
        return count;
    }

    @Override
    public String hintOnSilence() {
        return "Is its bitstream loaded (lutra program), and is this the right line? A simulated board may need timeout=MS.";
    }

    @Override
    public String hintOnNoise() {
        return "Is " + timing.baud() + " baud the speed the bitstream was built for? If it is, look at the cable.";
    }

    @Override
    public void close() {
        port.close();
    }
}
