// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Continues a {@link Module#switchOn} of a number: at most one case applies. No value may be in two cases; each must be
 * one that the subject can have.
 */
public final class Switch {
    private final Cases cases;

    Switch(Module module, Ground subject) {
        cases = new Cases(module, subject);
    }

    /** Statements for one value. */
    public Switch is(long value, Runnable body) {
        return is(new long[] {value}, body);
    }

    /** Statements for any of some values. */
    public Switch is(long[] values, Runnable body) {
        cases.add(Arrays.stream(values).mapToObj(BigInteger::valueOf).toList(), body);
        return this;
    }

    /** Statements for all other values. */
    public void otherwise(Runnable body) {
        cases.addDefault(body);
    }
}
