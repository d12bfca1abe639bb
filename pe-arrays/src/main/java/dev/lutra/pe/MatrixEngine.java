// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Engine;
import dev.lutra.machine.WeightPacking;

/**
 * A family of matrix engines that an accelerator can be generated with: a service. An implementation is public, has a constructor without
 * parameters, and is named in {@code META-INF/services/dev.lutra.pe.MatrixEngine} of its jar.
 *
 * <p>Engines differ in hardware, latency, and in what their weight words hold ({@link #packing}), from which follow the weights that they take
 * and the passes over the steps of a group that these need. The rest is the same for all: slots as {@link MatrixCore} has them, sums
 * {@code sum u sum a w}, cycles as {@link LutCoreCycles} counts them, with passes for planes. So mapper, checker and
 * program interpreter know packings, which machine.json names, and no engines.
 */
public interface MatrixEngine {

    /** {@code engine.kind} in machine.json: lower-case letters, digits and dashes. */
    String name();

    /** One line for a list of engines. */
    String description();

    /** What its weight words hold. */
    default WeightPacking packing() {
        return WeightPacking.MAPPED_PLANES;
    }

    /**
     * The engine of a machine when this one takes the place of another: as many bits of weights a slot, and otherwise the same size, where it
     * can be had.
     */
    default Engine inPlaceOf(Engine e) {
        return new Engine(
                name(),
                e.m(),
                e.n(),
                e.g(),
                e.t(),
                e.maxBits(),
                e.groupScales(),
                e.innerBits(),
                e.outerBits(),
                packing(),
                1,
                ActivationType.INT8);
    }

    /** Whether there is hardware of this shape for INT16 activations, {@link MatrixShape#laneBits} of 16. */
    default boolean takesInt16(MatrixShape shape) {
        return false;
    }

    /**
     * Makes the hardware. Called in the constructor of the module it becomes part of.
     *
     * @throws IllegalArgumentException if there is none of this shape, with a sentence that says why
     */
    MatrixCore core(MatrixShape shape);

    /**
     * Cycles from the last slot of a block to its results: issued in cycle c, they are valid in cycle c + latency. A scaled block must not
     * be faster than an unscaled one.
     *
     * @param scaled whether the last group of the block is scaled
     */
    int latency(MatrixShape shape, boolean scaled);
}
