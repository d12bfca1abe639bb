// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Java fields of bundles: they name the elements, and a copy of a bundle must hold copies of them. */
final class BundleFields {
    private static final ClassValue<Field[]> JAVA_FIELDS = new ClassValue<>() {
        @Override
        protected Field[] computeValue(Class<?> type) {
            return JavaFields.of(type, Bundle.class).toArray(Field[]::new);
        }
    };

    private BundleFields() {}

    /** A name for each of the bundle's fields in order: its Java field, {@code field_i} for element i of an array or list. */
    static List<String> names(Bundle bundle) {
        var found = new IdentityHashMap<Object, String>();
        for (Field field : JAVA_FIELDS.get(bundle.getClass())) {
            collect(JavaFields.get(field, bundle), field.getName(), found);
        }
        var names = new ArrayList<String>();
        var counts = new HashMap<String, Integer>();
        for (int i = 0; i < bundle.fields().size(); i++) {
            String name = found.getOrDefault(bundle.fields().get(i), "f" + i);
            int before = counts.merge(name, 1, Integer::sum);
            names.add(before == 1 ? name : name + "_" + before);
        }
        return names;
    }

    /** Java fields that hold a type which was never made a field of the bundle, with class and type for a message. */
    static List<String> lost(Bundle bundle) {
        var lost = new ArrayList<String>();
        for (Field field : JAVA_FIELDS.get(bundle.getClass())) {
            if (JavaFields.get(field, bundle) instanceof Data data
                    && !data.isBound()
                    && bundle.fields().stream().noneMatch(f -> f == data)) {
                lost.add("'" + field.getName() + "' of " + data.typeText() + " in " + bundle.typeText());
            }
        }
        return lost;
    }

    private static void collect(@Nullable Object value, String name, Map<Object, String> found) {
        if (value instanceof Data) {
            found.putIfAbsent(value, name);
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                collect(list.get(i), name + "_" + i, found);
            }
        } else if (value instanceof Object[] array) {
            for (int i = 0; i < array.length; i++) {
                collect(array[i], name + "_" + i, found);
            }
        }
    }

    /** A copy whose fields are unbound copies. */
    static Bundle copy(Bundle bundle) {
        var copies = new IdentityHashMap<Object, Data>();
        var fields = new ArrayList<Data>();
        for (Data field : bundle.fields()) {
            var copy = field.fresh();
            copies.put(field, copy);
            fields.add(copy);
        }
        var result = bundle.shallowCopy();
        result.setFields(fields);
        for (Field field : JAVA_FIELDS.get(bundle.getClass())) {
            var value = JavaFields.get(field, bundle);
            var replaced = replace(value, copies);
            if (replaced != value) {
                try {
                    field.set(result, replaced);
                } catch (IllegalAccessException | InaccessibleObjectException e) {
                    throw Session.misuse(
                            "type",
                            "field " + field.getName() + " of " + bundle.typeText() + " cannot be copied",
                            "open the package to dev.lutra.hdl in module-info, and make the field no static one");
                }
            }
        }
        return result;
    }

    private static @Nullable Object replace(@Nullable Object value, Map<Object, Data> copies) {
        if (value instanceof Data) {
            return copies.getOrDefault(value, (Data) value);
        }
        if (value instanceof List<?> list && list.stream().anyMatch(copies::containsKey)) {
            return list.stream().map(e -> replace(e, copies)).toList();
        }
        if (value instanceof Object[] array) {
            boolean changed = false;
            var result = (Object[]) Array.newInstance(array.getClass().getComponentType(), array.length);
            for (int i = 0; i < array.length; i++) {
                result[i] = replace(array[i], copies);
                changed |= result[i] != array[i];
            }
            return changed ? result : array;
        }
        return value;
    }
}
