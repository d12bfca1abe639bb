// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.hdl.ir.Port;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;

/** Writes values of outputs, a line for each cycle, in the form of the stimulus: CSV or JSON lines. */
final class ResponseFile {
    private final PrintWriter to;
    private final List<Port> outputs;
    private final boolean json;

    ResponseFile(PrintWriter to, List<Port> outputs, boolean json) {
        this.to = to;
        this.outputs = outputs;
        this.json = json;
        if (!json) {
            to.println(outputs.stream().map(Port::name).collect(Collectors.joining(",")));
        }
    }

    /** @param values as text; {@code x} where bits are unknown */
    void row(String[] values) {
        if (!json) {
            to.println(String.join(",", values));
            return;
        }
        var line = new StringBuilder("{");
        for (int i = 0; i < values.length; i++) {
            String value = values[i];
            boolean number = value.matches("-?\\d{1,15}"); // more digits are not exact in every reader
            line.append(i == 0 ? "" : ", ")
                    .append('"')
                    .append(outputs.get(i).name())
                    .append("\": ")
                    .append(number ? value : '"' + value + '"');
        }
        to.println(line.append('}'));
    }
}
