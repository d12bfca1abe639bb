// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Covers gates with look-up tables: priority cuts (Mishchenko, Cho, Chatterjee, Brayton, "Combinational and Sequential Mapping with Priority
 * Cuts", ICCAD 2007). The first round makes the paths as short as can be, the others save area by area flow where that does not make the
 * longest path longer.
 */
final class LutCover {
    private static final int CUTS = 8;
    private static final int ROUNDS = 4;

    private final Gates gates;
    private final int[] costs;
    private final boolean shallow;
    private final int[] roots;
    private final boolean[] wanted;
    private final Cut[][] cuts;
    private final @Nullable Cut[] chosen;
    private final double[] flow;
    private final int[] depth;
    private final int[] required;
    private final double[] readers;

    private record Cut(int[] leaves, double area, int depth) {}

    private LutCover(Gates gates, int[] roots, int[] costs, boolean shallow) {
        this.gates = gates;
        this.roots = roots;
        this.costs = costs;
        this.shallow = shallow;
        int count = gates.count();
        this.cuts = new Cut[count][];
        this.chosen = new Cut[count];
        this.flow = new double[count];
        this.depth = new int[count];
        this.required = new int[count];
        this.readers = new double[count];
        this.wanted = new boolean[count];
    }

    /**
     * The number of tables.
     *
     * @param roots values that must exist; an inverted input takes a table, too
     * @param costs tables that a function of 1, 2, ... inputs takes
     * @param shallow whether the longest path must be as short as possible
     */
    static int tables(Gates gates, int[] roots, int[] costs, boolean shallow) {
        var cover = new LutCover(gates, roots, costs, shallow);
        cover.reach();
        int[] counts = new int[gates.count()];
        Arrays.fill(cover.required, Integer.MAX_VALUE);
        int tables = 0;
        for (int round = 0; round < ROUNDS; round++) {
            cover.choose(shallow && round == 0);
            Arrays.fill(counts, 0);
            tables = cover.cover(counts);
            for (int node = 0; node < counts.length; node++) {
                cover.readers[node] = Math.max(1, (cover.readers[node] + 2 * counts[node]) / 3);
            }
        }
        return tables + cover.inverters();
    }

    private void reach() {
        var open = new ArrayList<Integer>();
        for (int root : roots) {
            open.add(root >> 1);
            readers[root >> 1]++;
        }
        while (!open.isEmpty()) {
            int node = open.remove(open.size() - 1);
            if (wanted[node] || !gates.isGate(node)) {
                continue;
            }
            wanted[node] = true;
            for (int i = 0; i < 3; i++) {
                if (gates.fanin(node, i) >= 0) {
                    open.add(gates.fanin(node, i) >> 1);
                    readers[gates.fanin(node, i) >> 1]++;
                }
            }
        }
    }

    private void choose(boolean byDepth) {
        for (int node = 0; node < wanted.length; node++) {
            if (!wanted[node]) {
                cuts[node] = new Cut[0];
                continue;
            }
            List<Cut> found = new ArrayList<>(CUTS + 1);
            Cut fastest = null;
            List<int[]> none = Collections.singletonList(new int[0]);
            List<int[]> third = gates.fanin(node, 2) < 0 ? none : leaves(gates.fanin(node, 2));
            for (int[] x : leaves(gates.fanin(node, 0))) {
                for (int[] y : leaves(gates.fanin(node, 1))) {
                    int[] xy = merge(x, y);
                    if (xy == null) {
                        continue;
                    }
                    for (int[] z : third) {
                        int[] all = merge(xy, z);
                        if (all != null) {
                            Cut cut = cut(all);
                            if (fastest == null || byDepth(cut, fastest) < 0) {
                                fastest = cut;
                            }
                            keep(cut, found, byDepth);
                        }
                    }
                }
            }
            if (shallow && !found.contains(fastest)) {
                found.set(found.size() - 1, fastest);
            }
            cuts[node] = found.toArray(Cut[]::new);
            Cut best = Objects.requireNonNull(fastest); // the fan-ins themselves are one

            for (Cut cut : found) {
                if (cut.depth <= required[node]) {
                    best = cut;
                    break;
                }
            }
            chosen[node] = best;
            flow[node] = best.area / Math.max(1, readers[node]);
            depth[node] = best.depth;
        }
    }

    private List<int[]> leaves(int value) {
        int node = value >> 1;
        var all = new ArrayList<int[]>(CUTS + 1);
        for (Cut cut : cuts[node]) {
            all.add(cut.leaves);
        }
        all.add(new int[] {node});
        return all;
    }

    private Cut cut(int[] leaves) {
        double area = costs[leaves.length - 1];
        int deepest = 0;
        for (int leaf : leaves) {
            area += flow[leaf];
            deepest = Math.max(deepest, depth[leaf]);
        }
        return new Cut(leaves, area, deepest + 1);
    }

    /** The union of two sorted sets, null if it is too large for a table. */
    private int @Nullable [] merge(int[] a, int[] b) {
        int[] union = new int[costs.length];
        int i = 0;
        int j = 0;
        int n = 0;
        while (i < a.length || j < b.length) {
            if (n == union.length) {
                return null;
            }
            if (j == b.length || i < a.length && a[i] < b[j]) {
                union[n++] = a[i++];
            } else {
                if (i < a.length && a[i] == b[j]) {
                    i++;
                }
                union[n++] = b[j++];
            }
        }
        return n == union.length ? union : Arrays.copyOf(union, n);
    }

    private static int byDepth(Cut a, Cut b) {
        return a.depth != b.depth ? Integer.compare(a.depth, b.depth) : byArea(a, b);
    }

    private static int byArea(Cut a, Cut b) {
        return a.area != b.area ? Double.compare(a.area, b.area) : Integer.compare(a.leaves.length, b.leaves.length);
    }

    private static void keep(Cut cut, List<Cut> found, boolean byDepth) {
        int at = found.size();
        while (at > 0) {
            Cut before = found.get(at - 1);
            int order = byDepth ? byDepth(cut, before) : byArea(cut, before);
            if (order > 0) {
                break;
            }
            if (order == 0 && Arrays.equals(cut.leaves, before.leaves)) {
                return;
            }
            at--;
        }
        if (at < CUTS) {
            found.add(at, cut);
            if (found.size() > CUTS) {
                found.remove(CUTS);
            }
        }
    }

    /** Counts the tables reached from the roots, and says when each must be settled. */
    private int cover(int[] counts) {
        int longest = 0;
        for (int root : roots) {
            counts[root >> 1]++;
            longest = Math.max(longest, depth[root >> 1]);
        }
        Arrays.fill(required, Integer.MAX_VALUE);
        for (int root : roots) {
            required[root >> 1] = shallow ? longest : Integer.MAX_VALUE;
        }
        int tables = 0;
        for (int node = counts.length - 1; node >= 0; node--) {
            Cut cut = chosen[node];
            if (cut == null || counts[node] == 0) {
                continue;
            }
            tables += costs[cut.leaves.length - 1];
            for (int leaf : cut.leaves) {
                counts[leaf]++;
                if (required[node] != Integer.MAX_VALUE) {
                    required[leaf] = Math.min(required[leaf], required[node] - 1);
                }
            }
        }
        return tables;
    }

    private int inverters() {
        return (int) Arrays.stream(roots)
                .filter(root -> (root & 1) == 1 && root != Gates.TRUE && !gates.isGate(root >> 1))
                .distinct()
                .count();
    }
}
