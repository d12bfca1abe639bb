// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C reaches the programs we started as well as us; their failing then is no news. */
final class Interruption {
    private static final CountDownLatch BEGUN = new CountDownLatch(1);

    private Interruption() {}

    static void watch() {
        Runtime.getRuntime().addShutdownHook(new Thread(BEGUN::countDown, "interruption"));
    }

    /** Whether this process is being ended. A child may die of the same signal a moment sooner, hence the short wait. */
    static boolean begun() {
        try {
            return BEGUN.await(200, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
