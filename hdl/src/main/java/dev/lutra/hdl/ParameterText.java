// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

/** The text of a module's parameters, {@code Params[n=4, bits=8]}. */
final class ParameterText {
    private ParameterText() {}

    /** What the record's generated {@code toString} gives, without the time that takes to start. */
    static String of(Record params) {
        var text = new StringBuilder(params.getClass().getSimpleName()).append('[');
        String separator = "";
        try {
            for (var component : params.getClass().getRecordComponents()) {
                var accessor = component.getAccessor();
                accessor.setAccessible(true);
                text.append(separator).append(component.getName()).append('=').append(accessor.invoke(params));
                separator = ", ";
            }
        } catch (ReflectiveOperationException | RuntimeException e) {
            return params.toString(); // closed to reflection
        }
        return text.append(']').toString();
    }
}
