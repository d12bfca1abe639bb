// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.Unit;
import dev.lutra.pe.vector.VectorCommand;
import java.util.List;

/** What the sequencer hands to the vector unit: a pass or a SYNC. */
final class VectorInstruction extends Bundle {

    /** Units it has tokens with, in the order of the bits of {@link #waits} and of the pass's posts. */
    static final List<Unit> PEERS = List.of(Unit.LDA, Unit.MX, Unit.ST);

    /** Only waits and posts. */
    final Bool sync = field(bool());

    final UInt waits = field(uint(PEERS.size()));
    final VectorCommand pass;

    VectorInstruction(int rowBits) {
        pass = field(new VectorCommand(rowBits));
    }
}
