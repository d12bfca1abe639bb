// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.registers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.lib.axi.AxiLite;
import dev.lutra.hdl.lib.registers.RegisterMap.Field;
import dev.lutra.hdl.lib.registers.RegisterMap.Register;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.junit.Engines;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

@Engines
class RegisterFileTest {
    private final EngineKind engine;

    RegisterFileTest(EngineKind engine) {
        this.engine = engine;
    }

    private static RegisterMap randomMap(SplittableRandom random) {
        List<Register> registers = new ArrayList<>();
        int offset = 0;
        int count = 1 + random.nextInt(8);
        for (int r = 0; r < count; r++) {
            List<Field> fields = new ArrayList<>();
            int low = random.nextInt(6);
            while (low < 32 && (fields.isEmpty() || random.nextInt(4) != 0)) {
                int width = 1 + random.nextInt(Math.min(32 - low, random.nextBoolean() ? 3 : 32));
                Access access = Access.values()[random.nextInt(Access.values().length)];
                boolean resets =
                        access == Access.READ_WRITE || access == Access.WRITE_ONLY || access == Access.CONSTANT;
                long reset = resets ? random.nextLong(1L << width) : 0;
                fields.add(new Field("F" + fields.size(), low, width, access, reset, "field"));
                low += width + random.nextInt(3);
            }
            registers.add(new Register("R" + r, offset, "register", fields, random.nextBoolean()));
            offset += 4 * (1 + random.nextInt(3));
        }
        return new RegisterMap("random", "Random registers.", registers);
    }

    /** What the fields of a register hold, from the definition of the kinds of access. */
    private static final class Model {
        final Map<Field, Long> held = new HashMap<>();
        final Map<Field, Long> status = new HashMap<>();

        static long bits(Field field, long word) {
            return word >>> field.low() & field.mask() >>> field.low();
        }

        long read(Register register) {
            long word = 0;
            for (Field field : register.fields()) {
                long value = switch (field.access()) {
                    case READ_WRITE, WRITE_ONE_CLEARS, READ_CLEARS -> held.get(field);
                    case READ_ONLY -> status.get(field);
                    case CONSTANT -> field.reset();
                    case WRITE_ONLY, PULSE -> 0;
                };
                word |= value << field.low();
            }
            return word;
        }
    }

