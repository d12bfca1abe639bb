// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.InstructionCodec;
import dev.lutra.machine.VectorShape;
import dev.lutra.pe.vector.VectorUnit;

/**
 * VEC: passes of the vector unit under tokens, and the doors of its scratchpad.
 *
 * <p>A pass takes its tokens before its first slot and posts when what it wrote can be read. Rows of the matrix unit come before those of LDA.
 */
final class Vectors extends Module {

    /**
     * @param shape of the vector unit
     * @param beatBits width of a bus beat
     * @param activationBits width of a beat address of the activation buffer
     */
    record Params(VectorShape shape, int beatBits, int activationBits) {}

    private static final int PEERS = VectorInstruction.PEERS.size();

    final Bool clear = in(bool());
    final Decoupled<VectorInstruction> command;

    /** Bits in the order of {@link VectorInstruction#PEERS}. */
    final UInt tokenAvailable = in(uint(PEERS));

    final UInt tokenTake = out(uint(PEERS));
    final UInt tokenPost = out(uint(PEERS));
    final Decoupled<VectorUnit.Row> sums;
    final Decoupled<VectorUnit.Row> loaded;
    final Decoupled<UInt> ask;
    final Bits answer;

    /** Number of a scalar register, and the bits of it. */
    final UInt scalar = in(uint(InstructionCodec.NEXT_SCALAR.width()));

    final Bits scalarBits = out(bits(32));
    final Bool writeEnable = out(bool());
    final UInt writeAddress;
    final Bits writeData;
    final Bool busy = out(bool());
    final Bool stalled = out(bool());

    /** A pass has its last slot, or a SYNC retires. */
    final Bool ends = out(bool());

    final Bool idle = out(bool());

    Vectors(Params p) {
        super(p);
        doc("VEC unit: passes of the vector unit under tokens.");
        int rowBits = p.shape.rowBits();
        command = in(decoupled(new VectorInstruction(rowBits)));
        sums = in(decoupled(new VectorUnit.Row(p.shape)));
        loaded = in(decoupled(new VectorUnit.Row(p.shape)));
        ask = in(decoupled(uint(rowBits)));
        answer = out(bits(p.shape.rowBytes() * 8));
        writeAddress = out(uint(p.activationBits));
        writeData = out(bits(p.beatBits));

        var unit = new VectorUnit(p.shape);
        unit.scalar.set(scalar);
        scalarBits.set(unit.scalarBits);
        unit.ask.set(ask);
        answer.set(unit.answer);
        unit.put.valid.set(sums.valid.or(loaded.valid));
        unit.put.bits.set(mux(sums.valid, sums.bits, loaded.bits));
        sums.ready.set(unit.put.ready);
        loaded.ready.set(unit.put.ready.andNot(sums.valid));

        var activations = new ActivationWriter(new ActivationWriter.Params(p.beatBits, p.activationBits, p.shape));
        activations.integers.set(unit.integers);
        writeEnable.set(activations.writeEnable);
        writeAddress.set(activations.writeAddress);
        writeData.set(activations.writeData);

        VectorInstruction next = command.bits;
        Bool tokensReady = next.waits.and(tokenAvailable.not()).eq(0);
        Bool offered = command.valid.and(tokensReady).andNot(clear);
        unit.passes.valid.set(offered.andNot(next.sync));
        unit.passes.bits.set(next.pass);
        // A token that is on its way out goes first.
        Bool syncs = offered.and(next.sync).and(unit.idle).and(unit.retired.eq(0));
        Bool executes = unit.passes.fire().or(syncs);
        command.ready.set(executes);
        UInt none = lit(0, PEERS);
        tokenTake.set(mux(executes, next.waits, none));
        tokenPost.set(unit.retired.or(mux(syncs, next.pass.posts, none)));
        busy.set(unit.working);
        stalled.set(command.valid.andNot(tokensReady).andNot(unit.working));
        ends.set(unit.ends.or(syncs));
        idle.set(unit.idle.and(unit.retired.eq(0)));
    }
}
