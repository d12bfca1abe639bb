// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.hdl.ir.ReadDuringWrite;
import dev.lutra.sim.random.Shape.B;
import dev.lutra.sim.random.Shape.Choice;
import dev.lutra.sim.random.Shape.U;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Memories with reads and writes of their own, or with ports that do both by one address. */
final class Memories {
    private final Draft draft;
    private final Dice dice;
    private final Expressions expressions;
    private final Statements statements;

    Memories(Draft draft, Expressions expressions, Statements statements) {
        this.draft = draft;
        dice = draft.dice;
        this.expressions = expressions;
        this.statements = statements;
    }

    void memory() {
        Shape word = dice.ground();
        int depth = 1 + dice.random.nextInt(20);
        var divisors = new ArrayList<Integer>();
        for (int d = 1; d <= Math.min(8, word.width()); d++) {
            if (word.width() % d == 0) {
                divisors.add(d);
            }
        }
        // Part of a word would not be one of an enumeration's values.
        boolean masked = !(word instanceof Choice) && dice.chance(50);
        var init = new ArrayList<BigInteger>();
        if (dice.chance(50)) {
            for (int i = dice.random.nextInt(depth + 1); i > 0; i--) {
                init.add(dice.constant(word));
            }
        }
        var memory = new Item.Memory(draft.fresh("m"), word, depth, masked ? dice.pick(divisors) : 0, init);
        draft.items.add(memory);
        if (dice.chance(30)) {
            accesses(memory);
        } else {
            draft.memories.add(memory);
            draft.memoryDomains.put(memory.name(), draft.domain());
        }
    }

    /** One or two draft.ports that read and write by one address; two never write one word. */
    private void accesses(Item.Memory memory) {
        int count = 1 + dice.random.nextInt(2);
        int bits = Math.max(2, 32 - Integer.numberOfLeadingZeros(memory.depth() - 1) + dice.random.nextInt(2));
        for (int i = 0; i < count; i++) {
            // A module that reports a clash has a port for the reset.
            int domain = count == 2 ? draft.pickDomain(true, null) : draft.domain();
            Term address = expressions.expr(domain, new U(count == 2 ? bits - 1 : bits), dice.shallow);
            if (count == 2) {
                Term half = Term.literal(new B(1), BigInteger.valueOf(i));
                address = Term.of(Operator.AS_UINT, Term.of(Operator.CAT, address, half));
            }
            Term enable = dice.chance(50) ? expressions.expr(domain, Shape.TRUTH, dice.shallow) : null;
            var port = new Item.Access(
                    draft.fresh("a"),
                    memory.name(),
                    memory.word(),
                    address,
                    enable,
                    dice.pick(Arrays.asList(ReadDuringWrite.values())),
                    domain);
            draft.items.add(port);
            if (dice.chance(80)) {
                Term mask = memory.maskBits() > 0 && dice.chance(80)
                        ? expressions.expr(domain, new B(memory.maskBits()), dice.shallow)
                        : null;
                Step write = new Step.PortWrite(
                        port.name(), statements.narrower(expressions.expr(domain, memory.word(), dice.shallow)), mask);
                Term condition = expressions.expr(domain, Shape.TRUTH, dice.shallow);
                Step step = dice.chance(80)
                        ? new Step.When(List.of(new Step.Branch(condition, List.of(write))), List.of())
                        : write;
                draft.items.add(new Item.Block(domain, dice.chance(30), List.of(step)));
            }
            draft.readable.get(domain).add(Term.ref(port.name(), port.word()));
        }
    }

    private Term address(int domain, Item.Memory memory) {
        int exact = Math.max(1, 32 - Integer.numberOfLeadingZeros(memory.depth() - 1));
        return expressions.expr(
                domain, new U(dice.chance(70) ? exact : 1 + dice.random.nextInt(dice.chance(80) ? 8 : 70)), 2);
    }

    void read(Item.Memory memory) {
        int latency = dice.random.nextInt(2);
        int domain = latency == 1 && dice.chance(30) ? draft.domain() : draft.memoryDomains.get(memory.name());
        Term enable = latency == 1 && dice.chance(50) ? expressions.expr(domain, Shape.TRUTH, dice.shallow) : null;
        var read = new Item.Read(
                draft.fresh("q"), memory.name(), memory.word(), address(domain, memory), enable, latency, domain);
        draft.items.add(read);
        draft.readable.get(domain).add(Term.ref(read.name(), read.word()));
    }

    void writes(Item.Memory memory) {
        int domain = draft.memoryDomains.get(memory.name());
        var body = new ArrayList<Step>();
        for (int i = dice.random.nextInt(3); i > 0; i--) {
            Term mask = memory.maskBits() > 0 && dice.chance(80)
                    ? expressions.expr(domain, new B(memory.maskBits()), 2)
                    : null;
            Step write = new Step.Write(
                    memory.name(),
                    address(domain, memory),
                    statements.narrower(expressions.expr(domain, memory.word(), dice.shallow)),
                    mask);
            Term condition = expressions.expr(domain, Shape.TRUTH, dice.shallow);
            body.add(
                    dice.chance(70)
                            ? new Step.When(List.of(new Step.Branch(condition, List.of(write))), List.of())
                            : write);
        }
        if (!body.isEmpty()) {
            draft.items.add(new Item.Block(domain, dice.chance(30), body));
        }
        if (draft.items.stream()
                .noneMatch(i -> i instanceof Item.Read read && read.memory().equals(memory.name()))) {
            read(memory);
        }
    }
}
