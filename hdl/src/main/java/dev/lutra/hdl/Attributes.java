// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

/** Records attributes for the tools that read the Verilog. */
final class Attributes {
    private Attributes() {}

    /** An attribute. */
    record Entry(String name, String value) {}

    static void add(Module module, Object what, String name, String value) {
        if (!Naming.legal(name).equals(name)
                || !value.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '"' && c != '\\')) {
            error(
                    module,
                    "attribute " + name + " = \"" + value + "\" cannot be written in Verilog",
                    "a name is a Verilog identifier, a value printable ASCII without quotes and backslashes");
            return;
        }
        var entry = new Entry(name, value);
        if (what == module) {
            add(module, -1, entry);
        } else if (what instanceof Module child && child.parent() == module) {
            add(module, child.instanceNumber(), entry);
        } else if (what instanceof Memory<?> memory && memory.module() == module) {
            add(module, memory.number(), entry);
        } else if (what instanceof Data data && data.leaves().stream().allMatch(leaf -> leaf.owner() == module)) {
            data.leaves().forEach(leaf -> add(module, leaf.number(), entry));
        } else {
            error(
                    module,
                    "attribute " + name + " is given to what is no part of module " + module.shortName(),
                    "give it to a signal, memory or instance of the module, or to the module itself");
        }
    }

    private static void add(Module module, int number, Entry entry) {
        module.recording().add(Op.ATTRIBUTE, null, number, -1, -1, entry);
    }

    private static void error(Module module, String message, String hint) {
        module.session().error("attribute", message, hint);
    }
}
