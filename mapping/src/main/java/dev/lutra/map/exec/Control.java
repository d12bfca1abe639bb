// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import dev.lutra.machine.Instruction;
import dev.lutra.machine.Instruction.EndLoop;
import dev.lutra.machine.Instruction.Halt;
import dev.lutra.machine.Instruction.LoadActivations;
import dev.lutra.machine.Instruction.LoadEntries;
import dev.lutra.machine.Instruction.LoadRows;
import dev.lutra.machine.Instruction.LoadScales;
import dev.lutra.machine.Instruction.LoadWeights;
import dev.lutra.machine.Instruction.Loop;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Instruction.Next;
import dev.lutra.machine.Instruction.SetBase;
import dev.lutra.machine.Instruction.SetStride;
import dev.lutra.machine.Instruction.Store;
import dev.lutra.machine.Instruction.StoreRows;
import dev.lutra.machine.Instruction.StoreSums;
import dev.lutra.machine.Instruction.Vector;
import dev.lutra.machine.RunError;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * CTL: expands loops and resolves addresses and halves, one instruction for a unit at a time. Addresses stay relative to the host
 * argument they derive from, as the host has set it.
 */
public final class Control {
    private static final int BASES = 16;
    private static final int STRIDES = 8;
    /** Far more instructions in a row than any program needs between two for a unit. */
    private static final int MOST_IDLE = 1 << 20;

    /** Of the lengths, those that NEXT changes. */
    private static final int POSITION = 0;

    private static final int TOKEN = 2;

    /** Of the base arguments, those that NEXT moves. */
    private static final int SCALES = 1;

    private static final int RESULTS = 2;

    private static final int RECORD = 3;

    private final List<Instruction> code;
    private final RunArguments arguments;
    private final Deque<Frame> loops = new ArrayDeque<>();
    private final int[] baseArgument = new int[BASES];
    private final long[] baseOffset = new long[BASES];
    private final boolean[] baseSet = new boolean[BASES];
    private final long[] stride = new long[STRIDES];
    private final boolean[] strideSet = new boolean[STRIDES];
    private final boolean[] executed;
    private final int[] lengths;
    private final long[] moved = new long[RunArguments.BASES];
    private int pc;
    private int layer;
    private boolean ended;
    private @Nullable Next pending;
    private int phaseA;
    private int phaseO;

    private static final class Frame {
        private final Loop loop;
        private final int start;
        private int left;

        Frame(Loop loop, int start, int left) {
            this.loop = loop;
            this.start = start;
            this.left = left;
        }
    }

    /** At the entry point, with all registers unset. */
    public Control(List<Instruction> code, RunArguments arguments) {
        this.code = code;
        this.arguments = arguments;
        this.pc = arguments.entry();
        this.layer = arguments.layer();
        this.lengths = arguments.lengths().stream().mapToInt(Integer::intValue).toArray();
        this.executed = new boolean[code.size()];
        strideSet[0] = true;
    }

    /**
     * The next instruction for a unit, or null at HALT. NEXT comes, too: {@link #goOn} has to follow.
     *
     * @throws RunFault if loops are not balanced or nested too deeply, a register is used before it is set, or the code ends
     *     without HALT
     */
    public @Nullable Issued next() {
        if (pending != null) {
            throw new IllegalStateException(pending + " waits for its number");
        }
        for (int idle = 0; idle < MOST_IDLE; idle++) {
            if (pc < 0 || pc >= code.size()) {
                throw new RunFault(RunError.ILLEGAL_INSTRUCTION, pc, "the code ends without halt");
            }
            int at = pc++;
            executed[at] = true;
            Instruction i = code.get(at);
            if (i instanceof Halt) {
                if (!loops.isEmpty()) {
                    throw new RunFault(RunError.LOOP_NESTING, at, "halt inside %d loops".formatted(loops.size()));
                }
                return null;
            } else if (i instanceof Loop loop) {
                enter(at, loop);
            } else if (i instanceof EndLoop) {
                leave(at);
            } else if (i instanceof SetBase set) {
                baseArgument[set.base()] = set.argument();
                int factor = switch (set.per()) {
                    case LAYER -> layer;
                    case TOKEN -> lengths[TOKEN];
                    case POSITION -> lengths[POSITION];
                };
                baseOffset[set.base()] = moved[set.argument()] + set.offset() + factor * set.stride();
                baseSet[set.base()] = true;
            } else if (i instanceof SetStride set) {
                stride[set.stride()] = set.bytes();
                strideSet[set.stride()] = true;
            } else if (i instanceof Vector vector && vector.length() != 0) {
                int elements = lengths[vector.length() - 1];
                if (elements != 0) {
                    return issue(at, new Vector(vector.tokens(), vector.pass().over(elements), 0));
                }
            } else {
                pending = i instanceof Next next ? next : null;
                return issue(at, i);
            }
        }
        throw new RunFault(RunError.BUS_DEAD, pc, "CTL runs for ever without an instruction for a unit");
    }

