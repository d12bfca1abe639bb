// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

/** Direction of a {@link Port}, seen from inside its module. */
public enum Direction {
    /** Driven from outside. */
    IN,
    /** Driven by the module's statements. */
    OUT
}
