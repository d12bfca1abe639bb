// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.hdl.ir.Signal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A distinct module: what all equal ones are instances of. */
final class Definition {
    private final Module example;
    private final List<Item> items;
    private final List<Definition> children;
    private final ResetKind reset;
    private @Nullable Signal[] signals = {};
    private dev.lutra.hdl.ir.@Nullable Module built;

    /**
     * @param example the first module built of it
     * @param items its recording
     * @param children definitions of its instances in order
     * @param reset kind of its own reset
     */
    Definition(Module example, List<Item> items, List<Definition> children, ResetKind reset) {
        this.example = example;
        this.items = items;
        this.children = children;
        this.reset = reset;
    }

    Module example() {
        return example;
    }

    List<Item> items() {
        return items;
    }

    List<Definition> children() {
        return children;
    }

    ResetKind reset() {
        return reset;
    }

    boolean is(Class<?> type, List<Item> items, List<Definition> children, ResetKind reset) {
        return example.getClass() == type && this.reset == reset && sameItems(items) && this.children.equals(children);
    }

    private boolean sameItems(List<Item> others) {
        if (items == others) {
            return true;
        }
        if (items.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < items.size(); i++) {
            var mine = items.get(i);
            var theirs = others.get(i);
            // What an instance is of shows in the children's definitions; their parameters do not matter.
            if (mine != theirs && !mine.sameAs(theirs) && !(mine.op == Op.INSTANCE && theirs.op == Op.INSTANCE)) {
                return false;
            }
        }
        return true;
    }

    void setBuilt(dev.lutra.hdl.ir.Module module, @Nullable Signal[] signals) {
        this.built = module;
        this.signals = signals;
    }

    dev.lutra.hdl.ir.Module built() {
        if (built == null) {
            throw new IllegalStateException(example.shortName() + " is not built yet");
        }
        return built;
    }

    /** The port that an item became. */
    Port port(int number) {
        if (signals[number] instanceof Port port) {
            return port;
        }
        throw new IllegalStateException("item " + number + " of " + example.shortName() + " is no port");
    }
}
