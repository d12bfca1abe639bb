// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import dev.lutra.machine.ControlBit;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Register;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Test equipment: the accelerator of a board that is not there, with memory beside it. It is simulated on a thread of its own, runs on whether a host
 * is there or not, and may be reached from several threads, as the buses of a board reach it. Its time stands still while it rests.
 */
public final class VirtualAccelerator implements AutoCloseable {

    private static final int LATENCY = 40;

    private final Machine machine;
    private final SimLink link;
    private final LinkedBlockingQueue<FutureTask<?>> requests = new LinkedBlockingQueue<>();
    private final List<Consumer<Boolean>> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile @Nullable ByteBuffer shared;
    private boolean copiesBack;
    private boolean running;
    private boolean raised;
    private volatile boolean closing;
    private boolean silent;

    private VirtualAccelerator(Machine machine, SimLink link) {
        this.machine = machine;
        this.link = link;
        thread = new Thread(this::live, "virtual accelerator");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Switches one on.
     *
     * @param machine with an AXI4 port
     * @param bytes of memory
     * @param progress told of steps that take long
     */
    public static VirtualAccelerator open(Machine machine, EngineKind engine, long bytes, Consumer<String> progress) {
        return new VirtualAccelerator(
                machine, SimulatedDevice.link(machine, engine, MemoryConfig.of(bytes, LATENCY), progress));
    }

    public Machine machine() {
        return machine;
    }

    long memoryBytes() {
        return link.memoryBytes();
    }

    int readRegister(int offset) {
        return request(() -> link.readRegister(offset));
    }

    void writeRegister(int offset, int value) {
        writeRegister(offset, value, false);
    }

    /** @param shares whether the host that writes sees the memory as {@link #shareMemory} gives it */
    void writeRegister(int offset, int value, boolean shares) {
        request(() -> {
            boolean starts = offset == Register.CTRL.offset() && (value & ControlBit.START.mask()) != 0;
            ByteBuffer hosts = shared;
            if (starts && shares && hosts != null) {
                link.writeMemory(0, hosts.duplicate());
                copiesBack = true;
            }
            link.writeRegister(offset, value);
            running |= starts;
            return value;
        });
    }

    /**
     * Memory that hosts have mapped, or null for none: what a host that shares it starts finds there is copied to the accelerator's memory, and back at
     * the end.
     */
    void shareMemory(@Nullable ByteBuffer memory) {
        shared = memory;
    }

    void readMemory(long address, ByteBuffer destination) {
        request(() -> {
            link.readMemory(address, destination);
            return destination;
        });
    }

    void writeMemory(long address, ByteBuffer source) {
        request(() -> {
            link.writeMemory(address, source);
            return source;
        });
    }

    /** Has {@code listener} told, on the accelerator's thread, when its interrupt output rises and falls; at once how it is. */
    void onInterrupt(Consumer<Boolean> listener) {
        request(() -> {
            listeners.add(listener);
            listener.accept(raised);
            return listener;
        });
    }

    void removeListener(Consumer<Boolean> listener) {
        listeners.remove(listener);
    }

    /** Presses the board's reset button. */
    public void reset() {
        request(() -> {
            link.reset();
            running = false;
            return this;
        });
    }

    /** From now on it answers nothing; or answers again, what was asked meanwhile included. */
    public synchronized void silence(boolean isSilent) {
        silent = isSilent;
        notifyAll();
    }

    private synchronized void awaitSpeech() throws InterruptedException {
        while (silent && !closing) {
            wait();
        }
    }

    private <T> T request(Supplier<T> action) {
        var task = new FutureTask<>(action::get);
        try {
            awaitSpeech();
            if (closing) {
                throw new IllegalStateException("the virtual accelerator is switched off");
            }
            requests.add(task);
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the virtual accelerator was asked", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the virtual accelerator broke", e.getCause());
        }
    }

    private void live() {
        try {
            while (!closing) {
                FutureTask<?> next = running ? requests.poll() : requests.take();
                if (next != null) {
                    next.run();
                } else {
                    link.awaitInterrupt(Duration.ZERO);
                }
                if (link.isRaised() != raised) {
                    copyBack();
                    raised = !raised;
                    running &= !raised;
                    listeners.forEach(listener -> listener.accept(raised));
                }
            }
        } catch (InterruptedException closed) {
            // Switched off.
        }
    }

    private void copyBack() {
        ByteBuffer hosts = shared;
        if (copiesBack && hosts != null) {
            link.readMemory(0, hosts.duplicate());
        }
        copiesBack = false;
    }

    /** Switches it off. */
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        requests.forEach(task -> task.cancel(false));
        link.close();
    }
}
