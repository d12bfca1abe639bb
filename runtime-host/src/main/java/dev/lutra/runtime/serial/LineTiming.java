// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.serial;

import java.time.Duration;

/**
 * How long a host waits on a serial line.
 *
 * @param baud bits a second, of which a byte takes ten
 * @param answer time for an answer, beyond that of its bytes and of those it answers
 * @param quiet silence after which the board expects a new frame
 * @param attempts how often a frame is sent before the host gives up
 */
public record LineTiming(int baud, Duration answer, Duration quiet, int attempts) {

    /** For boards behind a USB adapter. */
    public static LineTiming of(int baud) {
        return new LineTiming(baud, Duration.ofMillis(200), Duration.ofMillis(10), 8);
    }

    Duration answerTo(int bytes) {
        return answer.plusNanos(bytes * 10L * 1_000_000_000L / baud);
    }
}
