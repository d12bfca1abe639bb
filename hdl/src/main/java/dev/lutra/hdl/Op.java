// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.BinaryOp;
import dev.lutra.hdl.ir.UnaryOp;
import org.jspecify.annotations.Nullable;

/** What an {@link Item} of a recording is. Operands {@code a}, {@code b}, {@code c} are item numbers unless said otherwise. */
enum Op {
    IN(Role.SIGNAL),
    OUT(Role.SIGNAL),
    WIRE(Role.SIGNAL),
    REG(Role.SIGNAL),
    /** A port of a child: a instance, b item number of the port in the child. */
    INSTANCE_PORT(Role.SIGNAL),
    /** Memory read: a memory, b address, c enable or -1; x latency, or the rule of a port that also writes. */
    READ(Role.SIGNAL),

    /** x value. */
    LITERAL(Role.VALUE),
    NOT(UnaryOp.NOT),
    NEG(UnaryOp.NEG),
    AND_R(UnaryOp.AND_R),
    OR_R(UnaryOp.OR_R),
    XOR_R(UnaryOp.XOR_R),
    ADD(BinaryOp.ADD),
    SUB(BinaryOp.SUB),
    MUL(BinaryOp.MUL),
    DIV(BinaryOp.DIV),
    REM(BinaryOp.REM),
    AND(BinaryOp.AND),
    OR(BinaryOp.OR),
    XOR(BinaryOp.XOR),
    EQ(BinaryOp.EQ),
    NE(BinaryOp.NE),
    LT(BinaryOp.LT),
    LE(BinaryOp.LE),
    GT(BinaryOp.GT),
    GE(BinaryOp.GE),
    SHL(BinaryOp.SHL),
    SHR(BinaryOp.SHR),
    /** a condition, b if true, c if false. */
    MUX(Role.VALUE),
    /** a index; x item numbers of the elements. */
    SELECT(Role.VALUE),
    /** b high bit, c low bit. */
    SLICE(Role.VALUE),
    /** x item numbers, most significant first. */
    CONCAT(Role.VALUE),
    EXTEND(Role.VALUE),
    TRUNCATE(Role.VALUE),
    REINTERPRET(Role.VALUE),
    CROSSING(Role.VALUE),

    /** a target, b value. */
    ASSIGN(Role.STATEMENT),
    /** a memory, b address, c data; x mask's item number or null. */
    WRITE(Role.STATEMENT),
    /** a READ of a port, b data, c mask or -1. */
    PORT_WRITE(Role.STATEMENT),
    /** a condition; opens a scope. */
    WHEN(Role.STATEMENT),
    /** a condition, b the WHEN it continues; opens a scope. */
    ELSE_WHEN(Role.STATEMENT),
    /** b the WHEN it continues; opens a scope. */
    OTHERWISE(Role.STATEMENT),
    /** a subject. */
    SWITCH(Role.STATEMENT),
    /** b the SWITCH; x values; opens a scope. */
    CASE(Role.STATEMENT),
    /** b the SWITCH; opens a scope. */
    DEFAULT(Role.STATEMENT),
    /** Closes the innermost scope. */
    END(Role.STATEMENT),
    /** a condition; x {@link Watches.Property}. */
    CHECK(Role.STATEMENT),
    /** x {@link Watches.Line}. */
    PRINT(Role.STATEMENT),
    /** x message. */
    STOP(Role.STATEMENT),
    /** a clock, b reset or -1. */
    DOMAIN(Role.STATEMENT),
    /** a DOMAIN: what follows belongs to it, until LEAVE. */
    ENTER(Role.ATTRIBUTE),
    LEAVE(Role.ATTRIBUTE),

    /** b depth; x initial words once given by MEMORY_INIT. */
    MEMORY(Role.DECLARATION),
    /** a memory; x initial words. */
    MEMORY_INIT(Role.ATTRIBUTE),
    /** a memory: its ports keep out of each other's way. */
    EXCLUSIVE(Role.ATTRIBUTE),
    /** a child's number; x what it is an instance of. */
    INSTANCE(Role.DECLARATION),
    /** a register; x reset value. */
    INIT(Role.ATTRIBUTE),
    /** a signal, memory or instance; x name. */
    NAMED(Role.ATTRIBUTE),
    /** a signal, memory or instance, -1: the module; x {@link Attributes.Entry}. */
    ATTRIBUTE(Role.ATTRIBUTE),
    /** x {@link BlackBox.Fact}. */
    BOX(Role.ATTRIBUTE),
    /** x paragraphs. */
    DOC(Role.ATTRIBUTE);

    private enum Role {
        SIGNAL,
        VALUE,
        STATEMENT,
        DECLARATION,
        ATTRIBUTE
    }

    private final Role role;
    private final @Nullable UnaryOp unary;
    private final @Nullable BinaryOp binary;

    Op(Role role) {
        this.role = role;
        this.unary = null;
        this.binary = null;
    }

    Op(UnaryOp unary) {
        this.role = Role.VALUE;
        this.unary = unary;
        this.binary = null;
    }

    Op(BinaryOp binary) {
        this.role = Role.VALUE;
        this.unary = null;
        this.binary = binary;
    }

    /** The operator of an operation on one value, else null. */
    @Nullable
    UnaryOp unary() {
        return unary;
    }

    /** The operator of an operation on two values, else null. */
    @Nullable
    BinaryOp binary() {
        return binary;
    }

    /** Whether the item is a source or target with a name of its own. */
    boolean isSignal() {
        return role == Role.SIGNAL;
    }

    /** Whether the item is an expression. */
    boolean isValue() {
        return role == Role.VALUE;
    }

    /** Whether it matters where in the user's code the item is made. */
    boolean hasOrigin() {
        return this != INSTANCE_PORT && this != LITERAL && this != END && role != Role.ATTRIBUTE;
    }

    boolean isStatement() {
        return role == Role.STATEMENT;
    }
}
