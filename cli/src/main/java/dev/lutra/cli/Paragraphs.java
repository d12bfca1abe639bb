// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Help texts are broken in the source where its lines end, and picocli would wrap each of these lines by itself, within {@code weights.bin} too. Here a line that ends
 * without a full stop or a colon goes on in the next one, and is wrapped at spaces. Indented lines are examples, which a shell must still take: long ones go on after a backslash.
 */
final class Paragraphs {
    private static final String INDENT = "    ";

    private Paragraphs() {}

    static Help help(CommandSpec command, ColorScheme colours) {
        UsageMessageSpec usage = command.usageMessage();
        usage.description(wrapped(usage.width(), joined(usage.description())));
        usage.footer(wrapped(usage.width(), joined(usage.footer())));
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

    /** Lines of less than so many characters, as far as their words allow it. */
    static String[] wrapped(int width, String... lines) {
        List<String> wrapped = new ArrayList<>();
        for (String line : lines) {
            boolean text = isText(line);
            String rest = line;
            int at = end(rest, text, width);
            while (at > 0) {
                wrapped.add(rest.substring(0, at) + (text ? "" : " \\"));
                rest = (text ? "" : INDENT) + rest.substring(at + 1);
                at = end(rest, text, width);
            }
            wrapped.add(rest);
        }
        return wrapped.toArray(String[]::new);
    }

    /** The space at which a line ends, in an example the one before an option; 0 if nothing is left over or no part fits. */
    private static int end(String line, boolean text, int width) {
        if (line.length() < width) {
            return 0;
        }
        int at = text ? line.lastIndexOf(' ', width - 1) : line.lastIndexOf(" --", width - 3);
        return at > (text ? 0 : INDENT.length()) ? at : 0;
    }

    private static boolean isText(String line) {
        return !line.isEmpty() && line.charAt(0) != ' ';
    }
}
