// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.Vec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A table of G activations in registers, two cycles after them: sums of halves of the group first, then their combinations. */
final class TableRegisters extends Pipelined {

    record Params(TableKind kind, int g, int activationBits) {
        int entries() {
            return switch (kind) {
                case FULL -> 1 << g;
                case SYMMETRIC, MAPPED -> 1 << g - 1;
                case TERNARY -> TernaryTable.entries();
            };
        }

        /** Entries are at most G times the largest activation; by halves where signs are mapped. */
        int entryBits() {
            return wholeBits() - (kind == TableKind.MAPPED ? 1 : 0);
        }

        int wholeBits() {
            return activationBits + 32 - Integer.numberOfLeadingZeros(g - 1);
        }
    }

    final Bits activations;
    final Vec<SInt> entries;

    /** Bit 0 of all entries of a symmetric table, one cycle before them. */
    final Bool oddEarly = out(bool());

    TableRegisters(Params p) {
        super(p);
        doc(
                p.kind() == TableKind.TERNARY
                        ? "Entry i = sum of three activations by the ternary weights of index i, two cycles after them."
                        : p.kind() == TableKind.FULL
                                ? "Entry i = sum of the activations whose bit of i is 1, two cycles after them."
                                : "Entry i = a[G-1] + sum over k < G-1 of (bit k of i ? -a[k] : +a[k]), two cycles after them"
                                        + (p.kind() == TableKind.MAPPED
                                                ? ", halved; bit 0 of all is 'oddEarly', a cycle before."
                                                : "."));
        int width = p.activationBits();
        activations = in(bits(width * p.g()));
        entries = out(vec(p.entries(), i -> sint(p.entryBits())));
        var a = IntStream.range(0, p.g())
                .mapToObj(k -> activations.bits(width * (k + 1) - 1, width * k).asSInt())
                .toList();
        if (p.kind() == TableKind.TERNARY) {
            var all = ternary(a);
            for (int i = 0; i < p.entries(); i++) {
                entries.get(i).set(i == 0 ? all.get(i) : registered(fitted(all.get(i), p.entryBits())));
            }
            oddEarly.set(false);
            return;
        }
        boolean full = p.kind() == TableKind.FULL;
        var low = half(full, a.subList(0, p.g() / 2));
        var high = half(full, a.subList(p.g() / 2, p.g()));
        var all = full ? products(low, high) : combined(low, high);
        for (int i = 0; i < p.entries(); i++) {
            var whole = fitted(all.get(i), p.wholeBits());
            entries.get(i).set(registered(p.kind() == TableKind.MAPPED ? whole.shr(1) : whole));
        }
        oddEarly.set(full ? lit(false) : low.get(0).bit(0).xor(high.get(0).bit(0)));
    }

    /** Sums by {@link TernaryTable}'s vectors, those of the first two activations registered. */
    private List<SInt> ternary(List<SInt> a) {
        var plus = registered(a.get(0).add(a.get(1)));
        var minus = registered(a.get(1).sub(a.get(0)));
        var x = registered(a.get(0));
        var y = registered(a.get(1));
        var z = registered(a.get(2));
        var sums = new ArrayList<SInt>();
        for (int i = 0; i < TernaryTable.entries(); i++) {
            var vector = TernaryTable.vector(i);
            int vx = vector.get(0);
            int vy = vector.get(1);
            SInt pair = vx == 0 ? y : vy == 0 ? x : vx == vy ? plus : minus;
            boolean none = vx == 0 && vy == 0;
            // 'minus' is y - x
            boolean negative = vy == 0 ? vx < 0 : vy < 0;
            if (vector.get(2) == 0) sums.add(none ? Hdl.slit(0, pair.width()) : pair);
            else sums.add(none ? z : negative ? z.sub(pair) : z.add(pair));
        }
        return sums;
    }

    private static SInt fitted(SInt value, int width) {
        return value.width() > width ? value.truncate(width) : value.extend(width);
    }

    private List<SInt> half(boolean full, List<SInt> a) {
        var sums = full ? subsets(a) : signed(a);
        var registers = new ArrayList<SInt>();
        for (int i = 0; i < sums.size(); i++) {
            registers.add(full && i == 0 ? sums.get(i) : registered(sums.get(i)));
        }
        return registers;
    }

    private static List<SInt> subsets(List<SInt> a) {
        List<SInt> sums = List.of(Hdl.slit(0, 8));
        for (SInt value : a) {
            var more = new ArrayList<>(sums);
            for (int i = 0; i < sums.size(); i++)
                more.add(i == 0 ? value : sums.get(i).add(value));
            sums = more;
        }
        return sums;
    }

    private static List<SInt> products(List<SInt> low, List<SInt> high) {
        var all = new ArrayList<SInt>();
        for (int h = 0; h < high.size(); h++) {
            for (int l = 0; l < low.size(); l++) {
                all.add(h == 0 ? low.get(l) : l == 0 ? high.get(h) : high.get(h).add(low.get(l)));
            }
        }
        return all;
    }

    /** All sums with the last activation added, the others added (bit k of the index 0) or taken away. */
    private static List<SInt> signed(List<SInt> a) {
        return a.size() == 1
                ? a
                : combined(signed(a.subList(0, a.size() / 2)), signed(a.subList(a.size() / 2, a.size())));
    }

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
