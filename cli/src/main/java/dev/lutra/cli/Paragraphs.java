// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Help texts are broken in the source where its lines end, and picocli would wrap each of these lines by itself. Here a line that ends without a full stop or a
 * colon goes on in the next one; indented lines, which are examples, stay as they are.
 */
final class Paragraphs {
    private Paragraphs() {}

    static Help help(CommandSpec command, ColorScheme colours) {
        UsageMessageSpec usage = command.usageMessage();
        usage.description(joined(usage.description()));
        usage.footer(joined(usage.footer()));
        return new Help(command, colours);
    }

    static String[] joined(String... lines) {
        List<String> joined = new ArrayList<>();
        boolean goesOn = false;
        for (String line : lines) {
            if (goesOn && isText(line)) {
                joined.add(joined.remove(joined.size() - 1) + " " + line);
            } else {
                joined.add(line);
            }
            goesOn = isText(line) && !line.endsWith(".") && !line.endsWith(":");
        }
        return joined.toArray(String[]::new);
    }

    private static boolean isText(String line) {
        return !line.isEmpty() && line.charAt(0) != ' ';
    }
}
