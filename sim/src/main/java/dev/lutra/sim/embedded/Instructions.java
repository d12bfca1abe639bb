// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import static org.objectweb.asm.Opcodes.*;

import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;

/** Instructions of a generated method. */
final class Instructions {
    private final MethodVisitor mv;
    private final State state;
    private int nextLocal;

    Instructions(MethodVisitor mv, State state) {
        this.mv = mv;
        this.state = state;
    }

    /** A new local variable of the kind that a value needs. */
    int local(Value like) {
        int local = nextLocal;
        nextLocal += like.isInt() ? 1 : 2;
        return local;
    }

    /** A new local variable of type int. */
    int intLocal() {
        return nextLocal++;
    }

    void insn(int opcode) {
        mv.visitInsn(opcode);
    }

    void var(int opcode, int local) {
        mv.visitVarInsn(opcode, local);
    }

    void jump(int opcode, Label target) {
        mv.visitJumpInsn(opcode, target);
    }

    void label(Label label) {
        mv.visitLabel(label);
    }

    void tableSwitch(Label otherwise, Label[] table) {
        mv.visitTableSwitchInsn(0, table.length - 1, otherwise, table);
    }

    void increment(int local) {
        mv.visitIincInsn(local, 1);
    }

    /** Turns a number on the stack into an int or a long; a long loses what does not fit. */
    void convert(Value from, boolean toInt) {
        if (from.isInt() && !toInt) {
            mv.visitInsn(I2L);
            if (!from.signed && from.width == 32) {
                pushLong(0xFFFF_FFFFL);
                mv.visitInsn(LAND);
            }
        } else if (!from.isInt() && toInt) {
            mv.visitInsn(L2I);
        }
    }

    void shiftDown(int by) {
        if (by > 0) {
            pushInt(by);
            mv.visitInsn(LUSHR);
        }
    }

    /** Pushes the array of the state that values of a kind live in. */
    void array(Value like) {
        array(like.isInt());
    }

    /** Pushes the array of the state of ints or of longs. */
    void array(boolean ofInts) {
        state.array(mv, ofInts);
    }

    /** Pushes a memory or a table. */
    void memory(int number, boolean ofInts) {
        state.memory(mv, number, ofInts);
    }

    void call(String owner, String name, String descriptor) {
        mv.visitMethodInsn(INVOKESTATIC, owner, name, descriptor, false);
    }

    /** Brings the number on the stack into the range of a type. */
    void cut(Value v, boolean needed) {
        if (needed) {
            if (v.isInt()) {
                cutInt(v.width, v.signed);
            } else {
                cutLong(v.width, v.signed);
            }
        }
    }

    void load(Value like) {
        mv.visitInsn(like.isInt() ? IALOAD : LALOAD);
    }

    void store(Value like) {
        mv.visitInsn(like.isInt() ? IASTORE : LASTORE);
    }

    void cutInt(int width, boolean signed) {
        if (width == 32) {
            return;
        }
        if (!signed) {
            pushInt((1 << width) - 1);
            mv.visitInsn(IAND);
        } else if (width == 8) {
            mv.visitInsn(I2B);
        } else if (width == 16) {
            mv.visitInsn(I2S);
        } else {
            pushInt(32 - width);
            mv.visitInsn(ISHL);
            pushInt(32 - width);
            mv.visitInsn(ISHR);
        }
    }

    void cutLong(int width, boolean signed) {
        if (width == 64) {
            return;
        }
        if (!signed) {
            pushLong((1L << width) - 1);
            mv.visitInsn(LAND);
        } else if (width == 32) {
            mv.visitInsn(L2I);
            mv.visitInsn(I2L);
        } else {
            pushInt(64 - width);
            mv.visitInsn(LSHL);
            pushInt(64 - width);
            mv.visitInsn(LSHR);
        }
    }

    void minusOne(boolean asInt) {
        if (asInt) {
            mv.visitInsn(ICONST_M1);
        } else {
            pushLong(-1);
        }
    }

    void pushInt(int value) {
        if (value >= -1 && value <= 5) {
            mv.visitInsn(ICONST_0 + value);
        } else if (value >= Byte.MIN_VALUE && value <= Byte.MAX_VALUE) {
            mv.visitIntInsn(BIPUSH, value);
        } else if (value >= Short.MIN_VALUE && value <= Short.MAX_VALUE) {
            mv.visitIntInsn(SIPUSH, value);
        } else {
            mv.visitLdcInsn(value);
        }
    }

    void pushLong(long value) {
        if (value == 0 || value == 1) {
            mv.visitInsn(value == 0 ? LCONST_0 : LCONST_1);
        } else if (value >= Short.MIN_VALUE && value <= Short.MAX_VALUE) {
            pushInt((int) value);
            mv.visitInsn(I2L);
        } else {
            mv.visitLdcInsn(value);
        }
    }
}
