// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

/** How the command ends; docs/exit-codes.md is the same table for users. */
enum ExitCode {
    OK(0, "Done."),
    INTERNAL(1, "An error of Lutra itself. Please report it with the output of the same command and `--debug`."),
    USAGE(2, "The command line cannot be understood."),
    BAD_INPUT(3, "A file, a prompt or a configuration cannot be used."),
    TOOL(
            4,
            "A program Lutra needs is missing or failed (Maven, JDK, Verilator, C++ compiler), or the cache cannot be written."),
    DEVICE(5, "A device cannot be opened, reports an error or does not answer in time."),
    MISMATCH(6, "A result differs from its reference, or a test failed."),
    INTERRUPTED(130, "Interrupted (Ctrl-C).");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    int number() {
        return number;
    }

    String meaning() {
        return meaning;
    }
}