    /**
     * What NEXT does, when all units are at rest.
     *
     * @param number the bits of its register
     */
    public void goOn(int number) {
        Next next = Objects.requireNonNull(pending);
        pending = null;
        lengths[TOKEN] = number & 0xFFFF;
        lengths[POSITION] = lengths[POSITION] + 1 & 0xFFFF;
        moved[SCALES] += next.scaleBytes();
        moved[RESULTS] += next.resultBytes();
        moved[RECORD] += next.recordBytes();
        // a token that the host gave has its sign set
        ended = number >= 0 && next.ends().contains(lengths[TOKEN]);
    }

    /** Whether the instruction at an index has been executed. */
    public boolean executed(int index) {
        return executed[index];
    }

    private void enter(int at, Loop loop) {
        int count = loop.passes(lengths);
        if (count == 0) {
            skip(at);
            return;
        }
        if (loops.size() == Instruction.MAX_NEST) {
            throw new RunFault(
                    RunError.LOOP_NESTING, at, "more than %d loops are nested".formatted(Instruction.MAX_NEST));
        }
        loops.push(new Frame(loop, pc, count));
    }

    private void skip(int at) {
        int depth = 1;
        while (depth > 0) {
            if (pc >= code.size()) {
                throw new RunFault(RunError.LOOP_NESTING, at, "this loop has no end");
            }
            Instruction i = code.get(pc++);
            depth += i instanceof Loop ? 1 : i instanceof EndLoop ? -1 : 0;
        }
    }

    private void leave(int at) {
        Frame frame = loops.peek();
        if (frame == null) {
            throw new RunFault(RunError.LOOP_NESTING, at, "endl without a loop");
        }
        phaseA ^= frame.loop.flipA() ? 1 : 0;
        phaseO ^= frame.loop.flipO() ? 1 : 0;
        frame.left = ended ? 0 : frame.left - 1;
        ended = false;
        if (frame.loop.layers()) {
            layer = frame.left == 0 ? arguments.layer() : layer + 1;
        }
        if (frame.left == 0) {
            loops.pop();
        } else {
            pc = frame.start;
        }
    }

    private Issued issue(int at, Instruction i) {
        if (i instanceof LoadActivations lda) {
            return memory(at, i, lda.base(), lda.stride(), lda.half() ^ phaseA, 0);
        } else if (i instanceof LoadWeights ldw) {
            return memory(at, i, ldw.base(), ldw.stride(), 0, 0);
        } else if (i instanceof LoadScales lds) {
            return memory(at, i, lds.base(), lds.stride(), 0, 0);
        } else if (i instanceof Store st) {
            return memory(at, i, st.base(), st.stride(), 0, st.half() ^ phaseO);
        } else if (i instanceof LoadRows ldv) {
            return memory(at, i, ldv.base(), ldv.stride(), 0, 0);
        } else if (i instanceof StoreRows stv) {
            return memory(at, i, stv.base(), stv.stride(), 0, 0);
        } else if (i instanceof LoadEntries lde) {
            return memory(at, i, lde.base(), lde.stride(), 0, 0);
        } else if (i instanceof StoreSums ste) {
            return memory(at, i, ste.base(), ste.stride(), 0, 0);
        } else if (i instanceof Multiply mx) {
            return new Issued(at, i, 0, 0, mx.aHalf() ^ phaseA, mx.oHalf() ^ phaseO);
        }
        return new Issued(at, i, 0, 0, 0, 0);
    }

    private Issued memory(int at, Instruction i, int base, int strideRegister, int aHalf, int oHalf) {
        if (!baseSet[base]) {
            throw new RunFault(RunError.ADDRESS_OUT_OF_RANGE, at, "base register b%d is not set".formatted(base));
        }
        if (!strideSet[strideRegister]) {
            throw new RunFault(
                    RunError.ADDRESS_OUT_OF_RANGE, at, "stride register s%d is not set".formatted(strideRegister));
        }
        Issued issued = new Issued(at, i, baseArgument[base], baseOffset[base], aHalf, oHalf);
        baseOffset[base] += stride[strideRegister];
        return issued;
    }
}
