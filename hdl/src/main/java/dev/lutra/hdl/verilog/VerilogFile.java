// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

/**
 * A file of Verilog.
 *
 * @param name file name without a directory, {@code Module.v}
 * @param text content
 */
public record VerilogFile(String name, String text) {}
