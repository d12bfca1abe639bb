// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;

/** Takes instructions apart, combinational. All others than those of RV32I are {@link Kind#ILLEGAL}. */
final class Decoder extends Module {
    private static final int ECALL = 0x0000_0073;
    private static final int EBREAK = 0x0010_0073;

    final UInt instruction = in(uint(32));
    final Decoded decoded = out(new Decoded());

    Decoder() {
        doc("Takes an instruction of RV32I apart.");
        var opcode = instruction.bits(6, 0).asBits();
        var funct3 = instruction.bits(14, 12);
        var funct7 = instruction.bits(31, 25);
        decoded.rd.set(instruction.bits(11, 7));
        decoded.rs1.set(instruction.bits(19, 15));
        decoded.rs2.set(instruction.bits(24, 20));
        decoded.funct3.set(funct3);

        var upper = instruction.bits(31, 20).asSInt();
        var immediateI = upper.extend(32).asUInt();
        var immediateS = cat(upper.bits(11, 5), instruction.bits(11, 7)).asSInt();
        var immediateB = cat(
                        instruction.bit(31),
                        instruction.bit(7),
                        instruction.bits(30, 25),
                        instruction.bits(11, 8),
                        lit(false))
                .asSInt();
        var immediateU = cat(instruction.bits(31, 12), lit(0, 12)).asUInt();
        var immediateJ = cat(
                        instruction.bit(31),
                        instruction.bits(19, 12),
                        instruction.bit(20),
                        instruction.bits(30, 21),
                        lit(false))
                .asSInt();

        // Of the operations, two have a second form, which a bit of funct7 tells.
        var plain = funct7.eq(0);
        var second = funct7.eq(0x20);
        var subtracts = second.and(opcode.eq(Opcode.OP));
        var operation = wire(enumOf(AluOp.class));
        switchOn(funct3)
                .is(0, () -> operation.set(mux(subtracts, lit(AluOp.SUB), lit(AluOp.ADD))))
                .is(1, () -> operation.set(AluOp.SHIFT_LEFT))
                .is(2, () -> operation.set(AluOp.LESS_SIGNED))
                .is(3, () -> operation.set(AluOp.LESS_UNSIGNED))
                .is(4, () -> operation.set(AluOp.XOR))
                .is(
                        5,
                        () -> operation.set(
                                mux(second, lit(AluOp.SHIFT_RIGHT_ARITHMETIC), lit(AluOp.SHIFT_RIGHT_LOGICAL))))
                .is(6, () -> operation.set(AluOp.OR))
                .is(7, () -> operation.set(AluOp.AND));

        decoded.kind.set(Kind.ILLEGAL);
        decoded.op.set(AluOp.ADD);
        decoded.first.set(FirstOperand.RS1);
        decoded.usesImmediate.set(true);
        decoded.immediate.set(immediateI);
        switchOn(opcode)
                .is(Opcode.LUI, () -> {
                    decoded.kind.set(Kind.OPERATION);
                    decoded.first.set(FirstOperand.ZERO);
                    decoded.immediate.set(immediateU);
                })
                .is(Opcode.AUIPC, () -> {
                    decoded.kind.set(Kind.OPERATION);
                    decoded.first.set(FirstOperand.PC);
                    decoded.immediate.set(immediateU);
                })
                .is(Opcode.JAL, () -> {
                    decoded.kind.set(Kind.JUMP);
                    decoded.first.set(FirstOperand.PC);
                    decoded.immediate.set(immediateJ.extend(32).asUInt());
                })
                .is(Opcode.JALR, () -> when(funct3.eq(0), () -> decoded.kind.set(Kind.JUMP)))
                .is(Opcode.BRANCH, () -> {
                    when(funct3.ne(2).and(funct3.ne(3)), () -> decoded.kind.set(Kind.BRANCH));
                    decoded.first.set(FirstOperand.PC);
                    decoded.immediate.set(immediateB.extend(32).asUInt());
                })
                .is(
                        Opcode.LOAD,
                        () -> switchOn(funct3).is(new long[] {0, 1, 2, 4, 5}, () -> decoded.kind.set(Kind.LOAD)))
                .is(Opcode.STORE, () -> {
                    when(funct3.le(2), () -> decoded.kind.set(Kind.STORE));
                    decoded.immediate.set(immediateS.extend(32).asUInt());
                })
                .is(Opcode.OP_IMM, () -> {
                    // All of the immediate is a number, but for shifts.
                    var shift = funct3.eq(1).or(funct3.eq(5));
                    var legal = shift.not().or(plain).or(funct3.eq(5).and(second));
                    when(legal, () -> decoded.kind.set(Kind.OPERATION));
                    decoded.op.set(operation);
                })
                .is(Opcode.OP, () -> {
                    var legal = plain.or(funct3.eq(0).or(funct3.eq(5)).and(second));
                    when(legal, () -> decoded.kind.set(Kind.OPERATION));
                    decoded.op.set(operation);
                    decoded.usesImmediate.set(false);
                })
                .is(Opcode.MISC_MEM, () -> when(funct3.eq(0), () -> decoded.kind.set(Kind.FENCE)))
                .is(
                        Opcode.SYSTEM,
                        () -> when(instruction.eq(ECALL), () -> decoded.kind.set(Kind.CALL))
                                .elseWhen(instruction.eq(EBREAK), () -> decoded.kind.set(Kind.BREAK)));
    }
}
