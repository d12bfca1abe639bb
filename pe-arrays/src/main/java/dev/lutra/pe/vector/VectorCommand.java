// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.vector;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorShape;

/** A {@link VectorPass} as signals. Enumerations have their Java order. */
public final class VectorCommand extends Bundle {
    public final EnumSignal<VectorPass.Source> source = field(Hdl.enumOf(VectorPass.Source.class));
    public final EnumSignal<VectorPass.Sign> sign = field(Hdl.enumOf(VectorPass.Sign.class));

    /** Row, or number of a scalar register. */
    public final UInt x;

    public final Bits constant = field(bits(32));

    /** 1 + log2 of a distance below the number of lanes, 0 for none. */
    public final UInt swapLanes = field(uint(3));

    /** log2 of how often a block of x is read. */
    public final UInt repeat = field(uint(3));

    /** log2 of its rows, 0 if {@link #repeat} is. */
    public final UInt block = field(uint(3));

    /** log2 of the elements for which one of y stays. */
    public final UInt spread = field(uint(4));

    /** A distance in rows, 0 for none. */
    public final UInt swapRows;

    public final UInt y;

    /** Rows, 0 for never. */
    public final UInt period;

    public final EnumSignal<VectorPass.Factor> factor = field(Hdl.enumOf(VectorPass.Factor.class));
    public final UInt factorScalar = field(uint(4));
    public final EnumSignal<VectorPass.Addend> addend = field(Hdl.enumOf(VectorPass.Addend.class));
    public final UInt addendScalar = field(uint(4));
    public final EnumSignal<VectorPass.Function> function = field(Hdl.enumOf(VectorPass.Function.class));
    public final EnumSignal<VectorPass.Result> result = field(Hdl.enumOf(VectorPass.Result.class));
    public final UInt out;
    public final EnumSignal<VectorPass.Reduction> reduction = field(Hdl.enumOf(VectorPass.Reduction.class));
    public final Bool keep = field(bool());
    public final UInt target = field(uint(4));
    public final UInt length = field(uint(16));
    public final EnumSignal<VectorPass.After> after = field(Hdl.enumOf(VectorPass.After.class));

    /** What {@link VectorUnit#retired} says when what the pass wrote can be read. */
    public final UInt posts = field(uint(POSTS));

    /** Bits of {@link #posts}. */
    public static final int POSTS = 3;

    /** @param rowBits bits of a row address */
    public VectorCommand(int rowBits) {
        x = field(uint(rowBits));
        swapRows = field(uint(rowBits));
        y = field(uint(rowBits));
        period = field(uint(rowBits));
        out = field(uint(rowBits));
    }

    /** The values of a pass in the order of {@link #fields}; what does not fit a unit of this shape is refused. */
    static long[] values(VectorShape shape, VectorPass p) {
        int lanes = shape.lanes();
        boolean within = p.swap() > 0 && p.swap() < lanes;
        if (within ? Integer.bitCount(p.swap()) != 1 : p.swap() % lanes != 0)
            throw new IllegalArgumentException("elements " + p.swap() + " apart on " + lanes
                    + " lanes: a power of two below them, or a multiple of them");
        int most = shape.rows() - 1;
        for (int row : new int[] {p.x(), p.y(), p.out(), p.period(), p.swap() / lanes}) {
            if (row > most) throw new IllegalArgumentException("row " + row + " of 0.." + most);
        }
        return new long[] {
            p.source().ordinal(),
            p.sign().ordinal(),
            p.constant() & 0xFFFFFFFFL,
            within ? 1 + Integer.numberOfTrailingZeros(p.swap()) : 0,
            Integer.numberOfTrailingZeros(p.repeat()),
            Integer.numberOfTrailingZeros(p.block()),
            Integer.numberOfTrailingZeros(p.spread()),
            p.factor().ordinal(),
            p.factorScalar(),
            p.addend().ordinal(),
            p.addendScalar(),
            p.function().ordinal(),
            p.result().ordinal(),
            p.reduction().ordinal(),
            p.keep() ? 1 : 0,
            p.target(),
            p.length(),
            p.after().ordinal(),
            0,
            p.x(),
            p.swap() / lanes,
            p.y(),
            p.period(),
            p.out()
        };
    }
}
