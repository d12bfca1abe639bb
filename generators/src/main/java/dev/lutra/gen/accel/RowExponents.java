// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.machine.Machine;
import dev.lutra.pe.dot.ExponentScan;
import java.util.ArrayList;
import java.util.List;

/**
 * Exponents of rows of FP16 activations: of each row of each half of the activation buffer the greatest exponent field, found while LDA fills the half and
 * kept beside it ({@link dev.lutra.pe.dot.SharedExponent}, step 2).
 *
 * <p>A half holds step by step the activations of all rows. So rows of a step that are shorter than a beat share it, and those that are longer take several.
 */
final class RowExponents extends Module {

    /**
     * @param beatBits width of a bus beat
     * @param rows m
     * @param rowBytes bytes of a row's activations of a step in memory
     * @param halfBytes capacity of one half of the activation buffer
     */
    record Params(int beatBits, int rows, int rowBytes, int halfBytes) {
        static Params of(Machine machine) {
            var engine = machine.engine();
            return new Params(
                    machine.bus().dataBits(),
                    engine.m(),
                    engine.rowBytes(),
                    machine.buffers().activationHalf());
        }

        int indexBits() {
            return Log2.exact(halfBytes * 8 / beatBits);
        }

        /** Neighbouring bits of a beat that are of one row. */
        int pieceBits() {
            return Math.min(beatBits, 8 * rowBytes);
        }

        /** Rows that a beat has activations of. */
        int rowsPerBeat() {
            return Math.min(rows, beatBits / pieceBits());
        }

        /** Sets of rows that beats take turns in. */
        int turns() {
            return rows / rowsPerBeat();
        }

        ExponentScan.Params scan() {
            return new ExponentScan.Params(beatBits / 16 / rowsPerBeat());
        }
    }

    final Bool clear = in(bool());

    /** A load begins; before its first beat. */
    final Bool start = in(bool());

    /** Of the load, from its start until {@link #done}. */
    final Bool half = in(bool());

    final Bool beatValid = in(bool());
    final Bool beatLast = in(bool());

    /** Of the beat in its half. */
    final UInt index;

    final Bits beat;

    /** In the next cycle the exponents contain the load's last beat. */
    final Bool done = out(bool());

    /** Of row r of half h at h m + r. */
    final Vec<UInt> exponents;

    RowExponents(Params p) {
        super(p);
        doc("Greatest exponents of %d rows of binary16 numbers in each half of the activation buffer."
                .formatted(p.rows));
        index = in(uint(p.indexBits()));
        beat = in(bits(p.beatBits));
        exponents = out(vec(2 * p.rows, i -> uint(5)));

        List<UInt> ofBeat = new ArrayList<>();
        for (int row = 0; row < p.rowsPerBeat(); row++) {
            var scan = new ExponentScan(p.scan());
            scan.valid.set(beatValid);
            scan.first.set(true); // of the beat alone: what was before stands beside the half
            scan.activations.set(piecesOf(row, p));
            ofBeat.add(scan.exponent);
        }
        int latency = p.scan().latency();
        Bool valid = beatValid;
        Bool last = beatValid.and(beatLast);
        UInt turn = turnOf(index, p);
        for (int i = 0; i < latency; i++) {
            valid = flag(valid.andNot(clear));
            last = flag(last.andNot(clear));
            turn = p.turns() == 1 ? turn : later(turn);
        }
        done.set(last);
        for (int h = 0; h < 2; h++) {
            Bool here = h == 1 ? half : half.not();
            for (int row = 0; row < p.rows; row++) {
                UInt most = reg(uint(5));
                Bool turns = p.turns() == 1 ? here : here.and(turn.eq(row / p.rowsPerBeat()));
                UInt greatest = most.max(ofBeat.get(row % p.rowsPerBeat()));
                when(valid.and(turns), () -> most.set(greatest));
                when(start.and(here), () -> most.set(1));
                exponents.get(h * p.rows + row).set(most);
            }
        }
    }

    /** Activations of a row of those that share the beat. */
    private Bits piecesOf(int row, Params p) {
        List<Data> pieces = new ArrayList<>();
        for (int at = p.beatBits - p.pieceBits(); at >= 0; at -= p.pieceBits()) {
            if (at / p.pieceBits() % p.rowsPerBeat() == row) {
                pieces.add(beat.bits(at + p.pieceBits() - 1, at));
            }
        }
        return cat(pieces);
    }

    /** Which set of rows a beat is of. */
    private static UInt turnOf(UInt index, Params p) {
        int beatsOfTurn = 8 * p.rowBytes / p.pieceBits();
        int low = Log2.exact(beatsOfTurn);
        return p.turns() == 1
                ? lit(0, 1)
                : index.bits(low + Log2.exact(p.turns()) - 1, low).asUInt();
    }

    private Bool flag(Bool value) {
        Bool stage = reg(bool()).init(false);
        stage.set(value);
        return stage;
    }

    private UInt later(UInt value) {
        UInt stage = reg(like(value));
        stage.set(value);
        return stage;
    }
}
