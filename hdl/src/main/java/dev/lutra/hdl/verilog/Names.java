// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import java.util.HashSet;
import java.util.Set;

/** The identifiers taken in one Verilog module. */
final class Names {

    private final Set<String> taken;

    /** Expects about so many names. */
    Names(int count) {
        taken = new HashSet<>(2 * count + 16);
    }

    /** Takes the wanted name, or the first free one of {@code wanted_2}, {@code wanted_3}, ... */
    String take(String wanted) {
        String name = wanted;
        for (int i = 2; !taken.add(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }
}
