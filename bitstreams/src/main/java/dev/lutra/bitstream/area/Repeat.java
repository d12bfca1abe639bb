// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import java.util.List;

/**
 * Modules that stand more often in what is measured than in what is synthesised. Since the hierarchy is kept, a further instance of a module takes exactly
 * what the ones there are take; synthesis of a few columns says the area of many.
 *
 * @param modules classes of modules; none of them inside another one
 * @param times each instance stands for
 */
public record Repeat(List<String> modules, int times) {

    /** Everything stands as often as it does. */
    public static final Repeat NONE = new Repeat(List.of(), 1);

    /** Instances that one of a module stands for. */
    int of(String module) {
        // Parameters follow the name of the class.
        return modules.stream().anyMatch(name -> module.equals(name) || module.startsWith(name + "_")) ? times : 1;
    }
}
