// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.riscv;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A program in C with an input by seed, and what it must write to the console, computed here. */
enum Program {
    SORT {
        @Override
        Work work(Random random) {
            int[] numbers = random.ints(300, -1000, 1000).toArray();
            numbers[17] = Integer.MIN_VALUE;
            numbers[170] = Integer.MAX_VALUE;
            int[] sorted = numbers.clone();
            Arrays.sort(sorted);
            int[] input = new int[1 + numbers.length];
            input[0] = numbers.length;
            System.arraycopy(numbers, 0, input, 1, numbers.length);
            return new Work(bytes(input), bytes(sorted));
        }
    },
    MATRIX {
        @Override
        Work work(Random random) {
            int rows = 5 + random.nextInt(3);
            int depth = 6 + random.nextInt(3);
            int columns = 4 + random.nextInt(3);
            int[] input = random.ints(3 + rows * depth + depth * columns).toArray();
            input[0] = rows;
            input[1] = depth;
            input[2] = columns;
            int[] product = new int[rows * columns];
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    for (int k = 0; k < depth; k++) {
                        product[i * columns + j] +=
                                input[3 + i * depth + k] * input[3 + rows * depth + k * columns + j];
                    }
                }
            }
            return new Work(bytes(input), bytes(product));
        }
    },
    WORDS {
        private static final String[] POOL = ("the quick brown fox jumps over a lazy dog and another Dog sleeps under"
                        + " an old Oak tree while The river flows on to sea seas season")
                .split(" ");

        @Override
        Work work(Random random) {
            var text = new StringBuilder();
            for (int i = 0; i < 200; i++) {
                text.append(POOL[random.nextInt(POOL.length)]).append(random.nextInt(9) == 0 ? ".\n" : " ");
            }
            var counts = new TreeMap<String, Integer>();
            Pattern.compile("[A-Za-z]+")
                    .matcher(text)
                    .results()
                    .forEach(word -> counts.merge(word.group().toLowerCase(Locale.ROOT), 1, Integer::sum));
            var lines = new StringBuilder();
            counts.forEach((word, count) ->
                    lines.append(word).append(' ').append(count).append('\n'));
            return new Work(
                    (text + "\0").getBytes(StandardCharsets.US_ASCII),
                    lines.toString().getBytes(StandardCharsets.US_ASCII));
        }
    };

    /** What a program is given, and what it must write. */
    record Work(byte[] input, byte[] output) {}

    abstract Work work(Random random);

    /** Its C file, without suffix. */
    String file() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static byte[] bytes(int... words) {
        var bytes = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(words);
        return bytes.array();
    }
}
