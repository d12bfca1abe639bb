// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.ActivationType;
import dev.lutra.machine.ChainLayout;
import dev.lutra.machine.Engine;
import dev.lutra.machine.InstructionCodec;
import dev.lutra.machine.MatrixTile;
import dev.lutra.machine.NmRatio;
import dev.lutra.machine.WeightType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * What an MX instruction's tile and types mean to an engine. Tile, activations and accumulators must be the engine's own; from the weights' type, four bits,
 * follow passes and z', each bit of them a function of four inputs.
 */
final class MatrixTypeDecoder {
    private static final int KEPT_BITS = 3;

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
                        .eq(engine.activations().code()))
                .and(word.get(InstructionCodec.MX_ACCUMULATOR).eq(engine.outerBits() - 1))
                .and(keptLegal())
                .and(byWeights(type -> engine.refusal(type.bits(), type.zeroPoint()) == null ? 1 : 0));
        if (engine.activations() == ActivationType.FP16) {
            // rows have one exponent for all of a reduction, so an instruction has it whole
            own = own.and(word.flag(InstructionCodec.MX_FIRST)).and(word.flag(InstructionCodec.MX_LAST));
        }
        return engine.canBeWide()
                ? own
                : own.and(word.flag(InstructionCodec.MX_WIDE).not());
    }

    /** The most significant pass; with chains the number of their units, M/N of which share a pass, less one. */
    UInt topPass() {
        int bits = CommandWidths.passBits(engine);
        ChainLayout chains = engine.chains();
        if (chains != null) {
            List<UInt> least = new ArrayList<>();
            for (int rows = 1; rows <= chains.block(); rows *= 2) least.add(lit(chains.block() / rows - 1, bits));
            return select(logM().wrapSub(logN()), least);
        }
        List<Bool> passes = new ArrayList<>();
        for (int i = bits - 1; i >= 0; i--) {
            int bit = i;
            passes.add(byWeights(type -> engine.passes(type.bits()) - 1 >> bit & 1));
        }
        return cat(passes).asUInt();
    }

    /** log2 of N kept weights of M. */
    UInt logN() {
        return word.get(InstructionCodec.MX_KEPT_N);
    }

    /** log2 M. */
    UInt logM() {
        return word.get(InstructionCodec.MX_KEPT_M);
    }

    /** Whether the steps are those of a list. */
    Bool listed() {
        return word.flag(InstructionCodec.MX_LISTED);
    }

    /** Each code of a ratio is one of six bits; where steps are listed all weights of a step are kept. */
    private Bool keptLegal() {
        int size = 1 << KEPT_BITS;
        var table = BigInteger.ZERO;
        for (int m = 0; m < 5; m++) {
            for (int n = 0; n <= m; n++) {
                var ratio = new NmRatio(1 << n, 1 << m);
                if (engine.refusal(ratio) == null) {
                    table = table.setBit(m * size + n);
                }
                if (engine.refusalOfList(ratio) == null) {
                    table = table.setBit(size * size + m * size + n);
                }
            }
        }
        return lit(table, 2 * size * size).bit(cat(listed(), logM(), logN()).asUInt());
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
