// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.registers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A block of 32-bit registers, declared once for hardware, software and documentation.
 *
 * <pre>{@code
 * static final Register PERIOD = Register.of("PERIOD", 0x04, 16, Access.READ_WRITE, 999, "clock cycles of a period, less one");
 * static final Field RUN = new Field("RUN", 0, 1, Access.READ_WRITE, 0, "the timer counts");
 * static final Field EXPIRED = new Field("EXPIRED", 1, 1, Access.WRITE_ONE_CLEARS, 0, "a period has ended");
 * static final Register CTRL = new Register("CTRL", 0x00, "control and status", List.of(RUN, EXPIRED));
 * static final RegisterMap MAP = new RegisterMap("timer", "A periodic timer.", List.of(CTRL, PERIOD));
 * }</pre>
 *
 * @param name in lower case; names files and prefixes constants
 * @param doc what the block is, a sentence
 * @param registers the registers, kept in order of their offsets
 */
public record RegisterMap(String name, String doc, List<Register> registers) {

    /** Bits of a register. */
    public static final int WORD_BITS = 32;

    private static final Pattern CONSTANT = Pattern.compile("[A-Z][A-Z0-9_]*");

    /**
     * A field of a register.
     *
     * @param name a constant's name, such as {@code PERIOD_LOW}
     * @param low lowest bit
     * @param width bits
     * @param access what software may do
     * @param reset value after reset; of a {@link Access#CONSTANT} field its value
     * @param doc what it is for
     */
    public record Field(String name, int low, int width, Access access, long reset, String doc) {
        public Field {
            checkName("field", name);
            check(
                    width >= 1 && low >= 0 && low + width <= WORD_BITS,
                    "field %s: bits %d..%d",
                    name,
                    low,
                    low + width - 1);
            check(reset >= 0 && reset >>> width == 0, "field %s: reset value %d in %d bits", name, reset, width);
            boolean resets = access == Access.READ_WRITE || access == Access.WRITE_ONLY || access == Access.CONSTANT;
            check(resets || reset == 0, "field %s: a %s field starts at 0, not %d", name, access.shortName(), reset);
        }

        /** Highest bit. */
        public int high() {
            return low + width - 1;
        }

        /** Ones at the field's bits, of 32. */
        public long mask() {
            return ((1L << width) - 1) << low;
        }
    }

    /**
     * A register.
     *
     * @param name a constant's name
     * @param offset byte offset in the block, a multiple of 4
     * @param doc what it is for
     * @param fields its fields; two may share bits if one is only read and the other only written
     * @param strobe whether the hardware is told of writes, whatever their data
     */
    public record Register(String name, int offset, String doc, List<Field> fields, boolean strobe) {
        public Register {
            checkName("register", name);
            check(offset >= 0 && offset % 4 == 0, "register %s: offset %d is no multiple of 4", name, offset);
            check(!fields.isEmpty(), "register %s has no fields", name);
            fields = fields.stream().sorted(Comparator.comparingInt(Field::low)).toList();
            for (int i = 0; i < fields.size(); i++) {
                for (Field other : fields.subList(0, i)) {
                    Field field = fields.get(i);
                    check(!field.name().equals(other.name()), "register %s has two fields %s", name, field.name());
                    boolean both = field.access().readable() && other.access().readable()
                            || field.access().writable() && other.access().writable();
                    check(
                            !both || (field.mask() & other.mask()) == 0,
                            "register %s: fields %s and %s share bits",
                            name,
                            other.name(),
                            field.name());
                }
            }
        }

        /** A register of several fields. */
        public Register(String name, int offset, String doc, List<Field> fields) {
            this(name, offset, doc, fields, false);
        }

        /** A register that is a single field from bit 0, of the register's name. */
        public static Register of(String name, int offset, int width, Access access, long reset, String doc) {
            return new Register(name, offset, doc, List.of(new Field(name, 0, width, access, reset, doc)));
        }

        /** The same register, telling the hardware of each write. */
        public Register withStrobe() {
            return new Register(name, offset, doc, fields, true);
        }

        /** Whether it is a single field of the register's name. */
        boolean isPlain() {
            return fields.size() == 1 && fields.get(0).name().equals(name);
        }

        /** What constants and signals of a field are called. */
        String nameOf(Field field) {
            return isPlain() ? name : name + "_" + field.name();
        }
    }

    public RegisterMap {
        check(
                name.matches("[a-z][a-z0-9_]*"),
                "the map's name '%s' must be lower-case letters, digits and _, a letter first",
                name);
        check(!registers.isEmpty(), "map %s has no registers", name);
        registers = registers.stream()
                .sorted(Comparator.comparingInt(Register::offset))
                .toList();
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < registers.size(); i++) {
            Register register = registers.get(i);
            if (i > 0) {
                Register before = registers.get(i - 1);
                check(
                        before.offset() != register.offset(),
                        "registers %s and %s are both at offset 0x%02X",
                        before.name(),
                        register.name(),
                        register.offset());
            }
            List<String> own = new ArrayList<>(List.of(register.name()));
            if (!register.isPlain()) {
                register.fields().forEach(field -> own.add(register.nameOf(field)));
            }
            for (String one : own) {
                String other = names.putIfAbsent(one, register.name());
                check(other == null, "registers %s and %s both give the name %s", other, register.name(), one);
            }
        }
    }

    /** Bits of a byte offset that reaches every register. */
    public int offsetBits() {
        int last = registers.get(registers.size() - 1).offset() + 3;
        return WORD_BITS - Integer.numberOfLeadingZeros(last);
    }

    /** The name: modules print their parameters. */
    @Override
    public String toString() {
        return name;
    }

    private static void checkName(String what, String name) {
        check(
                CONSTANT.matcher(name).matches(),
                "%s name '%s' must be capitals, digits and _, a capital first",
                what,
                name);
    }

    private static void check(boolean good, String message, Object... values) {
        if (!good) {
            throw new IllegalArgumentException(message.formatted(values));
        }
    }
}
