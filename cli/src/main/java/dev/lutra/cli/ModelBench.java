// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.bitstream.area.SerialArea;
import dev.lutra.pe.serial.SerialCycles;
import dev.lutra.pe.serial.SerialPart;
import dev.lutra.pe.serial.SerialType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code lutra bench model}: cycles of the linear layers of LLaMA-2-7B on arrays of term-serial elements and of FP16 multiply-accumulates of equal area, by
 * the cycle formulas. Outputs stand along the rows of an array and tokens along its columns, as in BitMoD's simulator; a layer takes the longer of
 * its products and of reading its weights, 256 bits a cycle.
 */
final class ModelBench {
    private static final int LAYERS = 32;
    private static final int GROUP = 128;
    private static final int DRAM_BITS = 256;
    private static final int PREFILL = 256;

    /** Inputs, outputs and how many of them a layer has. */
    private static final int[][] MATRICES = {{4096, 4096, 4}, {4096, 11008, 2}, {11008, 4096, 1}};

    /** Rows and columns of the array for prefill and for decode, of both elements; the other one's are the paper's 48 of 64. */
    private static final int[] PREFILL_ARRAY = {32, 32};

    private static final int[] DECODE_ARRAY = {64, 16};
    private static final double PAPER_RATIO = 0.75;

    /** Bits that the paper's simulator charges a weight for its scale, and ours for scale and mark of a group. */
    private static final double PAPER_EXTRA = 8.0 / GROUP;

    private static final double OUR_EXTRA = 16.0 / GROUP;

    private static final List<SerialType> TYPES = List.of(
            SerialType.INT8, SerialType.INT6, SerialType.INT5, SerialType.FP4_ER_POSITIVE, SerialType.FP3_ER_POSITIVE);

    /**
     * One type of weights.
     *
     * @param name of the type
     * @param terms of a weight
     * @param prefillCycles of ours
     * @param prefill speed-up over the baseline of equal area, and the same by the paper's areas
     * @param decode likewise
     */
    record Row(
            String name,
            int terms,
            long prefillCycles,
            double prefill,
            double paperPrefill,
            long decodeCycles,
            double decode,
            double paperDecode) {}

    /** Rows by measured areas. */
    record Result(SerialArea area, int prefillColumns, int decodeColumns, List<Row> rows) {}

    private ModelBench() {}

    static Result of(SerialArea area) {
        int tiles = PREFILL_ARRAY[0] * PREFILL_ARRAY[1] / SerialArea.ELEMENTS;
        double multipliers = area.multiplyAccumulates(tiles);
        int prefillColumns = Math.max(1, (int) (multipliers / PREFILL_ARRAY[0]));
        int decodeColumns = Math.max(1, (int) (multipliers / DECODE_ARRAY[0]));
        List<Row> rows = new ArrayList<>();
        for (SerialType type : TYPES) {
            // in memory every term has two bits
            double bits = 2 * type.terms() + OUR_EXTRA;
            double paperBits = type.bits() + PAPER_EXTRA;
            long prefill = serial(type, PREFILL, PREFILL_ARRAY, bits);
            long decode = serial(type, 1, DECODE_ARRAY, bits);
            rows.add(new Row(
                    type.isFloat() ? "FP" + type.bits() : type.name(),
                    type.terms(),
                    prefill,
                    (double) multiply(PREFILL, PREFILL_ARRAY[0], prefillColumns) / prefill,
                    (double) multiply(PREFILL, PREFILL_ARRAY[0], paper(PREFILL_ARRAY[1]))
                            / serial(type, PREFILL, PREFILL_ARRAY, paperBits),
                    decode,
                    (double) multiply(1, DECODE_ARRAY[0], decodeColumns) / decode,
                    (double) multiply(1, DECODE_ARRAY[0], paper(DECODE_ARRAY[1]))
                            / serial(type, 1, DECODE_ARRAY, paperBits)));
        }
        return new Result(area, prefillColumns, decodeColumns, rows);
    }

    private static int paper(int columns) {
        return (int) (columns * PAPER_RATIO);
    }

