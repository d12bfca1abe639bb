// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import java.util.stream.IntStream;

/**
 * The entries of one half table, one per cycle: G cycles add the activations up, which is entry 0, then each entry follows from the one
 * before by the sign of one activation, in the order of the Gray code. So a table takes one adder.
 */
final class TableWriter extends Module {

    /** What entries are. */
    enum Entries {
        /** floor(U / 2) */
        HALVES,
        /** U */
        WHOLE,
        /** Of {@link TernaryTable} */
        TERNARY
    }

    record Params(int g, int activationBits, Entries entries) {
        /** |U| is at most G times the largest activation. */
        int sumBits() {
            return activationBits + 32 - Integer.numberOfLeadingZeros(g - 1);
        }

        int entryBits() {
            return entries == Entries.HALVES ? sumBits() - 1 : sumBits();
        }

        int indexBits() {
            return ternary() ? TernaryTable.INDEX_BITS : g - 1;
        }

        boolean ternary() {
            return entries == Entries.TERNARY;
        }
    }

    /** What all writers do in a cycle. */
    static final class Step extends Bundle {
        /** The sum starts in the next cycle. */
        final Bool clear = field(Hdl.bool());
        /** An activation is added, or twice an activation added or taken away. */
        final Bool twice = field(Hdl.bool());

        final Bool subtract = field(Hdl.bool());
        final Bool enable = field(Hdl.bool());
        final UInt which;

        Step(int g) {
            which = field(Hdl.uint(32 - Integer.numberOfLeadingZeros(g - 1)));
        }
    }

    final Bits activations;
    final Step step;
    final SInt entry;
    final Bool odd = out(bool());

    TableWriter(Params p) {
        super(p);
        doc(
                p.ternary()
                        ? "Entries of a ternary table, each from the one before by one activation."
                        : "Entries U[i] = a[G-1] + sum over k < G-1 of (bit k of i ? -a[k] : +a[k]) in the order of the Gray code, halved:"
                                + " entry = floor(U / 2). Bit 0 is the same for all and stands in 'odd'.");
        int width = p.activationBits();
        activations = in(bits(width * p.g()));
        step = in(new Step(p.g()));
        entry = out(sint(p.entryBits()));
        var sum = reg(sint(p.sumBits()));
        var a = IntStream.range(0, p.g())
                .mapToObj(k -> activations.bits(width * (k + 1) - 1, width * k).asSInt())
                .toList();
        var chosen = select(step.which, a);
        var change = p.ternary() ? chosen.extend(width + 1) : mux(step.twice, chosen.shl(1), chosen.extend(width + 1));
        var next = Adders.wrapAdd(sum, Adders.complement(change, step.subtract), step.subtract);
        // In this order the first case becomes the reset of the register and the second one its enable.
        when(step.clear, () -> sum.set(0)).elseWhen(step.enable, () -> sum.set(next));
        entry.set(p.entries() == Entries.HALVES ? sum.shr(1) : sum);
        odd.set(p.ternary() ? lit(false) : sum.bit(0));
    }
}
