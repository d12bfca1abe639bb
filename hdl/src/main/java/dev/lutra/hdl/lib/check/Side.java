// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.check;

/** Which side of an interface the hardware under check is on. Its rules are required, those of the other side assumed. */
public enum Side {
    /** The one that asks or sends. */
    MASTER,
    /** The one that answers or receives. */
    SLAVE,
    /** Both: the rules of both sides are required. */
    BOTH;

    boolean requiresMaster() {
        return this != SLAVE;
    }

    boolean requiresSlave() {
        return this != MASTER;
    }
}
