// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.check;

/** Ends the check of one run at its first finding. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int pc;

    Refusal(int pc, String message) {
        super(message);
        this.pc = pc;
    }

    int pc() {
        return pc;
    }

    static void require(boolean good, int pc, String format, Object... values) {
        if (!good) {
            throw new Refusal(pc, format.formatted(values));
        }
    }
}
