// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.icarus;

import dev.lutra.sim.build.Cleanup;
import dev.lutra.sim.engine.ToolException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A simulator process and the pipes to our module in it. Requests are collected and sent with the first that has an answer. The
 * process ends when this one does: it then sees the end of its pipe.
 */
final class Link {
    private static final int HEADER = 64;
    private static final int ERRORS = 2000;

    private final Process process;
    private final Path errors;
    private final OutputStream to;
    private final DataInputStream from;
    private final ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.nativeOrder());
    private ByteBuffer out = ByteBuffer.allocate(1 << 12).order(ByteOrder.nativeOrder());
    private int start;

    /**
     * Starts vvp in a directory of its own.
     *
     * @param module directory of our module
     */
    Link(Toolchain tools, Path module, Path program, Path directory) {
        errors = directory.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        tools.vvp().toString(), "-n", "-M", module.toString(), "-m", "lutra", program.toString()))
                .directory(directory.toFile())
                .redirectError(errors.toFile());
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new ToolException("vvp", "cannot start " + tools.vvp() + ": " + e.getMessage(), null, e);
        }
        Cleanup.watch(process);
        to = process.getOutputStream();
        InputStream answers = process.getInputStream();
        from = new DataInputStream(answers);
    }

    /** Begins a request; its arguments follow. */
    void begin(Operation operation) {
        start = out.position();
        putInt(operation.ordinal()).putInt(0);
    }

    Link putInt(int value) {
        room(4).putInt(value);
        return this;
    }

    Link putLong(long value) {
        room(8).putLong(value);
        return this;
    }

    /** Some words from an index of a buffer. */
    void putWords(LongBuffer words, int from, int count) {
        ByteBuffer at = room(8 * count);
        at.asLongBuffer().put(0, words, from, count);
        at.position(at.position() + 8 * count);
    }

    void putText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        room(bytes.length).put(bytes);
    }

    /** Ends a request that has no answer; it is sent with the next that has one. */
    void end() {
        out.putInt(start + 4, out.position() - start - 8);
    }

    /** Ends a request, sends all that have been begun and waits for the answer. */
    Answer ask() throws IOException {
        end();
        send();
        from.readFully(header.array());
        int text = header.getInt(56);
        byte[] body = new byte[text + header.getInt(60)];
        from.readFully(body);
        LongBuffer words = ByteBuffer.wrap(body, text, body.length - text)
                .slice()
                .order(ByteOrder.nativeOrder())
                .asLongBuffer();
        boolean masked = header.getInt(4) != 0;
        int half = masked ? words.limit() / 2 : words.limit();
        return new Answer(
                header.getInt(0),
                header.getLong(8),
                header.getLong(16),
                new Answer.Violation(
                        header.getInt(24),
                        header.getInt(28),
                        header.getInt(32),
                        header.getLong(40),
                        header.getLong(48)),
                new String(body, 0, text, StandardCharsets.UTF_8),
                words.slice(0, half),
                masked ? words.slice(half, half) : null);
    }

    /** Sends what has been begun. */
    void send() throws IOException {
        to.write(out.array(), 0, out.position());
        to.flush();
        out.clear();
    }

    /** Lets the simulator end by itself, which completes its files. */
    void quit() {
        try {
            begin(Operation.QUIT);
            end();
            send();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (IOException e) {
            kill();
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
        forget();
    }

    /** Ends the process at once; a request under way fails. */
    void kill() {
        process.destroyForcibly();
        forget();
    }

    private void forget() {
        if (!process.isAlive()) {
            Cleanup.forget(process);
        } else {
            var unused = process.onExit().thenRun(() -> Cleanup.forget(process));
        }
    }

    /** How the process ended, and its first complaints. */
    String lastWords() {
        String how = "it still runs";
        try {
            if (process.waitFor(5, TimeUnit.SECONDS)) {
                how = "exit code " + process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String said;
        try {
            said = new String(Files.readAllBytes(errors), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            said = "";
        }
        if (said.length() > ERRORS) {
            said = said.substring(0, ERRORS) + " ...";
        }
        return how + (said.isEmpty() ? ", it said nothing" : ": " + said);
    }

    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(2 * out.capacity(), out.position() + bytes))
                    .order(ByteOrder.nativeOrder());
            out = larger.put(out.flip());
        }
        return out;
    }
}
