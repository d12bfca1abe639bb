// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.check;

/**
 * Why a program is refused.
 *
 * @param run which region and arguments, or "program"
 * @param pc index of the instruction, or -1
 * @param message what is wrong
 */
public record Finding(String run, int pc, String message) {
    @Override
    public String toString() {
        return pc < 0 ? "%s: %s".formatted(run, message) : "%s, instruction %d: %s".formatted(run, pc, message);
    }
}
