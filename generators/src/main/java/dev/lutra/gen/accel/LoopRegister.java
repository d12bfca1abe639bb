// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;
import org.jspecify.annotations.Nullable;

/** What the sequencer remembers of an open loop. */
final class LoopRegister extends Bundle {

    /** Index of the first instruction of the body. */
    final UInt start;

    /** Passes to come, the running one included. */
    final UInt left = field(uint(Sequencer.LENGTH_BITS));

    /** A pass inverts the phase of the activation buffer. */
    final Bool flipsA = field(bool());

    /** A pass inverts the phase of the output buffer. */
    final Bool flipsO = field(bool());

    /** A pass counts the layer up; null where no loop does. */
    final @Nullable Bool layers;

    LoopRegister(int pcBits, boolean countsLayers) {
        start = field(uint(pcBits));
        layers = countsLayers ? field(bool()) : null;
    }
}
