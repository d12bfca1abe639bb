// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.prune;

import dev.lutra.machine.NmRatio;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which part of a layer's weights is kept. */
public sealed interface Kept {

    /** Whether it is all of them. */
    boolean isAll();

    /** Reads {@code 2:4}, {@code 50%} or {@code 32x16:50%}; empty if it is none of these. */
    static Optional<Kept> parse(String text) {
        var matcher = Tiles.TEXT.matcher(text);
        var share = Share.TEXT.matcher(text);
        try {
            if (share.matches()) {
                return Optional.of(new Share(Integer.parseInt(share.group(1))));
            } else if (!matcher.matches()) {
                return NmRatio.parse(text).map(Weights::new);
            }
            return Optional.of(new Tiles(
                    Integer.parseInt(matcher.group(1)),
                    Integer.parseInt(matcher.group(2)),
                    Integer.parseInt(matcher.group(3))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** N of each M neighbours of a row. */
    record Weights(NmRatio ratio) implements Kept {
        @Override
        public boolean isAll() {
            return ratio.n() == ratio.m();
        }

        @Override
        public String toString() {
            return ratio.toString();
        }
    }

    /**
     * Weights of a row anywhere in it, the same number in each row (the comparison group of Wanda, Sun et al., ICLR 2024, section 3).
     *
     * @param percent of the weights of a row, 1..100; rounded
     */
    record Share(int percent) implements Kept {
        private static final Pattern TEXT = Pattern.compile("(\\d{1,3})%");
        private static final int ALL = 100;

        public Share {
            if (percent < 1 || percent > ALL) {
                throw new IllegalArgumentException(percent + "%: 1 to 100 % are kept");
            }
        }

        @Override
        public boolean isAll() {
            return percent == ALL;
        }

        /** Weights that are kept of so many. */
        int of(int weights) {
            return Math.round(weights * percent / (float) ALL);
        }

        @Override
        public String toString() {
            return percent + "%";
        }
    }

    /**
     * Whole tiles, the same number of them in each block of rows, so that all blocks take as long.
     *
     * @param rows of a tile, 1..4096; those of a region's matrices are counted through
     * @param columns of a tile, 1..4096
     * @param percent of the tiles of a block of rows, 1..100; rounded, and one at least
     */
    record Tiles(int rows, int columns, int percent) implements Kept {
        private static final Pattern TEXT = Pattern.compile("(\\d{1,4})x(\\d{1,4}):(\\d{1,3})%");
        private static final int MOST = 4096;
        private static final int ALL = 100;

        public Tiles {
            if (rows < 1 || rows > MOST || columns < 1 || columns > MOST || percent < 1 || percent > ALL) {
                throw new IllegalArgumentException(
                        "%dx%d:%d%%: tiles have 1 to %d rows and columns, 1 to 100 %% are kept"
                                .formatted(rows, columns, percent, MOST));
            }
        }

        @Override
        public boolean isAll() {
            return percent == ALL;
        }

        /** Tiles that are kept of so many. */
        int of(int tiles) {
            return Math.max(1, Math.round(tiles * percent / (float) ALL));
        }

        @Override
        public String toString() {
            return rows + "x" + columns + ":" + percent + "%";
        }
    }
}
