// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.BlackBox;
import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.Diagnostic.Site;
import dev.lutra.hdl.ir.Instance;
import dev.lutra.hdl.ir.Loc;
import dev.lutra.hdl.ir.Module;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Black boxes in their surroundings: resets of their kind, names that nothing else has, files of one text. */
final class BoxCheck {

    private final Circuit circuit;
    private final Map<Module, Instance> instances = new HashMap<>();
    private final List<Diagnostic> found = new ArrayList<>();

    private BoxCheck(Circuit circuit) {
        this.circuit = circuit;
    }

    static List<Diagnostic> check(Circuit circuit) {
        if (circuit.modules().stream().allMatch(m -> m.box() == null)) {
            return List.of();
        }
        var check = new BoxCheck(circuit);
        check.boxes();
        return check.found;
    }

    private void boxes() {
        var files = new HashMap<String, Module>();
        var names = new HashMap<String, Module>();
        for (Module module : circuit.modules()) {
            module.instances().forEach(instance -> instances.putIfAbsent(instance.module(), instance));
            if (module.box() == null) {
                names.put(module.name(), module);
            }
        }
        for (Module module : circuit.modules()) {
            BlackBox box = module.box();
            if (box == null) {
                continue;
            }
            if (box.reset() != null && box.resetKind() != module.reset()) {
                report(
                        module,
                        "has a reset port " + box.reset() + " of kind " + box.resetKind()
                                + " and is made where the reset is of kind " + module.reset(),
                        "make it in a domain with a reset of that kind");
            }
            if (names.containsKey(box.name())) {
                report(
                        module,
                        "stands for a Verilog module " + box.name()
                                + ", which is also the name of a module of the design",
                        "rename the class " + names.get(box.name()).className());
            }
            Module before = box.file() == null ? null : files.putIfAbsent(box.file(), module);
            if (before != null
                    && before.box() != null
                    && !before.box().verilog().equals(box.verilog())) {
                report(
                        module,
                        "supplies a file " + box.file() + ", and so does " + before.name() + " with another text",
                        "give each file a name of its own, and use parameters in place of two texts");
            }
            if (box.file() != null && names.containsKey(box.file().replaceFirst("\\.s?v$", ""))) {
                report(
                        module,
                        "supplies a file " + box.file() + ", which is also that of a module of the design",
                        "give the file another name");
            }
        }
    }

    private void report(Module box, String what, String hint) {
        Instance instance = instances.get(box);
        Loc loc = instance == null ? Loc.UNKNOWN : instance.loc();
        found.add(Diagnostic.error(
                "black-box", List.of(new Site(loc, "")), "black box " + box.name() + " " + what, hint));
    }
}
