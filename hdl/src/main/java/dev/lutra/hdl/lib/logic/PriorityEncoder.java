// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.logic;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import java.util.List;
import java.util.stream.IntStream;

/** The number of the lowest bit that is 1. Combinational. */
public final class PriorityEncoder extends Module {

    /** @param width bits to look at, at least 2 */
    public record Params(int width) {}

    public final Bits requests;

    /** Number of the lowest 1; of the last bit where all are 0. */
    public final UInt index;

    /** Some bit is 1. */
    public final Bool any = out(bool());

    public PriorityEncoder(int width) {
        super(new Params(width));
        doc("The number of the lowest of " + width + " bits that is 1.");
        requests = in(bits(width));
        index = out(uint(indexBits(width)));
        index.set(lowest(IntStream.range(0, width).mapToObj(requests::bit).toList()));
        any.set(requests.orR());
    }

    /** Bits of a number below {@code count}. */
    public static int indexBits(int count) {
        return Math.max(1, 32 - Integer.numberOfLeadingZeros(count - 1));
    }

    /** Within another module: the number of the first true one, of the last where none is. */
    public static UInt lowest(List<Bool> requests) {
        int bits = indexBits(requests.size());
        UInt index = Hdl.lit(requests.size() - 1, bits);
        for (int i = requests.size() - 2; i >= 0; i--) {
            index = Hdl.mux(requests.get(i), Hdl.lit(i, bits), index);
        }
        return index;
    }
}
