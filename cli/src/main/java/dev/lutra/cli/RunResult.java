// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static java.util.Objects.requireNonNull;

import dev.lutra.machine.Fingerprint;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Unit;
import dev.lutra.map.program.MappedProgram;
import dev.lutra.runtime.device.Counters;
import dev.lutra.runtime.session.CheckedBackend;
import dev.lutra.runtime.session.Generation;
import dev.lutra.runtime.session.RunMeter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one run of a model gave.
 *
 * @param model name of the checkpoint
 * @param weights how the weights were stored, for people
 * @param device address of the device, {@code reference}, {@code host}, or which table lookup on the host
 * @param prompt the text that was continued
 * @param generation what was written
 * @param seconds wall time of the generation, prefill included
 * @param program the mapped program; null where no device ran one
 * @param meter what the device counted; null where no device ran
 * @param exact whether all accumulators were equal to the reference's; null if that was not checked
 * @param difference the first one that was not
 */
record RunResult(
        String model,
        String weights,
        String device,
        String prompt,
        Generation generation,
        double seconds,
        @Nullable MappedProgram program,
        @Nullable RunMeter meter,
        @Nullable Boolean exact,
        @Nullable String difference) {

    /** A text that no device wrote, and that nobody checked. */
    static RunResult of(
            String model, String weights, String device, String prompt, Generation generation, double seconds) {
        return new RunResult(model, weights, device, prompt, generation, seconds, null, null, null, null);
    }

    /** The same, with what a device counted on the way. */
    RunResult on(MappedProgram program, RunMeter meter) {
        return new RunResult(model, weights, device, prompt, generation, seconds, program, meter, exact, difference);
    }

    /** The same, with what a check found; null if there was none. */
    RunResult checked(@Nullable CheckedBackend check) {
        return check == null
                ? this
                : new RunResult(
                        model,
                        weights,
                        device,
                        prompt,
                        generation,
                        seconds,
                        program,
                        meter,
                        check.exact(),
                        check.firstDifference());
    }

    int tokens() {
        return generation.tokenIds().size();
    }

    double tokensPerSecond() {
        return tokens() / seconds;
    }

    /** The object that {@code --json} prints. */
    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("model", model);
        all.put("weights", weights);
        all.put("device", device);
        all.put("prompt", prompt);
        all.put("prompt_token_ids", generation.promptIds());
        all.put("token_ids", generation.tokenIds());
        all.put("text", prompt + generation.text());
        all.put("end", generation.end().name().toLowerCase(Locale.ROOT));
        all.put("tokens_per_second", tokensPerSecond());
        all.put("wall_seconds", seconds);
        all.put("bit_exact", exact);
        all.put("first_difference", difference);
        Counters counters = meter == null ? null : meter.counters();
        all.put("device_cycles", counters == null ? null : counters.cycles());
        all.put("ceiling_cycles", meter == null ? null : meter.ceilingCycles());
        all.put("regions", meter == null ? null : meter.regions());
        all.put("busy_cycles", counters == null ? null : byUnit(counters.busy()));
        all.put("stalled_cycles", counters == null ? null : byUnit(counters.stalled()));
        all.put("bytes_read", counters == null ? null : counters.bytesRead());
        all.put("bytes_written", counters == null ? null : counters.bytesWritten());
        all.put("program_bytes", program == null ? null : program.program().codeBytes());
        all.put(
                "fingerprint",
                program == null ? null : Fingerprint.text(program.program().fingerprint()));
        return all;
    }

    private static Map<String, Long> byUnit(Map<Unit, Long> cycles) {
        Map<String, Long> all = new LinkedHashMap<>();
        for (Unit unit : Unit.values()) {
            all.put(unit.name().toLowerCase(Locale.ROOT), cycles.getOrDefault(unit, 0L));
        }
        return all;
    }

    /** The table printed after a text; what people compare. */
    String table() {
        StringBuilder table = new StringBuilder();
        row(table, "model", model + ", " + weights);
        row(table, "device", device);
        row(
                table,
                "tokens",
                "%d prompt, %d written".formatted(generation.promptIds().size(), tokens()));
        row(table, "wall time", "%.2f s, %.1f tokens per second".formatted(seconds, tokensPerSecond()));
        if (meter != null && program != null) {
            Machine machine = program.machine();
            Counters counters = meter.counters();
            double positions = generation.promptIds().size() + tokens() - 1;
            row(
                    table,
                    "program",
                    "%d bytes for all layers and positions"
                            .formatted(program.program().codeBytes()));
            row(table, "regions", Long.toString(meter.regions()));
            if (machine.counters()) {
                row(table, "cycles", "%d, %.0f per token".formatted(counters.cycles(), counters.cycles() / positions));
                for (Unit unit : Unit.of(machine)) {
                    row(
                            table,
                            "  " + unit.name(),
                            "%.0f busy, %.0f stalled per token"
                                    .formatted(
                                            requireNonNull(counters.busy().get(unit)) / positions,
                                            requireNonNull(counters.stalled().get(unit)) / positions));
                }
                row(
                        table,
                        "bytes",
                        "%.0f read, %.0f written per token"
                                .formatted(counters.bytesRead() / positions, counters.bytesWritten() / positions));
                row(
                        table,
                        "ceiling",
                        "%.0f cycles per token, %.1f %% of it reached"
                                .formatted(
                                        meter.ceilingCycles() / positions,
                                        100.0 * meter.ceilingCycles() / counters.cycles()));
            }
        }
        if (exact != null) {
            row(table, "bit-exact with the reference", exact ? "yes" : "no: " + difference);
        }
        return table.toString();
    }

    private static void row(StringBuilder table, String name, String value) {
        table.append("%-28s  %s%n".formatted(name, value));
    }
}
