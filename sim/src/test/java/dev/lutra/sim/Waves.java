// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A value change dump as tests look at it: what each signal is at each time at which it changes. */
public final class Waves {

    /**
     * A signal.
     *
     * @param kind such as wire, real or string
     * @param changes by time, what has settled at the end of it; bits without leading zeros
     */
    public record Signal(String kind, int width, TreeMap<Long, String> changes) {}

    private Waves() {}

    /** The signals of a file by instances and name, such as {@code Top.core.count}. */
    public static Map<String, Signal> read(Path file) throws IOException {
        var signals = new TreeMap<String, Signal>();
        var byCode = new HashMap<String, List<Signal>>();
        var scopes = new ArrayDeque<String>();
        long time = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            String[] word = line.strip().split("\\s+");
            if (word[0].equals("$scope")) {
                scopes.addLast(word[2]);
            } else if (word[0].equals("$upscope")) {
                scopes.removeLast();
            } else if (word[0].equals("$var")) {
                var signal = new Signal(word[1], Integer.parseInt(word[2]), new TreeMap<>());
                signals.put(String.join(".", scopes) + "." + word[4], signal);
                byCode.computeIfAbsent(word[3], code -> new ArrayList<>()).add(signal);
            } else if (word[0].startsWith("#")) {
                time = Long.parseLong(word[0].substring(1));
            } else if (word.length == 2 && "bBrRsS".indexOf(word[0].charAt(0)) >= 0) {
                String value = word[0].substring(1);
                boolean bits = "bB".indexOf(word[0].charAt(0)) >= 0;
                change(byCode, word[1], time, bits ? value.replaceFirst("^0+(?=.)", "") : value);
            } else if (word.length == 1 && !word[0].isEmpty() && "01xXzZ".indexOf(word[0].charAt(0)) >= 0) {
                change(byCode, word[0].substring(1), time, word[0].substring(0, 1));
            }
        }
        signals.values().forEach(signal -> {
            String[] last = {null};
            signal.changes().values().removeIf(value -> {
                boolean same = value.equals(last[0]);
                last[0] = value;
                return same;
            });
        });
        return signals;
    }

    private static void change(Map<String, List<Signal>> byCode, String code, long time, String value) {
        for (Signal signal : byCode.getOrDefault(code, List.of())) {
            signal.changes().put(time, value);
        }
    }
}
