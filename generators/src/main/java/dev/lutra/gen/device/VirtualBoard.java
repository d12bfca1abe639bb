// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import dev.lutra.gen.accel.HostLine;
import dev.lutra.gen.accel.LocalAccelerator;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import dev.lutra.runtime.serial.PseudoTerminal;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.SimulatorOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Test equipment: a board with a serial line that is not there. An accelerator with its memory on the chip is simulated, serial line included, on a
 * thread of its own behind a pseudo-terminal, which hosts open as they would a board's.
 *
 * <p>Its time is that of the simulation, which stands still while the line is silent for long; so an answer takes a host longer than a board's.
 */
public final class VirtualBoard implements AutoCloseable {

    /** Quarters of a bit between two looks at the pseudo-terminal. */
    private static final int BURST = 256;

    private static final Duration NO_TIME = Duration.ZERO;
    private static final Duration IDLE = Duration.ofMillis(20);

    private final Simulator simulator;
    private final SerialPins pins;
    private final PseudoTerminal terminal;
    private final Thread thread;
    private final long idleCycles;
    private final AtomicLong cycles = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean closing;
    private volatile boolean resetting;
    private volatile boolean silent;

    private VirtualBoard(
            Elaboration<BoardBench> design,
            Simulator simulator,
            PseudoTerminal terminal,
            HostLine.Uart line,
            byte @Nullable [] flash) {
        this.simulator = simulator;
        this.terminal = terminal;
        pins = new SerialPins(simulator, design.top(), line, value -> {
            if (!silent) {
                terminal.write((byte) value);
            }
        });
        pins.reset();
        if (flash != null) {
            design.top().program(simulator, flash);
        }
        // Longer than the silence that ends a command.
        idleCycles = 3L << line.quietBits();
        thread = new Thread(this::live, "virtual board");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Switches a board on.
     *
     * @param machine with its memory on the chip
     * @param line its clocks a bit a multiple of 4
     * @param engine that simulates it
     * @param progress told of steps that take long
     * @throws UserException if the system has no pseudo-terminals
     */
    public static VirtualBoard open(Machine machine, HostLine.Uart line, EngineKind engine, Consumer<String> progress) {
        return open(machine, line, null, engine, progress);
    }

    /**
     * As above.
     *
     * @param flash what the window of its flash begins with; null leaves that as it is, or there is none
     */
    public static VirtualBoard open(
            Machine machine,
            HostLine.Uart line,
            byte @Nullable [] flash,
            EngineKind engine,
            Consumer<String> progress) {
        Elaboration<BoardBench> elaboration =
                Circuit.of(() -> new BoardBench(new LocalAccelerator.Params(machine, line)));
        Simulator simulator =
                engine.open(elaboration, SimulatorOptions.defaults().withProgress(progress));
        try {
            return new VirtualBoard(elaboration, simulator, PseudoTerminal.open(), line, flash);
        } catch (IOException e) {
            simulator.close();
            throw new UserException(
                    UserException.Kind.DEVICE, "a virtual board needs a pseudo-terminal: " + e.getMessage(), null, e);
        }
    }

    /** The file of its serial line. */
    public String path() {
        return terminal.path();
    }

    /** The address at which it is a device, with time for a simulation to answer. */
    public String address() {
        return "uart:" + path() + "?timeout=5000";
    }

    /** Clock cycles simulated so far. */
    public long cycles() {
        return cycles.get();
    }

    /** Presses its reset button. */
    public void reset() {
        resetting = true;
    }

    /** From now on it hears, and says nothing; or speaks again. */
    public void silence(boolean isSilent) {
        silent = isSilent;
    }

    private void live() {
        try {
            long sinceActivity = 0;
            while (!closing) {
                if (resetting) {
                    resetting = false;
                    pins.reset();
                }
                byte[] bytes = terminal.read(sinceActivity < idleCycles ? NO_TIME : IDLE);
                for (byte value : bytes) {
                    pins.send(value);
                }
                if (bytes.length > 0) {
                    sinceActivity = 0;
                }
                if (sinceActivity >= idleCycles) {
                    continue;
                }
                for (int i = 0; i < BURST; i++) {
                    pins.run();
                }
                long ran = (long) BURST * pins.cyclesPerRun();
                cycles.addAndGet(ran);
                sinceActivity = pins.isBusy() ? 0 : sinceActivity + ran;
            }
        } catch (RuntimeException | Error broken) {
            failure.set(broken);
        }
    }

    /** Waits until it is switched off; throws what broke its simulation. */
    public void await() throws InterruptedException {
        thread.join();
        Throwable broken = failure.get();
        if (broken != null) {
            throw new IllegalStateException("the simulation of the board broke", broken);
        }
    }

    /** Pulls the cable and switches it off. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        terminal.close();
        simulator.close();
    }
}
