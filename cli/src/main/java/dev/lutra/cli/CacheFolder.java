// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import java.nio.file.Path;

/** Lutra's cache: {@code $XDG_CACHE_HOME/lutra}, or {@code ~/.cache/lutra}. It may be deleted at any time. */
final class CacheFolder {

    private CacheFolder() {}

    static Path of(String part) {
        String configured = System.getenv("XDG_CACHE_HOME");
        Path cache = configured != null && configured.startsWith("/")
                ? Path.of(configured)
                : Path.of(System.getProperty("user.home"), ".cache");
        return cache.resolve("lutra").resolve(part);
    }
}
