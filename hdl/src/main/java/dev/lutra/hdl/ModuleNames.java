// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.ResetKind;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verilog names of module definitions. A name follows from the module alone, so that no other module of the design changes it: the
 * class, the type it carries, those parameters that are numbers, truth values and constants if they are few, and the kind of its reset if it is not that of the top:
 * {@code Fifo_uint12_depth16}. Definitions that this does not tell apart have a hash of their structure at the end, each of them. The
 * top has the name of its class.
 */
final class ModuleNames {
    /** A longer list of parameters is no name any more. */
    private static final int MAX_PARAMETERS = 40;

    private final Map<Definition, String> names = new IdentityHashMap<>();

    /** @param all definitions, children before parents, the top last */
    ModuleNames(List<Definition> all) {
        var top = all.get(all.size() - 1);
        var wanted = new HashMap<String, List<Definition>>();
        for (var definition : all) {
            if (definition != top) {
                wanted.computeIfAbsent(wanted(definition, top.reset()), w -> new ArrayList<>())
                        .add(definition);
            }
        }
        Set<String> used = new HashSet<>();
        String topName = className(top);
        names.put(top, topName);
        used.add(topName);
        var hashes = new StructureHash();
        for (var definition : all) {
            if (definition != top) {
                String name = wanted(definition, top.reset());
                var alike = wanted.getOrDefault(name, List.of());
                if (alike.size() > 1 || name.equals(topName)) {
                    name += "_" + hashes.text(definition);
                }
                names.put(definition, unique(name, used));
            }
        }
    }

    String of(Definition definition) {
        return String.valueOf(names.get(definition));
    }

    private static String className(Definition definition) {
        return Naming.legal(Naming.className(definition.example().getClass()));
    }

    private static String unique(String wanted, Set<String> used) {
        String name = wanted;
        for (int i = 1; !used.add(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }

    private static String wanted(Definition definition, ResetKind usual) {
        var module = definition.example();
        var text = new StringBuilder(Naming.className(module.getClass()));
        var type = module.typeArgument();
        if (type != null) {
            text.append('_').append(word(type));
        }
        var params = module.params();
        String parameters = params == null ? "" : words(params);
        if (parameters.length() <= MAX_PARAMETERS) {
            text.append(parameters);
        }
        if (definition.reset() != usual) {
            text.append('_').append(definition.reset().name().toLowerCase(Locale.ROOT));
        }
        return Naming.legal(text.toString());
    }

    /** {@code uint12}, {@code vec4_bool}; a bundle by its class and width. */
    private static String word(Data type) {
        if (type instanceof Bundle) {
            return type.typeText() + type.width();
        }
        if (type instanceof Vec<?> vec) {
            return "vec" + vec.size() + "_" + word(vec.get(0));
        }
        var text = type.typeText().replaceAll("\\W+", "_").replaceAll("_$", "");
        return text.replaceFirst("_(?=\\d)", "").toLowerCase(Locale.ROOT);
    }

    /** {@code _depth16_wrap} of the parameters that are numbers, truth values and constants. */
    private static String words(Record params) {
        var text = new StringBuilder();
        for (RecordComponent component : params.getClass().getRecordComponents()) {
            var value = value(component, params);
            String name = component.getName();
            if (value instanceof Number) {
                text.append('_')
                        .append(name)
                        .append(value.toString().replace('-', 'm').replace('.', 'p'));
            } else if (value instanceof Boolean set) {
                text.append(set ? "_" : "_not_").append(name);
            } else if (value instanceof Enum<?> constant) {
                text.append('_').append(constant.name().toLowerCase(Locale.ROOT));
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
