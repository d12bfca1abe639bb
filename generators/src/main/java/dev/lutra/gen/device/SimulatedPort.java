// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import dev.lutra.gen.accel.HostLine;
import dev.lutra.gen.accel.LocalAccelerator;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.machine.Machine;
import dev.lutra.runtime.serial.LineTiming;
import dev.lutra.runtime.serial.SerialPort;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Test equipment: a simulated accelerator's serial line in the time of the simulation, so that runs repeat; with bytes lost, doubled and flipped on request. */
public final class SimulatedPort implements SerialPort {

    /** Cycles of a bit. */
    public static final int CLOCKS_PER_BIT = 4;

    private static final int QUIET_BITS = 8;
    private static final int BAUD = 1_000_000;

    /** Of a board whose clock is 4 MHz: silence of 2^8 cycles is 64 microseconds. */
    public static final LineTiming TIMING =
            new LineTiming(BAUD, Duration.ofNanos(500_000), Duration.ofNanos(150_000), 25);

    private final Simulator simulator;
    private final BoardBench top;
    private final SerialPins pins;
    private final ArrayDeque<Integer> received = new ArrayDeque<>();
    private SplittableRandom random = new SplittableRandom(0);
    private double faultRate;
    private int faults;
    private long cycles;

    /** Simulates a machine with its memory on the chip; closing the port ends the simulation. */
    public SimulatedPort(Machine machine, EngineKind engine) {
        var line = new HostLine.Uart(CLOCKS_PER_BIT, QUIET_BITS);
        Elaboration<BoardBench> design = Circuit.of(() -> new BoardBench(new LocalAccelerator.Params(machine, line)));
        simulator = engine.open(design);
        top = design.top();
        pins = new SerialPins(simulator, top, line, value -> disturbed(value, received::add));
        pins.reset();
    }

    /** Writes into the flash of the board. */
    void program(byte[] image) {
        top.program(simulator, image);
    }

    /** From now on, bytes in both directions suffer with a probability. */
    void disturb(long seed, double rate) {
        random = new SplittableRandom(seed);
        faultRate = rate;
        faults = 0;
    }

    /** How many bytes were lost, doubled or flipped since. */
    int faults() {
        return faults;
    }

    /** Cycles simulated so far. */
    public long cycles() {
        return cycles;
    }

    private void disturbed(int value, Consumer<Integer> to) {
        if (random.nextDouble() >= faultRate) {
            to.accept(value);
            return;
        }
        faults++;
        switch (random.nextInt(3)) {
            case 0 -> {} // lost
            case 1 -> {
                to.accept(value);
                to.accept(value);
            }
            default -> to.accept(value ^ 1 << random.nextInt(8));
        }
    }

    @Override
    public String name() {
        return "the simulated line";
    }

    @Override
    public void write(byte[] bytes) {
        for (byte value : bytes) {
            disturbed(value & 0xFF, pins::send);
        }
    }

    @Override
    public int read(byte[] into, int offset, int length, Duration limit) {
        long deadline = cycles + limit.toNanos() * CLOCKS_PER_BIT * BAUD / 1_000_000_000L;
        while (received.isEmpty() && cycles < deadline) {
            pins.run();
            cycles += pins.cyclesPerRun();
        }
        int count = 0;
        while (count < length && !received.isEmpty()) {
            into[offset + count++] = (byte) (int) received.remove();
        }
        return count;
    }

    @Override
    public void close() {
        simulator.close();
    }
}
