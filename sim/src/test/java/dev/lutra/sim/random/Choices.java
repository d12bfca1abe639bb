// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Hdl;
import java.util.List;

/** Enumerations of one to nine values. */
@SuppressWarnings({"rawtypes", "unchecked"}) // the enumeration is known by its number of values only
final class Choices {
    enum One {
        ONLY
    }

    enum Two {
        OFF,
        ON
    }

    enum Three {
        RED,
        GREEN,
        BLUE
    }

    enum Five {
        IDLE,
        FETCH,
        WAIT,
        STORE,
        DONE
    }

    enum Eight {
        N,
        NE,
        E,
        SE,
        S,
        SW,
        W,
        NW
    }

    enum Nine {
        A0,
        A1,
        A2,
        A3,
        A4,
        A5,
        A6,
        A7,
        A8
    }

    private static final List<Class<? extends Enum>> ALL =
            List.of(One.class, Two.class, Three.class, Five.class, Eight.class, Nine.class);

    /** The numbers of values there are. */
    static final List<Integer> COUNTS =
            ALL.stream().map(e -> e.getEnumConstants().length).toList();

    private Choices() {}

    static Class<? extends Enum> of(int count) {
        return ALL.get(COUNTS.indexOf(count));
    }

    static Enum value(int count, int ordinal) {
        return of(count).getEnumConstants()[ordinal];
    }

    static EnumSignal type(int count) {
        return Hdl.enumOf((Class) of(count));
    }
}
