// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

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
import dev.lutra.machine.Instruction.Sync;
import dev.lutra.machine.Instruction.Vector;
import org.jspecify.annotations.Nullable;

/** What makes an instruction legal on every machine, beyond the widths of its fields. */
final class Legal {
    private Legal() {}

    /** A sentence on the first thing wrong, or null. Machine-dependent limits are the program checker's. */
    static @Nullable String complaint(Instruction i) {
        if (i instanceof Loop loop) {
            return loop.length() != 0 && loop.count() > Loop.MOST_LOG
                    ? "a pass for 2^%d of LEN%d: 2^0 to 2^%d".formatted(loop.count(), loop.length(), Loop.MOST_LOG)
                    : null;
        } else if (i instanceof SetStride sets) {
            long limit = 1L << 39;
            if (sets.stride() == 0) {
                return "stride register 0 is always 0 and cannot be set";
            }
            return sets.bytes() < -limit || sets.bytes() >= limit
                    ? "bytes is %d: it must be from -2^39 to 2^39-1".formatted(sets.bytes())
                    : null;
        } else if (i instanceof LoadActivations lda) {
            return first(tokens(lda.tokens(), Unit.LDA, Unit.MX.bit()), beats(lda.beats()));
        } else if (i instanceof LoadWeights ldw) {
            return first(tokens(ldw.tokens(), Unit.LDW), beats(ldw.beats()));
        } else if (i instanceof LoadScales lds) {
            return first(tokens(lds.tokens(), Unit.LDW), beats(lds.beats()));
        } else if (i instanceof Store st) {
            return first(tokens(st.tokens(), Unit.ST, Unit.MX.bit()), beats(st.beats()));
        } else if (i instanceof LoadRows ldv) {
            return first(tokens(ldv.tokens(), Unit.LDA, Unit.VEC.bit()), beats(ldv.beats()));
        } else if (i instanceof StoreRows stv) {
            return first(tokens(stv.tokens(), Unit.ST, Unit.VEC.bit()), beats(stv.beats()));
        } else if (i instanceof LoadEntries lde) {
            return first(tokens(lde.tokens(), Unit.LDW), beats(lde.beats()));
        } else if (i instanceof StoreSums ste) {
            return first(tokens(ste.tokens(), Unit.ST, 0), beats(ste.beats()));
        } else if (i instanceof Vector vec) {
            return first(tokens(vec.tokens(), Unit.VEC), VectorFields.complaint(vec));
        } else if (i instanceof Sync sync) {
            return tokens(sync.tokens(), sync.unit());
        } else if (i instanceof Multiply mx) {
            int others = mx.toRows() ? Unit.VEC.bit() : Unit.LDA.bit() | Unit.ST.bit();
            return first(tokens(mx.tokens(), Unit.MX, others), multiply(mx));
        } else if (i instanceof Next next) {
            return next.ends().size() > Next.MOST_ENDS
                    ? "%d numbers end it: there is room for %d"
                            .formatted(next.ends().size(), Next.MOST_ENDS)
                    : null;
        } else if (i instanceof Halt || i instanceof EndLoop || i instanceof SetBase) {
            return null;
        }
        throw new IllegalStateException("unknown instruction " + i);
    }

    private static @Nullable String multiply(Multiply mx) {
        if (mx.kSteps() == 0 || mx.blocks() == 0) {
            return "kSteps and blocks must not be 0";
        } else if (!(mx.first() && mx.last()) && mx.blocks() != 1) {
            return "%d blocks without both first and last: a split reduction takes one block at a time"
                    .formatted(mx.blocks());
        }
        if (mx.toRows() && (mx.oHalf() != 0 || mx.types().wide())) {
            return "rows take i32 results, and no half of the output buffer";
        }
        return first(mx.tile().complaint(), mx.types().complaint());
    }

    private static @Nullable String beats(int beats) {
        return beats == 0 ? "beats must not be 0" : null;
    }

    private static @Nullable String tokens(Tokens tokens, Unit unit) {
        return tokens(tokens, unit, unit.peers());
    }

    /** Transfers and products meet the units whose memory they use. */
    private static @Nullable String tokens(Tokens tokens, Unit unit, int others) {
        int stray = (tokens.waits() | tokens.posts()) & ~others;
        if (stray == 0) {
            return null;
        }
        int other = Integer.numberOfTrailingZeros(stray);
        String name = other < Unit.values().length ? Unit.values()[other].name() : "unit " + other;
        boolean strangers = (unit.peers() & 1 << other) == 0;
        return (strangers ? "there are no tokens between %s and %s" : "%s has none for %s in this instruction")
                .formatted(unit, name);
    }

    private static @Nullable String first(@Nullable String a, @Nullable String b) {
        return a != null ? a : b;
    }
}
