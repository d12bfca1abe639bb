// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.pass.Dependencies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Writes a circuit that passed the checks as Verilog-2005. The same circuit always gives the same text. */
public final class VerilogWriter {

    private VerilogWriter() {}

    /** One file per module, children before parents, the top last. */
    public static List<VerilogFile> write(Circuit circuit) {
        Function<Module, Dependencies> dependencies = Dependencies.of(circuit);
        var files = new ArrayList<VerilogFile>();
        for (Module module : circuit.modules()) {
            files.add(new VerilogFile(
                    module.name() + ".v", new ModuleWriter(module, () -> dependencies.apply(module)).write()));
        }
        return files;
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
