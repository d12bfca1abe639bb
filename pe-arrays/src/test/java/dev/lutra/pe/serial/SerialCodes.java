// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.serial;

/** Codes as the hardware takes them. */
final class SerialCodes {
    private SerialCodes() {}

    /** Integers sign-extended, FP4 as it is, FP3 with a zero appended. */
    static int port(SerialType type, int code) {
        if (!type.isFloat()) {
            return type.value(code);
        }
        return type.bits() == 3 ? code << 1 : code;
    }
}