    /** Random reads, writes, both at once, and hardware events, in every cycle for a thousand cycles. */
    @RepeatedTest(20)
    void agreesWithTheModelInEveryCycle(RepetitionInfo info) {
        long seed = info.getCurrentRepetition();
        SplittableRandom random = new SplittableRandom(seed);
        RegisterMap map = randomMap(random);
        var design = Circuit.of(() -> new RegisterFile(map));
        RegisterFile file = design.top();
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            Map<Register, Model> models = new HashMap<>();
            for (Register register : map.registers()) {
                Model own = new Model();
                register.fields().forEach(f -> own.held.put(f, f.reset()));
                models.put(register, own);
            }
            Long expectedRead = null;
            for (int cycle = 0; cycle < 1000; cycle++) {
                String where = "seed " + seed + ", cycle " + cycle;
                if (expectedRead != null) {
                    assertThat(sim.peek(file.bus.readData)).as(where).isEqualTo(expectedRead);
                }
                boolean write = random.nextBoolean();
                boolean read = random.nextBoolean();
                int space = 1 << map.offsetBits();
                int writeOffset = random.nextInt(space);
                int readOffset = random.nextInt(space);
                if (random.nextInt(4) != 0) {
                    writeOffset &= ~3;
                    readOffset &= ~3;
                }
                long data = random.nextLong() & 0xFFFF_FFFFL;
                sim.poke(file.bus.write, write);
                sim.poke(file.bus.writeOffset, writeOffset);
                sim.poke(file.bus.writeData, data);
                sim.poke(file.bus.read, read);
                sim.poke(file.bus.readOffset, readOffset);
                long answer = 0;
                for (Register register : map.registers()) {
                    boolean written = write && writeOffset == register.offset();
                    boolean reading = read && readOffset == register.offset();
                    Model own = models.get(register);
                    Map<Field, Long> next = new HashMap<>(own.held);
                    for (Field field : register.fields()) {
                        long ones = (1L << field.width()) - 1;
                        long before = own.held.get(field);
                        long writes = Model.bits(field, data);
                        switch (field.access()) {
                            case READ_WRITE, WRITE_ONLY -> {
                                assertThat(sim.peek(file.field(register, field)))
                                        .as(where)
                                        .isEqualTo(before);
                                next.put(field, written ? writes : before);
                            }
                            case PULSE ->
                                assertThat(sim.peek(file.field(register, field)))
                                        .as(where)
                                        .isEqualTo(written ? writes : 0);
                            case READ_ONLY -> {
                                own.status.put(field, random.nextLong(ones + 1));
                                sim.poke(file.field(register, field), own.status.get(field));
                            }
                            case WRITE_ONE_CLEARS, READ_CLEARS -> {
                                StickyBits sticky = file.sticky(register, field);
                                long set = random.nextLong(ones + 1) & random.nextLong(ones + 1);
                                long clear = random.nextInt(4) == 0 ? random.nextLong(ones + 1) : 0;
                                sim.poke(sticky.set, set);
                                sim.poke(sticky.clear, clear);
                                assertThat(sim.peek(sticky.value)).as(where).isEqualTo(before);
                                if (field.access() == Access.READ_CLEARS) {
                                    clear |= reading ? ones : 0;
                                } else {
                                    clear |= written ? writes : 0;
                                }
                                next.put(field, before & ~clear | set);
                            }
                            case CONSTANT -> {}
                        }
                    }
                    if (register.strobe()) {
                        assertThat(sim.peekBool(file.written(register)))
                                .as(where)
                                .isEqualTo(written);
                    }
                    if (reading) {
                        answer = own.read(register);
                    }
                    own.held.putAll(next);
                }
                if (read) {
                    expectedRead = answer;
                }
                sim.step(1);
            }
        }
    }

    private static final Field RUN = new Field("RUN", 0, 1, Access.READ_WRITE, 0, "the timer counts");
    private static final Field EXPIRED = new Field("EXPIRED", 1, 1, Access.WRITE_ONE_CLEARS, 0, "a period has ended");
    private static final Register CTRL = new Register("CTRL", 0, "control and status", List.of(RUN, EXPIRED));
    private static final Register PERIOD =
            Register.of("PERIOD", 4, 16, Access.READ_WRITE, 9, "cycles of a period, less one");
    private static final RegisterMap MAP = new RegisterMap("timer", "A periodic timer.", List.of(CTRL, PERIOD));

    /** A peripheral as docs/hdl/library.md has it. */
    static final class Timer extends Module {
        final AxiLite s_axi = in(new AxiLite(MAP.offsetBits()));
        final Bool irq = out(bool());

        Timer() {
            var slave = new AxiLiteSlave(MAP.offsetBits());
            var registers = new RegisterFile(MAP);
            slave.bus.set(s_axi);
            registers.bus.set(slave.registers);

            var count = reg(uint(16)).init(0);
            var ends = count.eq(registers.field(PERIOD));
            var runs = registers.field(CTRL, RUN).asBool();
            when(runs, () -> count.set(mux(ends, lit(0, 16), count.wrapAdd(1))));
            var expired = registers.sticky(CTRL, EXPIRED);
            expired.set.set(runs.and(ends).asUInt());
            expired.clear.set(0);
            irq.set(expired.value.asBool());
        }
    }

    @Test
    void aPeripheralBehindAxiLite() {
        var design = Circuit.of(Timer::new);
        try (Simulator sim = engine.open(design)) {
            var host = sim.attachMmio("s_axi");
            sim.reset(1);
            assertThat(host.read(PERIOD.offset())).isEqualTo(9);
            host.write(PERIOD.offset(), 99);
            host.write(CTRL.offset(), 1);
            assertThat(sim.runUntil(design.top().irq, 200)).isBetween(95L, 101L);
            assertThat(host.read(CTRL.offset())).isEqualTo(3);
            host.write(CTRL.offset(), 3);
            assertThat(host.read(CTRL.offset())).isEqualTo(1);
            assertThat(sim.peekBool(design.top().irq)).isFalse();
        }
    }

    @Test
    void aPartialWriteIsRefused() {
        var design = Circuit.of(Timer::new);
        try (Simulator sim = engine.open(design)) {
            sim.reset(1);
            AxiLite bus = design.top().s_axi;
            sim.poke(bus.awvalid, true);
            sim.poke(bus.awaddr, PERIOD.offset());
            sim.poke(bus.wvalid, true);
            sim.poke(bus.wstrb, 3);
            sim.poke(bus.bready, true);
            assertThat(sim.peekBool(bus.awready)).isTrue();
            sim.step(1);
            sim.poke(bus.awvalid, false);
            sim.poke(bus.wvalid, false);
            assertThat(sim.peekBool(bus.bvalid)).isTrue();
            assertThat(sim.peek(bus.bresp)).isEqualTo(2);
            sim.poke(bus.arvalid, true);
            sim.poke(bus.araddr, PERIOD.offset());
            sim.step(1);
            assertThat(sim.peek(bus.rdata)).isEqualTo(9);
        }
    }

    @Test
    void wrongNamesAreExplained() {
        assertThatThrownBy(() -> Circuit.of(() -> {
                    var file = new RegisterFile(MAP);
                    file.field(CTRL, EXPIRED);
                    return file;
                }))
                .hasMessageContaining(
                        "register map timer has no plain field of the name CTRL_EXPIRED; ports: CTRL_RUN, CTRL_EXPIRED,"
                                + " PERIOD");
    }
}
