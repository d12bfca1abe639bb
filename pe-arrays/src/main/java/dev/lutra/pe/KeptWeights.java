// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.UInt;

/** Which weights of its activations a slot of chains has: N of each M neighbours, the same in all slots of a block. */
public final class KeptWeights extends Bundle {

    /** log2 N. */
    public final UInt logN = field(Hdl.uint(3));

    /** log2 M; 0 in dense slots. */
    public final UInt logM = field(Hdl.uint(3));

    /** A line of indices, as {@link dev.lutra.machine.ChainLayout} has it; not looked at in dense slots. */
    public final Bits indices;

    KeptWeights(int bits) {
        indices = field(Hdl.bits(bits));
    }
}
