// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import dev.lutra.machine.UserException;
import dev.lutra.sim.build.Cleanup;
import dev.lutra.sim.build.Command;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Test equipment: device files that are not there, in a folder of their own. They are Unix sockets, and libraries made with gcc stand in front of them in
 * hosts; that of the file functions of the C library is preloaded ({@link #preload}).
 */
final class VirtualFiles implements AutoCloseable {

    private static final String PRELOADED = "libcard_files.so";
    private static final String SOURCES = "virtual/";

    private final Path folder;
    private final List<ServerSocketChannel> servers = new ArrayList<>();
    private final List<SocketChannel> connections = new CopyOnWriteArrayList<>();

    private VirtualFiles(Path folder) {
        this.folder = folder;
    }

    /** What serves a host that has opened a file, on a thread of its own, until one of the two ends. */
    interface Service {
        void serve(SocketChannel host) throws IOException;
    }

    /**
     * Makes the folder and the library to preload.
     *
     * @throws UserException if there is no gcc, or it fails
     */
    static VirtualFiles open() throws InterruptedException {
        VirtualFiles files;
        try {
            Path folder = Files.createTempDirectory("lutra-card");
            Cleanup.watch(folder);
            files = new VirtualFiles(folder);
        } catch (IOException e) {
            throw failed(e);
        }
        try {
            files.compile("files.c", PRELOADED);
            return files;
        } catch (RuntimeException e) {
            files.close();
            throw e;
        }
    }

    static UserException failed(IOException e) {
        return new UserException(
                UserException.Kind.DEVICE, "cannot make the files of a virtual board: " + e.getMessage(), null, e);
    }

    Path folder() {
        return folder;
    }

    /** What LD_PRELOAD must be for hosts: the library that makes sockets files. */
    String preload() {
        return folder.resolve(PRELOADED).toString();
    }

    /**
     * Compiles a library.
     *
     * @throws UserException if there is no gcc, or it fails
     */
    void compile(String source, String library) throws InterruptedException {
        String path = System.getenv("PATH");
        Path gcc = Command.locate("gcc", path == null ? "" : path);
        if (gcc == null) {
            throw new UserException(
                    UserException.Kind.TOOL,
                    "a virtual board with device files needs gcc, which is not on the PATH",
                    "Install it: apt-get install gcc libc6-dev");
        }
        Command.Result result;
        try {
            for (String file : List.of(source, "card.h")) {
                try (InputStream text = VirtualFiles.class.getResourceAsStream(SOURCES + file)) {
                    if (text == null) {
                        throw new IllegalStateException("resource " + file + " is missing");
                    }
                    Files.write(folder.resolve(file), text.readAllBytes());
                }
            }
            Path out = folder.resolve(library);
            Files.createDirectories(out.getParent());
            result = Command.run(
                    List.of(gcc.toString(), "-O1", "-w", "-shared", "-fPIC", "-o", out.toString(), source, "-ldl"),
                    folder,
                    path == null ? "" : path);
        } catch (IOException e) {
            throw failed(e);
        }
        if (result.exit() != 0) {
            throw new UserException(
                    UserException.Kind.TOOL,
                    "gcc failed on " + source + ": " + result.output(),
                    "It needs x86-64 Linux.");
        }
    }

    /** Puts a file there. */
    void serve(String file, Service service) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        servers.add(server);
        server.bind(UnixDomainSocketAddress.of(folder.resolve(file)));
        start(() -> {
            while (true) {
                SocketChannel connection = server.accept();
                connections.add(connection);
                start(() -> {
                    try (connection) {
                        service.serve(connection);
                    } finally {
                        connections.remove(connection);
                    }
                });
            }
        });
    }

    /** What a thread does until its connection ends. */
    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException | IllegalStateException closed) {
                        // The host or the board has gone.
                    }
                },
                "virtual files");
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends all files that hosts have open; they can be opened again. */
    void pull() {
        connections.forEach(VirtualFiles::close);
    }

    private static void close(AutoCloseable channel) {
        try {
            channel.close();
        } catch (Exception gone) {
            // Closed it is.
        }
    }

    /** Takes all of them away. */
    @Override
    public void close() {
        servers.forEach(VirtualFiles::close);
        pull();
        try {
            Cleanup.delete(folder);
            Cleanup.forget(folder);
        } catch (IOException left) {
            // Tried again when this process ends.
        }
    }
}
