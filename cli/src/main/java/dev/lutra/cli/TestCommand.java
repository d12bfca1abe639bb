// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.machine.UserException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stands in the help. The launcher runs the tests, since they need Maven and the sources. */
@Command(
        name = "test",
        description = "Builds the checkout with all checks and runs its tests.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example, one module and what it needs:", "  ./lutra test -pl sim -am"})
final class TestCommand implements Callable<Integer> {
    @Option(names = "--deep", description = "Run the long tests too.")
    boolean deep;

    @Parameters(paramLabel = "MAVEN-ARGUMENT", description = "Passed on to Maven.")
    List<String> maven = List.of();

    @Override
    public Integer call() {
        throw UserException.badInput("the tests need a checkout", "Run ./lutra test in its top folder.");
    }
}
