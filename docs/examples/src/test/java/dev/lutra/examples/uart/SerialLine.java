// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.uart;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The other end of a serial line: 8N1, with a bit time of its own, measured in cycles of the design. */
final class SerialLine {
    private final double bitTime;

    private final Deque<Integer> levels = new ArrayDeque<>();
    private double nextLevel;
    private boolean out = true;

    /** When the start bit of the frame being read began, or -1. */
    private long frameStart = -1;

    private int frame;
    private int bits;

    /** What has come. */
    final List<Integer> received = new ArrayList<>();

    SerialLine(double bitTime) {
        this.bitTime = bitTime;
    }

    void send(int value) {
        frame(1 << 9 | value << 1);
    }

    void sendWithoutStop(int value) {
        frame(value << 1);
        pause();
    }

    /** The line is idle for a bit. */
    void pause() {
        levels.add(1);
    }

    private void frame(int bits) {
        for (int i = 0; i < 10; i++) {
            levels.add(bits >> i & 1);
        }
    }

    boolean sends() {
        return !levels.isEmpty();
    }

    /** What this end drives in a cycle. */
    boolean level(long cycle) {
        if (levels.isEmpty() && cycle >= nextLevel) {
            nextLevel = cycle;
            return true;
        }
        if (cycle >= nextLevel) {
            out = levels.remove() == 1;
            nextLevel += bitTime;
        }
        return out;
    }

    /** Takes what the design drives in a cycle. */
    void observe(long cycle, boolean level) {
        if (frameStart < 0) {
            if (!level) {
                frameStart = cycle;
                frame = 0;
                bits = 0;
            }
        } else if (cycle >= frameStart + (bits + 0.5) * bitTime) {
            frame |= (level ? 1 : 0) << bits++;
            if (bits == 10) {
                if ((frame & 1) != 0 || frame >> 9 != 1) {
                    throw new AssertionError("no frame: " + Integer.toBinaryString(frame) + " in cycle " + cycle);
                }
                received.add(frame >> 1 & 255);
                frameStart = -1;
            }
        }
    }
}
