// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

/**
 * A field of a host register.
 *
 * @param name the register's own name where it is its only field
 * @param low lowest bit
 * @param width bits
 * @param access what the host may do
 * @param doc what it is for
 */
public record RegisterField(String name, int low, int width, RegisterAccess access, String doc) {}
