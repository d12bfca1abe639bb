// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.util.Collection;
import java.util.List;

/**
 * Continues a {@link Module#switchOn} of an enumeration: at most one case applies. No value may be in two cases. A switch
 * that has all values is complete, any other needs {@link #otherwise} to be. A code that is no value takes {@code otherwise} or,
 * where there is none in a complete switch, the last case.
 *
 * @param <E> the enumeration
 */
public final class EnumSwitch<E extends Enum<E>> {
    private final Cases cases;

    EnumSwitch(Module module, EnumSignal<E> subject) {
        cases = new Cases(module, subject);
    }

    /** Statements for one value. */
    public EnumSwitch<E> is(E value, Runnable body) {
        return is(List.of(value), body);
    }

    /** Statements for any of some values. */
    public EnumSwitch<E> is(Collection<E> values, Runnable body) {
        cases.add(values.stream().map(Types::code).toList(), body);
        return this;
    }

    /** Statements for all other values, and for codes that are no value. */
    public void otherwise(Runnable body) {
        cases.addDefault(body);
    }
}
