// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.pack;

import dev.lutra.machine.ChainLayout;
import dev.lutra.machine.Engine;
import dev.lutra.machine.WeightPacking;
import dev.lutra.map.plan.Piece;
import dev.lutra.map.plan.RegionPlan;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.map.quant.LayerFormat;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a matrix as the engine streams it: for each piece its scales [block][group][n], padded to a beat, then its
 * weight words [block][group][pass, most significant first][step], or [block][group][step][pass, least significant first] where the packing is
 * stepwise, or [step][block][pass, most significant first] where tables stay, which hold what {@link dev.lutra.machine.WeightPacking} says, or the trits of packed
 * ternary weights, starting anew with each piece, or bitmaps and codes of all words of a piece, padded to a beat. Elements
 * beyond the matrix have code 0, which is right because their activation is 0 or their column is dropped.
 */
public final class WeightPacker {
    private final RegionPlan plan;
    private final Engine engine;
    private final WordWriter words;
    /** Null where words lie in memory as they are. */
    private final @Nullable TritWriter trits;

    private final @Nullable ChainWriter chains;
    private byte[] image;
    private int at;

    private WeightPacker(RegionPlan plan) {
        this.plan = plan;
        this.engine = plan.machine().engine();
        this.words = new WordWriter(engine, plan.shape().bits(), plan.shape().zeroPoint());
        this.trits = engine.packs(plan.shape().zeroPoint()) ? new TritWriter(engine) : null;
        ChainLayout layout = engine.chains();
        this.chains =
                layout == null ? null : new ChainWriter(layout, plan.shape().kept(), engine.planes());
        this.image = new byte[Math.toIntExact(plan.matrixBytes())];
    }

    /**
     * The bytes of one layer.
     *
     * @throws IllegalArgumentException if the matrix has not the shape that was planned
     */
    public static byte[] pack(RegionPlan plan, CodedMatrix matrix) {
        var shape = plan.shape();
        if (matrix.rows() != shape.n()
                || matrix.cols() != shape.k()
                || matrix.groupSize() != shape.groupSize()
                || !sameWeights(plan, matrix.format())) {
            throw new IllegalArgumentException("%s was planned, %s given".formatted(shape, matrix));
        }
        WeightPacker packer = new WeightPacker(plan);
        for (Piece piece : plan.pieces()) {
            if (packer.engine.tables().stay()) {
                packer.staying(piece, matrix);
            } else {
                packer.scales(piece, matrix);
                packer.indices(piece, matrix);
                packer.weights(piece, matrix);
            }
            if (packer.trits != null) {
                packer.at += packer.trits.flush(packer.image, packer.at);
            }
        }
        return packer.image;
    }

    private static boolean sameWeights(RegionPlan plan, LayerFormat format) {
        boolean folds = plan.machine().engine().foldsOffsets(format.zeroPoint());
        return plan.shape().bits() == format.planes() + (folds ? 1 : 0)
                && plan.shape().zeroPoint() == (folds ? 1 : format.zeroPoint());
    }

    private void scales(Piece piece, CodedMatrix matrix) {
        if (!plan.shape().scaled()) {
            return;
        }
        int start = at;
        int firstGroup = piece.firstStep() / plan.gSteps();
        for (int block = piece.firstBlock(); block < piece.firstBlock() + piece.blocks(); block++) {
            for (int group = firstGroup; group < firstGroup + plan.groups(piece.steps()); group++) {
                for (int column = 0; column < engine.n(); column++) {
                    int row = block * engine.n() + column;
                    boolean inside = row < matrix.rows();
                    image[at++] = inside ? (byte) matrix.groupScale(row, group) : 0;
                    if (engine.packing() == WeightPacking.TYPED_CODES) {
                        image[at++] = inside ? (byte) matrix.mark(row, group) : 0;
                    }
                }
            }
        }
        at = start + (int) plan.scaleBytes(piece.blocks(), piece.steps());
    }

    /** The steps of a block that are stored, in ascending order: those with a code other than 0, and as many of the others, the first ones, as make up their number. */
    private int[] listed(int[][] codes) {
        boolean[] stored = new boolean[plan.kSteps()];
        int left = plan.storedSteps();
        for (int step = 0; step < stored.length; step++) {
            stored[step] = isStored(codes, step);
            left -= stored[step] ? 1 : 0;
        }
        if (left < 0) {
            throw new IllegalArgumentException(
                    "a block keeps %d steps, %d were planned".formatted(plan.storedSteps() - left, plan.storedSteps()));
        }
        int[] steps = new int[plan.storedSteps()];
        int at = 0;
        for (int step = 0; step < stored.length; step++) {
            if (stored[step] || left-- > 0) {
                steps[at++] = step;
            }
        }
        return steps;
    }

