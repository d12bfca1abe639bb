// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

/**
 * An enumeration whose values have codes of their own in hardware, such as operation codes or one-hot states:
 *
 * <pre>{@code
 * enum State implements Coded {
 *     IDLE, RUN, DONE;
 *
 *     public long code() {
 *         return 1L << ordinal(); // one-hot
 *     }
 * }
 * }</pre>
 *
 * <p>The width of {@link Hdl#enumOf} is that of the greatest code.
 */
public interface Coded {
    /** The code of this value: not negative, different from all others, always the same. */
    long code();
}
