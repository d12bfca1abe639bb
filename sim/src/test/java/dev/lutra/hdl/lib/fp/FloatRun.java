// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

import static org.assertj.core.api.Assertions.fail;

import dev.lutra.hdl.Data;
import dev.lutra.sim.Simulator;
import java.util.List;

/** Puts operands into a unit, one set a cycle, and compares what comes out some cycles later. */
final class FloatRun {

    interface Expected {
        long of(long[] operands);
    }

    private static final int ROWS = 4096;

    private FloatRun() {}

    static void check(
            Simulator simulator,
            List<Data> inputs,
            Data output,
            int latency,
            long[][] operands,
            String name,
            Expected expected) {
        int words = inputs.size();
        var batch = simulator.batch(inputs, List.of(output), ROWS + latency);
        for (int from = 0; from < operands.length; from += ROWS) {
            int count = Math.min(ROWS, operands.length - from);
            for (int i = 0; i < count; i++) {
                for (int k = 0; k < words; k++) batch.stimulus().put(i * words + k, operands[from + i][k]);
            }
            batch.run(count + latency);
            for (int i = 0; i < count; i++) {
                long actual = batch.response().get(i + latency);
                long wanted = expected.of(operands[from + i]);
                if (actual != wanted) {
                    var text = new StringBuilder(name).append(" of");
                    for (long operand : operands[from + i]) text.append(" %#x".formatted(operand));
                    fail(text.append(": expected %#x, actual %#x".formatted(wanted, actual))
                            .toString());
                }
            }
        }
    }
}
