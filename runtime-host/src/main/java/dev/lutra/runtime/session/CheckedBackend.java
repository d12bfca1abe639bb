// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.session;

import dev.lutra.map.forward.DecodeStep;
import dev.lutra.map.forward.Draws;
import dev.lutra.map.forward.KvBackend;
import dev.lutra.map.forward.LinearBackend;
import dev.lutra.map.forward.Sums;
import dev.lutra.map.model.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs every region twice, on a device and in the reference, and compares each accumulator. The device's results go on,
 * so that a difference shows in the text as it would without the check.
 */
public final class CheckedBackend implements LinearBackend {

    private final LinearBackend device;
    private final LinearBackend reference;
    private @Nullable String difference;

    public CheckedBackend(LinearBackend device, LinearBackend reference) {
        this.device = device;
        this.reference = reference;
    }

    /** Whether all accumulators so far were equal. */
    public boolean exact() {
        return difference == null;
    }

    /** The first accumulator that differed, with its place and both values; null if none did. */
    public @Nullable String firstDifference() {
        return difference;
    }

    @Override
    public long[][] run(Region region, int layer, byte[][] rows) {
        return sums(region, layer, rows).codes();
    }

    @Override
    public Sums sums(Region region, int layer, byte[][] rows) {
        Sums results = device.sums(region, layer, rows);
        if (difference == null) {
            Sums expected = reference.sums(region, layer, rows);
            difference = compare(region.name(), layer, results.codes(), expected.codes());
            if (difference == null && results.outliers() != null) {
                difference = compare(
                        "outliers of " + region,
                        layer,
                        results.outliers(),
                        Objects.requireNonNull(expected.outliers()));
            }
        }
        return results;
    }

    /** Products with the cache, checked in the same way; a difference counts as one of this. */
    public KvBackend cache(KvBackend device, KvBackend reference) {
        return (product, place, page, rows) -> {
            long[][] results = device.run(product, place, page, rows);
            if (difference == null) {
                String name = product + " of head " + place.head() + ", page " + place.index();
                difference = compare(name, place.layer(), results, reference.run(product, place, page, rows));
            }
            return results;
        };
    }

    /** Whole steps, checked in the same way against the model of the device: bits of logits, and the number of the greatest. */
    public DecodeStep step(DecodeStep device, DecodeStep reference) {
        return new DecodeStep() {
            @Override
            public void run(int[] tokens, int position, int steps, @Nullable Draws draws, Choice choices) {
                List<Chosen> chosen = new ArrayList<>();
                device.run(tokens, position, steps, draws, (logit, number) -> {
                    chosen.add(new Chosen(Float.floatToIntBits(logit), number));
                    choices.accept(logit, number);
                });
                int before = tokens.length - 1;
                for (int step = 0, next = 0; step < before + chosen.size() && difference == null; step++) {
                    Chosen last = step < before ? null : chosen.get(step - before);
                    int token = step <= before ? tokens[step] : next;
                    Draws one = last == null || draws == null ? null : draws.of(step - before);
                    difference = compare(token, position + step, one, last, device.logits(step));
                    next = last == null ? 0 : last.number();
                }
            }

            /** @param chosen null where the next token was given */
            private @Nullable String compare(
                    int token, int position, @Nullable Draws draws, @Nullable Chosen chosen, float[] logits) {
                String name = "STEP after " + position + " positions";
                List<Chosen> expected = new ArrayList<>();
                reference.run(new int[] {token}, position, 1, draws, (logit, number) -> {
                    expected.add(new Chosen(Float.floatToIntBits(logit), number));
                });
                String difference = CheckedBackend.compare(name, 0, bits(logits), bits(reference.logits(0)));
                return difference == null && chosen != null && !expected.get(0).equals(chosen)
                        ? "%s: %s instead of %s".formatted(name, chosen, expected.get(0))
                        : difference;
            }

            @Override
            public void keep(int layer, int position, float[] key, float[] value) {
                device.keep(layer, position, key, value);
                reference.keep(layer, position, key, value);
            }

            @Override
            public boolean draws() {
                return device.draws();
            }

            @Override
            public int most() {
                return device.most();
            }

            @Override
            public float[] logits(int step) {
                return device.logits(step);
            }
        };
    }

    private record Chosen(int bits, int number) {
        @Override
        public String toString() {
            return "token %d of %s".formatted(number, Float.intBitsToFloat(bits));
        }
    }

    private static long[][] bits(float[] row) {
        return new long[][] {
            IntStream.range(0, row.length)
                    .mapToLong(i -> Float.floatToIntBits(row[i]))
                    .toArray()
        };
    }

    private static @Nullable String compare(String region, int layer, long[][] got, long[][] expected) {
        for (int row = 0; row < expected.length; row++) {
            for (int n = 0; n < expected[row].length; n++) {
                if (got[row][n] != expected[row][n]) {
                    return "region %s of layer %d, row %d, output %d: %d instead of %d"
                            .formatted(region, layer, row, n, got[row][n], expected[row][n]);
                }
            }
        }
        return null;
    }
}
