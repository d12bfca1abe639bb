// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.session;

import dev.lutra.machine.Machine;
import dev.lutra.map.program.Choosing;
import dev.lutra.map.program.MappedProgram;
import dev.lutra.map.program.ProgramCompiler;
import dev.lutra.map.quant.QuantizedModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * A quantised model compiled for a machine, in memory.
 *
 * @param program the program with its plans
 * @param image the weight image that belongs to it
 */
public record MappedModel(MappedProgram program, ByteBuffer image) {

    /**
     * Maps all linear layers of a model, its head if that is quantised, and products with the cache where keys and values are codes.
     *
     * @throws dev.lutra.machine.UserException if the model does not fit the machine
     */
    public static MappedModel of(QuantizedModel model, Machine machine) {
        return of(model, machine, Choosing.GREATEST);
    }

    /**
     * As {@link #of(QuantizedModel, Machine)}, where a step, if there is one, ends in another way.
     *
     * @throws dev.lutra.machine.UserException if the model does not fit the machine
     */
    public static MappedModel of(QuantizedModel model, Machine machine, Choosing choosing) {
        model.requireActivations(machine.engine().activations());
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        try {
            MappedProgram program = new ProgramCompiler(machine, choosing).compile(model, image);
            return new MappedModel(program, ByteBuffer.wrap(image.toByteArray()));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
