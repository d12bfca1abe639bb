// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

/** When a reset acts, and at which level. */
public enum ResetKind {
    /** At the clock edge, active high. */
    SYNC(false, false),
    /** At the clock edge, active low. */
    SYNC_LOW(false, true),
    /** At once, active high. */
    ASYNC(true, false),
    /** At once, active low. */
    ASYNC_LOW(true, true);

    private final boolean asynchronous;
    private final boolean activeLow;

    ResetKind(boolean asynchronous, boolean activeLow) {
        this.asynchronous = asynchronous;
        this.activeLow = activeLow;
    }

    /** Whether it acts without a clock edge. */
    public boolean asynchronous() {
        return asynchronous;
    }

    /** Whether 0 resets. */
    public boolean activeLow() {
        return activeLow;
    }

    /** The name of a module's own reset input of this kind. */
    public String portName() {
        return activeLow ? "rst_n" : "rst";
    }
}
