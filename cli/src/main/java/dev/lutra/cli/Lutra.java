// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command itself; everything it can do is a subcommand. */
@Command(
        name = "lutra",
        description = "Takes a low-bit language model to text that comes out of generated RTL.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            GenCommand.class,
            SimCommand.class,
            BoardsCommand.class,
            BuildCommand.class,
            ProgramCommand.class,
            VirtualCommand.class,
            NewCommand.class,
            MapCommand.class,
            EvalCommand.class,
            BenchCommand.class,
            InfoCommand.class,
            TestCommand.class
        },
        sortOptions = false,
        footer = {"", "Exit codes: docs/exit-codes.md. Example:", "  ./lutra test"})
final class Lutra implements Runnable {
    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "On an error, print the stack trace too.")
    boolean debug;

    /** Read by the launcher, which takes it off the command line; here for the help only. */
    @Option(names = "--no-install", description = "Never install anything: say which package is missing instead.")
    boolean noInstall;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }
}
