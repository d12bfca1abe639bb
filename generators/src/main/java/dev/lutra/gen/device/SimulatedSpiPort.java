// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import dev.lutra.gen.accel.HostLine;
import dev.lutra.gen.accel.LocalAccelerator;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.machine.Machine;
import dev.lutra.runtime.serial.SpiPort;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import java.util.SplittableRandom;

/**
 * Test equipment: a simulated accelerator's SPI bus in the time of the simulation, so that runs repeat; with bytes lost, doubled and flipped, clocks lost and
 * chip select dropped on request.
 */
public final class SimulatedSpiPort implements SpiPort {

    /** Cycles of the accelerator to a clock of the bus. */
    public static final int CLOCKS_PER_BIT = HostLine.Spi.CLOCKS_PER_BIT;

    private static final int HERTZ = 3_000_000;

    private final Simulator simulator;
    private final BoardBench top;
    private final SpiPins pins;
    private SplittableRandom random = new SplittableRandom(0);
    private double faultRate;
    private int faults;
    private int clocksPerBit = CLOCKS_PER_BIT;
    private boolean silent;

    /** Simulates a machine with its memory on the chip; closing the port ends the simulation. */
    public SimulatedSpiPort(Machine machine, EngineKind engine) {
        Elaboration<BoardBench> design =
                Circuit.of(() -> new BoardBench(new LocalAccelerator.Params(machine, new HostLine.Spi())));
        simulator = engine.open(design);
        top = design.top();
        pins = new SpiPins(simulator, top);
        pins.reset();
    }

    /** Writes into the flash of the board. */
    void program(byte[] image) {
        top.program(simulator, image);
    }

    /** From now on, bytes suffer with a probability. */
    void disturb(long seed, double rate) {
        random = new SplittableRandom(seed);
        faultRate = rate;
        faults = 0;
    }

    /** From now on the data line from the board is low; or is driven again. */
    void silence(boolean isSilent) {
        silent = isSilent;
    }

    /** From now on, so many cycles of the accelerator to a clock of the bus. */
    void slowDown(int clocks) {
        clocksPerBit = clocks;
    }

    /** How many bytes suffered since. */
    int faults() {
        return faults;
    }

    /** Cycles simulated so far. */
    public long cycles() {
        return pins.cycles();
    }

    @Override
    public String name() {
        return "the simulated bus";
    }

    @Override
    public int hertz() {
        return HERTZ;
    }

    @Override
    public byte[] transfer(byte[] out) {
        byte[] in = new byte[out.length];
        pins.select(true);
        for (int i = 0; i < out.length; i++) {
            int value = random.nextDouble() < faultRate ? disturbed(out[i]) : pins.exchange(out[i], clocksPerBit);
            in[i] = (byte) (silent ? 0 : value);
        }
        pins.select(false);
        return in;
    }

    private int disturbed(int value) {
        faults++;
        switch (random.nextInt(6)) {
            case 0 -> {
                return pins.exchange(value ^ 1 << random.nextInt(8), clocksPerBit);
            }
            case 1 -> {
                return pins.exchange(value, clocksPerBit) ^ 1 << random.nextInt(8);
            }
            case 2 -> { // lost
                return random.nextInt(256);
            }
            case 3 -> { // doubled
                pins.exchange(value, clocksPerBit);
                return pins.exchange(value, clocksPerBit);
            }
            case 4 -> {
                return pins.clock(value, random.nextInt(8), clocksPerBit);
            }
            default -> {
                int begun = pins.clock(value, random.nextInt(8), clocksPerBit);
                pins.select(false);
                pins.select(true);
                return begun;
            }
        }
    }

    @Override
    public void close() {
        simulator.close();
    }
}
