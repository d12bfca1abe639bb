// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verilog names of module definitions: the class name; for a further definition of a class, the class name and the
 * parameters in which it differs from the first ({@code Fifo}, {@code Fifo_depth16}).
 */
final class ModuleNames {
    private final Set<String> used = new HashSet<>();
    private final Map<Class<?>, Module> firsts = new HashMap<>();

    String of(Module module) {
        String base = Naming.legal(Naming.className(module.getClass()));
        var first = firsts.putIfAbsent(module.getClass(), module);
        if (first == null) {
            return unique(base);
        }
        return unique(Naming.legal(base + difference(first.params(), module.params())));
    }

    private String unique(String wanted) {
        String name = wanted;
        for (int i = 1; !used.add(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }

    private static String difference(@Nullable Record first, @Nullable Record params) {
        if (first == null || params == null || first.getClass() != params.getClass()) {
            return "";
        }
        var text = new StringBuilder();
        for (RecordComponent component : params.getClass().getRecordComponents()) {
            var mine = value(component, params);
            var theirs = value(component, first);
            boolean simple = mine instanceof Number || mine instanceof Boolean || mine instanceof Enum<?>;
            if (simple && mine != null && !mine.equals(theirs)) {
                text.append('_')
                        .append(component.getName())
                        .append(mine.toString().replace('-', 'm'));
            }
        }
        return text.toString();
    }

    private static @Nullable Object value(RecordComponent component, Record params) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(params);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null; // only a name is lost
        }
    }
}
