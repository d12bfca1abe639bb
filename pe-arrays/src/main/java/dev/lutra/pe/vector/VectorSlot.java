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

/** What a slot does in each part of a lane. Every part is delayed by itself until the slot's row is there. */
final class VectorSlot extends Bundle {
    final Read read;
    final Prepare prepare;
    final Multiply multiply = field(new Multiply());
    final Add add = field(new Add());
    final EnumSignal<VectorPass.Function> function = field(Hdl.enumOf(VectorPass.Function.class));
    final Reduce reduce = field(new Reduce());
    final Finish finish = field(new Finish());
    final Write write;

    final Send send = field(new Send());

    /** Of the pass whose last slot this is, else 0. */
    final UInt posts = field(uint(VectorCommand.POSTS));

    /** Lanes that have an element. */
    final Bits valid;

    VectorSlot(VectorShape shape) {
        read = field(new Read(shape.rowBits()));
        prepare = field(new Prepare(shape.levels()));
        write = field(new Write(shape.rowBits()));
        valid = field(bits(shape.lanes()));
    }

    /** Which rows. */
    static final class Read extends Bundle {
        final UInt x;
        final UInt y;

        final Bool usesX = field(bool());

        /** Nobody else may read at the port of y. */
        final Bool usesY = field(bool());

        Read(int rowBits) {
            x = field(uint(rowBits));
            y = field(uint(rowBits));
        }
    }

    /** What x and y are. */
    static final class Prepare extends Bundle {
        final UInt swapLanes = field(uint(3));

        /** x and y are neighbours of the rows of x and y, one behind the other. */
        final Bool pairs = field(bool());

        /** Steps of spreading y that are taken, the first one lowest: each lane gets the word of one at half its distance from one end. */
        final Bits spread;

        /** That end is the upper one of the lanes, step by step. */
        final Bits upper;

        final Bool same = field(bool());
        final Bits scalar = field(bits(32));
        final EnumSignal<VectorPass.Sign> sign = field(Hdl.enumOf(VectorPass.Sign.class));

        Prepare(int levels) {
            spread = field(bits(Math.max(1, levels)));
            upper = field(bits(Math.max(1, levels)));
        }
    }

    static final class Multiply extends Bundle {
        final Bool integers = field(bool());
        final EnumSignal<VectorPass.Factor> factor = field(Hdl.enumOf(VectorPass.Factor.class));
        final Bits scalar = field(bits(32));
    }

    /** The second operand of the adder. */
    enum Operand {
        NOTHING,
        VECTOR,
        SCALAR,
        /** The adder's own result. */
        LAST,
        /** Its result one cycle before. */
        ONE_BEFORE,
        TWO_BEFORE,
        /** The result of a lane half as many lanes above. */
        UPPER
    }

    static final class Add extends Bundle {
        /** The first operand is the adder's own result, not the product. */
        final Bool folds = field(bool());

        /** A product without an element counts as nothing. */
        final Bool sums = field(bool());

        /** The lesser operand in place of the sum. */
        final Bool minimum = field(bool());

        final EnumSignal<Operand> operand = field(Hdl.enumOf(Operand.class));
        final Bits scalar = field(bits(32));

        /** Which half, of {@link Operand#UPPER}: 0 for the whole number of lanes. */
        final UInt level = field(uint(3));
    }

    enum Step {
        NOTHING,
        /** The first row. */
        BEGIN,
        NEXT,
        /** Lanes with those half as many above. */
        HALVE
    }

    static final class Reduce extends Bundle {
        final EnumSignal<Step> step = field(Hdl.enumOf(Step.class));
        final UInt level = field(uint(3));
        final UInt row = field(uint(16));
    }

    enum Scalar {
        NOTHING,
        /** The value of lane 0. */
        VALUE,
        /** The greatest value. */
        GREATEST,
        /** The number of its element, in the register after the target. */
        ARGUMENT
    }

    static final class Finish extends Bundle {
        final EnumSignal<Scalar> scalar = field(Hdl.enumOf(Scalar.class));
        final UInt target = field(uint(4));
        final Bool keep = field(bool());
        final Bits kept = field(bits(32));

        /** Number of the pass's first element. */
        final UInt first = field(uint(32));
    }

    /** Integers leave the unit. */
    static final class Send extends Bundle {
        final Bool enable = field(bool());

        /** The first row of the pass. */
        final Bool first = field(bool());

        final Bool last = field(bool());
    }

    static final class Write extends Bundle {
        final Bool enable = field(bool());
        final Bool int8 = field(bool());
        final UInt row;

        Write(int rowBits) {
            row = field(uint(rowBits));
        }
    }

    /** What is written to the even rows of the scratchpad, or to the odd ones. */
    static final class BankWrite extends Bundle {
        /** A result. */
        final Bool result = field(bool());

        /** A word from outside. */
        final Bool put = field(bool());

        /** Half the row. */
        final UInt row;

        BankWrite(int rowBits) {
            row = field(uint(rowBits - 1));
        }
    }
}
