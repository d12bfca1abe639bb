// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.Instruction;
import dev.lutra.machine.InstructionCodec;
import dev.lutra.machine.InstructionCodec.Field;
import dev.lutra.machine.Unit;

/** The fields of an instruction word as wires of the decoder; their places are those of {@link InstructionCodec}. */
record InstructionFields(Bits word) {

    static final int BITS = Instruction.BYTES * 8;

    UInt get(Field field) {
        return word.bits(field.low() + field.width() - 1, field.low()).asUInt();
    }

    /** The low bits of a field that is wider than this machine's addresses. */
    UInt low(Field field, int bits) {
        return word.bits(field.low() + bits - 1, field.low()).asUInt();
    }

    Bool flag(Field field) {
        return word.bit(field.low());
    }

    Bool waitsFor(Unit unit) {
        return word.bit(InstructionCodec.WAIT.low() + unit.ordinal());
    }

    Bool postsTo(Unit unit) {
        return word.bit(InstructionCodec.POST.low() + unit.ordinal());
    }
}
