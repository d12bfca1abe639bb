// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.machine.Register;

/** What the host sets before a start; stable while a region runs. */
final class RegionArguments extends Bundle {

    /** Instruction index of the region's first instruction. */
    final UInt entry = field(uint(Register.ENTRY.width()));

    final UInt layer = field(uint(Sequencer.LAYER_BITS));
    final Vec<UInt> lengths = field(vec(Sequencer.LENGTHS, i -> uint(Sequencer.LENGTH_BITS)));
    final Vec<UInt> bases;

    /** Byte address of the program. */
    final UInt program;

    /** Instructions of the program. */
    final UInt programLength = field(uint(Register.PROG_LEN.width()));

    /** Units of 1024 cycles without progress before the bus counts as dead. */
    final UInt watchdog = field(uint(RunControl.WATCHDOG_BITS));

    RegionArguments(int addressBits) {
        bases = field(vec(Sequencer.ARGUMENTS, i -> uint(addressBits)));
        program = field(uint(addressBits));
    }
}
