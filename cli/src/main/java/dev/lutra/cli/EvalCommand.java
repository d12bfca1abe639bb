// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.machine.NmRatio;
import dev.lutra.machine.UserException;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.eval.EvalTexts;
import dev.lutra.map.eval.QuantizationTable;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;
import dev.lutra.map.model.WeightMatrix;
import dev.lutra.map.prune.ColumnNorms;
import dev.lutra.map.prune.Kept;
import dev.lutra.map.prune.NmRows;
import dev.lutra.map.prune.PrunedModel;
import dev.lutra.map.prune.Pruning;
import dev.lutra.map.quant.MixedFormat;
import dev.lutra.map.quant.Outliers;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.text.Tokenizer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Perplexity over weight formats and group sizes. */
@Command(
        name = "eval",
        description = {
            "Measures what weight formats cost a model: perplexity on given texts.",
            "Prints real-valued scales with a float head, and what the accelerator computes (8-bit group scales, int8 head).",
            "error is that of the weights, root mean square over root mean square, for formats of the bit-serial engine.",
            "With --kv each format is measured with keys and values in floating point, and with others.",
            "With --activations each format is measured with INT8, and with other activations.",
            "With --outliers each format is measured with its greatest weights in it and apart.",
            "With --sparse each format is measured dense and pruned, and bytes per weight are printed with the break-even."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  ./lutra eval --model stories260K --texts stories260K/eval_texts.json --weights int8,int4 --group 32,0",
            "  ./lutra eval --model stories260K --texts stories260K/eval_texts.json --weights int8 --group 0 --sparse 2:4,8:16"
        })
final class EvalCommand implements Runnable {
    /** Of the place of a weight among the 32 of a usual word. */
    private static final int PLACE_BITS = 5;

    /**
     * A model and what is said of it after the format.
     *
     * @param inFloat whether it differs from others without any quantisation, too
     */
    private record Variant(String suffix, QuantizationTable table, boolean inFloat) {
        Variant(String suffix, QuantizationTable table) {
            this(suffix, table, true);
        }
    }