    private boolean isStored(int[][] codes, int step) {
        for (int[] column : codes) {
            for (int k = step * engine.step(); k < (step + 1) * engine.step(); k++) {
                if (column[k] != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private void lists(Piece piece, CodedMatrix matrix) {
        int start = at;
        for (int block = piece.firstBlock(); block < piece.firstBlock() + piece.blocks(); block++) {
            for (int step : listed(codes(block, matrix))) {
                image[at] = (byte) step;
                if (engine.scaleBytes() > 1) {
                    image[at + 1] = (byte) (step >> Byte.SIZE);
                }
                at += engine.scaleBytes();
            }
        }
        at = start + (int) plan.scaleBytes(piece.blocks(), piece.steps());
    }

    private void indices(Piece piece, CodedMatrix matrix) {
        if (plan.shape().listed()) {
            lists(piece, matrix);
            return;
        }
        if (chains == null || !plan.shape().kept().indexed()) {
            return;
        }
        int start = at;
        for (int block = piece.firstBlock(); block < piece.firstBlock() + piece.blocks(); block++) {
            int[][] codes = codes(block, matrix);
            for (int step = piece.firstStep(); step < piece.firstStep() + piece.steps(); step++) {
                for (int pass = 0; pass < plan.passes(); pass++) {
                    chains.indices(codes, step * engine.step(), pass, image, at);
                    at += engine.scaleBytes();
                }
            }
        }
        at = start + (int) plan.scaleBytes(piece.blocks(), piece.steps());
    }

    private void weights(Piece piece, CodedMatrix matrix) {
        byte[] whole = image;
        int start = at;
        if (plan.shape().hasBitmaps()) {
            image = new byte[plan.bitmapWords(piece.blocks(), piece.steps()) * engine.wordBytes()];
            at = 0;
        }
        for (int block = piece.firstBlock(); block < piece.firstBlock() + piece.blocks(); block++) {
            weights(piece, block, matrix);
        }
        if (plan.shape().hasBitmaps()) {
            byte[] packed = BitmapWriter.write(engine.bitmapWords(), image);
            long room = plan.weightBytes(piece.blocks(), piece.steps());
            if (packed.length > room) {
                throw new IllegalArgumentException(
                        "%s takes %d bytes, %d were planned".formatted(piece, packed.length, room));
            }
            image = whole;
            System.arraycopy(packed, 0, image, start, packed.length);
            at = start + (int) room;
        }
    }

    private void weights(Piece piece, int block, CodedMatrix matrix) {
        int[][] codes = codes(block, matrix);
        if (plan.shape().listed()) {
            for (int step : listed(codes)) {
                for (int pass = 0; pass < plan.passes(); pass++) {
                    word(codes, step, pass);
                }
            }
            return;
        }
        int end = piece.firstStep() + piece.steps();
        int groupSteps = plan.shape().scaled() ? plan.gSteps() : piece.steps();
        for (int group = piece.firstStep(); group < end; group += groupSteps) {
            int groupEnd = Math.min(group + groupSteps, end);
            if (engine.packing().stepwise()) {
                for (int step = group; step < groupEnd; step++) {
                    for (int pass = 0; pass < plan.passes(); pass++) {
                        word(codes, step, pass);
                    }
                }
                continue;
            }
            for (int pass = plan.passes() - 1; pass >= 0; pass--) {
                for (int step = group; step < groupEnd; step++) {
                    word(codes, step, pass);
                }
            }
        }
    }

    private void staying(Piece piece, CodedMatrix matrix) {
        List<int[][]> codes = new ArrayList<>();
        for (int block = piece.firstBlock(); block < piece.firstBlock() + piece.blocks(); block++) {
            codes.add(codes(block, matrix));
        }
        for (int step = piece.firstStep(); step < piece.firstStep() + piece.steps(); step++) {
            for (int[][] block : codes) {
                for (int pass = plan.passes() - 1; pass >= 0; pass--) {
                    word(block, step, pass);
                }
            }
        }
    }

    private void word(int[][] codes, int step, int pass) {
        int first = step * engine.step();
        if (trits != null) {
            at += trits.write(codes, first, image, at);
            return;
        }
        if (chains != null) {
            chains.weights(codes, first, pass, image, at);
        } else {
            words.write(codes, first, pass, image, at);
        }
        at += engine.wordBytes();
    }

    /** Codes of a row, or what they stand for where zero points are taken off. */
    private void read(CodedMatrix matrix, int index, int[] row) {
        if (!engine.foldsOffsets(matrix.format().zeroPoint())) {
            matrix.readCodes(index, row);
            return;
        }
        for (int k = 0; k < row.length; k++) {
            row[k] = matrix.value(index, k);
        }
    }

    /** Codes of the columns of a block, [column][k], padded with 0 to whole steps. */
    private int[][] codes(int block, CodedMatrix matrix) {
        int[][] codes = new int[engine.n()][plan.kSteps() * engine.step()];
        int[] row = new int[matrix.cols()];
        for (int column = 0; column < engine.n(); column++) {
            int index = block * engine.n() + column;
            if (index >= matrix.rows()) {
                break;
            }
            read(matrix, index, row);
            for (int k = 0; k < row.length; k++) {
                codes[column][k] = trits == null ? words.code(row[k]) : row[k] + 1;
            }
        }
        return codes;
    }
}
