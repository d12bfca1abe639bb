// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

/** How bad a {@link Diagnostic} is. */
public enum Severity {
    /** The circuit is not accepted. */
    ERROR,
    /** The circuit is accepted and probably not what was meant. */
    WARNING
}
