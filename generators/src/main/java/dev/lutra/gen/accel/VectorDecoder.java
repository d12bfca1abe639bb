// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.InstructionCodec;
import dev.lutra.machine.InstructionCodec.Field;
import dev.lutra.machine.RowFormat;
import dev.lutra.machine.Unit;
import dev.lutra.machine.VectorFields;
import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorShape;
import dev.lutra.pe.vector.VectorCommand;
import java.util.List;

/** VEC, LDV and STV in an instruction word; their fields are those of {@link VectorFields}. */
final class VectorDecoder {
    private final InstructionFields word;
    private final VectorShape shape;

    VectorDecoder(InstructionFields word, VectorShape shape) {
        this.word = word;
        this.shape = shape;
    }

    private Bool is(int operation) {
        return word.get(InstructionCodec.OP).eq(operation);
    }

    Bool isVector() {
        return is(InstructionCodec.OP_VEC);
    }

    Bool loads() {
        return is(InstructionCodec.OP_LDV);
    }

    Bool stores() {
        return is(InstructionCodec.OP_STV);
    }

    /** A pass or a SYNC of the vector unit. */
    Bool toVector() {
        Bool syncs =
                is(InstructionCodec.OP_SYNC).and(word.get(InstructionCodec.UNIT).eq(Unit.VEC.ordinal()));
        return isVector().or(syncs);
    }

    /** A pass or a transfer with a value that an enumeration does not have, or a pass without elements. */
    Bool malformed() {
        Bool strange = word.get(VectorFields.AFTER).ge(VectorPass.After.values().length);
        Bool empty = word.get(VectorFields.LENGTH_REGISTER)
                .eq(0)
                .and(word.get(VectorFields.LENGTH).eq(0));
        Bool unknown = word.get(InstructionCodec.MEM_FORMAT).ge(RowFormat.values().length);
        return isVector().and(strange.or(empty)).or(loads().or(stores()).and(unknown));
    }

    /** Elements of the pass. */
    UInt length(List<UInt> lengths) {
        UInt register = word.get(VectorFields.LENGTH_REGISTER);
        return mux(register.eq(0), word.get(VectorFields.LENGTH), Sequencer.runTime(register, lengths));
    }

    /** Where a transfer meets the scratchpad. */
    void drive(TransferCommand command, Bool selected) {
        RowTransfer rows = command.rows;
        if (rows != null) {
            rows.selected.set(selected);
            rows.row.set(word.low(InstructionCodec.MEM_ROW, shape.rowBits()));
            rows.format.set(value(InstructionCodec.MEM_FORMAT, enumOf(RowFormat.class)));
            rows.waits.set(word.waitsFor(Unit.VEC));
            rows.posts.set(word.postsTo(Unit.VEC));
        }
    }

    void drive(VectorInstruction command, Bool isSync, UInt elements) {
        command.sync.set(isSync);
        command.waits.set(mask(true));
        VectorCommand pass = command.pass;
        pass.source.set(value(VectorFields.SOURCE, enumOf(VectorPass.Source.class)));
        pass.sign.set(value(VectorFields.SIGN, enumOf(VectorPass.Sign.class)));
        pass.factor.set(value(VectorFields.FACTOR, enumOf(VectorPass.Factor.class)));
        pass.addend.set(value(VectorFields.ADDEND, enumOf(VectorPass.Addend.class)));
        pass.function.set(value(VectorFields.FUNCTION, enumOf(VectorPass.Function.class)));
        pass.result.set(value(VectorFields.RESULT, enumOf(VectorPass.Result.class)));
        pass.reduction.set(value(VectorFields.REDUCTION, enumOf(VectorPass.Reduction.class)));
        pass.after.set(value(VectorFields.AFTER, enumOf(VectorPass.After.class)));
        pass.keep.set(word.flag(VectorFields.KEEP));
        pass.length.set(elements);
        pass.x.set(row(VectorFields.X));
        pass.y.set(row(VectorFields.Y));
        pass.out.set(row(VectorFields.OUT));
        pass.target.set(word.get(VectorFields.TARGET));
        pass.factorScalar.set(word.get(VectorFields.FACTOR_SCALAR));
        pass.addendScalar.set(word.get(VectorFields.ADDEND_SCALAR));
        pass.constant.set(cat(word.get(VectorFields.CONSTANT_HIGH), word.get(VectorFields.CONSTANT_LOW)));
        Bool constant = word.get(VectorFields.SOURCE).eq(VectorPass.Source.CONSTANT.ordinal());
        UInt period = cat(word.get(VectorFields.PERIOD_HIGH), word.get(VectorFields.PERIOD))
                .asUInt();
        pass.period.set(mux(constant, lit(0, shape.rowBits()), sized(period)));
        Bool spreads = pass.factor.eq(VectorPass.Factor.VECTOR);
        UInt spread = word.get(VectorFields.SPREAD);
        pass.spread.set(mux(spreads, spread, lit(0, spread.width())));
        UInt repeat = word.get(VectorFields.REPEAT);
        Bool repeats = repeat.orR().andNot(pass.addend.eq(VectorPass.Addend.SCALAR));
        pass.repeat.set(mux(repeats, repeat, lit(0, repeat.width())).truncate(pass.repeat.width()));
        UInt block = word.get(VectorFields.BLOCK);
        pass.block.set(mux(repeats, block, lit(0, block.width())));
        swap(pass, constant.or(repeats));
        pass.posts.set(mask(false));
    }

    /** Distances below the lanes are among lanes, others among rows. */
    private void swap(VectorCommand pass, Bool none) {
        UInt code = mux(none, lit(0, VectorFields.SWAP.width()), word.get(VectorFields.SWAP));
        int levels = shape.levels();
        Bool within = code.le(levels);
        pass.swapLanes.set(mux(within, code, lit(0, code.width())));
        UInt rows = lit(1, shape.rowBits()).shlWrap(code.wrapSub(levels + 1));
        pass.swapRows.set(mux(within, lit(0, shape.rowBits()), rows));
    }

    private UInt mask(boolean waits) {
        List<Bool> bits = VectorInstruction.PEERS.stream()
                .map(unit -> waits ? word.waitsFor(unit) : word.postsTo(unit))
                .toList();
        return cat(bits.get(2), bits.get(1), bits.get(0)).asUInt();
    }

    private UInt row(Field field) {
        return sized(word.get(field));
    }

    private UInt sized(UInt value) {
        int bits = shape.rowBits();
        return value.width() > bits ? value.truncate(bits) : value.extend(bits);
    }

    private <E extends Enum<E>> EnumSignal<E> value(Field field, EnumSignal<E> type) {
        Bits bits = word.get(field).asBits();
        return unpack(bits, type);
    }
}
