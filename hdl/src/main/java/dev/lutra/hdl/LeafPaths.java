// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.util.IdentityHashMap;
import java.util.Map;

/** Where the leaves of a bundle or vector are in it: {@code _req_valid}, {@code _3}; empty for a ground signal itself. */
final class LeafPaths {
    private final Map<Ground, String> paths = new IdentityHashMap<>();

    LeafPaths(Data data) {
        collect(data, "");
    }

    String of(Ground leaf) {
        String path = paths.get(leaf);
        if (path == null) {
            throw new IllegalArgumentException(leaf + " is no leaf here");
        }
        return path;
    }

    private void collect(Data data, String path) {
        if (data instanceof Ground ground) {
            paths.put(ground, path);
        } else if (data instanceof Vec<?> vec) {
            for (int i = 0; i < vec.size(); i++) {
                collect(vec.get(i), path + "_" + i);
            }
        } else if (data instanceof Bundle bundle) {
            var names = BundleFields.names(bundle);
            for (int i = 0; i < names.size(); i++) {
                collect(bundle.fields().get(i), path + "_" + names.get(i));
            }
        }
    }
}
