// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The steps of a finished recording. What each does is also kept apart from the rest, in one row: of most steps most
 * passes want to know nothing else, and large recordings do not fit a cache.
 */
final class Items {
    private final Item[] all;
    private final Op[] ops;
    private final Set<Op> present = EnumSet.noneOf(Op.class);

    Items(List<Item> items) {
        all = items.toArray(Item[]::new);
        ops = new Op[all.length];
        for (int i = 0; i < all.length; i++) {
            ops[i] = all[i].op;
            present.add(ops[i]);
        }
    }

    int size() {
        return all.length;
    }

    Item get(int number) {
        return all[number];
    }

    /** What an item does. */
    Op op(int number) {
        return ops[number];
    }

    boolean has(Op op) {
        return present.contains(op);
    }

    /** The numbers of all items that do one of these, in order. */
    int[] numbers(Op first, Op... others) {
        Set<Op> wanted = EnumSet.of(first, others);
        wanted.retainAll(present);
        int[] numbers = new int[wanted.isEmpty() ? 0 : ops.length];
        int count = 0;
        for (int i = 0; i < numbers.length; i++) {
            if (wanted.contains(ops[i])) {
                numbers[count++] = i;
            }
        }
        return Arrays.copyOf(numbers, count);
    }
}
