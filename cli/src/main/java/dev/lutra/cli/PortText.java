// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.Type;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Values of ports as stimulus files have them: decimal, {@code 0x} hexadecimal, {@code 0b} binary, names of enumerations. */
final class PortText {
    private PortText() {}

    /** A value, or null if the text is none. */
    static @Nullable BigInteger parse(Port port, String text) {
        if (port.type() instanceof Type.Enumeration choice && choice.values().contains(text)) {
            return choice.codes().get(choice.values().indexOf(text));
        }
        try {
            String digits = text.replace("_", "");
            if (digits.startsWith("0x") || digits.startsWith("0X")) {
                return new BigInteger(digits.substring(2), 16);
            }
            if (digits.startsWith("0b") || digits.startsWith("0B")) {
                return new BigInteger(digits.substring(2), 2);
            }
            return new BigInteger(digits);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The name of an enumeration's value, a decimal number otherwise. */
    static String format(Port port, BigInteger value) {
        if (port.type() instanceof Type.Enumeration choice && choice.codes().contains(value)) {
            return choice.values().get(choice.codes().indexOf(value));
        }
        return value.toString();
    }

    static String describe(Port port) {
        return port.name() + " (" + port.type() + ")";
    }
}
