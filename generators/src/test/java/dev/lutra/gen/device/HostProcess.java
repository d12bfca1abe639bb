// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.machine.Bus;
import dev.lutra.machine.UserException;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Buffer;
import dev.lutra.runtime.device.Device;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A host that is a process of its own, since it needs another C library, or is to be killed. It does what it is told, and says how it went. */
final class HostProcess implements AutoCloseable {

    /** For the default machine. */
    static final Product PRODUCT = Product.random(3, WeightFormat.INT4, 40, 100, 32, 1);

    /** For the machine of a serial line. */
    static final Product SMALL = Product.random(3, WeightFormat.TERNARY, 5, 9, 0, 1);

    /** A region that has not ended by then never will. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    static final String OK = "ok";

    private static final int BLOCK = 70_000;

    /** What {@link #blocks} left in memory. */
    private static byte[] content = {};

    private final Process process;
    private final PrintStream orders;
    private final BufferedReader answers;

    /** @param preload library that it is started with; null for none */
    HostProcess(@Nullable String preload) throws IOException {
        var builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HostProcess.class.getName()))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        if (preload != null) {
            builder.environment().put("LD_PRELOAD", preload);
        }
        process = builder.start();
        orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Gives an order and returns the answer: ok, or the message of what went wrong and its hint. */
    String order(String order) throws IOException {
        orders.println(order);
        String answer = answers.readLine();
        assertThat(answer).as("answer to " + order).isNotNull();
        return answer;
    }

    void works(String order) throws IOException {
        assertThat(order(order)).as(order).isEqualTo(OK);
    }

    /** Opens a device, gives orders, and closes it, all of which must work. */
    void session(String address, String... orders) throws IOException {
        works("open " + address);
        for (String order : orders) {
            works(order);
        }
        works("close");
    }

    /** Gives an order that is never carried out to its end. */
    void begin(String order) {
        orders.println(order);
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] none) throws IOException {
        Device device = null;
        try (var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                String[] order = line.split(" ", 2);
                String answer = OK;
                try {
                    switch (order[0]) {
                        case "hello" -> {}
                        case "open" -> device = Device.open(order[1]);
                        case "attempt" -> answer = PRODUCT.attempt(order[1]);
                        case "run" -> run(device);
                        case "blocks" -> blocks(device);
                        case "patch" -> patch(device);
                        case "loop" -> {
                            while (true) {
                                run(device);
                            }
                        }
                        case "close" -> device.close();
                        default -> throw new IllegalArgumentException(line);
                    }
                } catch (UserException e) {
                    answer = e.getMessage() + " | " + e.hint();
                } catch (RuntimeException | Error e) {
                    e.printStackTrace();
                    answer = e.toString().lines().findFirst().orElseThrow();
                }
                System.out.println(answer);
            }
        }
    }

    private static void run(Device device) {
        if (device.machine().vector().exists()) {
            TinyText.of(device.machine(), TinyText.LONG).check(device);
        } else {
            (device.machine().bus().kind() == Bus.Kind.LOCAL ? SMALL : PRODUCT).check(device, LIMIT);
        }
    }

    /** A host that has not read what is there changes a piece of it; memory is empty as {@link #blocks} found it, so buffers lie where they lay. */
    private static void patch(Device device) {
        Buffer gap = device.allocate(4096);
        Buffer buffer = device.allocate(BLOCK);
        // One piece begins within a line of 64 bytes, the other ends within one.
        device.write(buffer, 100, ByteBuffer.allocate(28));
        device.write(buffer, 192, ByteBuffer.allocate(5));
        ByteBuffer before = ByteBuffer.allocate(36);
        device.read(buffer, 64, before);
        ByteBuffer after = ByteBuffer.allocate(59);
        device.read(buffer, 197, after);
        assertThat(before.array()).isEqualTo(Arrays.copyOfRange(content, 64, 100));
        assertThat(after.array()).isEqualTo(Arrays.copyOfRange(content, 197, 256));
        device.release(buffer);
        device.release(gap);
    }

    /** Blocks of any place and length keep their neighbours. */
    static void blocks(Device device) {
        byte[] all = new byte[BLOCK];
        new Random(7).nextBytes(all);
        Buffer gap = device.allocate(4096);
        Buffer buffer = device.allocate(all.length);
        device.write(buffer, 0, ByteBuffer.wrap(all));
        for (int[] piece : new int[][] {{0, 1}, {3, 1}, {1, 2}, {2, 4}, {5, 60_000}, {1021, 1023}, {69_999, 1}}) {
            byte[] bytes = new byte[piece[1]];
            new Random(piece[0]).nextBytes(bytes);
            System.arraycopy(bytes, 0, all, piece[0], bytes.length);
            device.write(buffer, piece[0], ByteBuffer.wrap(bytes));
            ByteBuffer back = ByteBuffer.allocate(bytes.length);
            device.read(buffer, piece[0], back);
            assertThat(back.array()).isEqualTo(bytes);
        }
        ByteBuffer back = ByteBuffer.allocate(all.length);
        device.read(buffer, 0, back);
        assertThat(back.array()).isEqualTo(all);
        content = all;
        device.release(buffer);
        device.release(gap);
    }
}
