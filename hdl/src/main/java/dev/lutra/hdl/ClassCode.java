// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The byte code of a user's class as its class file has it. The class that runs may be another one (a coverage agent
 * rewrites it); whoever asks checks that.
 */
final class ClassCode {
    private static final ClassValue<ClassCode> CACHE = new ClassValue<>() {
        @Override
        protected ClassCode computeValue(Class<?> type) {
            return new ClassCode(type);
        }
    };

    private final Map<String, MethodCode> methods = new HashMap<>();

    private ClassCode(Class<?> type) {
        String name = type.getName();
        try (var file = type.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
            if (file != null) { // null: a class made at run time
                new Reader(file.readAllBytes()).collect(methods);
            }
        } catch (IOException | RuntimeException e) {
            methods.clear(); // unreadable or newer than the reader: names are lost, nothing else
        }
    }

    /** The code of a method, or null if the class file does not have it. */
    static @Nullable MethodCode method(Class<?> type, String name, String descriptor) {
        return CACHE.get(type).methods.get(name + descriptor);
    }

    /** Notes the offset of each instruction, which visitors are not told. */
    private static final class Reader extends ClassReader {
        private int offset;

        Reader(byte[] file) {
            super(file);
        }

        @Override
        protected void readBytecodeInstructionOffset(int bytecodeOffset) {
            offset = bytecodeOffset;
        }

        void collect(Map<String, MethodCode> into) {
            accept(
                    new ClassVisitor(Opcodes.ASM9) {
                        @Override
                        public MethodVisitor visitMethod(
                                int access,
                                String name,
                                String descriptor,
                                @Nullable String signature,
                                String @Nullable [] exceptions) {
                            return new Collector(code -> into.put(name + descriptor, code));
                        }
                    },
                    SKIP_FRAMES);
        }

        /** Collects the instructions of one method. */
        private final class Collector extends MethodVisitor {
            private final java.util.function.Consumer<MethodCode> done;
            private final List<MethodCode.Instruction> instructions = new ArrayList<>();
            private final List<MethodCode.Variable> variables = new ArrayList<>();
            private final Map<Label, Integer> labels = new HashMap<>();
            private final List<Label> targets = new ArrayList<>();
            private int line;

            Collector(java.util.function.Consumer<MethodCode> done) {
                super(Opcodes.ASM9);
                this.done = done;
            }

            private void add(
                    int opcode, int pops, int pushes, String owner, String name, String descriptor, int local) {
                instructions.add(
                        new MethodCode.Instruction(offset, line, opcode, pops, pushes, owner, name, descriptor, local));
                targets.add(null);
            }

            private void add(int opcode, int pops, int pushes) {
                add(opcode, pops, pushes, "", "", "", -1);
            }

            @Override
            public void visitLabel(Label label) {
                labels.put(label, instructions.size());
            }

            @Override
            public void visitLineNumber(int line, Label start) {
                this.line = line;
            }

            @Override
            public void visitInsn(int opcode) {
                add(opcode, StackEffect.pops(opcode), StackEffect.pushes(opcode));
            }

            @Override
            public void visitIntInsn(int opcode, int operand) {
                boolean array = opcode == Opcodes.NEWARRAY;
                add(opcode, array ? 1 : 0, 1);
            }

            @Override
            public void visitVarInsn(int opcode, int local) {
                int size = StackEffect.localSize(opcode);
                boolean store = opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE;
                add(opcode, store ? size : 0, store ? 0 : size, "", "", "", local);
            }

            @Override
            public void visitTypeInsn(int opcode, String type) {
                add(opcode, opcode == Opcodes.NEW ? 0 : 1, 1);
            }

            @Override
            public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
                int size = Type.getType(descriptor).getSize();
                int object = opcode == Opcodes.GETFIELD || opcode == Opcodes.PUTFIELD ? 1 : 0;
                boolean put = opcode == Opcodes.PUTFIELD || opcode == Opcodes.PUTSTATIC;
                add(opcode, object + (put ? size : 0), put ? 0 : size, owner, name, descriptor, -1);
            }

            @Override
            public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean ofInterface) {
                int sizes = Type.getArgumentsAndReturnSizes(descriptor);
                int pops = (sizes >> 2) - (opcode == Opcodes.INVOKESTATIC ? 1 : 0);
                add(opcode, pops, sizes & 3, owner, name, descriptor, -1);
            }

            @Override
            public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
                int sizes = Type.getArgumentsAndReturnSizes(descriptor);
                add(Opcodes.INVOKEDYNAMIC, (sizes >> 2) - 1, sizes & 3, "", name, descriptor, -1);
            }

            @Override
            public void visitJumpInsn(int opcode, Label label) {
                add(opcode, StackEffect.pops(opcode), 0);
                targets.set(targets.size() - 1, label);
            }

            @Override
            public void visitLdcInsn(Object value) {
                add(Opcodes.LDC, 0, value instanceof Long || value instanceof Double ? 2 : 1);
            }

            @Override
            public void visitIincInsn(int local, int increment) {
                add(Opcodes.IINC, 0, 0);
            }

            @Override
            public void visitTableSwitchInsn(int min, int max, Label otherwise, Label... cases) {
                add(Opcodes.TABLESWITCH, 1, 0);
                targets.set(targets.size() - 1, otherwise);
            }

            @Override
            public void visitLookupSwitchInsn(Label otherwise, int[] keys, Label[] cases) {
                add(Opcodes.LOOKUPSWITCH, 1, 0);
                targets.set(targets.size() - 1, otherwise);
            }

            @Override
            public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
                add(Opcodes.MULTIANEWARRAY, dimensions, 1);
            }

            @Override
            public void visitLocalVariable(
                    String name, String descriptor, @Nullable String signature, Label start, Label end, int index) {
                variables.add(new MethodCode.Variable(name, index, position(start), position(end)));
            }

            private int position(Label label) {
                return labels.getOrDefault(label, instructions.size());
            }

            @Override
            public void visitEnd() {
                var jumps = new int[instructions.size()];
                for (int i = 0; i < jumps.length; i++) {
                    var target = targets.get(i);
                    jumps[i] = target == null ? -1 : position(target);
                }
                done.accept(new MethodCode(instructions, jumps, variables));
            }
        }
    }
}
