// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.machine.UserException;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.eval.EvalTexts;
import dev.lutra.map.eval.QuantizationTable;
import dev.lutra.map.quant.MixedFormat;
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
            "error is that of the weights, root mean square over root mean square, for formats of the bit-serial engine."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Example:",
            "  ./lutra eval --model stories260K --texts stories260K/eval_texts.json --weights int8,int4 --group 32,0"
        })
final class EvalCommand implements Runnable {
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
            description = {
                "int1 to int8 and ternary; for the bit-serial engine bitmod3, bitmod4, int3-sym to int8-sym and int3-asym to",
                "int8-asym. Several with commas. Default: ${DEFAULT-VALUE}."
            })
    private List<String> weights = List.of();

    @Option(
            names = "--group",
            split = ",",
            paramLabel = "G",
            defaultValue = "32,64,0",
            description = "Group sizes, 0 for one scale per row. Default: ${DEFAULT-VALUE}.")
    private List<Integer> groups = List.of();

    @Option(names = "--json", description = "Print one JSON object, and nothing else.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        weights.forEach(EvalCommand::known);
        if (weights.stream().anyMatch(name -> MixedFormat.named(name).isPresent())
                && groups.stream().anyMatch(g -> g != 0 && (g < 16 || g > 256))) {
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
        QuantizationTable table = new QuantizationTable(checkpoint.model(), sequences);
        PrintWriter out = spec.commandLine().getOut();
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        if (!json) {
            out.printf(
                    "%-9s %-8s %-12s %12s %12s %9s%n",
                    "weights", "group", "text", "real scales", "as on device", "error");
        }
        for (String text : sequences.keySet()) {
            add(out, rows, "float", null, text, table.inFloat(text), null, Double.NaN);
            for (String format : weights) {
                for (int group : groups) {
                    Optional<MixedFormat> mixed = MixedFormat.named(format);
                    QuantizationTable.Row row = mixed.isPresent()
                            ? table.row(mixed.get(), group, text)
                            : table.row(WeightFormat.named(format).orElseThrow(), group, text);
                    add(out, rows, row.format(), group, text, row.realScales(), row.asOnDevice(), row.error());
                }
            }
        }
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("model", checkpoint.model().name());
            all.put("rows", rows);
            out.println(JsonMapper.shared().writeValueAsString(all));
            out.flush();
        }
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
        out.printf(Locale.ROOT, "%-9s %-8s %-12s %12.4f %12s %9s%n", format, groups, text, realScales, device, rms);
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
