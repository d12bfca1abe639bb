// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import java.util.Arrays;
import java.util.List;

/** The bits of {@link Register#CTRL}. A bit that is written and another one that is read may have one place. */
public enum ControlBit {
    START(0, RegisterAccess.PULSE, "starts a region"),
    RUNNING(0, RegisterAccess.READ_ONLY, "a region runs"),
    DONE(1, RegisterAccess.READ_CLEARS, "a region has ended; cleared by reading and by a start"),
    IDLE(2, RegisterAccess.READ_ONLY, "nothing runs"),
    READY(3, RegisterAccess.READ_ONLY, "a region has been taken and ended: as DONE"),
    ABORT(8, RegisterAccess.PULSE, "ends a region early");

    private final RegisterField field;

    ControlBit(int bit, RegisterAccess access, String doc) {
        field = new RegisterField(name(), bit, 1, access, doc);
    }

    /** Its place and meaning. */
    public RegisterField field() {
        return field;
    }

    /** A word with this bit alone. */
    public int mask() {
        return 1 << field.low();
    }

    static List<RegisterField> fields() {
        return Arrays.stream(values()).map(ControlBit::field).toList();
    }
}
