// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.registers;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.registers.RegisterMap.Field;
import dev.lutra.hdl.lib.registers.RegisterMap.Register;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The hardware of a {@link RegisterMap}: decoder and registers behind a {@link RegisterBus}.
 *
 * <p>Ports besides {@link #bus}, of the widths of the fields:
 *
 * <ul>
 *   <li>{@link #field}, an output: the value of a field that software writes, or the bits of a {@link Access#PULSE} field, in the
 *       cycle of the write;
 *   <li>{@link #field}, an input: what a {@link Access#READ_ONLY} field reads;
 *   <li>{@link #sticky}: set, clear and value of a field that hardware sets and software clears;
 *   <li>{@link #written}: true in the cycle in which a register with a strobe is written; its fields have the new values after it.
 * </ul>
 *
 * <p>An offset without a register reads 0, and writing it changes nothing. An access each cycle; writes take one cycle, reads
 * answer one cycle later.
 */
public final class RegisterFile extends Module {

    /** @param map the registers */
    public record Params(RegisterMap map) {}

    public final RegisterBus bus;

    private final Map<String, Data> ports = new LinkedHashMap<>();
    private final RegisterMap map;

    public RegisterFile(RegisterMap map) {
        super(new Params(map));
        this.map = map;
        doc(map.doc());
        doc("An offset without a register reads 0, and writing it changes nothing.");
        bus = in(new RegisterBus(map.offsetBits()));
        Map<Integer, UInt> answers = new LinkedHashMap<>();
        for (Register register : map.registers()) {
            Map<Field, UInt> readable = new HashMap<>();
            for (Field field : register.fields()) {
                UInt value = value(register, field);
                if (field.access().readable()) {
                    readable.put(field, value);
                }
            }
            if (register.strobe()) {
                Bool written = port(out(bool()), register.name() + "_written");
                written.set(writes(register));
            }
            if (!readable.isEmpty()) {
                answers.put(register.offset(), word(register, readable));
            }
        }

        UInt answer = reg(uint(RegisterMap.WORD_BITS));
        bus.readData.set(answer);
        when(bus.read, () -> {
            answer.set(0);
            var offsets = switchOn(bus.readOffset);
            answers.forEach((offset, word) -> offsets.is(offset, () -> answer.set(word)));
            offsets.otherwise(() -> {});
        });
    }

    /** Makes the ports of a field; what it reads, if it does. */
    private UInt value(Register register, Field field) {
        String name = register.nameOf(field);
        int width = field.width();
        switch (field.access()) {
            case READ_WRITE, WRITE_ONLY -> {
                UInt value = named(reg(uint(width)).init(field.reset()), lower(name) + "_reg");
                when(writes(register), () -> value.set(written(field)));
                port(out(uint(width)), name).set(value);
                return value;
            }
            case READ_ONLY -> {
                return port(in(uint(width)), name);
            }
            case CONSTANT -> {
                return lit(field.reset(), width);
            }
            case PULSE -> {
                UInt pulse = port(out(uint(width)), name);
                pulse.set(mux(writes(register), written(field), lit(0, width)));
                return pulse;
            }
            case WRITE_ONE_CLEARS, READ_CLEARS -> {
                StickyBits bits = port(in(new StickyBits(width)), name);
                UInt value = sticky(register, field, bits, lower(name));
                bits.value.set(value);
                return value;
            }
        }
        throw new AssertionError(field);
    }

    /** Bit by bit, so that each becomes a flip-flop with an enable. */
    private UInt sticky(Register register, Field field, StickyBits bits, String name) {
        Bool reads = bus.read.and(bus.readOffset.eq(register.offset()));
        List<Bool> held = new ArrayList<>();
        for (int i = 0; i < field.width(); i++) {
            Bool bit = named(reg(bool()).init(false), name + (field.width() == 1 ? "_reg" : "_reg" + i));
            Bool cleared = field.access() == Access.READ_CLEARS
                    ? reads
                    : writes(register).and(bus.writeData.bit(field.low() + i));
            when(bits.set.bit(i), () -> bit.set(true)).elseWhen(cleared.or(bits.clear.bit(i)), () -> bit.set(false));
            held.add(0, bit);
        }
        return cat(held).asUInt();
    }

    private UInt written(Field field) {
        return bus.writeData.bits(field.high(), field.low());
    }

    private Bool writes(Register register) {
        return bus.write.and(bus.writeOffset.eq(register.offset()));
    }

    /** The register as it is read, zeros between its fields. */
    private UInt word(Register register, Map<Field, UInt> readable) {
        List<Data> parts = new ArrayList<>();
        int low = 0;
        for (Field field : register.fields()) {
            UInt value = readable.get(field);
            if (value != null) {
                if (field.low() > low) {
                    parts.add(lit(0, field.low() - low));
                }
                parts.add(value);
                low = field.high() + 1;
            }
        }
        Collections.reverse(parts);
        UInt word = cat(parts).asUInt().extend(RegisterMap.WORD_BITS);
        return named(word, lower(register.name()) + "_word");
    }

    private <T extends Data> T port(T port, String name) {
        ports.put(name, port);
        return named(port, lower(name));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** The port of a register that is a single field. */
    public UInt field(Register register) {
        return find(UInt.class, register.name());
    }

    /** The port of a field. */
    public UInt field(Register register, Field field) {
        return find(UInt.class, register.nameOf(field));
    }

    /** The port of a register that is a single field set by hardware and cleared by software. */
    public StickyBits sticky(Register register) {
        return find(StickyBits.class, register.name());
    }

    /** The port of a field set by hardware and cleared by software. */
    public StickyBits sticky(Register register, Field field) {
        return find(StickyBits.class, register.nameOf(field));
    }

    /** True while a register with a strobe is written. */
    public Bool written(Register register) {
        return find(Bool.class, register.name() + "_written");
    }

    private <T extends Data> T find(Class<T> kind, String name) {
        Data port = ports.get(name);
        if (!kind.isInstance(port)) {
            throw new IllegalArgumentException("register map " + map + " has no "
                    + (kind == Bool.class ? "strobe" : kind == UInt.class ? "plain field" : "sticky field")
                    + " of the name "
                    + name + "; ports: " + String.join(", ", ports.keySet()));
        }
        return kind.cast(port);
    }
}
