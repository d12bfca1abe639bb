// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.pack;

import dev.lutra.machine.ChainLayout;
import dev.lutra.machine.Engine;
import dev.lutra.machine.WeightPacking;
import dev.lutra.map.plan.Piece;
import dev.lutra.map.plan.RegionPlan;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.map.quant.LayerFormat;
import java.nio.ByteBuffer;
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
    private final ByteBuffer image;

    private WeightPacker(RegionPlan plan) {
        this.plan = plan;
        this.engine = plan.machine().engine();
        this.words = new WordWriter(engine, plan.shape().bits(), plan.shape().zeroPoint());
        this.trits = engine.packs(plan.shape().zeroPoint()) ? new TritWriter(engine) : null;
        ChainLayout layout = engine.chains();
        this.chains =
                layout == null ? null : new ChainWriter(layout, plan.shape().kept(), engine.planes());
        this.image = ByteBuffer.allocate(Math.toIntExact(plan.matrixBytes()));
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
                skip(packer.image, packer.trits.flush(packer.image.array(), packer.image.position()));
            }
        }
        return packer.image.array();
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
        int start = image.position();
        int firstGroup = piece.firstStep() / plan.gSteps();
        for (int block = piece.firstBlock(); block < piece.firstBlock() + piece.blocks(); block++) {
            for (int group = firstGroup; group < firstGroup + plan.groups(piece.steps()); group++) {
                for (int column = 0; column < engine.n(); column++) {
                    int row = block * engine.n() + column;
                    boolean inside = row < matrix.rows();
                    image.put(inside ? (byte) matrix.groupScale(row, group) : 0);
                    if (engine.packing() == WeightPacking.TYPED_CODES) {
                        image.put(inside ? (byte) matrix.mark(row, group) : 0);
                    }
                }
            }
        }
        image.position(start + (int) plan.scaleBytes(piece.blocks(), piece.steps()));
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
        int start = image.position();
        for (int block = piece.firstBlock(); block < piece.firstBlock() + piece.blocks(); block++) {
            for (int step : listed(codes(block, matrix))) {
                int line = image.position();
                image.put(line, (byte) step);
                if (engine.scaleBytes() > 1) {
                    image.put(line + 1, (byte) (step >> Byte.SIZE));
                }
                skip(image, engine.scaleBytes());
            }
        }
        image.position(start + (int) plan.scaleBytes(piece.blocks(), piece.steps()));
    }

    private void indices(Piece piece, CodedMatrix matrix) {
        if (plan.shape().listed()) {
            lists(piece, matrix);
            return;
        }
        if (chains == null || !plan.shape().kept().indexed()) {
            return;
        }
        int start = image.position();
        for (int block = piece.firstBlock(); block < piece.firstBlock() + piece.blocks(); block++) {
            int[][] codes = codes(block, matrix);
            for (int step = piece.firstStep(); step < piece.firstStep() + piece.steps(); step++) {
                for (int pass = 0; pass < plan.passes(); pass++) {
                    chains.indices(codes, step * engine.step(), pass, image.array(), image.position());
                    skip(image, engine.scaleBytes());
                }
            }
        }
        image.position(start + (int) plan.scaleBytes(piece.blocks(), piece.steps()));
    }

    private void weights(Piece piece, CodedMatrix matrix) {
        if (!plan.shape().hasBitmaps()) {
            words(piece, matrix, image);
            return;
        }
        var dense = ByteBuffer.allocate(plan.bitmapWords(piece.blocks(), piece.steps()) * engine.wordBytes());
        words(piece, matrix, dense);
        byte[] packed = BitmapWriter.write(engine.bitmapWords(), dense.array());
        int room = (int) plan.weightBytes(piece.blocks(), piece.steps());
        if (packed.length > room) {
            throw new IllegalArgumentException(
                    "%s takes %d bytes, %d were planned".formatted(piece, packed.length, room));
        }
        image.put(packed);
        skip(image, room - packed.length);
    }

    /** All words of a piece, in the order in which the engine takes them. */
    private void words(Piece piece, CodedMatrix matrix, ByteBuffer out) {
        for (int block = piece.firstBlock(); block < piece.firstBlock() + piece.blocks(); block++) {
            words(piece, block, matrix, out);
        }
    }

    private void words(Piece piece, int block, CodedMatrix matrix, ByteBuffer out) {
        int[][] codes = codes(block, matrix);
        if (plan.shape().listed()) {
            for (int step : listed(codes)) {
                for (int pass = 0; pass < plan.passes(); pass++) {
                    word(codes, step, pass, out);
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
                        word(codes, step, pass, out);
                    }
                }
                continue;
            }
            for (int pass = plan.passes() - 1; pass >= 0; pass--) {
                for (int step = group; step < groupEnd; step++) {
                    word(codes, step, pass, out);
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
                    word(block, step, pass, image);
                }
            }
        }
    }

    private void word(int[][] codes, int step, int pass, ByteBuffer out) {
        int first = step * engine.step();
        if (trits != null) {
            skip(out, trits.write(codes, first, out.array(), out.position()));
            return;
        }
        if (chains != null) {
            chains.weights(codes, first, pass, out.array(), out.position());
        } else {
            words.write(codes, first, pass, out.array(), out.position());
        }
        skip(out, engine.wordBytes());
    }

    private static void skip(ByteBuffer bytes, int count) {
        bytes.position(bytes.position() + count);
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
