// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.gen.GeneratedDesign;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Module;
import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import dev.lutra.pe.MatrixEngine;
import dev.lutra.pe.MatrixEngines;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;

/** A design by its name on the command line: {@code accelerator}, {@code engine}, or a class. */
final class ChosenDesign {
    private ChosenDesign() {}

    static Elaboration<?> of(String name, Machine machine) {
        if (name.equals("accelerator")) {
            return GeneratedDesign.of(machine).elaboration();
        }
        if (name.equals("engine")) {
            MatrixEngine engine = MatrixEngines.of(machine.engine());
            return Circuit.of(() -> engine.core(MatrixEngines.shape(machine.engine())));
        }
        Constructor<? extends Module> constructor = constructor(name);
        return Circuit.of(() -> make(constructor));
    }

    private static Constructor<? extends Module> constructor(String name) {
        Class<?> type;
        try {
            type = Class.forName(name, true, Thread.currentThread().getContextClassLoader());
        } catch (ClassNotFoundException e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT,
                    "there is no class " + name,
                    "Give accelerator, engine, or the full name of a class, and with --classpath where it is.",
                    e);
        } catch (LinkageError e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT,
                    "the class " + name + " cannot be loaded: " + e.getMessage(),
                    null,
                    e);
        }
        if (!Module.class.isAssignableFrom(type) || Modifier.isAbstract(type.getModifiers())) {
            throw UserException.badInput(
                    name + " is no module", "A design is a class that extends dev.lutra.hdl.Module.");
        }
        try {
            Constructor<? extends Module> constructor =
                    type.asSubclass(Module.class).getDeclaredConstructor();
            if (!Modifier.isPublic(type.getModifiers()) || !Modifier.isPublic(constructor.getModifiers())) {
                constructor.setAccessible(true);
            }
            return constructor;
        } catch (NoSuchMethodException e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT,
                    name + " has no constructor without parameters",
                    "Write a module that makes one with the parameters you want, and simulate that.",
                    e);
        }
    }

    private static Module make(Constructor<? extends Module> constructor) {
        try {
            return constructor.newInstance();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
