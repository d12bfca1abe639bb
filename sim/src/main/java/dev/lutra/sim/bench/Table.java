// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import java.util.List;

/** Text in columns. */
final class Table {
    private Table() {}

    /** The first row is the head; a column of numbers is to the right. */
    static String of(List<List<String>> rows) {
        var text = new StringBuilder();
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        boolean[] numbers = new boolean[columns];
        for (int c = 0; c < columns; c++) {
            int column = c;
            widths[c] = rows.stream()
                    .mapToInt(row -> row.get(column).length())
                    .max()
                    .orElse(0);
            numbers[c] = rows.stream().skip(1).allMatch(row -> row.get(column).matches("-?\\d+"));
        }
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                String pad = " ".repeat(widths[c] - row.get(c).length());
                line.append(c == 0 ? "" : "  ").append(numbers[c] ? pad + row.get(c) : row.get(c) + pad);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
