// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

/**
 * A family of matrix engines that an accelerator can be generated with: a service. An implementation is public, has a constructor without
 * parameters, and is named in {@code META-INF/services/dev.lutra.pe.MatrixEngine} of its jar.
 *
 * <p>Engines differ in hardware and latency. What software knows of them is the same for all: weights packed as
 * {@link MatrixCore} has them, sums as {@link LutCoreModel} defines them, cycles as {@link LutCoreCycles} counts them. So the
 * mapper's programs, the functional models and the checks of the accelerator hold for each.
 */
public interface MatrixEngine {

    /** {@code engine.kind} in machine.json: lower-case letters, digits and dashes. */
    String name();

    /** One line for a list of engines. */
    String description();

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
