// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.session;

import dev.lutra.machine.Machine;
import dev.lutra.map.model.Region;
import dev.lutra.map.program.MappedProgram;
import dev.lutra.map.program.MatrixSource;
import dev.lutra.map.program.ProgramCompiler;
import dev.lutra.map.quant.QuantizedMatrix;
import dev.lutra.map.quant.QuantizedModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A quantised model compiled for a machine, in memory.
 *
 * @param program the program with its plans
 * @param image the weight image that belongs to it
 */
public record MappedModel(MappedProgram program, ByteBuffer image) {

    /**
     * Maps all linear layers of a model, and its head if that is quantised.
     *
     * @throws dev.lutra.machine.UserException if the model does not fit the machine
     */
    public static MappedModel of(QuantizedModel model, Machine machine) {
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        try {
            MappedProgram program = new ProgramCompiler(machine).compile(sources(model), image);
            return new MappedModel(program, ByteBuffer.wrap(image.toByteArray()));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The regions of a model in the order in which a step runs them. */
    public static List<MatrixSource> sources(QuantizedModel model) {
        List<MatrixSource> sources = new ArrayList<>();
        for (Region region : Region.values()) {
            if (model.has(region)) {
                int layers = region == Region.HEAD ? 1 : model.model().config().layers();
                sources.add(new MatrixSource() {
                    @Override
                    public String name() {
                        return region.name();
                    }

                    @Override
                    public int layers() {
                        return layers;
                    }

                    @Override
                    public QuantizedMatrix matrix(int layer) {
                        return model.matrix(region, layer);
                    }
                });
            }
        }
        return sources;
    }
}
