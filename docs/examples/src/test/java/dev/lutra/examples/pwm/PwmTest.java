// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.pwm;

import static dev.lutra.examples.pwm.PwmRegisters.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.sim.AxiLiteMaster;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The peripheral as its driver sees it: constants of the generated class, waveforms at the outputs. */
@Engines({EngineKind.EMBEDDED, EngineKind.VERILATOR})
class PwmTest {
    static final int CHANNELS = 4;
    private static final int[] DUTY = {DUTY0, DUTY1, DUTY2, DUTY3};

    private final Elaboration<Pwm> design = Circuit.of(() -> new Pwm(new Pwm.Params(CHANNELS)));
    private final Pwm top = design.top();

    private final EngineKind engine;

    PwmTest(EngineKind engine) {
        this.engine = engine;
    }

    /** The outputs of coming cycles, a bit for each; bit {@link #CHANNELS} is the interrupt. */
    private int[] record(Simulator sim, int cycles) {
        var batch = sim.batch(List.of(), List.of(top.pwm, top.irq), cycles);
        batch.run(cycles);
        int[] waves = new int[cycles];
        for (int i = 0; i < cycles; i++) {
            for (int k = 0; k <= CHANNELS; k++) {
                waves[i] |= (int) batch.get(i, k) << k;
            }
        }
        return waves;
    }

    private static boolean high(int[] waves, int cycle, int bit) {
        return (waves[cycle] >> bit & 1) != 0;
    }

    @Test
    void registersSayWhatItIs() {
        try (Simulator sim = engine.open(design)) {
            AxiLiteMaster driver = sim.attachMmio("s_axi");
            sim.reset(1);
            assertThat(driver.read(ID)).isEqualTo(ID_VALUE);
            assertThat(driver.read(PERIOD)).isEqualTo(255);
            assertThat(driver.read(CTRL)).isZero();
            assertThat(record(sim, 1000)).containsOnly(0);
        }
    }

    /** Waveforms of random settings: all rise together, once a period, and each is high for its time. */
    @Test
    void pulsesHaveTheirWidths() {
        try (Simulator sim = engine.open(design)) {
            AxiLiteMaster driver = sim.attachMmio("s_axi");
            for (long seed = 1; seed <= 20; seed++) {
                var random = new SplittableRandom(seed);
                int step = 1 + random.nextInt(4);
                int steps = 1 + random.nextInt(20);
                int[] duty = new int[CHANNELS];
                sim.reset(1);
                driver.write(PRESCALE, step - 1);
                driver.write(PERIOD, steps - 1);
                for (int i = 0; i < CHANNELS; i++) {
                    duty[i] = random.nextInt(steps + 3);
                    driver.write(DUTY[i], duty[i]);
                }
                driver.write(CTRL, CTRL_ENABLE_MASK);
                int period = step * steps;
                record(sim, period); // until a whole period has begun
                int[] waves = record(sim, 4 * period + 1);
                for (int i = 0; i < CHANNELS; i++) {
                    int high = 0;
                    int rises = 0;
                    for (int cycle = 0; cycle < 4 * period; cycle++) {
                        high += high(waves, cycle, i) ? 1 : 0;
                        if (!high(waves, cycle, i) && high(waves, cycle + 1, i)) {
                            rises++;
                            for (int other = 0; other < CHANNELS; other++) {
                                assertThat(high(waves, cycle + 1, other))
                                        .as("seed %d, cycle %d, output %d", seed, cycle, other)
                                        .isEqualTo(duty[other] > 0);
                            }
                        }
                    }
                    assertThat(high).as("seed %d, output %d", seed, i).isEqualTo(4 * step * Math.min(duty[i], steps));
                    assertThat(rises)
                            .as("seed %d, output %d", seed, i)
                            .isEqualTo(duty[i] > 0 && duty[i] < steps ? 4 : 0);
                }
            }
        }
    }

    /** What is written within a period counts from the next one on. */
    @Test
    void noPulseIsCut() {
        try (Simulator sim = engine.open(design)) {
            AxiLiteMaster driver = sim.attachMmio("s_axi");
            sim.reset(1);
            driver.write(PERIOD, 99);
            driver.write(DUTY0, 60);
            driver.write(CTRL, CTRL_ENABLE_MASK);
            int[] before = record(sim, 200);
            int rise = 1;
            while (high(before, rise - 1, 0) || !high(before, rise, 0)) {
                rise++;
            }
            record(sim, rise); // now in the first cycle of a pulse, as at 'rise'
            driver.write(DUTY0, 10);
            driver.write(PERIOD, 49);
            int[] after = record(sim, 300);
            StringBuilder pulses = new StringBuilder();
            int length = 0;
            for (int cycle = 1; cycle < 300; cycle++) {
                length++;
                if (high(after, cycle, 0) != high(after, cycle - 1, 0)) {
                    pulses.append(high(after, cycle - 1, 0) ? " high " : " low ")
                            .append(length);
                    length = 0;
                }
            }
            // The first pulse began before the recording: 60 less what the two writes took.
            assertThat(pulses.toString()).matches(" high 5\\d low 40 high 10 low 40 high 10 low 40 high 10 low 40.*");
        }
    }

    @Test
    void theEndOfAPeriodInterrupts() {
        try (Simulator sim = engine.open(design)) {
            AxiLiteMaster driver = sim.attachMmio("s_axi");
            sim.reset(1);
            driver.write(PERIOD, 49);
            driver.write(PRESCALE, 1);
            driver.write(CTRL, CTRL_ENABLE_MASK);
            assertThat(sim.runUntil(top.irq, 500)).as("not enabled").isEqualTo(-1);
            assertThat(driver.read(STATUS)).isEqualTo(STATUS_PERIOD_END_MASK);
            driver.write(IRQ_ENABLE, IRQ_ENABLE_PERIOD_END_MASK);
            assertThat(sim.peekBool(top.irq)).isTrue();
            driver.write(STATUS, STATUS_PERIOD_END_MASK);
            assertThat(sim.runUntil(top.irq, 100)).isBetween(1L, 100L);
            long first = sim.cycle();
            driver.write(STATUS, STATUS_PERIOD_END_MASK);
            assertThat(sim.peekBool(top.irq)).isFalse();
            sim.runUntil(top.irq, 200);
            assertThat(sim.cycle() - first).isEqualTo(100);

            sim.step(30);
            driver.write(CTRL, CTRL_ENABLE_MASK | CTRL_RESTART_MASK);
            assertThat(driver.read(COUNT)).isLessThan(3);
            driver.write(CTRL, 0);
            sim.step(1);
            assertThat(record(sim, 100)).containsOnly(1 << CHANNELS);
            assertThat(driver.read(COUNT)).isZero();
        }
    }
}
