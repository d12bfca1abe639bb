// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Hosts that are killed at random points: while they open a device, or while they compute on it. */
final class KilledHosts {

    private static final int KILLS = 200;
    private static final long SEED = 9;
    private static final int LONGEST_MICROS = 400_000;

    private KilledHosts() {}

    /** What must work after each of them. */
    interface Next {
        void run() throws IOException;
    }

    /**
     * Starts and kills them, one after the other.
     *
     * @param preload library that they are started with; null for none
     * @param addresses of the device, taken in turn
     */
    static void kill(@Nullable String preload, List<String> addresses, Next next)
            throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < KILLS; i++) {
            String open = "open " + addresses.get(i % addresses.size());
            try (HostProcess victim = new HostProcess(preload)) {
                victim.works("hello");
                if (random.nextInt(4) > 0) {
                    victim.works(open);
                    victim.begin("loop");
                } else {
                    victim.begin(open);
                }
                TimeUnit.MICROSECONDS.sleep(random.nextInt(LONGEST_MICROS));
                victim.kill();
            }
            try {
                next.run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("after host " + i + " of seed " + SEED + " was killed", e);
            }
        }
    }
}
