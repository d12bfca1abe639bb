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
            "Commands are printed before they run; the first tool of the board's description that is on the PATH is taken.",
            "Weights for the board's flash, which lutra build --program made, are written before the bitstream."
        })
final class ProgramCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "Folder that lutra build wrote.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path directory;

    @Option(names = "--dry-run", description = "Print the commands, and run none.")
    private boolean dryRun;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        BitstreamManifest manifest = BitstreamManifest.in(directory);
        Board board = Boards.named(manifest.board());
        // The bitstream comes last: it runs as soon as it is there.
        List<List<String>> commands = new ArrayList<>();
        manifest.flash().forEach(part -> commands.add(command(board, directory.resolve(part.file()), part.offset())));
        commands.add(command(board, directory.resolve(manifest.bitstream()), 0));
        commands.forEach(command -> out.println(String.join(" ", command)));
        out.flush();
        if (dryRun) {
            return ExitCode.OK.number();
        }
        String tool = commands.get(0).get(0);
        if (Programs.find(tool) == null) {
            throw new UserException(
                    UserException.Kind.TOOL,
                    "there is no " + tool + " on the PATH",
                    "Install fpga-icestorm or openfpgaloader, or run the command above where it is.");
        }
        for (List<String> command : commands) {
            run(command);
        }
        return ExitCode.OK.number();
    }

    /** The first command of the board whose tool is there, else the first of all. */
    private static List<String> command(Board board, Path file, long offset) {
        if (!Files.isRegularFile(file)) {
            throw UserException.badInput(file + " is missing", "Build it again: lutra build --board " + board.name());
        }
        List<String> chosen = board.program().stream()
                .filter(command -> Programs.find(command.get(0)) != null)
                .findFirst()
                .or(() -> board.program().stream().findFirst())
                .orElseThrow(() -> UserException.badInput("no command is known that loads " + board.name(), null));
        return chosen.stream()
                .map(word -> switch (word) {
                    case "BITSTREAM" -> file.toString();
                    case "OFFSET" -> "0x%X".formatted(offset);
                    default -> word;
                })
                .toList();
    }

    private static void run(List<String> command) throws InterruptedException {
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
    }
}
