// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import dev.lutra.machine.Instruction;
import dev.lutra.machine.Instruction.LoadActivations;
import dev.lutra.machine.Instruction.LoadEntries;
import dev.lutra.machine.Instruction.LoadRows;
import dev.lutra.machine.Instruction.LoadScales;
import dev.lutra.machine.Instruction.LoadWeights;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Instruction.Next;
import dev.lutra.machine.Instruction.Store;
import dev.lutra.machine.Instruction.StoreRows;
import dev.lutra.machine.Instruction.StoreSums;
import dev.lutra.machine.Instruction.Sync;
import dev.lutra.machine.Instruction.Vector;
import dev.lutra.machine.Tokens;
import dev.lutra.machine.Unit;

/**
 * An instruction as CTL sends it to a unit.
 *
 * @param pc its index
 * @param argument host argument its address derives from (memory instructions)
 * @param offset bytes from that argument (memory instructions)
 * @param aHalf activation half after the phase (LDA, MX)
 * @param oHalf output half after the phase (MX, ST)
 */
public record Issued(int pc, Instruction instruction, int argument, long offset, int aHalf, int oHalf) {

    /** The same as if its argument had been so many bytes further on. */
    public Issued before(long bytes) {
        return new Issued(pc, instruction, argument, offset - bytes, aHalf, oHalf);
    }

    /** The unit that executes it; of NEXT, which CTL executes itself, the one that it reads. */
    public Unit unit() {
        if (instruction instanceof LoadActivations || instruction instanceof LoadRows) {
            return Unit.LDA;
        } else if (instruction instanceof LoadWeights
                || instruction instanceof LoadScales
                || instruction instanceof LoadEntries) {
            return Unit.LDW;
        } else if (instruction instanceof Multiply) {
            return Unit.MX;
        } else if (instruction instanceof Store
                || instruction instanceof StoreRows
                || instruction instanceof StoreSums) {
            return Unit.ST;
        } else if (instruction instanceof Vector || instruction instanceof Next) {
            return Unit.VEC;
        } else if (instruction instanceof Sync sync) {
            return sync.unit();
        }
        throw new IllegalStateException("CTL executes " + instruction + " itself");
    }

    /** Its wait and post masks. */
    public Tokens tokens() {
        if (instruction instanceof LoadActivations i) {
            return i.tokens();
        } else if (instruction instanceof LoadWeights i) {
            return i.tokens();
        } else if (instruction instanceof LoadScales i) {
            return i.tokens();
        } else if (instruction instanceof Multiply i) {
            return i.tokens();
        } else if (instruction instanceof Store i) {
            return i.tokens();
        } else if (instruction instanceof LoadRows i) {
            return i.tokens();
        } else if (instruction instanceof StoreRows i) {
            return i.tokens();
        } else if (instruction instanceof LoadEntries i) {
            return i.tokens();
        } else if (instruction instanceof StoreSums i) {
            return i.tokens();
        } else if (instruction instanceof Vector i) {
            return i.tokens();
        }
        return instruction instanceof Next ? Tokens.NONE : ((Sync) instruction).tokens();
    }

    /** Beats of a memory instruction. */
    public int beats() {
        if (instruction instanceof LoadActivations i) {
            return i.beats();
        } else if (instruction instanceof LoadWeights i) {
            return i.beats();
        } else if (instruction instanceof LoadScales i) {
            return i.beats();
        } else if (instruction instanceof LoadRows i) {
            return i.beats();
        } else if (instruction instanceof StoreRows i) {
            return i.beats();
        } else if (instruction instanceof LoadEntries i) {
            return i.beats();
        } else if (instruction instanceof StoreSums i) {
            return i.beats();
        }
        return ((Store) instruction).beats();
    }
}
