// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import static org.objectweb.asm.Opcodes.*;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/**
 * Turns a design into loaded classes. They are hidden classes of this package, so they go when the simulation goes.
 *
 * <p>HotSpot does not compile methods of more than 8,000 bytes, and the machine's limits are 65,535 for a method and for the
 * constants of a class; methods are therefore kept small, and a class holds so many of them that the one which fills its fields
 * ({@link State}) is not too long even if each access is to a memory of its own.
 */
final class Compiler {
    /** HotSpot leaves longer methods to its interpreter. */
    static final int HUGE_METHOD_BYTES = 8000;

    private static final int CHUNK_BYTES = 2500;
    private static final int CHUNKS_PER_CLASS = 50;
    private static final String RUN = "()V";
    private static final String CODE = Type.getInternalName(Code.class);

    private final Plan plan;
    private int largestMethod;

    private Compiler(Plan plan) {
        this.plan = plan;
    }

    static CompiledDesign compile(Design design) {
        for (int chunkBytes = CHUNK_BYTES; ; chunkBytes /= 2) {
            var compiler = new Compiler(Plan.of(design, chunkBytes));
            List<byte[]> settle = compiler.classes(compiler.plan.settle());
            List<byte[]> edge = compiler.classes(compiler.plan.edge());
            // Sizes were estimated; smaller pieces when the estimate was too low.
            if (compiler.largestMethod <= HUGE_METHOD_BYTES || chunkBytes < 100) {
                return compiler.load(settle, edge);
            }
        }
    }

    private CompiledDesign load(List<byte[]> settle, List<byte[]> edge) {
        var ints = new int[plan.places().intSlots()];
        var longs = new long[plan.places().longSlots()];
        for (Places.Preset preset : plan.places().presets()) {
            put(preset.constant(), preset.slot(), ints, longs);
        }
        for (Places.Listed listed : plan.places().listed()) {
            ints[listed.slot()] = listed.place();
        }
        var arrays = new Object
                [plan.design().memories().size() + plan.places().tables().size()];
        for (Design.Store store : plan.design().memories()) {
            arrays[plan.places().array(store)] = MemoryShape.array(store.memory);
        }
        for (Map.Entry<Value, Integer> table : plan.places().tables().entrySet()) {
            arrays[table.getValue()] = table(table.getKey());
        }
        Object[] data = State.data(ints, longs, arrays);
        return new CompiledDesign(plan, load(settle, data), load(edge, data), ints, longs, arrays, largestMethod);
    }

    private Object table(Value block) {
        int places = plan.places().block(block).reach() + 1;
        int[] ints = new int[block.isInt() ? places : 0];
        long[] longs = new long[block.isInt() ? 0 : places * block.words()];
        for (int i = 0; i < block.in.length; i++) {
            put(block.in[i], block.isInt() ? i : i * block.words(), ints, longs);
        }
        return block.isInt() ? ints : longs;
    }

    private static void put(Value constant, int slot, int[] ints, long[] longs) {
        BigInteger number = Numbers.of(constant);
        if (constant.isInt()) {
            ints[slot] = number.intValue();
        } else {
            for (int k = 0; k < constant.words(); k++) {
                longs[slot + k] = Numbers.word(number, k);
            }
        }
    }

    private static Code[] load(List<byte[]> classes, Object[] data) {
        var codes = new Code[classes.size()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (Code) GeneratedClass.load(classes.get(i), data);
        }
        return codes;
    }

    private List<byte[]> classes(List<Step.Chunk> chunks) {
        var classes = new ArrayList<byte[]>();
        for (int from = 0; from < chunks.size(); from += CHUNKS_PER_CLASS) {
            classes.add(write(chunks.subList(from, Math.min(chunks.size(), from + CHUNKS_PER_CLASS))));
        }
        return classes;
    }

    private byte[] write(List<Step.Chunk> chunks) {
        var writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
        String name = CODE + "$Generated";
        GeneratedClass.begin(writer, name, CODE);
        MethodVisitor run = writer.visitMethod(0, "run", RUN, null, null);
        run.visitCode();
        for (int i = 0; i < chunks.size(); i++) {
            run.visitMethodInsn(INVOKESTATIC, name, "c" + i, RUN, false);
        }
        run.visitInsn(RETURN);
        run.visitMaxs(0, 0);
        run.visitEnd();
        var state = new State(writer, name);
        for (int i = 0; i < chunks.size(); i++) {
            method(writer, "c" + i, chunks.get(i), state);
        }
        state.end();
        writer.visitEnd();
        return writer.toByteArray();
    }

    private void method(ClassWriter writer, String name, Step.Chunk chunk, State state) {
        MethodVisitor mv = writer.visitMethod(ACC_PRIVATE | ACC_STATIC, name, RUN, null, null);
        mv.visitCode();
        var emitter = new MethodEmitter(plan, mv, state);
        chunk.steps().forEach(emitter::step);
        mv.visitInsn(RETURN);
        Label end = new Label();
        mv.visitLabel(end);
        mv.visitMaxs(0, 0);
        mv.visitEnd();
        largestMethod = Math.max(largestMethod, end.getOffset());
    }
}
