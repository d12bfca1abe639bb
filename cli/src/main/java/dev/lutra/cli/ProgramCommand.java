// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.bitstream.BitstreamManifest;
import dev.lutra.bitstream.board.Board;
import dev.lutra.bitstream.board.Boards;
import dev.lutra.machine.UserException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "program",
        description = "Loads a bitstream that lutra build made into its board, with iceprog or openFPGALoader.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example:",
            "  ./lutra program build/icebreaker",
            "",
            "The command is printed before it runs; the first tool of the board's description that is on the PATH is taken."
        })
final class ProgramCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "Folder that lutra build wrote.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path directory;

    @Option(names = "--dry-run", description = "Print the command, and do not run it.")
    private boolean dryRun;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        BitstreamManifest manifest = BitstreamManifest.in(directory);
        Board board = Boards.named(manifest.board());
        Path bitstream = directory.resolve(manifest.bitstream());
        if (!Files.isRegularFile(bitstream)) {
            throw UserException.badInput(
                    bitstream + " is missing", "Build it again: lutra build --board " + board.name());
        }
        List<List<String>> commands = commands(board, bitstream);
        List<String> chosen = commands.stream()
                .filter(command -> Programs.find(command.get(0)) != null)
                .findFirst()
                .orElse(commands.get(0));
        out.println(String.join(" ", chosen));
        out.flush();
        if (dryRun) {
            return ExitCode.OK.number();
        }
        if (Programs.find(chosen.get(0)) == null) {
            throw new UserException(
                    UserException.Kind.TOOL,
                    "there is no " + chosen.get(0) + " on the PATH",
                    "Install fpga-icestorm or openfpgaloader, or run the command above where it is.");
        }
        return run(chosen);
    }

    private static List<List<String>> commands(Board board, Path bitstream) {
        List<List<String>> commands = new ArrayList<>();
        for (List<String> command : board.program()) {
            commands.add(command.stream()
                    .map(word -> word.equals("BITSTREAM") ? bitstream.toString() : word)
                    .toList());
        }
        if (commands.isEmpty()) {
            throw UserException.badInput("no command is known that loads " + board.name(), null);
        }
        return commands;
    }

    private static int run(List<String> command) throws InterruptedException {
        int exit;
        try {
            exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.TOOL, "cannot start " + command.get(0) + ": " + e.getMessage(), null, e);
        }
        if (exit != 0) {
            throw new UserException(
                    UserException.Kind.TOOL,
                    command.get(0) + " failed (exit code " + exit + ")",
                    "Is the board plugged in, and may you use its USB device?");
        }
        return ExitCode.OK.number();
    }
}
