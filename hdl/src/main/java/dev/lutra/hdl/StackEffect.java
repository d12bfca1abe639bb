// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import org.objectweb.asm.Opcodes;

/** Stack slots that instructions without operands of their own take and leave (JVM specification, section 6.5). */
final class StackEffect {
    /** A pair of characters per opcode from 0 (NOP) to 201: slots popped, slots pushed; {@code ..} if given elsewhere. */
    private static final String TABLE = ""
            + "0001010101010101" // nop aconst_null iconst_m1..iconst_5 (8)
            + "01" // iconst_5
            + "0202010101020201" // lconst_0 lconst_1 fconst_0..2 dconst_0 dconst_1 bipush
            + "01010102" // sipush ldc ldc_w ldc2_w
            + "0102010201" // iload lload fload dload aload
            + "0101010102020202010101010202020201010101" // xload_n
            + "2122212221212121" // iaload..saload
            + "1020102010" // stores
            + "1010101020202020101010102020202010101010" // xstore_n
            + "3040304030303030" // iastore..sastore
            + "1020" // pop pop2
            + "12233424354622" // dup dup_x1 dup_x2 dup2 dup2_x1 dup2_x2 swap
            + "2142214221422142214221422142214221422142" // add sub mul div rem
            + "11221122" // neg
            + "213221322132" // shifts
            + "214221422142" // and or xor
            + "00" // iinc
            + "121112212122111212212221" // conversions i2l .. d2f
            + "111111" // i2b i2c i2s
            + "4121214141"; // lcmp fcmpl fcmpg dcmpl dcmpg

    private StackEffect() {}

    static int pops(int opcode) {
        if (opcode < TABLE.length() / 2) {
            return TABLE.charAt(2 * opcode) - '0';
        }
        return switch (opcode) {
            case Opcodes.IFEQ,
                    Opcodes.IFNE,
                    Opcodes.IFLT,
                    Opcodes.IFGE,
                    Opcodes.IFGT,
                    Opcodes.IFLE,
                    Opcodes.IFNULL,
                    Opcodes.IFNONNULL,
                    Opcodes.IRETURN,
                    Opcodes.FRETURN,
                    Opcodes.ARETURN,
                    Opcodes.ATHROW,
                    Opcodes.ARRAYLENGTH,
                    Opcodes.MONITORENTER,
                    Opcodes.MONITOREXIT -> 1;
            case Opcodes.IF_ICMPEQ,
                    Opcodes.IF_ICMPNE,
                    Opcodes.IF_ICMPLT,
                    Opcodes.IF_ICMPGE,
                    Opcodes.IF_ICMPGT,
                    Opcodes.IF_ICMPLE,
                    Opcodes.IF_ACMPEQ,
                    Opcodes.IF_ACMPNE,
                    Opcodes.LRETURN,
                    Opcodes.DRETURN -> 2;
            default -> 0; // goto, jsr, ret, return
        };
    }

    static int pushes(int opcode) {
        if (opcode < TABLE.length() / 2) {
            return TABLE.charAt(2 * opcode + 1) - '0';
        }
        return opcode == Opcodes.ARRAYLENGTH ? 1 : 0;
    }

    /** Slots of the variable that a load or store is about. */
    static int localSize(int opcode) {
        return switch (opcode) {
            case Opcodes.LLOAD, Opcodes.DLOAD, Opcodes.LSTORE, Opcodes.DSTORE -> 2;
            default -> 1;
        };
    }
}
