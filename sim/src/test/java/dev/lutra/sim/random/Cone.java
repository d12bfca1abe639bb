// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a value of a part depends on. */
final class Cone extends Rewrite {
    /** Items, and pins of instances. */
    private final Set<String> needed = new HashSet<>();

    /** A part without what a value of it does not depend on; one input stays. */
    static Sketch.Part of(Sketch.Part part, Term value) {
        var cone = new Cone();
        cone.need(value);
        int before;
        do {
            before = cone.needed.size();
            part.items().forEach(cone::follow);
        } while (cone.needed.size() > before);
        if (part.ports(true).stream().noneMatch(port -> cone.needed.contains(port.name()))) {
            cone.needed.add(part.ports(true).get(0).name());
        }
        return cone.part(part);
    }

    private void need(Term term) {
        for (Term inside : term.all()) {
            if (inside.op() == Operator.REF) {
                needed.add(inside.name());
                needed.add(owner(inside.name()));
            }
        }
    }

    /** The instance of a pin; another name as it is. */
    private static String owner(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    private void follow(Item item) {
        if (item instanceof Item.Block block) {
            block.body().stream().filter(this::drives).forEach(this::follow);
        } else if (item instanceof Item.Access port && needed.contains(port.memory())) {
            needed.add(port.name());
        }
        if (needed.contains(item.name())) {
            new Sketch.Part(List.of(), List.of(item)).terms().forEach(this::need);
            if (item instanceof Item.Read read) {
                needed.add(read.memory());
            } else if (item instanceof Item.Access port) {
                needed.add(port.memory());
            }
        }
    }

    private void follow(Step step) {
        step.terms().forEach(this::need);
        step.blocks().forEach(block -> block.forEach(this::follow));
    }

    private boolean drives(Step step) {
        if (step instanceof Step.Set set) {
            return needed.contains(owner(set.target()));
        } else if (step instanceof Step.SetAt set) {
            return needed.contains(owner(set.target()));
        } else if (step instanceof Step.Write write) {
            return needed.contains(write.memory());
        } else if (step instanceof Step.PortWrite write) {
            return needed.contains(write.port());
        }
        return step.blocks().stream().anyMatch(block -> block.stream().anyMatch(this::drives));
    }

    @Override
    List<Item> change(Item item) {
        boolean stays = item instanceof Item.Block block
                ? block.body().stream().anyMatch(this::drives)
                : needed.contains(item.name());
        return stays ? null : List.of();
    }

    @Override
    List<Step> change(Step step) {
        return drives(step) ? null : List.of();
    }
}
