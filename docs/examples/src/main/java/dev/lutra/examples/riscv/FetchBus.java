// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.UInt;

/**
 * Reads of words, as seen by the processor. A request is taken at the clock edge. From the next cycle on {@link #ready} says whether
 * it is done; then {@link #word} is there and stays until the next request, which is not made before.
 */
public final class FetchBus extends Bundle {
    public final Bool request = field(bool());

    /** Address of a byte, a multiple of 4. */
    public final UInt address = field(uint(32));

    public final Bool ready = flipped(bool());
    public final UInt word = flipped(uint(32));
}
