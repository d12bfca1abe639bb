// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.check;

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
import dev.lutra.machine.InstructionCodec;
import dev.lutra.machine.Machine;
import dev.lutra.machine.MatrixTypes;
import dev.lutra.machine.Program;
import dev.lutra.machine.TypedCodes;
import dev.lutra.machine.Unit;
import dev.lutra.map.exec.Issued;

/** What one instruction of a region may ask of the machine, and the types it must have. */
final class Limits {
    private final Machine machine;
    private final Program.Region region;

    Limits(Machine machine, Program.Region region) {
        this.machine = machine;
        this.region = region;
    }

    void check(Issued op) {
        Instruction i = op.instruction();
        int beat = machine.bus().beatBytes();
        try {
            InstructionCodec.encode(i);
        } catch (IllegalArgumentException e) {
            throw new Refusal(op.pc(), String.valueOf(e.getMessage()));
        }
        units(op);
        if (i instanceof Multiply mx) {
            multiply(op.pc(), mx);
        } else if (!(i instanceof Sync || i instanceof Vector || i instanceof Next)) {
            long bytes = (long) op.beats() * beat;
            if (i instanceof LoadActivations) {
                fits(op.pc(), bytes, machine.buffers().activationHalf(), "activation half");
            } else if (i instanceof Store) {
                fits(op.pc(), bytes, machine.buffers().outputHalf(), "output half");
            } else if (i instanceof LoadScales) {
                fits(op.pc(), bytes, machine.buffers().scaleRing(), "scale ring");
            } else if (i instanceof LoadEntries lde && lde.activations()) {
                int columns = machine.side().columns()
                        * machine.engine().activations().bytes();
                fits(op.pc(), bytes, columns, "activations of the side engine");
            } else if (i instanceof LoadRows || i instanceof StoreRows) {
                int row = machine.vector().rowBytes();
                Refusal.require(bytes % row == 0, op.pc(), "%d bytes are no whole rows of %d", bytes, row);
            } else if (i instanceof LoadWeights ldw) {
                weights(op.pc(), ldw, bytes);
            }
            Refusal.require(op.offset() % beat == 0, op.pc(), "offset %d is not on a beat of %d", op.offset(), beat);
        }
    }

    private void weights(int pc, LoadWeights ldw, long bytes) {
        var engine = machine.engine();
        Refusal.require(
                ldw.words() == 0 || engine.bitmaps(), pc, "it loads bitmaps, the engine takes words as they are");
        Refusal.require(
                (ldw.words() != 0) == region.hasBitmaps(),
                pc,
                ldw.words() != 0
                        ? "it loads bitmaps, the words of the region lie as they are"
                        : "it loads words as they are, those of the region are bitmaps");
        if (ldw.words() != 0) {
            long least = engine.bitmapWords().bytes(ldw.words(), 0);
            Refusal.require(
                    bytes >= least, pc, "the bitmaps of %d words take %d bytes, not %d", ldw.words(), least, bytes);
        } else {
            Refusal.require(
                    !engine.bitmaps() || bytes % engine.wordBytes() == 0, pc, "%d bytes are no whole words", bytes);
        }
    }

    private void units(Issued op) {
        int used = op.unit().bit() | op.tokens().waits() | op.tokens().posts();
        boolean rows = op.instruction() instanceof LoadRows
                || op.instruction() instanceof StoreRows
                || op.instruction() instanceof Multiply mx && mx.toRows();
        Refusal.require(
                machine.vector().exists() || !rows && (used & Unit.VEC.bit()) == 0,
                op.pc(),
                "the machine has no vector unit");
        Refusal.require(
                machine.side().exists()
                        || !(op.instruction() instanceof LoadEntries || op.instruction() instanceof StoreSums),
                op.pc(),
                "the machine has no side engine");
    }

    private void multiply(int pc, Multiply mx) {
        var engine = machine.engine();
        String refusal = engine.refusal(mx);
        if (refusal != null) {
            throw new Refusal(pc, refusal);
        }
        Refusal.require(!mx.scaled() || engine.groupScales(), pc, "the engine has no group scales");
        fits(pc, (long) mx.kSteps() * engine.lineBytes(), machine.buffers().activationHalf(), "activation half");
        if (!region.isStep()) {
            ofRegion(pc, mx, region);
        }
        if (mx.last() && mx.toRows()) {
            return;
        } else if (mx.last()) {
            long results =
                    (long) mx.blocks() * engine.m() * engine.n() * mx.types().resultBytes();
            fits(
                    pc,
                    (long) mx.outputBeat() * machine.bus().beatBytes() + results,
                    machine.buffers().outputHalf(),
                    "output half");
        } else {
            Refusal.require(
                    (mx.tokens().posts() & (Unit.ST.bit() | Unit.VEC.bit())) == 0,
                    pc,
                    "it posts to ST or VEC without results (last is missing)");
        }
    }

    /** Its types are those of the region that its matrix belongs to. */
    void ofRegion(int pc, Multiply mx, Program.Region region) {
        String unfit = machine.engine().refusal(region.bits(), region.zeroPoint());
        if (unfit != null) {
            throw new Refusal(pc, unfit);
        }
        MatrixTypes types = mx.types();
        // zero points of groups are in the stream of scales: the instruction's weights are integers
        int zeroPoint = region.zeroPoint() == TypedCodes.OFFSETS ? 1 : region.zeroPoint();
        Refusal.require(
                types.weights().bits() == region.bits() && types.weights().zeroPoint() == zeroPoint,
                pc,
                "its weights are %s, the region's have %d planes and z' = %d",
                types.weights().text(),
                region.bits(),
                region.zeroPoint());
        Refusal.require(
                types.wide() == region.wide(),
                pc,
                "its results are %s, the region's i%d",
                types.output(),
                region.wide() ? Long.SIZE : Integer.SIZE);
        Refusal.require(
                mx.kept().equals(region.kept()),
                pc,
                "it keeps %s of its weights, the region %s",
                mx.kept(),
                region.kept());
        Refusal.require(
                mx.listed() == region.isListed(),
                pc,
                mx.listed()
                        ? "its steps are listed, the region's are not"
                        : "its steps are in order, the region's listed");
    }

    private static void fits(int pc, long bytes, int size, String buffer) {
        Refusal.require(bytes <= size, pc, "%d bytes do not fit the %s of %d", bytes, buffer, size);
    }
}
