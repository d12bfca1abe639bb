// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.axi;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;

/** A beat of an AXI4-Stream: what its stream modules hand on together. */
public final class AxiStreamBeat extends Bundle {
    public final Bits data;

    /** Bytes that carry data. */
    public final Bits keep;

    /** The last beat of its packet. */
    public final Bool last = field(bool());

    /** @param dataBits width of the data, a multiple of 8 */
    public AxiStreamBeat(int dataBits) {
        data = field(bits(dataBits));
        keep = field(bits(dataBits / 8));
    }
}
