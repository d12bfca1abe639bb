// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.pack;

import dev.lutra.machine.Engine;
import dev.lutra.map.plan.Piece;
import dev.lutra.map.plan.RegionPlan;
import dev.lutra.map.quant.QuantizedMatrix;

/**
 * Writes a matrix as the engine streams it: for each piece its scales [block][group][n], padded to a beat, then its
 * weight words [block][group][plane, most significant first][step].
 *
 * <p>A weight word holds for each column and table one code of g bits at bit {@code (column * t + table) * g}: bit k is the
 * plane bit of element k. Codes are mapped offline (LUT Tensor Core, arXiv 2408.06003, eq. 6): with the top bit set, the bits
 * below are inverted. Elements beyond the matrix have code 0, which is right because their activation is 0
 * or their column is dropped.
 */
public final class WeightPacker {
    private final RegionPlan plan;
    private final Engine engine;
    private final byte[] image;
    private int at;

    private WeightPacker(RegionPlan plan) {
        this.plan = plan;
        this.engine = plan.machine().engine();
        this.image = new byte[Math.toIntExact(plan.tensorBytes())];
    }

    /**
     * The bytes of one layer.
     *
     * @throws IllegalArgumentException if the matrix has not the shape that was planned
     */
    public static byte[] pack(RegionPlan plan, QuantizedMatrix matrix) {
        var shape = plan.shape();
        if (matrix.rows() != shape.n()
                || matrix.cols() != shape.k()
                || matrix.groupSize() != shape.groupSize()
                || matrix.format().planes() != shape.bits()
                || matrix.format().zeroPoint() != shape.zeroPoint()) {
            throw new IllegalArgumentException("%s was planned, %s given".formatted(shape, matrix));
        }
        WeightPacker packer = new WeightPacker(plan);
        for (Piece piece : plan.pieces()) {
            packer.scales(piece, matrix);
            for (int block = piece.firstBlock(); block < piece.firstBlock() + piece.blocks(); block++) {
                packer.weights(piece, block, matrix);
            }
        }
        return packer.image;
    }

    private void scales(Piece piece, QuantizedMatrix matrix) {
        if (!plan.shape().scaled()) {
            return;
        }
        int start = at;
        int firstGroup = piece.firstStep() / plan.gSteps();
        for (int block = piece.firstBlock(); block < piece.firstBlock() + piece.blocks(); block++) {
            for (int group = firstGroup; group < firstGroup + plan.groups(piece.steps()); group++) {
                for (int column = 0; column < engine.n(); column++) {
                    int row = block * engine.n() + column;
                    image[at++] = row < matrix.rows() ? (byte) matrix.groupScale(row, group) : 0;
                }
            }
        }
        at = start + (int) plan.scaleBytes(piece.blocks(), piece.steps());
    }

    private void weights(Piece piece, int block, QuantizedMatrix matrix) {
        byte[][] codes = unsignedCodes(block, matrix);
        int end = piece.firstStep() + piece.steps();
        int groupSteps = plan.shape().scaled() ? plan.gSteps() : piece.steps();
        for (int group = piece.firstStep(); group < end; group += groupSteps) {
            for (int plane = plan.shape().bits() - 1; plane >= 0; plane--) {
                for (int step = group; step < Math.min(group + groupSteps, end); step++) {
                    word(codes, step, plane);
                }
            }
        }
    }

    /** Unsigned codes q of the columns of a block, [column][k], padded with 0 to whole steps. */
    private byte[][] unsignedCodes(int block, QuantizedMatrix matrix) {
        byte[][] codes = new byte[engine.n()][plan.kSteps() * engine.step()];
        byte[] row = new byte[matrix.cols()];
        for (int column = 0; column < engine.n(); column++) {
            int index = block * engine.n() + column;
            if (index >= matrix.rows()) {
                break;
            }
            matrix.readCodes(index, row);
            for (int k = 0; k < row.length; k++) {
                codes[column][k] = (byte) unsigned(row[k]);
            }
        }
        return codes;
    }

    /** From q' - z' = 2w with q' = 2q - (2^bits - 1); without a zero point q' = w. */
    private int unsigned(int weight) {
        int z = plan.shape().zeroPoint();
        int reinterpreted = z == 0 ? weight : 2 * weight + z;
        return (reinterpreted + (1 << plan.shape().bits()) - 1) / 2;
    }

    private void word(byte[][] codes, int step, int plane) {
        int g = engine.g();
        int bit = 0;
        for (int column = 0; column < engine.n(); column++) {
            for (int table = 0; table < engine.t(); table++) {
                int first = step * engine.step() + table * g;
                int code = 0;
                for (int k = 0; k < g; k++) {
                    code |= (codes[column][first + k] >> plane & 1) << k;
                }
                put(bit, mapped(code));
                bit += g;
            }
        }
        at += engine.wordBytes();
    }

    private int mapped(int code) {
        int top = 1 << (engine.g() - 1);
        return (code & top) == 0 ? code : code ^ (top - 1);
    }

    private void put(int bit, int code) {
        int shifted = code << (bit % 8);
        image[at + bit / 8] |= (byte) shifted;
        if (shifted > 0xff) {
            image[at + bit / 8 + 1] |= (byte) (shifted >> 8);
        }
    }
}
