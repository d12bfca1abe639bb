// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Diagnostic;
import java.util.ArrayList;
import java.util.Set;

/** Legal Verilog names. */
final class Naming {
    /** Reserved words of Verilog-2005 and SystemVerilog-2017, and the implicit clock and reset. */
    private static final Set<String> RESERVED = Set.of(
            ("accept_on alias always always_comb always_ff always_latch and assert assign assume automatic before begin bind"
                            + " bins binsof bit break buf bufif0 bufif1 byte case casex casez cell chandle checker class clk clocking"
                            + " cmos config const constraint context continue cover covergroup coverpoint cross deassign default"
                            + " defparam design disable dist do edge else end endcase endchecker endclass endclocking endconfig"
                            + " endfunction endgenerate endgroup endinterface endmodule endpackage endprimitive endprogram"
                            + " endproperty endspecify endsequence endtable endtask enum event eventually expect export extends"
                            + " extern final first_match for force foreach forever fork forkjoin function generate genvar global"
                            + " highz0 highz1 if iff ifnone ignore_bins illegal_bins implements implies import incdir include"
                            + " initial inout input inside instance int integer interconnect interface intersect join join_any"
                            + " join_none large let liblist library local localparam logic longint macromodule matches medium"
                            + " modport module nand negedge nettype new nexttime nmos nor noshowcancelled not notif0 notif1 null"
                            + " or output package packed parameter pmos posedge primitive priority program property protected"
                            + " pull0 pull1 pulldown pullup pulsestyle_ondetect pulsestyle_onevent pure rand randc randcase"
                            + " randsequence rcmos real realtime ref reg reject_on release repeat restrict return rnmos rpmos rst"
                            + " rtran rtranif0 rtranif1 s_always s_eventually s_nexttime s_until s_until_with scalared sequence"
                            + " shortint shortreal showcancelled signed small soft solve specify specparam static string strong"
                            + " strong0 strong1 struct super supply0 supply1 sync_accept_on sync_reject_on table tagged task this"
                            + " throughout time timeprecision timeunit tran tranif0 tranif1 tri tri0 tri1 triand trior trireg type"
                            + " typedef union unique unique0 unsigned until until_with untyped use uwire var vectored virtual void"
                            + " wait wait_order wand weak weak0 weak1 while wildcard wire with within wor xnor xor")
                    .split(" "));

    private Naming() {}

    /** The nearest legal name: other characters become {@code _}, a reserved word gets one at its end. */
    static String legal(String name) {
        String legal = isWord(name) ? name : word(name);
        return RESERVED.contains(legal) ? legal + "_" : legal;
    }

    /** Whether Verilog takes a name, which may be that of our implicit clock and reset. */
    static boolean isVerilog(String name) {
        return isWord(name) && (!RESERVED.contains(name) || name.equals("clk") || name.equals("rst"));
    }

    private static boolean isWord(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (!isWordCharacter(name.charAt(i))) {
                return false;
            }
        }
        return !name.isEmpty() && !Character.isDigit(name.charAt(0));
    }

    private static String word(String name) {
        var text = new StringBuilder(name.length() + 1);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            text.append(isWordCharacter(c) ? c : '_');
        }
        if (text.length() == 0 || Character.isDigit(text.charAt(0))) {
            text.insert(0, '_');
        }
        return text.toString();
    }

    private static boolean isWordCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }

    /** Simple name of a class; for an anonymous one that of what it extends, or of the class it stands in. */
    static String className(Class<?> type) {
        if (!type.isAnonymousClass()) {
            return type.getSimpleName();
        }
        var parent = type.getSuperclass();
        if (parent != Module.class && parent != BlackBox.class) {
            return className(parent);
        }
        var around = type.getEnclosingClass();
        return around == null ? "Anonymous" : className(around) + "_anonymous";
    }

    /** Records a name given in words. */
    static void explicit(Module module, Object what, String name) {
        if (!legal(name).equals(name)) {
            module.session()
                    .error(
                            "name",
                            "'" + name + "' is no name in Verilog",
                            "use letters, digits and _, and no reserved word");
        } else if (what instanceof Data data) {
            explicitLeaves(module, data, name);
        } else if (what instanceof Module child && child.parent() == module) {
            record(module, child.instanceNumber(), name, "");
        } else if (what instanceof Memory<?> memory && memory.module() == module) {
            record(module, memory.number(), name, "");
        } else {
            module.session()
                    .error(
                            "name",
                            "'" + name + "' cannot be given to a "
                                    + what.getClass().getSimpleName(),
                            "name signals, memories and instances of this module");
        }
    }

    private static void explicitLeaves(Module module, Data data, String name) {
        for (Ground leaf : data.leaves()) {
            if (leaf.owner() != module) {
                module.session()
                        .error(
                                "name",
                                leaf.describe() + " is no signal of " + module.shortName(),
                                "name it where it is made");
                return;
            }
            record(module, leaf.number(), name, module.recording().get(leaf.number()).path);
        }
    }

    /** Records a name, which only one thing of the module may be given. */
    private static void record(Module module, int number, String name, String path) {
        int other = module.claimName(name + path, number);
        if (other != number) {
            var sites = new ArrayList<Diagnostic.Site>();
            sites.add(new Diagnostic.Site(module.session().place(), ""));
            sites.add(new Diagnostic.Site(module.recording().get(other).origin.loc(), "this has the name"));
            module.session()
                    .report(Diagnostic.error(
                            "name",
                            sites,
                            "'" + name + path + "' of " + module.shortName() + " is a name given twice",
                            "give each its own name"));
        }
        module.recording().add(Op.NAMED, null, number, -1, -1, name);
    }
}
