// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.ResetKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Finds out which modules are equal and builds the intermediate representation of each distinct one. */
final class Definitions {
    private final Map<Recording, Definition> ofRecording = new IdentityHashMap<>();
    private final Map<Class<?>, List<Definition>> ofClass = new HashMap<>();
    private final List<Definition> all = new ArrayList<>();

    /** The definition of a module with a reset of a kind; those of its children come before it in {@link #build}. */
    Definition resolve(Module module, ResetKind reset) {
        var children = new ArrayList<Definition>(module.children().size());
        for (Module child : module.children()) {
            var around = child.ambient();
            children.add(resolve(child, around == null ? reset : around.kind()));
        }
        var recording = module.recording();
        var items = recording.items();
        var followed = recording.followed();
        if (followed != null) {
            var known = ofRecording.get(followed);
            if (known != null && known.reset() == reset && known.children().equals(children)) {
                return known;
            }
        }
        var definition = find(module, items, children, reset);
        if (followed == null) {
            ofRecording.put(recording, definition);
        }
        return definition;
    }

    private Definition find(Module module, List<Item> items, List<Definition> children, ResetKind reset) {
        var candidates = ofClass.computeIfAbsent(module.getClass(), c -> new ArrayList<>());
        for (var candidate : candidates) {
            if (candidate.is(module.getClass(), items, children, reset)) {
                return candidate;
            }
        }
        var definition = new Definition(module, items, children, reset);
        candidates.add(definition);
        all.add(definition);
        return definition;
    }

    /** All definitions resolved; the last one is the top. */
    Circuit build() {
        var names = new ModuleNames(all);
        var modules = new ArrayList<dev.lutra.hdl.ir.Module>();
        for (var definition : all) {
            new ModuleBuilder(definition, names.of(definition)).build();
            modules.add(definition.built());
        }
        return new Circuit(modules.get(modules.size() - 1), modules);
    }
}
