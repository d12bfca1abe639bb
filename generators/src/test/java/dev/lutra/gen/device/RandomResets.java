// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** The reset button of a board, pressed at random points of what a host does: opening the device, writing to it, and a region that runs. */
final class RandomResets {

    private static final long SEED = 31;

    private RandomResets() {}

    /** A host that opens a device, computes and closes it. */
    interface Host {

        /** Returns ok, or the message of what went wrong. */
        String run() throws IOException;
    }

    /**
     * Presses it 3 times, or 100 in deep runs, each time while a host computes, after which {@code next} must work.
     *
     * @param button presses it
     */
    static void press(Runnable button, Host host, KilledHosts.Next next) throws IOException, InterruptedException {
        boolean deep = Boolean.getBoolean("lutra.deep");
        int resets = deep ? 100 : 3;
        SplittableRandom random = new SplittableRandom(SEED);
        assertThat(host.run()).isEqualTo(HostProcess.OK); // a first run takes longer than others
        long start = System.nanoTime();
        assertThat(host.run()).isEqualTo(HostProcess.OK);
        long took = System.nanoTime() - start;
        int reported = 0;
        for (int i = 0; i < resets; i++) {
            long delay = random.nextLong(took);
            Thread finger = new Thread(() -> {
                try {
                    TimeUnit.NANOSECONDS.sleep(delay);
                    button.run();
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
            });
            finger.start();
            String said = host.run();
            finger.join();
            if (!said.equals(HostProcess.OK)) {
                assertThat(said).matches("(?s).*(was reset|does not answer|is no Lutra accelerator).*");
                reported++;
            }
            next.run();
        }
        System.out.println(reported + " of " + resets + " resets were reported, with the others all was done");
        if (deep) {
            assertThat(reported).isPositive();
        }
    }
}
