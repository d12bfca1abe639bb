// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.sim.random.Shape.B;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Builds one module: ports, registers, memories, things between them, and outputs that show what else nobody would see. */
final class Body {
    private final Draft draft;
    private final Dice dice;
    private final Expressions expressions;
    private final Statements statements;
    private final Memories memories;
    private final Instances instances;

    Body(Draft draft) {
        this.draft = draft;
        dice = draft.dice;
        expressions = new Expressions(draft);
        statements = new Statements(draft, expressions);
        memories = new Memories(draft, expressions, statements);
        instances = new Instances(draft, expressions, statements);
    }

    void build() {
        if (dice.clocks) {
            for (int i = dice.random.nextInt(3); i > 0; i--) {
                draft.domains.add(dice.chance(15) ? null : dice.pick(Arrays.asList(ResetKind.values())));
            }
        }
        for (int i = 0; i <= draft.domains.size(); i++) {
            draft.readable.add(new ArrayList<>());
            draft.made.add(new ArrayList<>());
        }
        for (int i = 1 + dice.some(2) + draft.domains.size(); i > 0; i--) {
            input(i <= draft.domains.size() ? i : draft.domain());
        }
        input(0);
        for (int i = dice.some(3) + draft.domains.size(); i > 0; i--) {
            register();
        }
        for (int i = dice.some(2); i > 0; i--) {
            memories.memory();
        }
        for (int i = 0; i < dice.things; i++) {
            thing();
        }
        draft.registers.forEach(statements::update);
        draft.memories.forEach(memories::writes);
        for (int i = dice.some(2); i > 0; i--) {
            int domain = draft.domain();
            draft.items.add(new Item.Block(domain, dice.chance(30), List.of(statements.watch(domain, 2))));
        }
        for (int i = 1 + dice.some(1); i > 0; i--) {
            output();
        }
        shown();
        draft.parts.add(new Sketch.Part(new ArrayList<>(draft.domains), draft.items));
        draft.portDomains.add(draft.ports);
    }

    private void input(int domain) {
        var port = new Item.Port(draft.fresh("i"), dice.shape(), true);
        draft.items.add(port);
        draft.ports.put(port.name(), domain);
        draft.readable.get(domain).add(Term.ref(port.name(), port.shape()));
    }

    private void output() {
        int domain = draft.domain();
        var port = new Item.Port(draft.fresh("o"), dice.shape(), false);
        draft.items.add(port);
        draft.ports.put(port.name(), domain);
        statements.drive(domain, List.of(Term.ref(port.name(), port.shape())));
        draft.readable.get(domain).add(Term.ref(port.name(), port.shape()));
    }

    /** An output that shows what no other output may show. */
    private void shown() {
        var parts = new ArrayList<Term>();
        int width = 0;
        var all = new ArrayList<>(draft.readable.get(0));
        Collections.shuffle(all, dice.random);
        for (Term term : all) {
            boolean input = term.name().startsWith("i");
            if (!input && width + term.shape().width() <= 200) {
                parts.add(term);
                width += term.shape().width();
            }
        }
        if (!parts.isEmpty()) {
            var port = new Item.Port(draft.fresh("o"), new B(width), false);
            draft.items.add(port);
            draft.ports.put(port.name(), 0);
            Step set = new Step.Set(port.name(), List.of(), Term.of(Operator.CAT, parts));
            draft.items.add(new Item.Block(0, false, List.of(set)));
        }
    }

    private void register() {
        int domain = draft.domain();
        Shape shape = dice.shape();
        boolean resets = (domain == 0 || draft.domains.get(domain - 1) != null) && dice.chance(75);
        List<BigInteger> init =
                resets ? shape.leaves().stream().map(dice::constant).toList() : List.of();
        var register = new Item.Register(draft.fresh("r"), shape, init, domain);
        draft.items.add(register);
        draft.registers.add(register);
        draft.readable.get(domain).add(Term.ref(register.name(), shape));
    }

    private void thing() {
        switch (dice.random.nextInt(7)) {
            case 0, 1 -> {
                int domain = draft.domain();
                Term term = expressions.expr(domain, dice.shape(), dice.deep);
                var value = new Item.Value(draft.fresh("n"), term, dice.chance(60));
                draft.items.add(value);
                draft.readable.get(domain).add(Term.ref(value.name(), term.shape()));
            }
            case 2, 3 -> {
                int domain = draft.domain();
                var group = new ArrayList<Term>();
                for (int i = 1 + dice.random.nextInt(3); i > 0; i--) {
                    var wire = new Item.Wire(draft.fresh("w"), dice.shape());
                    draft.items.add(wire);
                    group.add(Term.ref(wire.name(), wire.shape()));
                }
                statements.drive(domain, group);
                draft.readable.get(domain).addAll(group);
            }
            case 4, 5 -> {
                if (!draft.parts.isEmpty()) {
                    instances.row(dice.chance(70) ? 1 : 2 + dice.random.nextInt(8));
                }
            }
            default -> {
                if (!draft.memories.isEmpty()) {
                    memories.read(dice.pick(draft.memories));
                }
            }
        }
    }
}
