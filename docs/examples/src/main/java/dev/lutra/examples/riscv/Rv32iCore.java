// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;

/**
 * A processor of two stages: while an instruction is executed, the next one is fetched, from where a jump or branch leads if there
 * is one. With memories that answer in the next cycle, a load takes two cycles and everything else one.
 *
 * <p>There are no interrupts and no trap handlers: ECALL, EBREAK, an illegal instruction and a misaligned access halt the processor
 * before they change anything, and {@link #cause} says which it was. FENCE does nothing, since accesses are done in order.
 */
public final class Rv32iCore extends Module {
    /** @param start address of the first instruction, a multiple of 4 */
    public record Params(long start) {}

    private enum State {
        /** The first instruction is requested. */
        START,
        /** An instruction is executed, or its first cycle. */
        EXECUTE,
        /** Waits for the word of a load. */
        LOAD,
        HALT
    }

    public final FetchBus fetch = out(new FetchBus());
    public final DataBus data = out(new DataBus());
    public final Bool halted = out(bool());
    public final EnumSignal<Cause> cause = out(enumOf(Cause.class));
    public final Retired retired = out(new Retired());

    public Rv32iCore(Params p) {
        super(p);
        doc("RV32I in two stages: fetch, and everything else.");
        var state = reg(enumOf(State.class)).init(State.START);
        var pc = reg(uint(32)).init(p.start());
        var haltCause = reg(enumOf(Cause.class)).init(Cause.NONE);

        var decoder = new Decoder();
        decoder.instruction.set(fetch.word);
        var decoded = decoder.decoded;
        var kind = decoded.kind;

        var registers = new Registers();
        registers.rs1.set(decoded.rs1);
        registers.rs2.set(decoded.rs2);

        var alu = new Alu();
        alu.op.set(decoded.op);
        switchOn(decoded.first)
                .is(FirstOperand.RS1, () -> alu.a.set(registers.value1))
                .is(FirstOperand.PC, () -> alu.a.set(pc))
                .is(FirstOperand.ZERO, () -> alu.a.set(0));
        alu.b.set(mux(decoded.usesImmediate, decoded.immediate, registers.value2));

        var condition = new BranchCondition();
        condition.funct3.set(decoded.funct3);
        condition.a.set(registers.value1);
        condition.b.set(registers.value2);

        var following = pc.wrapAdd(4);
        var jumps = kind.eq(Kind.JUMP).or(kind.eq(Kind.BRANCH).and(condition.holds));
        var target = alu.result.and(0xffff_fffeL);
        var next = mux(jumps, target, following);

        var lanes = new ByteLanes();
        lanes.funct3.set(decoded.funct3);
        lanes.offset.set(alu.result.truncate(2));
        lanes.store.set(registers.value2);
        lanes.readWord.set(data.readWord);

        var trap = wire(enumOf(Cause.class));
        trap.set(Cause.NONE);
        switchOn(kind)
                .is(Kind.CALL, () -> trap.set(Cause.CALL))
                .is(Kind.BREAK, () -> trap.set(Cause.BREAK))
                .is(Kind.ILLEGAL, () -> trap.set(Cause.ILLEGAL))
                .is(Kind.LOAD, () -> when(lanes.misaligned, () -> trap.set(Cause.MISALIGNED_LOAD)))
                .is(Kind.STORE, () -> when(lanes.misaligned, () -> trap.set(Cause.MISALIGNED_STORE)))
                .otherwise(() -> when(jumps.and(target.bit(1)), () -> trap.set(Cause.MISALIGNED_JUMP)));

        fetch.request.set(false);
        fetch.address.set(next);
        data.request.set(false);
        data.write.set(kind.eq(Kind.STORE));
        data.address.set(alu.result);
        data.mask.set(lanes.mask);
        data.writeWord.set(lanes.writeWord);
        var ends = wire(bool());
        ends.set(false);
        // Nothing moves before both memories are done.
        when(
                fetch.ready.and(data.ready),
                () -> switchOn(state)
                        .is(State.START, () -> {
                            fetch.request.set(true);
                            fetch.address.set(pc);
                            state.set(State.EXECUTE);
                        })
                        .is(
                                State.EXECUTE,
                                () -> when(trap.ne(Cause.NONE), () -> {
                                            haltCause.set(trap);
                                            state.set(State.HALT);
                                        })
                                        .elseWhen(kind.eq(Kind.LOAD), () -> {
                                            data.request.set(true);
                                            state.set(State.LOAD);
                                        })
                                        .otherwise(() -> {
                                            data.request.set(kind.eq(Kind.STORE));
                                            ends.set(true);
                                        }))
                        .is(State.LOAD, () -> {
                            ends.set(true);
                            state.set(State.EXECUTE);
                        })
                        .is(State.HALT, () -> {}));
        when(ends, () -> {
            fetch.request.set(true);
            pc.set(next);
        });

        var writes = kind.eq(Kind.OPERATION).or(kind.eq(Kind.JUMP)).or(kind.eq(Kind.LOAD));
        var result = mux(kind.eq(Kind.LOAD), lanes.load, mux(kind.eq(Kind.JUMP), following, alu.result));
        registers.write.set(ends.and(writes));
        registers.rd.set(decoded.rd);
        registers.value.set(result);

        halted.set(state.eq(State.HALT));
        cause.set(haltCause);
        retired.valid.set(ends);
        retired.pc.set(pc);
        retired.instruction.set(fetch.word);
        retired.rd.set(mux(writes, decoded.rd, 0));
        retired.value.set(result);
    }
}
