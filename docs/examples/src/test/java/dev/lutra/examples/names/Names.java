// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.names;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The Verilog of a design without what an addition may change: comments, places, layout, commas between ports, {@code begin} and {@code end},
 * and the list of bits that nobody reads. What remains are lines; two names cannot change places without changing a line.
 */
record Names(Map<String, List<String>> files) {
    private static final Pattern PLACE = Pattern.compile("//[^\n]*|\\w+\\.java:\\d+");
    private static final Pattern UNUSED = Pattern.compile("(?<=wire unused = )[^;]*");
    private static final Pattern CASE = Pattern.compile("(?m)^ *([\\w', ]+:) ");

    static Names of(Supplier<Module> top) {
        Map<String, List<String>> files = new TreeMap<>();
        for (var file : VerilogWriter.write(Circuit.of(top).circuit())) {
            files.put(file.name(), lines(file.text()));
        }
        return new Names(files);
    }

    private static List<String> lines(String text) {
        String bare = PLACE.matcher(text).replaceAll("");
        bare = UNUSED.matcher(bare).replaceAll("...");
        bare = CASE.matcher(bare).replaceAll("$1\n");
        return bare.lines()
                .map(line -> line.strip()
                        .replaceAll("\\s+", " ")
                        .replaceAll(",$|\\bbegin$|^end\\b", "")
                        .strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** Lines here that are not there; none if all names here mean the same there. */
    List<String> missingIn(Names other) {
        List<String> missing = new ArrayList<>();
        files.forEach((file, lines) -> {
            var left = new ArrayList<>(lines);
            other.files.getOrDefault(file, List.of()).forEach(left::remove);
            left.forEach(line -> missing.add(file + ": " + line));
        });
        return missing;
    }

    boolean mentions(String word) {
        return files.values().stream().flatMap(List::stream).anyMatch(line -> line.contains(word));
    }
}
