// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import java.util.LinkedHashSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lets the state in a Verilog module start as in two-state engines, at time 1; memories with initial words are left alone. */
final class PowerUp {
    private static final Pattern CLOCKED = Pattern.compile("(?m)^[^/\\n]*?\\b(\\w+)(?:\\[[^\\n;]*?\\])* <= ");
    private static final Pattern REGISTER =
            Pattern.compile("(?m)^ *(?:\\(\\*.*\\*\\) *)?(?:output +)?reg +[^;\\n(]*?(\\w+)[;,]?(?: *//.*)?$");
    private static final Pattern ARRAY =
            Pattern.compile("(?m)^ *(?:\\(\\*.*\\*\\) *)?reg [^;\\n]*?(\\w+) \\[0:(\\d+)\\];");

    private PowerUp() {}

    /** The text of a module with a block that sets its state. */
    static String added(String module) {
        var block = new StringBuilder();
        var arrays = new LinkedHashSet<String>();
        Matcher array = ARRAY.matcher(module);
        while (array.find()) {
            String name = array.group(1);
            arrays.add(name);
            if (!module.contains(" " + name + "[0] = ")) {
                block.append("    for (power_up = 0; power_up <= %s; power_up = power_up + 1) %s[power_up] = 0;\n"
                        .formatted(array.group(2), name));
            }
        }
        var registers = new LinkedHashSet<String>();
        var declared = new LinkedHashSet<String>();
        Matcher register = REGISTER.matcher(module);
        while (register.find()) {
            declared.add(register.group(1));
        }
        Matcher clocked = CLOCKED.matcher(module);
        while (clocked.find()) {
            String name = clocked.group(1);
            // What is assigned at once, too, stands left in a comparison only.
            boolean once = Pattern.compile("(?m)^ *" + name + "(\\[[^\\n]*?\\])* = ")
                    .matcher(module)
                    .find();
            if (declared.contains(name) && !once) {
                registers.add(clocked.group(1));
            }
        }
        registers.forEach(name -> block.append("    ").append(name).append(" = 0;\n"));
        return module.replace(
                "\nendmodule", "\n  integer power_up;\n  initial #1 begin\n" + block + "  end\nendmodule");
    }
}
