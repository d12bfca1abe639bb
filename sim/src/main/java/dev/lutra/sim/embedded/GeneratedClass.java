// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import static org.objectweb.asm.Opcodes.*;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;

/** What all generated classes have in common: they are hidden classes of this package, so they go with their last instance. */
final class GeneratedClass {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private GeneratedClass() {}

    /** Begins a class: its header and its constructor. */
    static void begin(ClassWriter writer, String name, String superclass) {
        writer.visit(V17, ACC_FINAL | ACC_SYNTHETIC, name, null, superclass, null);
        MethodVisitor constructor = writer.visitMethod(0, "<init>", "()V", null, null);
        constructor.visitCode();
        constructor.visitVarInsn(ALOAD, 0);
        constructor.visitMethodInsn(INVOKESPECIAL, superclass, "<init>", "()V", false);
        constructor.visitInsn(RETURN);
        constructor.visitMaxs(0, 0);
        constructor.visitEnd();
    }

    /**
     * An instance of a class.
     *
     * @param data of {@link State}
     */
    static Object load(byte[] bytes, Object[] data) {
        try {
            MethodHandles.Lookup hidden = LOOKUP.defineHiddenClassWithClassData(bytes, data, true);
            return hidden.findConstructor(hidden.lookupClass(), MethodType.methodType(void.class))
                    .invoke();
        } catch (Throwable e) {
            throw new IllegalStateException("generated code does not load: " + e.getMessage(), e);
        }
    }
}
