// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

/** Slips of Java users that the language can notice only from the stack. */
final class Misuse {
    private Misuse() {}

    /** Reports {@code a.equals(b)} written in a circuit's description; a call by a collection is fine. */
    static void equalsCalled(Data signal) {
        var session = Session.ifAny();
        if (session != null && Frames.calledByUser("equals")) {
            session.error(
                    "java-equals",
                    "equals() compares Java objects while the circuit is built, not the values of "
                            + (signal instanceof Ground ground ? ground.describe() : signal.typeText()),
                    signal instanceof Ground
                            ? "use eq() for a comparison in hardware"
                            : "use asBits().eq(...), or eq() of the elements");
        }
    }
}
