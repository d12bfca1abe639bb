// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.host;

import jdk.incubator.vector.ShortVector;

/** Kernels with the JDK's vector API; loaded by name, so that nothing else needs its module. */
final class VectorKernels implements HostKernels {

    VectorKernels() {}

    @Override
    public String name() {
        return "vectors of " + ShortVector.SPECIES_PREFERRED.vectorBitSize() + " bits, tables of 128";
    }

    @Override
    public HostProduct lookup(PlaneMatrix matrix) {
        return new VectorLookup(matrix);
    }

    @Override
    public HostProduct dot(PlaneMatrix matrix) {
        return new VectorDot(matrix);
    }
}
