// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.session;

import dev.lutra.map.forward.DecodeStep;
import dev.lutra.map.forward.KvBackend;
import dev.lutra.map.forward.LinearBackend;
import dev.lutra.map.model.Region;
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
        long[][] results = device.run(region, layer, rows);
        if (difference == null) {
            difference = compare(region.name(), layer, results, reference.run(region, layer, rows));
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
            public void run(int token, int position) {
                device.run(token, position);
                if (difference != null) {
                    return;
                }
                reference.run(token, position);
                String name = "STEP after " + position + " positions";
                difference = compare(name, 0, bits(device.logits()), bits(reference.logits()));
                if (difference == null && device.greatest() != reference.greatest()) {
                    difference = "%s: token %d instead of %d".formatted(name, device.greatest(), reference.greatest());
                }
            }

            @Override
            public void keep(int layer, int position, float[] key, float[] value) {
                device.keep(layer, position, key, value);
                reference.keep(layer, position, key, value);
            }

            @Override
            public float[] logits() {
                return device.logits();
            }

            @Override
            public int greatest() {
                return device.greatest();
            }
        };
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
