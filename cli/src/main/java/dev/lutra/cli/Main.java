// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;

/** Entry point. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        // UTF-8 whatever the locale: models write more than ASCII, and --json is for programs.
        PrintWriter out = new PrintWriter(
                new StandardOutput(new FileOutputStream(FileDescriptor.out)), true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Interruption.watch();
        System.exit(run(out, err, args));
    }

    /** Runs one command line; returns the exit code. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine command = new CommandLine(new Lutra())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(new UsageErrors())
                .setExecutionExceptionHandler(new Failures())
                .setHelpFactory(Paragraphs::help);
        try {
            int code = command.execute(args);
            out.flush();
            return code;
        } catch (Error failure) { // picocli passes errors through, out of memory among them
            return Failures.report(failure, err, List.of(args).contains("--debug"));
        }
    }
}
