// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import java.util.ArrayList;
import java.util.List;

/**
 * Copies a part, with changes on the way: terms before what they are made of, statements before those inside.
 * An {@link IllegalArgumentException} says that the language has nothing like the result.
 */
class Rewrite {

    /** What takes the place of a term; the term itself: go on with its operands. */
    Term change(Term term) {
        return term;
    }

    /** What takes the place of a statement; null: it is copied with what is inside. */
    List<Step> change(Step step) {
        return null;
    }

    /** What takes the place of an item; null: it is copied with what is inside. */
    List<Item> change(Item item) {
        return null;
    }

    Sketch.Part part(Sketch.Part part) {
        var items = new ArrayList<Item>();
        for (Item item : part.items()) {
            List<Item> changed = change(item);
            items.addAll(changed != null ? changed : List.of(item(item)));
        }
        return new Sketch.Part(part.domains(), items);
    }

    private Item item(Item item) {
        if (item instanceof Item.Value value) {
            return new Item.Value(value.name(), term(value.term()), value.named());
        } else if (item instanceof Item.Read read) {
            Term enable = read.enable() == null ? null : term(read.enable());
            return new Item.Read(
                    read.name(),
                    read.memory(),
                    read.word(),
                    term(read.address()),
                    enable,
                    read.latency(),
                    read.domain());
        } else if (item instanceof Item.Access port) {
            Term enable = port.enable() == null ? null : term(port.enable());
            return new Item.Access(
                    port.name(), port.memory(), port.word(), term(port.address()), enable, port.rule(), port.domain());
        } else if (item instanceof Item.Block block) {
            return new Item.Block(block.domain(), block.late(), steps(block.body()));
        }
        return item;
    }

    final Term term(Term term) {
        Term changed = change(term);
        if (changed != term) {
            return changed;
        }
        if (term.args().isEmpty()) {
            return term;
        }
        var args = new ArrayList<Term>();
        boolean same = true;
        for (Term arg : term.args()) {
            Term copy = term(arg);
            same &= copy == arg;
            args.add(copy);
        }
        return same ? term : term.with(args);
    }

    final List<Step> steps(List<Step> steps) {
        var all = new ArrayList<Step>();
        for (Step step : steps) {
            List<Step> changed = change(step);
            all.addAll(changed != null ? changed : List.of(step(step)));
        }
        return all;
    }

    private Step step(Step step) {
        if (step instanceof Step.Set set) {
            return new Step.Set(set.target(), set.path(), term(set.value()));
        } else if (step instanceof Step.SetAt set) {
            return new Step.SetAt(set.target(), term(set.index()), term(set.value()));
        } else if (step instanceof Step.When when) {
            var branches = new ArrayList<Step.Branch>();
            for (Step.Branch branch : when.branches()) {
                branches.add(new Step.Branch(term(branch.condition()), steps(branch.body())));
            }
            return new Step.When(branches, steps(when.otherwise()));
        } else if (step instanceof Step.Switch choice) {
            Term subject = term(choice.subject());
            var cases = new ArrayList<Step.Case>();
            for (Step.Case one : choice.cases()) {
                cases.add(new Step.Case(one.values(), steps(one.body())));
            }
            return new Step.Switch(subject, cases, steps(choice.otherwise()));
        } else if (step instanceof Step.Write write) {
            Term mask = write.mask() == null ? null : term(write.mask());
            return new Step.Write(write.memory(), term(write.address()), term(write.data()), mask);
        } else if (step instanceof Step.PortWrite write) {
            return new Step.PortWrite(
                    write.port(), term(write.data()), write.mask() == null ? null : term(write.mask()));
        } else if (step instanceof Step.Print print) {
            var values = new ArrayList<Term>();
            for (Term value : print.values()) {
                values.add(term(value));
            }
            return new Step.Print(print.format(), values);
        }
        var cover = (Step.Cover) step;
        return new Step.Cover(term(cover.condition()), cover.what());
    }
}