    /** Cycles of all layers on term-serial elements, groups of 128. */
    private static long serial(SerialType type, int tokens, int[] array, double bits) {
        long all = 0;
        for (int[] m : MATRICES) {
            long row = (long) (m[0] / GROUP) * SerialCycles.group(GROUP, type);
            all += m[2] * layer(row, m, tokens, array[0], array[1], bits);
        }
        return LAYERS * all;
    }

    /** Cycles of all layers on multiply-accumulates of FP16 weights: one product a cycle. */
    private static long multiply(int tokens, int rows, int columns) {
        long all = 0;
        for (int[] m : MATRICES) {
            all += m[2] * layer(m[0], m, tokens, rows, columns, 16);
        }
        return LAYERS * all;
    }

    private static long layer(long row, int[] matrix, int tokens, int rows, int columns, double bits) {
        long compute = row * up(matrix[1], rows) * up(tokens, columns);
        long memory = (long) Math.ceil(bits * matrix[0] * matrix[1] / DRAM_BITS);
        return Math.max(compute, memory);
    }

    private static long up(int a, int b) {
        return (a + b - 1) / b;
    }

    static Map<String, Object> json(Result result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("target", result.area().target().id());
        Map<String, Object> areas = new LinkedHashMap<>();
        for (SerialPart part : SerialPart.values()) {
            areas.put(name(part), result.area().of(part));
        }
        areas.put("tile", result.area().tile());
        json.put("areas", areas);
        json.put("baseline_columns", Map.of("prefill", result.prefillColumns(), "decode", result.decodeColumns()));
        json.put("rows", result.rows().stream().map(ModelBench::json).toList());
        return json;
    }

    private static Map<String, Object> json(Row row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("weights", row.name());
        json.put("terms", row.terms());
        json.put("prefill_cycles", row.prefillCycles());
        json.put("prefill_speedup", row.prefill());
        json.put("prefill_speedup_paper", row.paperPrefill());
        json.put("decode_cycles", row.decodeCycles());
        json.put("decode_speedup", row.decode());
        json.put("decode_speedup_paper", row.paperDecode());
        return json;
    }

    static String table(Result result) {
        SerialArea area = result.area();
        String unit = area.target().unit();
        double element = area.of(SerialPart.ELEMENT);
        double multiply = area.of(SerialPart.MULTIPLY_ACCUMULATE);
        var text = new StringBuilder();
        for (SerialPart part : SerialPart.values()) {
            text.append(line(
                    "%-22s %10.0f %s, path %.0f ps%n",
                    name(part), area.of(part), unit, area.synthesis(part).pathPs()));
        }
        text.append(line("%-22s %10.0f %s%n%n", "tile of 8 x 8", area.tile(), unit));
        text.append(line(
                "element against multiply-accumulate: %+.1f %% (paper: -24 %%), per product %+.1f %% with INT8 and %+.1f %% with FP4 weights%n",
                100 * (element / multiply - 1), 100 * (element / multiply - 1), 100 * (element / 2 / multiply - 1)));
        text.append(
                line("term generators: %.1f %% of a tile (paper: 2.4 %%)%n%n", 100 * area.generators() / area.tile()));
        text.append(line(
                "LLaMA-2-7B, linear layers; speed-up over FP16 multiply-accumulates of the same area: 32 x %d in prefill, 64 x %d in decode%n"
                        + "against 32 x 32 and 64 x 16 elements (paper: 32 x 24 and 64 x 12)%n%n",
                result.prefillColumns(), result.decodeColumns()));
        text.append(line(
                "%-8s %5s %18s %8s %8s %16s %8s %8s%n",
                "weights", "terms", "prefill cycles", "ours", "paper", "decode cycles", "ours", "paper"));
        for (Row r : result.rows()) {
            text.append(line(
                    "%-8s %5d %18d %8.3f %8.3f %16d %8.2f %8.2f%n",
                    r.name(),
                    r.terms(),
                    r.prefillCycles(),
                    r.prefill(),
                    r.paperPrefill(),
                    r.decodeCycles(),
                    r.decode(),
                    r.paperDecode()));
        }
        return text.toString();
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private static String name(SerialPart part) {
        return part.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
