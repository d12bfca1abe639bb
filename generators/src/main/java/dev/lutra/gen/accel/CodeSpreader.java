// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.UInt;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves codes that lie one behind the other to the places that a bitmap has for them: code i goes up by the number of places below its own that stay empty. A stage for
 * each bit of that number, the greatest shift first, so that no two codes meet.
 */
final class CodeSpreader {
    private CodeSpreader() {}

    /**
     * Of each place, how many below it are empty.
     *
     * @param bitmap of the places that are not
     */
    static List<UInt> empty(Bits bitmap) {
        int width = Math.max(1, Log2.bitsFor(bitmap.width() - 1));
        List<UInt> through = through(bitmap.not(), 0, bitmap.width());
        List<UInt> below = new ArrayList<>();
        for (int place = 0; place < bitmap.width(); place++) {
            below.add(place == 0 ? lit(0, width) : resized(through.get(place - 1), width));
        }
        return below;
    }

    /** Of each place from {@code from} on, the bits that are set from there up to it: of each half, those of the upper one with all of the lower one added. */
    private static List<UInt> through(Bits bits, int from, int to) {
        if (to - from == 1) {
            return List.of(bits.bit(from).asUInt());
        }
        int middle = (from + to) / 2;
        List<UInt> counts = new ArrayList<>(through(bits, from, middle));
        UInt lower = counts.get(counts.size() - 1);
        for (UInt upper : through(bits, middle, to)) {
            counts.add(upper.add(lower));
        }
        return counts;
    }

    /**
     * The codes in their places, 0 in the others.
     *
     * @param codes the first ones are those of the bitmap
     * @param below of each place, what {@link #empty} says
     */
    static Bits spread(List<Bits> codes, Bits bitmap, List<UInt> below) {
        int top = codes.size() - 1;
        List<Bits> at = codes;
        for (int stage = Log2.bitsFor(top) - 1; stage >= 0; stage--) {
            List<Bits> next = new ArrayList<>();
            int shift = 1 << stage;
            for (int place = 0; place <= top; place++) {
                // A code that comes through here goes on by the lower bits of its count:
                // the places up to its own add no more than these to the count of this one.
                UInt empty = below.get(place);
                next.add(place < shift ? at.get(place) : mux(empty.bit(stage), at.get(place - shift), at.get(place)));
            }
            at = next;
        }
        List<Bits> word = new ArrayList<>();
        for (int place = top; place >= 0; place--) {
            Bits code = at.get(place);
            word.add(code.and(fill(code.width(), bitmap.bit(place))));
        }
        return cat(word);
    }

    private static UInt resized(UInt value, int width) {
        return value.width() > width ? value.truncate(width) : value.extend(width);
    }
}