    @Option(
            names = "--model",
            required = true,
            paramLabel = "PATH",
            description = "A checkpoint: its directory or weights file.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path model;

    @Option(
            names = "--texts",
            required = true,
            paramLabel = "FILE",
            description = "JSON: {\"name\": [text or array of token ids, ...], ...}")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path texts;

    @Option(
            names = "--weights",
            split = ",",
            paramLabel = "FORMAT",
            defaultValue = "int8,int6,int5,int4,int3,ternary",
            description =
                    "int1 to int8 and ternary; for the bit-serial engine bitmod3, bitmod4, int3-sym to int8-sym and int3-asym to "
                            + "int8-asym. Several with commas. Default: ${DEFAULT-VALUE}.")
    private List<String> weights = List.of();

    @Option(
            names = "--group",
            split = ",",
            paramLabel = "G",
            defaultValue = "32,64,0",
            description = "Group sizes, 0 for one scale per row. Default: ${DEFAULT-VALUE}.")
    private List<Integer> groups = List.of();

    @Option(
            names = "--kv",
            split = ",",
            paramLabel = "FORMAT",
            description =
                    "Also with cached keys and values of these formats: fp16, int2 to int8, ternary. Several with commas.")
    private List<String> kv = List.of();

    @Option(
            names = "--activations",
            split = ",",
            paramLabel = "A",
            description = "Also with activations other than INT8: bits, 2 to 8 or 16, or fp16. Several with commas.")
    private List<String> activations = List.of();

    @Option(
            names = "--sparse",
            split = ",",
            paramLabel = "N:M",
            description =
                    "Keep N of each M weights of a row, N and M powers of two up to 16; or part of a row wherever they are: 50%%; or part of the tiles: 32x16:50%% keeps half of those of 32"
                            + " rows and 16 columns in each 32 rows; of some regions another part: "
                            + "2:4/down=1:1/0.qkv=8:16 (regions qkv, o, gate_up, down). With a p at the end (2:4p) two rows share a mask. "
                            + "Several with commas.")
    private List<String> sparse = List.of();

    @Option(
            names = "--outliers",
            split = ",",
            paramLabel = "PERCENT",
            description =
                    "Also with so many percent of the weights of each matrix, the greatest, kept apart as INT16: 0.45. Several with commas.")
    private List<Double> outliers = List.of();

    @Option(
            names = "--calibration",
            paramLabel = "TEXT",
            description =
                    "Prune by weight times activation, as they are on this one of the texts; without it by weight.")
    @Nullable
    private String calibration;

    @Option(names = "--json", description = "Print one JSON object, and nothing else.")
    private boolean json;

    private int width;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        weights.forEach(EvalCommand::known);
        if (!sparse.isEmpty() && weights.contains("int1")) {
            throw UserException.badInput("--sparse with --weights int1", "int1 has no code for 0: take int2 or more");
        }
        if (!outliers.isEmpty()
                && weights.stream().anyMatch(name -> WeightFormat.named(name).isEmpty())) {
            throw UserException.badInput(
                    "--outliers with --weights " + String.join(",", weights),
                    "outliers are measured with int1 to int8 and ternary");
        }
        boolean mixed =
                weights.stream().anyMatch(name -> MixedFormat.named(name).isPresent());
        if (mixed && !activations.isEmpty()) {
            throw UserException.badInput(
                    "--activations with --weights " + String.join(",", weights),
                    "The bit-serial engine has INT8: measure its formats in a run of their own");
        }
        if (mixed && groups.stream().anyMatch(g -> g != 0 && (g < 16 || g > 256))) {
            throw UserException.badInput(
                    "--group is " + groups,
                    "The bit-serial engine has groups of 16 to 256 weights, or 0 for whole rows");
        }
        if (groups.stream().anyMatch(g -> g < 0)) {
            throw UserException.badInput("--group is " + groups, "0 is one scale per row, 32 to 128 are usual");
        }
        Checkpoint checkpoint = Checkpoint.open(model);
        Tokenizer tokenizer = Tokenizer.load(checkpoint);
        Map<String, List<int[]>> sequences =
                EvalTexts.read(texts, checkpoint.model().config(), tokenizer::encode);
        List<Variant> variants = variants(checkpoint.model(), sequences);
        PrintWriter out = spec.commandLine().getOut();
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        width = Math.max(
                9,
                8 + variants.stream().mapToInt(v -> v.suffix().length()).max().orElse(0));
        if (!json) {
            out.printf(
                    "%-" + width + "s %-8s %-12s %12s %12s %9s%n",
                    "weights",
                    "group",
                    "text",
                    "real scales",
                    "as on device",
                    "error");
        }
        for (String text : sequences.keySet()) {
            for (Variant variant : variants) {
                QuantizationTable table = variant.table();
                String suffix = variant.suffix();
                if (variant.inFloat()) {
                    add(out, rows, "float" + suffix, null, text, table.inFloat(text), null, Double.NaN);
                }
                for (String format : weights) {
                    for (int group : groups) {
                        Optional<MixedFormat> serial = MixedFormat.named(format);
                        QuantizationTable.Row row = serial.isPresent()
                                ? table.row(serial.get(), group, text)
                                : table.row(WeightFormat.named(format).orElseThrow(), group, text);
                        add(
                                out,
                                rows,
                                row.format() + suffix,
                                group,
                                text,
                                row.realScales(),
                                row.asOnDevice(),
                                row.error());
                    }
                }
            }
        }
        if (!json && !sparse.isEmpty()) {
            printBits(out);
        }
        if (!json && !outliers.isEmpty()) {
            printOutliers(out, checkpoint.model());
        }
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("model", checkpoint.model().name());
            all.put("rows", rows);
            out.println(JsonMapper.shared().writeValueAsString(all));
            out.flush();
        }
    }

    /** The model as it is, with keys and values as codes, and pruned. */
    private List<Variant> variants(LlamaModel model, Map<String, List<int[]>> sequences) {
        List<Variant> variants = new ArrayList<>();
        variants.add(new Variant("", new QuantizationTable(model, sequences)));
        for (String name : kv) {
            variants.add(new Variant(" kv " + name, new QuantizationTable(model, sequences, ModelOptions.kv(name))));
        }
        for (double percent : outliers) {
            variants.add(new Variant(
                    " out " + percent + "%",
                    new QuantizationTable(model, sequences, ModelOptions.outliers(percent)),
                    false));
        }
        for (String text : activations) {
            variants.add(new Variant(
                    " " + (text.equals("fp16") ? text : "a" + text),
                    new QuantizationTable(model, sequences, MachineOptions.activationType(text)),
                    false));
        }
        List<int[]> calibrating = calibration == null ? List.of() : sequences.get(calibration);
        if (calibrating == null) {
            throw UserException.badInput("--calibration is '" + calibration + "'", "Texts: " + sequences.keySet());
        }
        ColumnNorms norms = calibration == null || sparse.isEmpty() ? null : new ColumnNorms(model, calibrating);
        for (String text : sparse) {
            Pruning pruning = ModelOptions.pruning(text);
            variants.add(new Variant(
                    " " + pruning, new QuantizationTable(PrunedModel.of(model, pruning, norms), sequences)));
        }
        return variants;
    }

    /** What is stored of a weight, scales aside, where all regions have the ratio. */
    private void printBits(PrintWriter out) {
        out.printf("%n%-9s %-10s %8s %8s %8s  %s%n", "weights", "sparse", "dense", "indices", "bitmap", "break-even");
        for (String name : weights) {
            Optional<WeightFormat> format = WeightFormat.named(name);
            for (String text : format.isPresent() ? sparse : List.<String>of()) {
                Kept kept = Pruning.parse(text).orElseThrow().kept();
                int bits = format.get().planes();
                if (kept instanceof Kept.Tiles tiles) {
                    printBits(out, name, tiles, bits);
                    continue;
                } else if (kept instanceof Kept.Share share) {
                    printBits(out, name, share, bits);
                    continue;
                }
                NmRatio ratio = ((Kept.Weights) kept).ratio();
                out.printf(
                        Locale.ROOT,
                        "%-9s %-10s %8.3f %8.3f %8.3f  %s%n",
                        name,
                        ratio,
                        bits / 8.0,
                        NmRows.bitsPerWeight(ratio, bits) / 8,
                        NmRows.bitsPerWeightWithBitmap(ratio, bits) / 8,
                        NmRows.breakEven(ratio.m(), bits) + ":" + ratio.m());
            }
        }
        out.println(
                "bytes per weight of the dense matrix; break-even: the most of M, or of tiles, that take less with indices (of tiles 16 bits), and of rows with a bitmap (indices: 5 bits)");
        out.flush();
    }

    /** What outliers take, over all weights of the layers. */
    private void printOutliers(PrintWriter out, LlamaModel model) {
        long all = 0;
        for (Region region : Region.OF_A_LAYER) {
            for (WeightMatrix matrix : model.matrices(region, 0)) {
                all += (long) matrix.rows() * matrix.cols() * model.config().layers();
            }
        }
        out.printf("%n%-10s %s%n", "outliers", "bytes per weight, beside those of the codes");
        for (double percent : outliers) {
            double bytes = new Outliers(model, percent).bytes() / (double) all;
            out.printf(Locale.ROOT, "%-10s %.4f%n", percent + "%", bytes);
        }
        out.flush();
    }

    /** A bit for each weight, or for each that is kept its place among 32. */
    private static void printBits(PrintWriter out, String name, Kept.Share share, int bits) {
        double part = share.percent() / 100.0;
        out.printf(
                Locale.ROOT,
                "%-9s %-10s %8.3f %8.3f %8.3f  %s%n",
                name,
                share,
                bits / 8.0,
                part * (bits + PLACE_BITS) / 8,
                (part * bits + 1) / 8,
                100 * (bits - 1) / bits + "%");
    }

    private static void printBits(PrintWriter out, String name, Kept.Tiles tiles, int bits) {
        double dense = bits / 8.0;
        double part = tiles.percent() / 100.0;
        int weights = tiles.rows() * tiles.columns();
        double number = Short.BYTES / (double) weights;
        out.printf(
                Locale.ROOT,
                "%-9s %-10s %8.3f %8.3f %8.3f  %.1f%%%n",
                name,
                tiles,
                dense,
                part * (dense + number),
                part * dense + 1.0 / (8 * weights),
                100 * dense / (dense + number));
    }

    /** Prints a row of the table at once, since each takes a while, or keeps it for the JSON object. */
    private void add(
            PrintWriter out,
            List<Map<String, @Nullable Object>> rows,
            String format,
            @Nullable Integer group,
            String text,
            double realScales,
            @Nullable Double asOnDevice,
            double error) {
        if (json) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("weights", format);
            row.put("group", group);
            row.put("text", text);
            row.put("perplexity_real_scales", realScales);
            row.put("perplexity_as_on_device", asOnDevice);
            row.put("weight_error", Double.isNaN(error) ? null : error);
            rows.add(row);
            return;
        }
        String groups = group == null ? "" : group == 0 ? "per row" : group.toString();
        String device = asOnDevice == null ? "" : String.format(Locale.ROOT, "%.4f", asOnDevice);
        String rms = Double.isNaN(error) ? "" : String.format(Locale.ROOT, "%.5f", error);
        out.printf(
                Locale.ROOT,
                "%-" + width + "s %-8s %-12s %12.4f %12s %9s%n",
                format,
                groups,
                text,
                realScales,
                device,
                rms);
        out.flush();
    }

    private static void known(String name) {
        if (WeightFormat.named(name).isEmpty() && MixedFormat.named(name).isEmpty()) {
            throw UserException.badInput(
                    "--weights is '" + name + "'",
                    "Formats: int1, int2, ... int8, ternary, bitmod3, bitmod4, int3-sym, ... int8-sym, int3-asym, ... int8-asym");
        }
    }
}
