// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command line. The whole help after it would push that off the screen. */
final class UsageErrors implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("lutra: " + wrong.getMessage());
        UnmatchedArgumentException.printSuggestions(wrong, err);
        if (args.length == 0) {
            command.usage(err);
        } else {
            err.println("       ./" + command.getCommandSpec().qualifiedName() + " --help shows what it takes.");
        }
        err.flush();
        return ExitCode.USAGE.number();
    }
}
