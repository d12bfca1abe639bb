// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.machine.UserException;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.model.Region;
import dev.lutra.map.model.TernaryMatrix;
import dev.lutra.map.prune.Pruning;
import dev.lutra.map.quant.KvFormat;
import dev.lutra.map.quant.LayerFormat;
import dev.lutra.map.quant.MixedFormat;
import dev.lutra.map.quant.MixedMatrix;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.WeightFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the weights of a model are to be stored; shared by the commands that map one. */
final class ModelOptions {

    /** A model that is not ternary by itself: 4 bits are the fewest that keep small models readable without training. */
    private static final WeightFormat USUAL = WeightFormat.INT4;

    @Option(
            names = "--weights",
            paramLabel = "FORMAT",
            description =
                    "float (no quantisation, no device), int1 to int8, ternary; with --group int3-asym to int7-asym; for --engine bitserial also"
                            + " bitmod3, bitmod4, int8-asym. Default: ternary for a ternary checkpoint, else int4.")
    @Nullable
    String weights;

    @Option(
            names = "--group",
            paramLabel = "G",
            defaultValue = "0",
            description = "Weights along a row that share an 8-bit scale; 0 (the default) is one scale per row.")
    int group;

    @Option(
            names = "--head",
            paramLabel = "KIND",
            defaultValue = "int8",
            description = "The vocabulary head: int8 (on the device, the default) or float (on the host).")
    String head = "int8";

    @Option(
            names = "--kv",
            paramLabel = "FORMAT",
            defaultValue = "float",
            description =
                    "Cached keys and values: float (the default) or fp16, or int2 to int8 and ternary: products of attention run on the device. Where a device"
                            + " does whole steps (lutra gen --lanes), float and fp16 are attention there in floating point, and int8 the same with keys"
                            + " and values as bytes with a scale for each head.")
    String kv = "float";

    @Option(
            names = "--sparse",
            paramLabel = "N:M",
            description =
                    "Keep N of each M weights of a row, the greatest, as in lutra eval: 2:4, 8:16p (two rows share a mask),"
                            + " 32x16:50%% (half of the tiles of the engine) or 2:4/down=1:1, for --engine dsp, which skips the others; or 50%% of each row,"
                            + " for machines with --bitmaps, which load no others.")
    private @Nullable String sparse;

    @Option(
            names = "--outliers",
            paramLabel = "PERCENT",
            defaultValue = "0",
            description =
                    "Keep so many percent of the weights of each matrix, the greatest, apart as INT16, and compute them on the host, or on the device (lutra gen --side-engine): 0.45, for"
                            + " weights of few bits. Default: none.")
    private double outliers;

    /** Says so if it is no percentage of outliers. */
    static double outliers(double percent) {
        if (!Quantization.isShare(percent)) {
            throw UserException.badInput("--outliers is " + percent, "0.45 is usual, 50 are the most");
        }
        return percent;
    }

    /** What is to be left out of the weights; null for nothing. */
    @Nullable
    Pruning pruning() {
        return sparse == null ? null : pruning(sparse);
    }

    /** Reads {@code --sparse}. */
    static Pruning pruning(String text) {
        return Pruning.parse(text)
                .orElseThrow(() -> UserException.badInput(
                        "--sparse is '" + text + "'",
                        "Write N:M, powers of two up to 16 and N at most M, or PERCENT% from 1 to 100, or ROWSxCOLUMNS:PERCENT%, then if need be /REGION=N:M or /LAYER.REGION=N:M"
                                + " (regions qkv, o, gate_up, down), and a p at the end if two rows share a mask"));
    }

    /** Whether nothing is to be quantised. */
    boolean isFloat() {
        if (!"float".equals(weights)) {
            return false;
        }
        if (kv() != KvFormat.FLOAT) {
            throw UserException.badInput(
                    "--kv " + kv + " with --weights float",
                    "Without quantised weights no device runs: leave --kv away");
        }
        return true;
    }

    private KvFormat kv() {
        return kv(kv);
    }

    /** Reads {@code --kv}. */
    static KvFormat kv(String name) {
        return KvFormat.named(name)
                .orElseThrow(() -> UserException.badInput("--kv is '" + name + "'", "Formats: " + KvFormat.names()));
    }

    Quantization quantization(LlamaModel model) {
        if (group < 0) {
            throw UserException.badInput("--group is " + group, "0 is one scale per row, 32 to 128 are usual");
        }
        LayerFormat format = format(model);
        if (format instanceof MixedFormat
                && group != 0
                && (group < MixedMatrix.LEAST_GROUP || group > MixedMatrix.MOST_GROUP)) {
            throw UserException.badInput(
                    "--group is %d, groups of %s have %d to %d weights"
                            .formatted(group, weights, MixedMatrix.LEAST_GROUP, MixedMatrix.MOST_GROUP),
                    "32 to 128 are usual");
        }
        return new Quantization(format, group, head()).withKv(kv()).withOutliers(outliers(outliers));
    }

    private LayerFormat format(LlamaModel model) {
        boolean ternary = model.matrices(Region.QKV, 0).get(0) instanceof TernaryMatrix;
        if (weights == null) {
            return ternary ? WeightFormat.TERNARY : USUAL;
        }
        return named(weights);
    }

    private static LayerFormat named(String weights) {
        return LayerFormat.named(weights)
                .orElseThrow(
                        () -> UserException.badInput(
                                "--weights is '" + weights + "'",
                                "Formats: float, int1, int2, ... int8, ternary, bitmod3, bitmod4, int3-sym ... int8-sym, int3-asym ... int8-asym"));
    }

    private Quantization.Head head() {
        return Quantization.Head.named(head)
                .orElseThrow(() -> UserException.badInput("--head is '" + head + "'", "Kinds: int8, float"));
    }
}
