// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.BlackBox;
import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.pass.Dependencies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Writes a circuit that passed the checks as Verilog-2005. The same circuit always gives the same text. */
public final class VerilogWriter {

    private VerilogWriter() {}

    /**
     * One file per module, children before parents, the top last. Black boxes are instances of what they stand for; the Verilog that
     * they supply is among the files, once each.
     */
    public static List<VerilogFile> write(Circuit circuit) {
        return write(circuit, module -> module.box() != null && module != circuit.top());
    }

    /** The same for simulation: a black box that supplies no Verilog is a module with its model. */
    public static List<VerilogFile> writeModels(Circuit circuit) {
        return write(circuit, module -> module.box() != null && module.box().file() != null && module != circuit.top());
    }

    /**
     * What simulators need beside {@link #write}: a file {@code Top_models.v} with a module for each foreign one of which there is a model and no
     * Verilog, by its name and with its parameters and ports. Those parameters alone that the circuit gives are modelled; others end the simulation
     * with a message. Empty if no box needs it.
     */
    public static Optional<VerilogFile> writeBoxModels(Circuit circuit) {
        Predicate<Module> foreign = module -> module.box() != null && module != circuit.top();
        Set<Module> there = part(circuit, foreign);
        List<Module> boxes = circuit.modules().stream()
                .filter(module -> there.contains(module) && foreign.test(module))
                .filter(module -> module.box() != null
                        && module.box().modelled()
                        && module.box().file() == null)
                .toList();
        if (boxes.isEmpty()) {
            return Optional.empty();
        }
        Function<Module, Dependencies> dependencies = Dependencies.of(circuit);
        var parts = new HashSet<Module>();
        for (Module box : boxes) {
            parts.addAll(part(box, module -> false));
        }
        var text = new StringBuilder();
        for (Module module : circuit.modules()) {
            if (parts.contains(module) && (boxes.contains(module) || !there.contains(module))) {
                text.append(new ModuleWriter(module, m -> false, () -> dependencies.apply(module)).write())
                        .append('\n');
            }
        }
        String name = circuit.top().name() + "_models.v";
        return Optional.of(new VerilogFile(name, text + BoxModels.of(boxes)));
    }

    private static List<VerilogFile> write(Circuit circuit, Predicate<Module> foreign) {
        Function<Module, Dependencies> dependencies = Dependencies.of(circuit);
        var files = new LinkedHashMap<String, VerilogFile>();
        Set<Module> part = part(circuit, foreign);
        for (Module module : circuit.modules()) {
            BlackBox box = module.box();
            if (part.contains(module) && box != null && foreign.test(module)) {
                if (box.file() != null) {
                    files.putIfAbsent(box.file(), new VerilogFile(box.file(), box.verilog()));
                }
            } else if (part.contains(module)) {
                var text = new ModuleWriter(module, foreign, () -> dependencies.apply(module)).write();
                files.put(module.name() + ".v", new VerilogFile(module.name() + ".v", text));
            }
        }
        return List.copyOf(files.values());
    }

    /** The modules that are not just part of a model that is left out. */
    private static Set<Module> part(Circuit circuit, Predicate<Module> foreign) {
        return part(circuit.top(), foreign);
    }

    private static Set<Module> part(Module top, Predicate<Module> foreign) {
        var part = new HashSet<Module>();
        var open = new ArrayDeque<Module>(List.of(top));
        while (!open.isEmpty()) {
            Module module = open.pop();
            if (part.add(module) && !foreign.test(module)) {
                module.instances().forEach(instance -> open.push(instance.module()));
            }
        }
        return part;
    }

    /**
     * Writes the files of a circuit and the list of their names, {@code Top.f}, in the order in which tools read them.
     *
     * @return the path of the file list
     */
    public static Path writeTo(Circuit circuit, Path directory) throws IOException {
        Files.createDirectories(directory);
        var names = new StringBuilder();
        for (VerilogFile file : write(circuit)) {
            Files.writeString(directory.resolve(file.name()), file.text());
            names.append(file.name()).append('\n');
        }
        return Files.writeString(directory.resolve(circuit.top().name() + ".f"), names);
    }
}
