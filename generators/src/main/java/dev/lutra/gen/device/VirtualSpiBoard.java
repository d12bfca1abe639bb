// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import dev.lutra.gen.accel.HostLine;
import dev.lutra.gen.accel.LocalAccelerator;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.SimulatorOptions;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Test equipment: a board on an SPI bus that is not there. An accelerator with its memory on the chip is simulated, SPI slave included, behind a file that is a
 * chip select of the driver spidev to hosts that preload a library ({@link #preload}). The bus has the clock that the host asks for, of a board of 12 MHz.
 *
 * <p>Its time is that of the simulation: a transfer takes its cycles, and between transfers it goes on for some time, then stands still.
 */
public final class VirtualSpiBoard implements AutoCloseable {

    private static final int CLOCK = 12_000_000;
    private static final String FILE = "spidev0.0";

    /** Of a request of the library: operation, bytes, clock of the bus in Hz. */
    private static final int REQUEST_BYTES = 16;

    private static final int TRANSFER = 5;
    private static final int EINVAL = 22;

    /** Cycles that it runs between two looks for a transfer, and at most without one. */
    private static final int SLICE = 2_000;

    private static final int MOST_IDLE = 1 << 18;

    private final Simulator simulator;
    private final SpiPins pins;
    private final VirtualFiles files;
    private final Thread thread;
    private final LinkedBlockingQueue<FutureTask<?>> requests = new LinkedBlockingQueue<>();
    private int idle = MOST_IDLE;
    private volatile boolean closing;
    private volatile boolean silent;

    private VirtualSpiBoard(BoardBench top, Simulator simulator, VirtualFiles files, byte @Nullable [] flash) {
        this.simulator = simulator;
        this.files = files;
        pins = new SpiPins(simulator, top);
        pins.reset();
        if (flash != null) {
            top.program(simulator, flash);
        }
        thread = new Thread(this::live, "virtual SPI board");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Switches a board on.
     *
     * @param machine with its memory on the chip
     * @param flash what the window of its flash begins with; null leaves that as it is, or there is none
     * @param engine that simulates it
     * @param progress told of steps that take long
     * @throws UserException if there is no gcc, or it fails
     */
    public static VirtualSpiBoard open(
            Machine machine, byte @Nullable [] flash, EngineKind engine, Consumer<String> progress)
            throws InterruptedException {
        VirtualFiles files = VirtualFiles.open();
        try {
            Elaboration<BoardBench> design =
                    Circuit.of(() -> new BoardBench(new LocalAccelerator.Params(machine, new HostLine.Spi())));
            Simulator simulator =
                    engine.open(design, SimulatorOptions.defaults().withProgress(progress));
            VirtualSpiBoard board = new VirtualSpiBoard(design.top(), simulator, files, flash);
            files.serve(FILE, board::answer);
            return board;
        } catch (IOException e) {
            files.close();
            throw VirtualFiles.failed(e);
        } catch (RuntimeException e) {
            files.close();
            throw e;
        }
    }

    /** The address at which it is a device. */
    public String address() {
        return "spi:" + path();
    }

    /** The file of its chip select. */
    public String path() {
        return files.folder().resolve(FILE).toString();
    }

    /** What LD_PRELOAD must be for its hosts: the library that makes its socket a file of spidev. */
    public String preload() {
        return files.preload();
    }

    /** Presses its reset button. */
    public void reset() {
        request(() -> {
            pins.reset();
            return this;
        });
    }

    /** From now on it hears, and its data line stays low; or it speaks again. */
    public void silence(boolean isSilent) {
        silent = isSilent;
    }

    /** Takes the bus away from hosts that use it: their files end. It can be opened again. */
    public void pull() {
        files.pull();
    }

    /** Goes on while nobody asks: what was started comes to its end. */
    private void live() {
        try {
            while (!closing) {
                FutureTask<?> next = idle < MOST_IDLE ? requests.poll() : requests.take();
                if (next != null) {
                    next.run();
                    idle = 0;
                } else {
                    pins.run(SLICE);
                    idle += SLICE;
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has something done on the board's thread. */
    private <T> T request(Callable<T> action) {
        var task = new FutureTask<>(action);
        requests.add(task);
        if (closing) {
            task.cancel(false);
        }
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the virtual board was asked", e);
        } catch (CancellationException e) {
            throw new IllegalStateException("the virtual board is switched off", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the virtual board broke", e.getCause());
        }
    }

    private void answer(SocketChannel host) throws IOException {
        DataInputStream in = new DataInputStream(Channels.newInputStream(host));
        byte[] head = new byte[REQUEST_BYTES];
        while (true) {
            in.readFully(head);
            ByteBuffer request = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
            int operation = request.getInt();
            byte[] bytes = new byte[request.getInt()];
            long hertz = request.getLong();
            in.readFully(bytes);
            boolean known = operation == TRANSFER && hertz > 0;
            ByteBuffer answer =
                    ByteBuffer.allocate(4 + (known ? bytes.length : 0)).order(ByteOrder.LITTLE_ENDIAN);
            answer.putInt(known ? bytes.length : -EINVAL);
            if (known) {
                int clocksPerBit = (int) Math.max(2, (CLOCK + hertz - 1) / hertz);
                answer.put(request(() -> transfer(bytes, clocksPerBit)));
            }
            answer.flip();
            while (answer.hasRemaining()) {
                host.write(answer);
            }
        }
    }

    private byte[] transfer(byte[] bytes, int clocksPerBit) {
        byte[] in = new byte[bytes.length];
        pins.select(true);
        for (int i = 0; i < bytes.length; i++) {
            int value = pins.exchange(bytes[i], clocksPerBit);
            in[i] = (byte) (silent ? 0 : value);
        }
        pins.select(false);
        return in;
    }

    /** Switches it off and takes its file away. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        requests.forEach(task -> task.cancel(false));
        files.close();
        simulator.close();
    }
}
