// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.quant;

import dev.lutra.machine.RowFormat;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What cached keys and values are: numbers, for attention in floating point, or codes, whose products are integers where there is no step on the device. */
public enum KvFormat {
    /** Binary32. */
    FLOAT(null, RowFormat.WORDS),
    /** Binary16, each the nearest one to a binary32 number, ties to even. */
    FP16(null, RowFormat.BINARY16),
    INT2(WeightFormat.INT2, null),
    INT3(WeightFormat.INT3, null),
    INT4(WeightFormat.INT4, null),
    INT5(WeightFormat.INT5, null),
    INT6(WeightFormat.INT6, null),
    INT7(WeightFormat.INT7, null),
    INT8(WeightFormat.INT8, RowFormat.INT8),
    TERNARY(WeightFormat.TERNARY, null);

    private final @Nullable WeightFormat codes;
    private final @Nullable RowFormat rows;

    KvFormat(@Nullable WeightFormat codes, @Nullable RowFormat rows) {
        this.codes = codes;
        this.rows = rows;
    }

    /** The codes; null of numbers. */
    public @Nullable WeightFormat codes() {
        return codes;
    }

    /** How a decode step on the device keeps them, if it can. */
    public Optional<RowFormat> stepRows() {
        return Optional.ofNullable(rows);
    }

    /** The format of that {@link #optionName()}, in any case; empty if there is none. */
    public static Optional<KvFormat> named(String optionName) {
        return Arrays.stream(values())
                .filter(f -> f.optionName().equalsIgnoreCase(optionName))
                .findFirst();
    }

    /** The names of all formats, with commas. */
    public static String names() {
        return Arrays.stream(values()).map(KvFormat::optionName).collect(Collectors.joining(", "));
    }

    /** The name the command line and files use: {@code float}, {@code int8}. */
    public String optionName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
