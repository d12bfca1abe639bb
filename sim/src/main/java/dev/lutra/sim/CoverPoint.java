// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import dev.lutra.hdl.ir.Instance;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Something that a design names by {@code cover}, in one instance.
 *
 * @param instance path from the top's name, such as {@code Top.fifo}
 * @param place file and line of the statement
 * @param what its text
 * @param firstCycle the cycle at whose edge it first happened, -1: it has not
 */
public record CoverPoint(String instance, String place, String what, long firstCycle) {

    static List<CoverPoint> of(Module top, Map<String, Long> covered) {
        var byKey = new HashMap<String, Long>();
        covered.forEach((text, cycle) -> byKey.putIfAbsent(plain(text), cycle));
        var all = new ArrayList<CoverPoint>();
        collect(top, top.name(), byKey, all);
        return all;
    }

    private static void collect(Module module, String path, Map<String, Long> covered, List<CoverPoint> into) {
        collect(module.body(), path, covered, into);
        for (Instance instance : module.instances()) {
            collect(instance.module(), path + "." + instance.name(), covered, into);
        }
    }

    private static void collect(List<Statement> body, String path, Map<String, Long> covered, List<CoverPoint> into) {
        for (Statement statement : body) {
            if (statement instanceof Statement.Check check && check.claim() == Statement.Claim.COVER) {
                String place = check.loc().toString();
                String key = path + ": " + place + ": " + check.message();
                into.add(new CoverPoint(path, place, check.message(), covered.getOrDefault(plain(key), -1L)));
            } else if (statement instanceof Statement.When when) {
                collect(when.then(), path, covered, into);
                collect(when.otherwise(), path, covered, into);
            } else if (statement instanceof Statement.Switch choice) {
                choice.cases().forEach(branch -> collect(branch.body(), path, covered, into));
                collect(choice.otherwise(), path, covered, into);
            }
        }
    }

    /** Verilog may call an instance {@code u_name} where its name is that of something inside. */
    private static String plain(String key) {
        int end = key.indexOf(':');
        return key.substring(0, end).replace(".u_", ".") + key.substring(end);
    }
}
