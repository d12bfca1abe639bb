// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.serial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Where in a transfer an answer is found, and what is none. */
final class SpiLineTest {

    private static final byte[] FRAME = {1, 2, 3};
    private static final byte[] ANSWER = {0, (byte) 0xA5, 7};

    /** A board that sends this after the frame. */
    private static int exchange(int attempt, byte[] into, int... sent) {
        SpiPort port = new SpiPort() {
            @Override
            public String name() {
                return "bus";
            }

            @Override
            public int hertz() {
                return 1;
            }

            @Override
            public byte[] transfer(byte[] out) {
                assertThat(out).startsWith(FRAME);
                byte[] in = new byte[out.length];
                for (int i = 0; i < sent.length && FRAME.length + i < in.length; i++) {
                    in[FRAME.length + i] = (byte) sent[i];
                }
                return in;
            }

            @Override
            public void close() {}
        };
        return new SpiLine(port).exchange(FRAME, into, attempt);
    }

    private static int[] answerAfter(int zeros) {
        int[] sent = new int[zeros + 1 + ANSWER.length];
        sent[zeros] = 0xA5;
        for (int i = 0; i < ANSWER.length; i++) {
            sent[zeros + 1 + i] = ANSWER[i];
        }
        return sent;
    }

    @Test
    void anAnswerMayComeSomeBytesLateAndLaterWithEachAttempt() {
        for (int attempt = 0; attempt < 8; attempt++) {
            int slack = 4 << Math.min(attempt, 6);
            for (int zeros = 0; zeros <= slack; zeros++) {
                byte[] answer = new byte[ANSWER.length];
                assertThat(exchange(attempt, answer, answerAfter(zeros))).isEqualTo(ANSWER.length);
                assertThat(answer).isEqualTo(ANSWER);
            }
            assertThat(exchange(attempt, new byte[ANSWER.length], answerAfter(slack + 1)))
                    .isEqualTo(ANSWER.length - 1);
        }
    }

    @Test
    void zerosAreSilenceAndAnotherMarkIsNoise() {
        assertThat(exchange(0, new byte[ANSWER.length])).isZero();
        int[] ones = new int[40];
        Arrays.fill(ones, 0xFF);
        assertThat(exchange(0, new byte[ANSWER.length], ones)).isBetween(1, ANSWER.length - 1);
        int[] other = answerAfter(1);
        other[1] = 0xA4;
        assertThat(exchange(0, new byte[ANSWER.length], other)).isBetween(1, ANSWER.length - 1);
    }
}
