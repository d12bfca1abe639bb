// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.pwm;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Vec;
import dev.lutra.hdl.lib.axi.AxiLite;
import dev.lutra.hdl.lib.check.AxiLiteChecker;
import dev.lutra.hdl.lib.check.Side;
import dev.lutra.hdl.lib.registers.AxiLiteSlave;
import dev.lutra.hdl.lib.registers.RegisterFile;

/**
 * Pulse-width modulation. All outputs rise at the start of a period, of PERIOD + 1 steps of PRESCALE + 1 clock cycles, and output i falls
 * after DUTY_i steps. Software may write PERIOD and DUTY at any time; they are taken over together where a period starts, so that no
 * pulse is cut. The end of a period may interrupt.
 */
public final class Pwm extends Module {
    /** @param channels outputs, 1 to 8 */
    public record Params(int channels) {
        public Params {
            if (channels < 1 || channels > 8) {
                throw new IllegalArgumentException("pulse-width modulation with " + channels + " outputs: 1 to 8");
            }
        }
    }

    public final AxiLite s_axi;
    public final Vec<Bool> pwm;
    public final Bool irq = out(bool());

    public Pwm(Params p) {
        super(p);
        doc("Pulse-width modulation behind AXI4-Lite; period and duties change between periods only.");
        var map = PwmMap.of(p.channels);
        s_axi = in(new AxiLite(map.offsetBits()));
        pwm = out(vec(p.channels, i -> bool()));

        var slave = new AxiLiteSlave(map.offsetBits());
        var registers = new RegisterFile(map);
        slave.bus.set(s_axi);
        registers.bus.set(slave.registers);
        AxiLiteChecker.watch(s_axi, 1, Side.SLAVE);

        var enable = registers.field(PwmMap.CTRL, PwmMap.ENABLE).asBool();
        var restart = registers.field(PwmMap.CTRL, PwmMap.RESTART).asBool();
        var period = reg(uint(16)).init(0);
        var cycle = reg(uint(16)).init(0);
        var step = reg(uint(16)).init(0);
        var endOfStep = cycle.ge(registers.field(PwmMap.PRESCALE));
        var endOfPeriod = endOfStep.and(step.eq(period));
        when(enable, () -> {
            cycle.set(mux(endOfStep, lit(0, 16), cycle.wrapAdd(1)));
            when(endOfStep, () -> step.set(mux(step.eq(period), lit(0, 16), step.wrapAdd(1))));
        });
        var starts = enable.not().or(restart).or(endOfPeriod);
        when(starts, () -> {
            cycle.set(0);
            step.set(0);
            period.set(registers.field(PwmMap.PERIOD));
        });
        registers.field(PwmMap.COUNT).set(step);
        for (int i = 0; i < p.channels; i++) {
            var duty = reg(uint(16)).init(0);
            var written = registers.field(PwmMap.duty(i));
            when(starts, () -> duty.set(written));
            var high = reg(bool()).init(false);
            high.set(enable.and(step.lt(duty)));
            pwm.get(i).set(high);
        }

        var ended = registers.sticky(PwmMap.STATUS, PwmMap.PERIOD_END);
        ended.set.set(enable.and(endOfPeriod).asUInt());
        ended.clear.set(0);
        var interrupts = registers.field(PwmMap.IRQ_ENABLE, PwmMap.INTERRUPT);
        irq.set(ended.value.and(interrupts).asBool());
    }
}
