// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.Engine;
import dev.lutra.machine.InstructionCodec;
import dev.lutra.machine.MatrixTile;
import dev.lutra.machine.WeightType;
import java.util.function.ToIntFunction;

/**
 * What an MX instruction's tile and types mean to an engine. Tile, activations and accumulators must be the engine's own; from the weights' type, four bits,
 * follow passes and z', each bit of them a function of four inputs.
 */
final class MatrixTypeDecoder {
    private static final int PASS_BITS = 3;

    private final InstructionFields word;
    private final Engine engine;

    MatrixTypeDecoder(InstructionFields word, Engine engine) {
        this.word = word;
        this.engine = engine;
    }

    /** Whether the engine has them. */
    Bool legal() {
        MatrixTile tile = engine.tile();
        Bool own = word.get(InstructionCodec.MX_TILE_M)
                .eq(Log2.exact(tile.m()))
                .and(word.get(InstructionCodec.MX_TILE_N).eq(Log2.exact(tile.n())))
                .and(word.get(InstructionCodec.MX_TILE_K).eq(tile.k()))
                .and(word.get(InstructionCodec.MX_ACTIVATIONS)
                        .eq(engine.activations().bits() - 1))
                .and(word.get(InstructionCodec.MX_ACCUMULATOR).eq(engine.outerBits() - 1))
                .and(byWeights(type -> engine.refusal(type.bits(), type.zeroPoint()) == null ? 1 : 0));
        return engine.canBeWide()
                ? own
                : own.and(word.flag(InstructionCodec.MX_WIDE).not());
    }

    /** The most significant pass. */
    UInt topPass() {
        Bool[] bits = new Bool[PASS_BITS];
        for (int i = 0; i < PASS_BITS; i++) {
            int bit = i;
            bits[i] = byWeights(type -> engine.passes(type.bits()) - 1 >> bit & 1);
        }
        return cat(bits[2], bits[1], bits[0]).asUInt();
    }

    /** z': 0, 1, or 2 for -1. */
    UInt zeroPoint() {
        Bool positive = byWeights(type -> engine.zeroPoint(type.bits(), type.zeroPoint()) > 0 ? 1 : 0);
        Bool negative = byWeights(type -> engine.zeroPoint(type.bits(), type.zeroPoint()) < 0 ? 1 : 0);
        return cat(negative, positive).asUInt();
    }

    /** Whether its weights lie in memory as trits. */
    Bool packed() {
        return byWeights(type -> engine.packs(type.zeroPoint()) ? 1 : 0);
    }

    /** A bit for each type of weights; 0 for codes that are none. */
    private Bool byWeights(ToIntFunction<WeightType> bit) {
        int table = 0;
        for (WeightType type : WeightType.values()) {
            table |= bit.applyAsInt(type) << type.code();
        }
        UInt code = word.get(InstructionCodec.MX_WEIGHTS);
        return lit(table, 1 << code.width()).bit(code);
    }
}
