// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.hdl.ir.ResetKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Instances of the modules that are finished, alone or in regular rows. */
final class Instances {
    /**
     * What an input of a row of instances gets.
     *
     * @param first of the first one, or of all
     * @param source the output of the one before that feeds the others; null: none
     */
    private record Feed(Term first, Item.Port source) {}

    private final Draft draft;
    private final Dice dice;
    private final Expressions expressions;
    private final Statements statements;

    Instances(Draft draft, Expressions expressions, Statements statements) {
        this.draft = draft;
        dice = draft.dice;
        this.expressions = expressions;
        this.statements = statements;
    }

    /** Instances of one module: each input the same for all, from the one before, or of its own. */
    void row(int count) {
        int number = dice.random.nextInt(draft.parts.size());
        Sketch.Part child = draft.parts.get(number);
        var mapped = new ArrayList<Integer>();
        mapped.add(draft.pickDomain(true, null));
        for (ResetKind kind : child.domains()) {
            int here = draft.pickDomain(false, kind);
            if (here < 0) {
                return;
            }
            mapped.add(here);
        }
        Map<String, Integer> inside = draft.portDomains.get(number);
        var feeds = new HashMap<String, Feed>();
        String before = null;
        for (int i = 0; i < count; i++) {
            String name = draft.fresh("u");
            draft.items.add(new Item.Instance(name, number, mapped));
            for (Item.Port port : child.ports(true)) {
                int domain = mapped.get(inside.get(port.name()));
                Term target = Term.ref(name + "." + port.name(), port.shape());
                if (i == 0 && count > 1 && dice.chance(75)) {
                    Term same = expressions.expr(domain, port.shape(), dice.shallow);
                    var sources = child.ports(false).stream()
                            .filter(o -> inside.get(o.name()).equals(inside.get(port.name())))
                            .filter(o -> o.shape().equals(port.shape())
                                    || o.shape().ground() && port.shape().number())
                            .toList();
                    feeds.put(
                            port.name(),
                            new Feed(same, sources.isEmpty() || dice.chance(40) ? null : dice.pick(sources)));
                }
                Feed feed = feeds.get(port.name());
                if (feed == null) {
                    statements.drive(domain, List.of(target));
                } else {
                    Term value = before == null || feed.source() == null
                            ? feed.first()
                            : expressions.fit(
                                    Term.ref(
                                            before + "." + feed.source().name(),
                                            feed.source().shape()),
                                    port.shape());
                    draft.items.add(
                            new Item.Block(domain, false, List.of(new Step.Set(target.name(), List.of(), value))));
                }
            }
            for (Item.Port port : child.ports(false)) {
                draft.readable
                        .get(mapped.get(inside.get(port.name())))
                        .add(Term.ref(name + "." + port.name(), port.shape()));
            }
            before = name;
        }
    }
}
