// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import static org.objectweb.asm.Opcodes.*;

import java.lang.constant.ConstantDescs;
import java.util.TreeMap;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/**
 * The arrays that a generated class works on, as its static final fields. To HotSpot their addresses and lengths are
 * constants: an access at a constant place needs no base, no check for null and no check of its range.
 */
final class State {
    private static final String LOOKUP = "Ljava/lang/invoke/MethodHandles$Lookup;";
    private static final String HANDLES = "java/lang/invoke/MethodHandles";
    private static final int INTS = 0;
    private static final int LONGS = 1;
    private static final int ARRAYS = 2;

    private final ClassWriter writer;
    private final String owner;
    /** Descriptors of the fields in use, by their number in the data of the class. */
    private final TreeMap<Integer, String> fields = new TreeMap<>();

    /** @param owner internal name of the class */
    State(ClassWriter writer, String owner) {
        this.writer = writer;
        this.owner = owner;
    }

    /**
     * What a class is given when it is loaded.
     *
     * @param ints values of up to 32 bits
     * @param longs longer values
     * @param arrays memories and tables, each an {@code int[]} or a {@code long[]}
     */
    static Object[] data(int[] ints, long[] longs, Object[] arrays) {
        var data = new Object[ARRAYS + arrays.length];
        data[INTS] = ints;
        data[LONGS] = longs;
        System.arraycopy(arrays, 0, data, ARRAYS, arrays.length);
        return data;
    }

    /** Pushes the array of ints or of longs. */
    void array(MethodVisitor mv, boolean ofInts) {
        push(mv, ofInts ? INTS : LONGS, ofInts);
    }

    /** Pushes a memory or a table. */
    void memory(MethodVisitor mv, int number, boolean ofInts) {
        push(mv, ARRAYS + number, ofInts);
    }

    private void push(MethodVisitor mv, int number, boolean ofInts) {
        String descriptor = ofInts ? "[I" : "[J";
        fields.put(number, descriptor);
        mv.visitFieldInsn(GETSTATIC, owner, name(number), descriptor);
    }

    private static String name(int number) {
        return number == INTS ? "ints" : number == LONGS ? "longs" : "array" + (number - ARRAYS);
    }

    /** Declares the fields and writes the code that fills them. Nothing may be pushed after it. */
    void end() {
        MethodVisitor mv = writer.visitMethod(ACC_STATIC, "<clinit>", "()V", null, null);
        mv.visitCode();
        mv.visitMethodInsn(INVOKESTATIC, HANDLES, "lookup", "()" + LOOKUP, false);
        mv.visitLdcInsn(ConstantDescs.DEFAULT_NAME);
        mv.visitLdcInsn(Type.getType(Object[].class));
        mv.visitMethodInsn(
                INVOKESTATIC,
                HANDLES,
                "classData",
                "(" + LOOKUP + "Ljava/lang/String;Ljava/lang/Class;)Ljava/lang/Object;",
                false);
        mv.visitTypeInsn(CHECKCAST, "[Ljava/lang/Object;");
        mv.visitVarInsn(ASTORE, 0);
        fields.forEach((number, descriptor) -> {
            writer.visitField(ACC_PRIVATE | ACC_STATIC | ACC_FINAL, name(number), descriptor, null, null);
            mv.visitVarInsn(ALOAD, 0);
            mv.visitLdcInsn(number);
            mv.visitInsn(AALOAD);
            mv.visitTypeInsn(CHECKCAST, descriptor);
            mv.visitFieldInsn(PUTSTATIC, owner, name(number), descriptor);
        });
        mv.visitInsn(RETURN);
        mv.visitMaxs(0, 0);
        mv.visitEnd();
    }
}
