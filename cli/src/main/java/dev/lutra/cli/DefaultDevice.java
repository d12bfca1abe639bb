// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import java.util.List;

/** The fastest simulator that this machine can run. */
final class DefaultDevice {

    private static final List<String> NEEDED_BY_VERILATOR = List.of("verilator", "g++");

    private DefaultDevice() {}

    static String address() {
        boolean verilated = NEEDED_BY_VERILATOR.stream().allMatch(program -> Programs.find(program) != null);
        return verilated ? "sim:verilator" : "sim:embedded";
    }
}
