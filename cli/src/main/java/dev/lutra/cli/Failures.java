// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.hdl.HdlException;
import dev.lutra.machine.IoReason;
import dev.lutra.machine.UserException;
import dev.lutra.map.exec.RunFault;
import dev.lutra.sim.engine.SimulationException;
import dev.lutra.sim.engine.ToolException;
import java.io.IOError;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Says what went wrong. A stack trace is for whoever mends Lutra, so it appears with {@code --debug} only. */
final class Failures implements CommandLine.IExecutionExceptionHandler {
    /** What a shell shows of a program that wrote into a pipe that nobody reads: 128 + SIGPIPE. */
    private static final int READER_GONE = 141;

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        return report(
                failure,
                command.getErr(),
                command.getCommandSpec().root().userObject() instanceof Lutra lutra && lutra.debug);
    }

    static int report(Throwable failure, PrintWriter err, boolean debug) {
        if (failure instanceof ToolException && Interruption.begun()) {
            return ExitCode.INTERRUPTED.number();
        }
        if (failure instanceof IOError && text(failure).contains("Broken pipe")) {
            return READER_GONE;
        }
        Report report = describe(failure);
        err.println("lutra: " + report.message);
        if (report.hint != null) {
            err.println("       " + report.hint);
        }
        if (debug) {
            failure.printStackTrace(err);
        }
        err.flush();
        return report.code.number();
    }

    private record Report(
            ExitCode code, String message, @Nullable String hint) {}

    private static Report describe(Throwable failure) {
        if (failure instanceof UserException user) {
            return new Report(codeOf(user.kind()), text(user), user.hint());
        }
        if (failure instanceof ToolException tool) {
            return new Report(ExitCode.TOOL, tool.tool() + ": " + tool.problem(), tool.hint());
        }
        if (failure instanceof HdlException hdl) {
            return new Report(ExitCode.BAD_INPUT, "the hardware cannot be generated:\n" + hdl.getMessage(), null);
        }
        if (failure instanceof SimulationException || failure instanceof RunFault) {
            return new Report(ExitCode.DEVICE, text(failure), null);
        }
        if (failure instanceof IOError && failure.getCause() instanceof IOException io) {
            return new Report(
                    ExitCode.BAD_INPUT,
                    "standard output cannot be written: " + IoReason.of(io),
                    "What was printed is not complete.");
        }
        if (failure instanceof IOException io) {
            return new Report(ExitCode.BAD_INPUT, describe(io), null);
        }
        if (failure instanceof UncheckedIOException unchecked && unchecked.getCause() != null) {
            return new Report(ExitCode.BAD_INPUT, describe(unchecked.getCause()), null);
        }
        if (failure instanceof OutOfMemoryError) {
            return new Report(
                    ExitCode.BAD_INPUT,
                    "not enough memory: the heap is limited to "
                            + (Runtime.getRuntime().maxMemory() >> 20) + " MiB",
                    "A larger limit: JDK_JAVA_OPTIONS=-Xmx8g ./lutra ...");
        }
        StackTraceElement[] trace = failure.getStackTrace();
        return new Report(
                ExitCode.INTERNAL,
                "internal error: " + failure + (trace.length > 0 ? " at " + trace[0] : ""),
                "This is a mistake in Lutra. Please report it with the output of the same command and --debug.");
    }

    private static ExitCode codeOf(UserException.Kind kind) {
        return switch (kind) {
            case BAD_INPUT -> ExitCode.BAD_INPUT;
            case TOOL -> ExitCode.TOOL;
            case DEVICE -> ExitCode.DEVICE;
            case MISMATCH -> ExitCode.MISMATCH;
        };
    }

    private static String describe(IOException io) {
        String reason = IoReason.of(io);
        return io instanceof FileSystemException fs && fs.getFile() != null ? fs.getFile() + ": " + reason : reason;
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
