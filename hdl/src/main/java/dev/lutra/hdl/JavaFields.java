// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The instance fields of a user's class, as far as Java lets us read them. */
final class JavaFields {
    private JavaFields() {}

    /** Fields declared by a class and its superclasses below {@code root}, those of superclasses first. */
    static List<Field> of(Class<?> type, Class<?> root) {
        if (type == root || type.getSuperclass() == null) {
            return List.of();
        }
        var fields = new ArrayList<>(of(type.getSuperclass(), root));
        for (Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic() && open(field)) {
                fields.add(field);
            }
        }
        return fields;
    }

    private static boolean open(Field field) {
        try {
            field.setAccessible(true);
            return true;
        } catch (InaccessibleObjectException | SecurityException e) {
            return false; // a module that does not open its package: its fields give no names
        }
    }

    static @Nullable Object get(Field field, Object object) {
        try {
            return field.get(object);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
