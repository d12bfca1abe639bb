// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

import java.util.List;

/**
 * A whole design.
 *
 * @param top the outermost module
 * @param modules all distinct definitions, children before parents, {@code top} last
 */
public record Circuit(Module top, List<Module> modules) {

    public Circuit {
        modules = List.copyOf(modules);
        if (modules.isEmpty() || modules.get(modules.size() - 1) != top) {
            throw new IllegalArgumentException("the top " + top.name() + " is not the last of the modules");
        }
    }
}
