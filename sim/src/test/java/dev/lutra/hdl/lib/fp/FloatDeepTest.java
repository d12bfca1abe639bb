// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

import static dev.lutra.hdl.lib.fp.FloatFormat.BINARY32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.sim.EngineKind;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Binary32 units against Java's {@code float}: {@code -Dlutra.fp.pairs} random pairs, 100 million in deep runs, none in normal ones. */
class FloatDeepTest {
    private static final int ROWS = 1 << 16;

    /** Sum, difference and product of the same operands. */
    private static final class Units extends Module {
        final Bits a = in(bits(32));
        final Bits b = in(bits(32));
        final Bits sum = out(bits(32));
        final Bits difference = out(bits(32));
        final Bits product = out(bits(32));
        final Bits minimum = out(bits(32));

        Units() {
            var add = new FloatAdder(new FloatAdder.Params(BINARY32, 0));
            var subtract = new FloatAdder(new FloatAdder.Params(BINARY32, 0));
            var multiply = new FloatMultiplier(new FloatMultiplier.Params(BINARY32, 0));
            var compare = new FloatComparator(new FloatComparator.Params(BINARY32));
            add.a.set(a);
            add.b.set(b);
            add.subtract.set(false);
            subtract.a.set(a);
            subtract.b.set(b);
            subtract.subtract.set(true);
            multiply.a.set(a);
            multiply.b.set(b);
            compare.a.set(a);
            compare.b.set(b);
            sum.set(add.result);
            difference.set(subtract.result);
            product.set(multiply.result);
            minimum.set(compare.minimum);
        }
    }

    @Test
    void randomPairsAreJavas() {
        long pairs = Long.getLong("lutra.fp.pairs", Boolean.getBoolean("lutra.deep") ? 100_000_000 : 0);
        assumeTrue(pairs > 0, "skipped without --deep");
        var engine = EngineKind.VERILATOR.missing().isEmpty() ? EngineKind.VERILATOR : EngineKind.EMBEDDED;
        long seed = Long.getLong("lutra.seed", new SplittableRandom().nextLong());
        var random = new SplittableRandom(seed);
        var design = Circuit.of(Units::new);
        var top = design.top();
        try (var simulator = engine.open(design)) {
            var batch = simulator.batch(
                    List.of(top.a, top.b), List.of(top.sum, top.difference, top.product, top.minimum), ROWS);
            var stimulus = batch.stimulus();
            var response = batch.response();
            for (long done = 0; done < pairs; done += ROWS) {
                for (int i = 0; i < ROWS; i++) {
                    long a = random.nextLong() & 0xFFFFFFFFL;
                    stimulus.put(2 * i, a);
                    stimulus.put(
                            2 * i + 1, FloatCases.second(BINARY32, random, a).getAsLong());
                }
                batch.run(ROWS);
                for (int i = 0; i < ROWS; i++) {
                    float a = Float.intBitsToFloat((int) stimulus.get(2 * i));
                    float b = Float.intBitsToFloat((int) stimulus.get(2 * i + 1));
                    boolean same = (int) response.get(4 * i) == Float.floatToIntBits(a + b)
                            && (int) response.get(4 * i + 1) == Float.floatToIntBits(a - b)
                            && (int) response.get(4 * i + 2) == Float.floatToIntBits(a * b)
                            && (int) response.get(4 * i + 3) == Float.floatToIntBits(Math.min(a, b));
                    if (!same) {
                        assertThat(same)
                                .as("%s and %s, %s, -Dlutra.seed=%d", a, b, engine, seed)
                                .isTrue();
                    }
                }
            }
        }
    }
}
