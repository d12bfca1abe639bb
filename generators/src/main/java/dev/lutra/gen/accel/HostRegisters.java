// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import dev.lutra.hdl.lib.registers.Access;
import dev.lutra.hdl.lib.registers.RegisterMap;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Register;
import dev.lutra.machine.RegisterField;

/** The host registers as {@link Register} declares them, in the words of the hardware library. */
public final class HostRegisters {

    /** Width of a byte offset that reaches every register of every machine. */
    static final int OFFSET_BITS = Log2.bitsFor(Register.values()[Register.values().length - 1].offset() + 3);

    private HostRegisters() {}

    /** The registers that a machine has. */
    public static RegisterMap of(Machine machine) {
        return new RegisterMap(
                "lutra",
                "Host registers of the accelerator with fingerprint " + machine.fingerprintText()
                        + ". Pairs LO and HI form 64 bits.",
                Register.of(machine).stream()
                        .map(register -> of(register, machine))
                        .toList());
    }

    static RegisterMap.Register of(Register register, Machine machine) {
        var fields = register.fields(machine).stream()
                .map(field -> of(field, register.constant(machine)))
                .toList();
        var declared = new RegisterMap.Register(register.name(), register.offset(), register.doc(), fields);
        return register == Register.PROG_LO ? declared.withStrobe() : declared;
    }

    static RegisterMap.Field of(RegisterField field, long reset) {
        return new RegisterMap.Field(
                field.name(),
                field.low(),
                field.width(),
                Access.valueOf(field.access().name()), // both name them alike
                reset,
                field.doc());
    }
}
