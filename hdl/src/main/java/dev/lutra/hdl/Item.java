// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Type;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One step of a {@link Recording}: a signal, value, statement or attribute. Its number is its place in the recording. */
final class Item {
    final Op op;
    final @Nullable Type type;
    final int a;
    final int b;
    final int c;
    final @Nullable Object x;

    /** Where it was made and what Java calls it; no part of the structure. */
    final Origin origin;

    /** Path within a bundle or vector, such as {@code _req_valid}; no part of the structure. */
    final String path;

    Item(Op op, @Nullable Type type, int a, int b, int c, @Nullable Object x, Origin origin, String path) {
        this.op = op;
        this.type = type;
        this.a = a;
        this.b = b;
        this.c = c;
        this.x = x;
        this.origin = origin;
        this.path = path;
    }

    /** Whether the structure is this one; origin and path do not count. */
    boolean is(Op op, @Nullable Type type, int a, int b, int c, @Nullable Object x) {
        return this.op == op && this.a == a && this.b == b && this.c == c && sameType(type) && sameExtra(x);
    }

    boolean sameAs(Item that) {
        return is(that.op, that.type, that.a, that.b, that.c, that.x);
    }

    private boolean sameType(@Nullable Type other) {
        return type == other || type != null && type.equals(other);
    }

    private boolean sameExtra(@Nullable Object other) {
        if (x == other) {
            return true;
        }
        if (x instanceof int[] mine) {
            return other instanceof int[] theirs && Arrays.equals(mine, theirs);
        }
        return Objects.equals(x, other);
    }
}
