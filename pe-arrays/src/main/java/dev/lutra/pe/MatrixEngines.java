// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe;

import dev.lutra.machine.Engine;
import dev.lutra.machine.Tables;
import dev.lutra.machine.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The engines on the class path, as the context class loader of the thread sees it. */
public final class MatrixEngines {
    private MatrixEngines() {}

    /**
     * All of them, in the order of the class path.
     *
     * @throws UserException if a jar offers what is no engine, or two engines have one name
     */
    public static List<MatrixEngine> all() {
        var engines = new ArrayList<MatrixEngine>();
        try {
            ServiceLoader.load(MatrixEngine.class).forEach(engines::add);
        } catch (ServiceConfigurationError broken) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT,
                    "an engine cannot be loaded: " + broken.getMessage(),
                    "An engine is a public class with a constructor without parameters that implements "
                            + MatrixEngine.class.getName() + ".",
                    broken);
        }
        for (MatrixEngine engine : engines) {
            for (MatrixEngine other : engines) {
                if (engine != other && engine.name().equals(other.name())) {
                    throw UserException.badInput(
                            "two engines are called " + engine.name() + ": "
                                    + engine.getClass().getName() + " and "
                                    + other.getClass().getName(),
                            "Rename one, or leave its jar out of the class path.");
                }
            }
        }
        return engines;
    }

    /**
     * The engine of a name.
     *
     * @throws UserException if there is none; names those there are
     */
    public static MatrixEngine named(String name) {
        List<MatrixEngine> all = all();
        return all.stream()
                .filter(engine -> engine.name().equals(name))
                .findFirst()
                .orElseThrow(() -> UserException.badInput(
                        "there is no engine '" + name + "'",
                        "Engines: " + all.stream().map(MatrixEngine::name).collect(Collectors.joining(", "))
                                + ". One from elsewhere needs its jar on the class path (lutra gen --classpath)."));
    }

    /**
     * The engine that a machine names.
     *
     * @throws UserException if there is none, or if its weight words are not what the machine says
     */
    public static MatrixEngine of(Engine engine) {
        MatrixEngine named = named(engine.kind());
        if (named.packing() != engine.packing()) {
            throw UserException.badInput(
                    "engine.packing is %s, but engine %s takes %s"
                            .formatted(engine.packing(), named.name(), named.packing()),
                    "Generate the machine with --engine " + named.name() + ".");
        }
        return named;
    }

    /**
     * Makes the hardware of a machine's engine, inside the constructor of the module it becomes part of.
     *
     * @throws UserException if the engine cannot be had like this; says why
     */
    public static MatrixCore core(Engine engine) {
        try {
            MatrixEngine named = of(engine);
            MatrixShape shape = shape(engine);
            if (shape.laneBits() > Byte.SIZE && !named.takesInt16(shape)) {
                throw new IllegalArgumentException("activations have 16 bits, it takes up to 8"
                        + (engine.tables().equals(Tables.REGISTERS) ? "" : " where tables stay or are quantised"));
            }
            return named.core(shape);
        } catch (IllegalArgumentException why) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT,
                    "engine " + engine.kind() + ": " + why.getMessage(),
                    "Change the parameters named above.",
                    why);
        }
    }

    /** What the engine of a machine has to be like. */
    public static MatrixShape shape(Engine e) {
        return new MatrixShape(
                e.m(),
                e.n(),
                e.g(),
                e.t(),
                e.groupScales(),
                e.innerBits(),
                e.outerBits(),
                e.planes(),
                e.maxPasses(),
                e.columnBits(),
                e.activations().bits(),
                8 * e.scaleBytes(),
                e.tables(),
                e.chains());
    }
}
