// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.host;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One way to compute on the host: by table lookup, or as a plain INT8 dot product. */
public interface HostKernels {

    /** Plain Java; always there. */
    HostKernels SCALAR = new HostKernels() {
        @Override
        public String name() {
            return "scalar";
        }

        @Override
        public HostProduct lookup(PlaneMatrix matrix) {
            return new ScalarLookup(matrix);
        }

        @Override
        public HostProduct dot(PlaneMatrix matrix) {
            return new ScalarDot(matrix);
        }
    };

    /** For people: what is used, and how wide it is. */
    String name();

    /** Product by table lookup. */
    HostProduct lookup(PlaneMatrix matrix);

    /**
     * The plain dot product with weights stored as INT8.
     *
     * @throws IllegalArgumentException if a weight is not in -128..127
     */
    HostProduct dot(PlaneMatrix matrix);

    /** The vector kernels if this JVM was started with the module {@code jdk.incubator.vector}, else null. */
    static @Nullable HostKernels vector() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return null;
        }
        try {
            return (HostKernels) Class.forName("dev.lutra.map.host.VectorKernels")
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | LinkageError unusable) {
            return null; // another release of the incubator module: the scalar kernels compute the same
        }
    }

    /** The fastest that this JVM has. */
    static HostKernels best() {
        HostKernels vector = vector();
        return vector == null ? SCALAR : vector;
    }

    /** All that this JVM has. */
    static List<HostKernels> all() {
        HostKernels vector = vector();
        return vector == null ? List.of(SCALAR) : List.of(SCALAR, vector);
    }
}
