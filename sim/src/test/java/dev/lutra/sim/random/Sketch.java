// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.hdl.ir.ResetKind;
import java.util.ArrayList;
import java.util.List;

/**
 * A circuit that can be built, run, printed and made smaller.
 *
 * @param seed of the generator, of the stimulus, and of the names of modules
 * @param parts modules, each with instances of earlier ones only; the last is the outermost
 * @param domains clock and reset of each domain of the outermost module
 * @param cycles how long it is run
 */
record Sketch(long seed, List<Part> parts, List<Domain> domains, int cycles) {

    /**
     * A domain from outside.
     *
     * @param clock number in {@link Timing}
     * @param reset null: none
     */
    record Domain(int clock, ResetKind reset) {}

    /**
     * A module.
     *
     * @param domains kinds of the resets of the domains that come in through ports, null: no reset; domain 0 is the module's own
     */
    record Part(List<ResetKind> domains, List<Item> items) {

        List<Item.Port> ports(boolean input) {
            return items.stream()
                    .filter(i -> i instanceof Item.Port port && port.input() == input)
                    .map(Item.Port.class::cast)
                    .toList();
        }

        List<Step> statements() {
            var all = new ArrayList<Step>();
            for (boolean late : new boolean[] {false, true}) {
                for (Item item : items) {
                    if (item instanceof Item.Block block && block.late() == late) {
                        all.addAll(block.body());
                    }
                }
            }
            return all;
        }

        /** All expressions. */
        List<Term> terms() {
            var all = new ArrayList<Term>();
            for (Item item : items) {
                if (item instanceof Item.Value value) {
                    all.add(value.term());
                } else if (item instanceof Item.Read read) {
                    all.add(read.address());
                    if (read.enable() != null) {
                        all.add(read.enable());
                    }
                } else if (item instanceof Item.Access port) {
                    all.add(port.address());
                    if (port.enable() != null) {
                        all.add(port.enable());
                    }
                }
            }
            statements().forEach(step -> collect(step, all));
            return all;
        }

        int size() {
            int size = items.size();
            size += terms().stream().mapToInt(Term::size).sum();
            for (Step step : statements()) {
                size += steps(step);
            }
            return size;
        }

        private static int steps(Step step) {
            return 1
                    + step.blocks().stream()
                            .mapToInt(b -> b.stream().mapToInt(Part::steps).sum())
                            .sum();
        }

        private static void collect(Step step, List<Term> into) {
            into.addAll(step.terms());
            step.blocks().forEach(block -> block.forEach(s -> collect(s, into)));
        }
    }

    Part top() {
        return parts.get(parts.size() - 1);
    }

    /** Operators, statements and items: what a reader has to look at. */
    int size() {
        return parts.stream().mapToInt(Part::size).sum();
    }
}
