// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.build;

import dev.lutra.sim.engine.ToolException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Runs an outside program to its end; an interrupt of the calling thread ends the program and its children. */
public final class Command {
    /** Enough for the first error of any tool; the rest is read and dropped. */
    private static final int OUTPUT_LIMIT = 1 << 20;

    private Command() {}

    /** What a program wrote (both streams) and returned. */
    public record Result(int exit, String output) {}

    /**
     * The first program of a name on a search path.
     *
     * @return null: there is none
     */
    public static @Nullable Path locate(String program, String searchPath) {
        for (String directory : searchPath.split(File.pathSeparator, -1)) {
            if (directory.isEmpty()) {
                continue;
            }
            File candidate = new File(directory, program);
            if (candidate.isFile() && candidate.canExecute()) {
                return candidate.toPath().toAbsolutePath();
            }
        }
        return null;
    }

    /** What changes with a program that is installed anew: its file, size and time. */
    public static String stamp(Path program) {
        File file = program.toFile();
        return file + " " + file.length() + " " + file.lastModified() + "\n";
    }

    /** @param searchPath value of PATH for the program */
    public static Result run(List<String> words, Path directory, String searchPath) throws InterruptedException {
        String tool = Path.of(words.get(0)).getFileName().toString();
        if (Cleanup.shuttingDown()) {
            throw new InterruptedException("shutting down");
        }
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("PATH", searchPath);
        // Messages are searched for the word "error".
        builder.environment().put("LC_ALL", "C");
        // A compiler that is killed leaves its temporary files: there they go together with the half-built directory.
        builder.environment().put("TMPDIR", directory.toString());
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new ToolException(tool, "cannot start " + words.get(0) + ": " + e.getMessage(), null, e);
        }
        Cleanup.watch(process);
        try {
            process.getOutputStream().close();
            CompletableFuture<String> output = new CompletableFuture<>();
            Thread reader = new Thread(() -> read(process.getInputStream(), output), "output of " + tool);
            reader.setDaemon(true);
            reader.start();
            int exit = process.waitFor();
            return new Result(exit, output.join());
        } catch (IOException | CompletionException e) {
            throw new ToolException(tool, "cannot read the output of " + tool + ": " + e.getMessage(), null, e);
        } catch (InterruptedException e) {
            Cleanup.kill(process);
            throw e;
        } finally {
            Cleanup.forget(process);
        }
    }

    private static void read(InputStream from, CompletableFuture<String> to) {
        try (from) {
            byte[] head = from.readNBytes(OUTPUT_LIMIT);
            from.transferTo(java.io.OutputStream.nullOutputStream());
            to.complete(new String(head, StandardCharsets.UTF_8));
        } catch (IOException e) {
            to.completeExceptionally(e);
        }
    }
}
