// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Names of a module's signals by the Java fields that hold them; they need no debug information. */
final class FieldNames {
    private static final int MAX_DEPTH = 4;

    private final Module module;
    private final Map<Integer, String> found = new HashMap<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private FieldNames(Module module) {
        this.module = module;
    }

    /** Names by item number. A field that holds a signal itself goes before one that holds a collection of it. */
    static Map<Integer, String> of(Module module) {
        var names = new FieldNames(module);
        var containers = new ArrayList<Field>();
        for (Field field : JavaFields.of(module.getClass(), Module.class)) {
            var value = JavaFields.get(field, module);
            if (isSignal(value)) {
                names.add(value, field.getName(), 0);
            } else if (value != null) {
                containers.add(field);
            }
        }
        for (Field field : containers) {
            names.add(JavaFields.get(field, module), field.getName(), 0);
        }
        return names.found;
    }

    private static boolean isSignal(@Nullable Object value) {
        return value instanceof Data
                || value instanceof Module
                || value instanceof Memory<?>
                || value instanceof MemoryPort<?>;
    }

    private void add(@Nullable Object value, String name, int depth) {
        if (value == null || depth > MAX_DEPTH) {
            return;
        }
        if (value instanceof Ground ground) {
            if (ground.owner() == module) {
                found.putIfAbsent(ground.number(), name);
            }
        } else if (value instanceof Vec<?> vec) {
            list(vec.asList(), name, depth);
        } else if (value instanceof Bundle bundle) {
            var names = BundleFields.names(bundle);
            for (int i = 0; i < names.size(); i++) {
                add(bundle.fields().get(i), name + "_" + names.get(i), depth + 1);
            }
        } else if (value instanceof Module child) {
            if (child.parent() == module) {
                found.putIfAbsent(child.instanceNumber(), name);
            }
        } else if (value instanceof Memory<?> memory) {
            if (memory.module() == module) {
                found.putIfAbsent(memory.number(), name);
            }
        } else if (value instanceof MemoryPort<?> port) {
            if (port.module() == module) {
                found.putIfAbsent(port.number(), name);
            }
        } else {
            container(value, name, depth);
        }
    }

    private void container(Object value, String name, int depth) {
        if (!isContainer(value) || !seen.add(value)) {
            return;
        }
        if (value instanceof Object[] array) {
            list(Arrays.asList(array), name, depth);
        } else if (value instanceof List<?> list) {
            list(list, name, depth);
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, element) -> add(element, name + "_" + key, depth + 1));
        } else if (value instanceof Optional<?> optional) {
            add(optional.orElse(null), name, depth + 1);
        } else {
            for (Field field : JavaFields.of(value.getClass(), Record.class)) {
                add(JavaFields.get(field, value), name + "_" + field.getName(), depth + 1);
            }
        }
    }

    private void list(List<?> list, String name, int depth) {
        for (int i = 0; i < list.size(); i++) {
            var element = list.get(i);
            if (isSignal(element) || isContainer(element)) {
                add(element, name + "_" + i, depth + 1);
            }
        }
    }

    private static boolean isContainer(@Nullable Object value) {
        return value instanceof Object[]
                || value instanceof List<?>
                || value instanceof Map<?, ?>
                || value instanceof Optional<?>
                || value instanceof Record;
    }
}
