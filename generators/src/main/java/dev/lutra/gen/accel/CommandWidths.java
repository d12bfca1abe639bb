// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import dev.lutra.machine.Engine;
import dev.lutra.machine.InstructionCodec;
import dev.lutra.machine.InstructionCodec.Field;
import dev.lutra.machine.Machine;

/**
 * Widths of what the sequencer tells the units: no wider than the machine's buffers and its memory need.
 *
 * <p>Larger numbers than these hold do not fit a buffer or the memory, so that the program checker refuses them.
 *
 * @param address byte address
 * @param activationBeats bus beats of an LDA
 * @param weightBeats bus beats of an LDW, LDS or LDE
 * @param storeBeats bus beats of an ST or STE
 * @param steps steps of the reduction, and of a group
 * @param blocks blocks of an MX
 * @param outputBeat beat within an output half
 * @param row row of the scratchpad; 0 without a vector unit
 * @param passes last pass over the steps
 * @param kept whether weights can be left out
 * @param groups whether the reduction can be cut into groups; steps of a group are not told otherwise
 * @param packed whether weights can lie in memory as trits
 * @param words of an LDW, where these can lie in memory as bitmaps and codes, else 0
 */
record CommandWidths(
        int address,
        int activationBeats,
        int weightBeats,
        int storeBeats,
        int steps,
        int blocks,
        int outputBeat,
        int row,
        int passes,
        boolean kept,
        boolean groups,
        boolean packed,
        int words) {

    static CommandWidths of(Machine machine) {
        var engine = machine.engine();
        var buffers = machine.buffers();
        int outputBeats = machine.beats(buffers.outputHalf());
        // Where there is a scratchpad, transfers may fill it, and products too.
        var vector = machine.vector();
        int scratchpad = vector.rows() * vector.rowBytes();
        int scratchBeats = machine.beats(scratchpad);
        int block = engine.m() * engine.n() * Integer.BYTES;
        return new CommandWidths(
                machine.bus().addrBits(),
                bits(Math.max(machine.beats(buffers.activationHalf()), scratchBeats), InstructionCodec.MEM_BEATS),
                bits(machine.bus().addressable() / machine.bus().beatBytes(), InstructionCodec.MEM_LONG_BEATS),
                // sums of sparse rows come as they are made, as many as a matrix has rows
                machine.side().exists()
                        ? InstructionCodec.MEM_BEATS.width()
                        : bits(Math.max(outputBeats, scratchBeats), InstructionCodec.MEM_BEATS),
                bits(buffers.activationHalf() / engine.lineBytes(), InstructionCodec.MX_K_STEPS),
                bits(Math.max(buffers.outputHalf(), scratchpad) / block, InstructionCodec.MX_BLOCKS),
                bits(Math.max(outputBeats, vector.rows()) - 1, InstructionCodec.MX_OUTPUT_BEAT),
                vector.exists() ? vector.rowBits() : 0,
                passBits(engine),
                engine.chains() != null,
                engine.groupScales(),
                engine.packedTernary(),
                engine.bitmaps() ? InstructionCodec.LDW_WORDS.width() : 0);
    }

    static int passBits(Engine engine) {
        return Math.max(3, Log2.bitsFor(engine.maxPasses() - 1));
    }

    private static int bits(long largest, Field field) {
        return Log2.bitsFor((int) Math.min(largest, field.max()));
    }
}
