// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.NmRatio;
import dev.lutra.machine.UserException;
import dev.lutra.map.SharedModels;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;
import dev.lutra.map.model.TernaryMatrix;
import dev.lutra.map.model.WeightMatrix;
import dev.lutra.map.quant.ArrayMatrix;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PruningTest {
    private static final NmRatio TWO_OF_FOUR = new NmRatio(2, 4);

    @Test
    void keepsTheGreatestAndTheFirstOfEquals() {
        float[] row = {1, -3, 2, 0, 5, 5, -5, 5, -1, 1};
        assertThat(NmMask.of(new float[0], TWO_OF_FOUR, row))
                .containsExactly(false, true, true, false, true, true, false, false, true, true);
    }

    @Test
    void activationsChangeTheChoice() {
        float[] row = {1, -3, 2, 0};
        assertThat(NmMask.of(new float[] {10, 1, 1, 100}, TWO_OF_FOUR, row)).containsExactly(true, true, false, false);
        assertThat(NmMask.of(new float[] {0, 0, 0, 0}, TWO_OF_FOUR, row)).containsExactly(true, true, false, false);
    }

    /** By sums of squares 50, 50, 1 and 36 both rows keep columns 0 and 1; alone, the second one would keep its 6. */
    @Test
    void rowsOfAPairShareTheirMask() {
        var matrix = new ArrayMatrix(3, 4, new float[] {5, 5, 1, 0, 5, 5, 0, 6, 3, 5, 1, 0});
        var pruned = new PrunedMatrix(matrix, new RowMasks(matrix, new float[0], TWO_OF_FOUR, true));
        assertThat(pruned.toArray()).containsExactly(5, 5, 0, 0, 5, 5, 0, 0, 3, 5, 0, 0);
    }

    /** All four columns weigh the same over both rows, whatever the scale: the first two are kept. */
    @Test
    void ternaryRowsOfAPairShareTheirMask() {
        var matrix = new TernaryRows(0.25f, new byte[][] {{1, 0, -1, 0}, {0, 1, 0, 1}});
        var pruned = new PrunedTernaryMatrix(matrix, new RowMasks(matrix, new float[0], TWO_OF_FOUR, true));
        byte[] codes = new byte[4];
        pruned.readCodes(0, codes);
        assertThat(codes).containsExactly(1, 0, 0, 0);
        pruned.readCodes(1, codes);
        assertThat(codes).containsExactly(0, 1, 0, 0);
    }

    private record TernaryRows(float scale, byte[][] codes) implements TernaryMatrix {
        @Override
        public String name() {
            return "ternary";
        }

        @Override
        public int rows() {
            return codes.length;
        }

        @Override
        public int cols() {
            return codes[0].length;
        }

        @Override
        public void readCodes(int row, byte[] into) {
            System.arraycopy(codes[row], 0, into, 0, cols());
        }
    }

    @Test
    void ratiosByRegionAndLayer() {
        Pruning pruning = Pruning.parse("2:4/down=1:1/1.down=8:16").orElseThrow();
        assertThat(pruning.of(Region.QKV, 0)).isEqualTo(new Kept.Weights(TWO_OF_FOUR));
        assertThat(pruning.of(Region.DOWN, 0)).isEqualTo(new Kept.Weights(NmRatio.DENSE));
        assertThat(pruning.of(Region.DOWN, 1)).isEqualTo(new Kept.Weights(new NmRatio(8, 16)));
        assertThat(pruning).hasToString("2:4/1.down=8:16/down=1:1");
        assertThat(Pruning.parse("8:16p").orElseThrow().pairs()).isTrue();
        Pruning tiles = Pruning.parse("32x16:50%/down=2:4").orElseThrow();
        assertThat(tiles.of(Region.O, 0)).isEqualTo(new Kept.Tiles(32, 16, 50));
        assertThat(tiles).hasToString("32x16:50%/down=2:4");
        Pruning share = Pruning.parse("50%/down=100%").orElseThrow();
        assertThat(share.of(Region.O, 0)).isEqualTo(new Kept.Share(50));
        assertThat(share.of(Region.DOWN, 0).isAll()).isTrue();
        assertThat(share).hasToString("50%/down=100%");
        for (String wrong : List.of(
                "",
                "0%",
                "101%",
                "%",
                "3:4",
                "4:2",
                "2:32",
                "2:4/head=1:1",
                "2:4/down",
                "2:4/o=1:1/o=1:2",
                "2:4/",
                "2:4/00.o=1:1",
                "0x4:5%",
                "4x4:0%",
                "4x4:101%",
                "4x4:5",
                "4x5000:5%")) {
            assertThat(Pruning.parse(wrong)).as(wrong).isEmpty();
        }
    }

    /** Of 5 weights 3, wherever they are: 60 % by magnitude; with norms the third one comes in, and of the equal first two the first stays. */
    @Test
    void aShareOfARowIsItsGreatestAndTheFirstOfEquals() {
        var matrix = new ArrayMatrix(2, 5, new float[] {-2, 2, 1, 3, -2, 0, 0, 0, 0, 7});
        assertThat(new PrunedMatrix(matrix, new ShareMasks(matrix, new float[0], new Kept.Share(60))).toArray())
                .containsExactly(-2, 2, 0, 3, 0, 0, 0, 0, 0, 7);
        float[] norms = {1, 1, 9, 1, 0};
        assertThat(new PrunedMatrix(matrix, new ShareMasks(matrix, norms, new Kept.Share(60))).toArray())
                .containsExactly(-2, 0, 1, 3, 0, 0, 0, 0, 0, 0);
    }

    /** Blocks of 2 rows over both matrices; of tiles of 2 columns, the last one of 1, one of three is kept: 18 of 18, 2 and 1, then of 2, 50 and 9. */
    @Test
    void tilesOfABlockOfRowsWithTheGreatestSquaresAreKept() {
        var first = new ArrayMatrix(3, 5, new float[] {3, 3, 1, 0, 0, 0, 0, 0, 1, 1, 1, 0, 4, 3, 3});
        var second = new ArrayMatrix(1, 5, new float[] {0, 1, 3, 4, 0});
        var grid = new TileGrid(List.of(first, second), new float[0], new Kept.Tiles(2, 2, 33));
        assertThat(new PrunedMatrix(first, grid.of(first)).toArray())
                .containsExactly(3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 3, 0);
        assertThat(new PrunedMatrix(second, grid.of(second)).toArray()).containsExactly(0, 0, 3, 4, 0);
        float[] norms = {1, 1, 0, 0, 3};
        var known = new TileGrid(List.of(first, second), norms, new Kept.Tiles(2, 2, 33));
        assertThat(new PrunedMatrix(first, known.of(first)).toArray())
                .containsExactly(3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3);
    }

    @ParameterizedTest
    @CsvSource({"1,2", "2,4", "1,8", "8,16", "16,16", "1,1"})
    void storedRowsAreTheRows(int n, int m) {
        var random = new Random(n * 100 + m);
        NmRatio ratio = new NmRatio(n, m);
        byte[][] rows = new byte[5][37];
        float[] values = new float[37];
        for (byte[] row : rows) {
            for (int c = 0; c < 37; c++) values[c] = row[c] = (byte) random.nextInt(256);
            boolean[] kept = NmMask.of(new float[0], ratio, values);
            for (int c = 0; c < 37; c++) if (!kept[c]) row[c] = 0;
        }
        byte[] activations = new byte[37];
        random.nextBytes(activations);
        NmRows stored = new NmRows(ratio, rows);
        for (int r = 0; r < rows.length; r++) {
            assertThat(stored.row(r)).isEqualTo(rows[r]);
            long dot = 0;
            for (int c = 0; c < 37; c++) dot += rows[r][c] * activations[c];
            assertThat(stored.dot(r, activations)).isEqualTo(dot);
        }
    }

    @Test
    void refusesRowsThatAreNotSparse() {
        assertThatThrownBy(() -> new NmRows(TWO_OF_FOUR, new byte[][] {{0, 0, 0, 0, 1, 2, 0, 3}}))
                .hasMessage("row 0, columns 4 to 7: 3 weights are not 0, 2:4 has room for 2");
    }

    /** 2:4 of INT8: (8 + 2) / 2 bits; 8:16: (8 + 4) / 2; 16 of 16 store none. */
    @Test
    void bitsAndBreakEven() {
        assertThat(NmRows.bitsPerWeight(TWO_OF_FOUR, 8)).isEqualTo(5);
        assertThat(NmRows.bitsPerWeight(new NmRatio(8, 16), 8)).isEqualTo(6);
        assertThat(NmRows.bitsPerWeight(new NmRatio(16, 16), 8)).isEqualTo(8);
        assertThat(NmRows.bitsPerWeightWithBitmap(new NmRatio(8, 16), 8)).isEqualTo(5);
        assertThat(NmRows.bitsPerWeight(new NmRatio(8, 16), 4)).isEqualTo(4);
        assertThat(NmRows.breakEven(16, 8)).isEqualTo(8);
        assertThat(NmRows.breakEven(16, 4)).isEqualTo(4);
        assertThat(NmRows.breakEven(2, 1)).isZero();
    }

    /** Every row of every layer of a real model; the head stays. */
    @Test
    void modelsAreSparseThroughout() {
        LlamaModel model =
                Checkpoint.open(SharedModels.directory("stories260K")).model();
        LlamaModel pruned = PrunedModel.of(model, Pruning.parse("2:4/o=1:1").orElseThrow(), null);
        assertThat(pruned.head()).isSameAs(model.head());
        assertThat(pruned.matrices(Region.O, 0)).isEqualTo(model.matrices(Region.O, 0));
        for (int layer = 0; layer < model.config().layers(); layer++) {
            for (Region region : List.of(Region.QKV, Region.GATE_UP, Region.DOWN)) {
                for (int i = 0; i < pruned.matrices(region, layer).size(); i++) {
                    check(
                            model.matrices(region, layer).get(i),
                            pruned.matrices(region, layer).get(i));
                }
            }
        }
    }

    @Test
    void exceptionsOfNoLayerAreRefused() {
        LlamaModel model =
                Checkpoint.open(SharedModels.directory("stories260K")).model();
        PrunedModel.of(model, Pruning.parse("2:4/4.o=1:1").orElseThrow(), null);
        assertThatThrownBy(() ->
                        PrunedModel.of(model, Pruning.parse("2:4/5.o=1:1/o=1:2").orElseThrow(), null))
                .isInstanceOf(UserException.class)
                .hasMessageContainingAll("2:4/5.o=1:1/o=1:2 is of layer 5", "are 0 to 4");
    }

    private static void check(WeightMatrix dense, WeightMatrix sparse) {
        float[] before = new float[dense.cols()];
        float[] after = new float[dense.cols()];
        for (int r = 0; r < dense.rows(); r++) {
            dense.readRow(r, before);
            sparse.readRow(r, after);
            for (int from = 0; from < before.length; from += 4) {
                int kept = 0;
                double least = Double.MAX_VALUE;
                double most = 0;
                for (int c = from; c < from + 4; c++) {
                    if (after[c] == 0) {
                        most = Math.max(most, Math.abs(before[c]));
                    } else {
                        assertThat(after[c]).isEqualTo(before[c]);
                        least = Math.min(least, Math.abs(before[c]));
                        kept++;
                    }
                }
                assertThat(kept).isEqualTo(2);
                assertThat(least).isGreaterThanOrEqualTo(most);
            }
        }
    }
}
