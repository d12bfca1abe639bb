// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.hdl.ir.ResetKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A module under construction: what is in it, and what may be read where. */
final class Draft {
    final Dice dice;
    /** The modules that are finished. */
    final List<Sketch.Part> parts;
    /** The domain of each port of each of them. */
    final List<Map<String, Integer>> portDomains;

    final List<ResetKind> domains = new ArrayList<>();
    final List<Item> items = new ArrayList<>();
    final List<Item.Memory> memories = new ArrayList<>();
    final Map<String, Integer> memoryDomains = new HashMap<>();
    final List<Item.Register> registers = new ArrayList<>();
    final Map<String, Integer> ports = new HashMap<>();
    /** What may be read in each domain. */
    final List<List<Term>> readable = new ArrayList<>();
    /** What was computed in each domain. */
    final List<List<Term>> made = new ArrayList<>();

    private int serial;
    /** Expressions so far. */
    int spent;

    Draft(Dice dice, List<Sketch.Part> parts, List<Map<String, Integer>> portDomains) {
        this.dice = dice;
        this.parts = parts;
        this.portDomains = portDomains;
    }

    int domain() {
        return dice.random.nextInt(domains.size() + 1);
    }

    String fresh(String kind) {
        return kind + serial++;
    }

    /** A domain for an instance's own one, or for one that comes in with a kind of reset; -1: there is none. */
    int pickDomain(boolean own, ResetKind kind) {
        var fitting = new ArrayList<Integer>();
        for (int i = own ? 0 : 1; i <= domains.size(); i++) {
            ResetKind here = i == 0 ? ResetKind.SYNC : domains.get(i - 1);
            if (own ? here != null : kind == null || here == kind) {
                fitting.add(i);
            }
        }
        return fitting.isEmpty() ? -1 : dice.pick(fitting);
    }
}
