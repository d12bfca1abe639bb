// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/** Generates {@link Rows} for ports of a compiled design. */
final class RowCompiler {
    /** Words moved by one method, which stays small enough to be compiled. */
    private static final int WORDS_PER_METHOD = 150;

    private static final String DESCRIPTOR = "([JI)V";
    private static final String ROWS = Type.getInternalName(Rows.class);
    private static final String NAME = ROWS + "$Generated";
    private static final int ROW = 0;
    private static final int AT = 1;

    /** A word of a row: a value of up to 64 bits, or a word of a longer one. */
    private record Word(Value value, int k) {}

    private final CompiledDesign compiled;
    private final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    private final State state = new State(writer, NAME);

    private RowCompiler(CompiledDesign compiled) {
        this.compiled = compiled;
    }

    /** Rows of inputs and outputs in an order. */
    static Rows compile(CompiledDesign compiled, List<Value> inputs, List<Value> outputs) {
        return (Rows) GeneratedClass.load(
                new RowCompiler(compiled).write(inputs, outputs),
                State.data(compiled.ints, compiled.longs, compiled.arrays));
    }

    private byte[] write(List<Value> inputs, List<Value> outputs) {
        GeneratedClass.begin(writer, NAME, ROWS);
        method("take", inputs, true);
        method("give", outputs, false);
        state.end();
        writer.visitEnd();
        return writer.toByteArray();
    }

    private void method(String name, List<Value> values, boolean taking) {
        var words = new ArrayList<Word>();
        for (Value v : values) {
            for (int k = 0; k < v.words(); k++) {
                words.add(new Word(v, k));
            }
        }
        MethodVisitor all = writer.visitMethod(0, name, DESCRIPTOR, null, null);
        all.visitCode();
        for (int from = 0; from < words.size(); from += WORDS_PER_METHOD) {
            String part = name + from;
            part(part, words, from, Math.min(words.size(), from + WORDS_PER_METHOD), taking);
            all.visitVarInsn(ALOAD, 1);
            all.visitVarInsn(ILOAD, 2);
            all.visitMethodInsn(INVOKESTATIC, NAME, part, DESCRIPTOR, false);
        }
        all.visitInsn(RETURN);
        all.visitMaxs(0, 0);
        all.visitEnd();
    }

    private void part(String name, List<Word> words, int from, int to, boolean taking) {
        MethodVisitor mv = writer.visitMethod(ACC_PRIVATE | ACC_STATIC, name, DESCRIPTOR, null, null);
        mv.visitCode();
        var code = new Instructions(mv, state);
        for (int i = from; i < to; i++) {
            Value v = words.get(i).value();
            int slot = compiled.slot(v) + words.get(i).k();
            if (taking) {
                code.array(v);
                code.pushInt(slot);
                row(code, i);
                code.insn(LALOAD);
                if (v.isInt()) {
                    code.insn(L2I);
                    code.cutInt(v.width, v.signed);
                } else if (words.get(i).k() == v.words() - 1) {
                    code.cutLong(v.width - 64 * words.get(i).k(), v.signed);
                }
                code.store(v);
            } else {
                row(code, i);
                code.array(v);
                code.pushInt(slot);
                code.load(v);
                code.convert(v, false);
                code.insn(LASTORE);
            }
        }
        mv.visitInsn(RETURN);
        mv.visitMaxs(0, 0);
        mv.visitEnd();
    }

    private static void row(Instructions code, int word) {
        code.var(ALOAD, ROW);
        code.var(ILOAD, AT);
        code.pushInt(word);
        code.insn(IADD);
    }
}
