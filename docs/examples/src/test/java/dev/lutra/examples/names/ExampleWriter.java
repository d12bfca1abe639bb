// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.names;

import dev.lutra.examples.Examples;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.verilog.VerilogFile;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the Verilog of every example, each into a folder of its own in the given one: a process to run under an agent. */
final class ExampleWriter {
    private ExampleWriter() {}

    public static void main(String[] arguments) throws IOException {
        for (var example : Examples.all()) {
            Path folder = Files.createDirectories(Path.of(arguments[0], example.name()));
            for (VerilogFile file :
                    VerilogWriter.write(Circuit.of(example.top()).circuit())) {
                Files.writeString(folder.resolve(file.name()), file.text());
            }
        }
    }
}
