// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.names;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Loads the examples with some classes replaced. */
final class Variant extends ClassLoader {
    private static final String OURS = "dev/lutra/examples/";

    private final Map<String, byte[]> replaced;

    /** @param replaced by the name of the class file */
    Variant(Map<String, byte[]> replaced) {
        super(Variant.class.getClassLoader());
        this.replaced = replaced;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        String file = name.replace('.', '/') + ".class";
        if (!file.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            var loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try (var stream = getResourceAsStream(file)) {
                if (stream == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = stream.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    @Override
    public InputStream getResourceAsStream(String name) {
        byte[] bytes = replaced.get(name);
        return bytes != null ? new ByteArrayInputStream(bytes) : super.getResourceAsStream(name);
    }
}
