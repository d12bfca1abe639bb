// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.pwm;

import dev.lutra.hdl.lib.registers.Access;
import dev.lutra.hdl.lib.registers.RegisterMap;
import dev.lutra.hdl.lib.registers.RegisterMap.Field;
import dev.lutra.hdl.lib.registers.RegisterMap.Register;
import java.util.ArrayList;
import java.util.List;

/** The registers of {@link Pwm}: the one place that hardware, drivers and pages come from. */
public final class PwmMap {
    static final Register ID = Register.of("ID", 0x00, 32, Access.CONSTANT, 0x4C50574D, "what this is: LPWM");

    static final Field ENABLE = new Field("ENABLE", 0, 1, Access.READ_WRITE, 0, "the outputs run; else they are low");
    static final Field RESTART = new Field("RESTART", 1, 1, Access.PULSE, 0, "begins a new period now");
    static final Register CTRL = new Register("CTRL", 0x04, "control", List.of(ENABLE, RESTART));

    static final Register PRESCALE =
            Register.of("PRESCALE", 0x08, 16, Access.READ_WRITE, 0, "clock cycles of a step, less one");
    static final Register PERIOD = Register.of(
            "PERIOD", 0x0C, 16, Access.READ_WRITE, 255, "steps of a period, less one; from the next period on");

    static final Field PERIOD_END = new Field("PERIOD_END", 0, 1, Access.WRITE_ONE_CLEARS, 0, "a period has ended");
    static final Register STATUS = new Register("STATUS", 0x10, "what has happened", List.of(PERIOD_END));

    static final Field INTERRUPT =
            new Field("PERIOD_END", 0, 1, Access.READ_WRITE, 0, "the end of a period interrupts");
    static final Register IRQ_ENABLE = new Register("IRQ_ENABLE", 0x14, "what interrupts", List.of(INTERRUPT));

    static final Register COUNT = Register.of("COUNT", 0x18, 16, Access.READ_ONLY, 0, "the step of the period");

    private static final int DUTIES = 0x20;

    private PwmMap() {}

    /** Steps of a period for which an output is high. */
    static Register duty(int channel) {
        return Register.of(
                "DUTY" + channel,
                DUTIES + 4 * channel,
                16,
                Access.READ_WRITE,
                0,
                "steps of a period for which output " + channel + " is high; from the next period on");
    }

    /** The registers of a peripheral with so many outputs. */
    public static RegisterMap of(int channels) {
        List<Register> registers = new ArrayList<>(List.of(ID, CTRL, PRESCALE, PERIOD, STATUS, IRQ_ENABLE, COUNT));
        for (int i = 0; i < channels; i++) {
            registers.add(duty(i));
        }
        return new RegisterMap("pwm", "Pulse-width modulation with " + channels + " outputs.", registers);
    }
}
