// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.engine;

import dev.lutra.hdl.lib.check.ProtocolRule;

/** A rule broken on an AXI4 port with a memory behind it. */
public final class AxiViolation extends SimulationException {
    private static final long serialVersionUID = 1;

    private final ProtocolRule rule;

    /**
     * @param prefix of the port
     * @param channel "AR", "R", "AW", "W" or "B"
     * @param cycle in which it was broken
     * @param address of the burst or beat
     */
    public AxiViolation(ProtocolRule rule, String prefix, String channel, long cycle, long address, int id) {
        super("AXI protocol violation on " + prefix + ", channel " + channel + ", cycle " + cycle + ": " + rule.text()
                + " (address 0x" + Long.toHexString(address) + ", id " + id + ")");
        this.rule = rule;
    }

    /** The rule. */
    public ProtocolRule rule() {
        return rule;
    }
}
