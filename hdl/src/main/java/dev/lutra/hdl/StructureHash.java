// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A number for the structure of a definition, the same in every run: of all that makes two definitions differ. */
final class StructureHash {
    /** FNV-1a, 64 bits: draft-eastlake-fnv. */
    private static final long OFFSET = 0xcbf29ce484222325L;

    private static final long PRIME = 0x100000001b3L;

    private final Map<Definition, Long> known = new IdentityHashMap<>();

    /** Six hexadecimal digits. */
    String text(Definition definition) {
        long hash = of(definition);
        return String.format(Locale.ROOT, "%06x", (hash ^ hash >>> 24 ^ hash >>> 48) & 0xffffff);
    }

    private long of(Definition definition) {
        var before = known.get(definition);
        if (before != null) {
            return before;
        }
        long hash = add(OFFSET, definition.reset().name());
        for (Item item : definition.items()) {
            hash = add(hash, item.op.name());
            hash = add(hash, item.type == null ? "" : item.type.toString());
            hash = add(add(add(hash, item.a), item.b), item.c);
            hash = add(hash, text(item.x));
        }
        for (var child : definition.children()) {
            hash = add(hash, of(child));
        }
        known.put(definition, hash);
        return hash;
    }

    /** What an item holds beside numbers, as far as its text is that of its value. */
    private static String text(@Nullable Object extra) {
        if (extra instanceof int[] numbers) {
            return Arrays.toString(numbers);
        }
        return extra == null || extra instanceof ModuleKey ? "" : extra.toString();
    }

    private static long add(long hash, String text) {
        long sum = hash;
        for (int i = 0; i < text.length(); i++) {
            sum = (sum ^ text.charAt(i)) * PRIME;
        }
        return (sum ^ text.length()) * PRIME;
    }

    private static long add(long hash, long number) {
        return (hash ^ number) * PRIME;
    }
}
