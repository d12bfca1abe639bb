// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.Vec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Half table of G activations in two pipeline stages, 12 adders for G = 4.
 *
 * <p>Entry i is {@code U[i] = a[G-1] + sum_(k < G-1) (bit k of i ? -a[k] : +a[k])}, the negative of the paper's T[i]: in this form no
 * entry needs the two's complement of a sum. All entries of a table have the same parity, that of the sum of its activations, so bit 0
 * is stored once, in {@link #odd}, and an entry is {@code floor(U / 2)}.
 */
final class TablePrecompute extends Module {

    record Params(int g, int bits) {
        /** Width of {@code floor(U / 2)}: |U| is at most G times the largest activation of so many bits. */
        int entryBits() {
            return bits - 1 + 32 - Integer.numberOfLeadingZeros(g - 1);
        }

        int entries() {
            return 1 << g - 1;
        }
    }

    final Bits activations;
    final Vec<SInt> entries;
    final Bool odd;

    TablePrecompute(Params p) {
        super(p);
        doc(
                "Half table of G activations, two cycles after them: entry i = floor(U[i] / 2) with",
                "U[i] = a[G-1] + sum over k < G-1 of (bit k of i ? -a[k] : +a[k]).",
                "All U[i] have the same bit 0, which is 'odd'.");
        activations = in(bits(p.bits() * p.g()));
        entries = out(vec(p.entries(), i -> sint(p.entryBits())));
        odd = out(bool());

        var a = IntStream.range(0, p.g())
                .mapToObj(k ->
                        activations.bits(p.bits() * (k + 1) - 1, p.bits() * k).asSInt())
                .toList();
        var low = registered(sums(a.subList(0, p.g() / 2)));
        var high = registered(sums(a.subList(p.g() / 2, p.g())));
        var table = reg(vec(p.entries(), i -> sint(p.entryBits())));
        var tableOdd = reg(bool());
        var full = combined(low.asList(), high.asList());
        for (int i = 0; i < p.entries(); i++) {
            table.get(i).set(full.get(i).shr(1));
        }
        tableOdd.set(low.get(0).bit(0).xor(high.get(0).bit(0)));
        entries.set(table);
        odd.set(tableOdd);
    }

    private Vec<SInt> registered(List<SInt> values) {
        var stage = reg(vec(values.size(), i -> sint(values.get(i).width())));
        for (int i = 0; i < values.size(); i++) {
            stage.get(i).set(values.get(i));
        }
        return stage;
    }

    /** All sums of some activations with the last one added and the others added (bit k of the index 0) or subtracted (1). */
    private static List<SInt> sums(List<SInt> a) {
        return a.size() == 1 ? a : combined(sums(a.subList(0, a.size() / 2)), sums(a.subList(a.size() / 2, a.size())));
    }

    /** Each of {@code high} plus and minus each of {@code low}; the low bits of the index choose the signs of the low elements. */
    private static List<SInt> combined(List<SInt> low, List<SInt> high) {
        int signs = 2 * low.size();
        var all = new ArrayList<SInt>(signs * high.size());
        for (SInt h : high) {
            for (int s = 0; s < signs; s++) {
                all.add(s < low.size() ? h.add(low.get(s)) : h.sub(low.get(signs - 1 - s)));
            }
        }
        return all;
    }
}
