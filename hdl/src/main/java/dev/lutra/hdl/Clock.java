// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

/**
 * A clock beside the module's own: an input that {@link Module#domain} makes a domain of, or that is passed on to an
 * instance. It is never read as data.
 */
public final class Clock extends Ground {
    Clock() {
        super(Types.CLOCK);
    }

    @Override
    Clock ofWidth(int width) {
        return new Clock();
    }
}
