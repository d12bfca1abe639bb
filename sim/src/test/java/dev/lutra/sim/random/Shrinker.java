// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Finds the smallest circuit that fails like a given one. */
final class Shrinker {
    private final Contest contest;
    /** Circuits tried at a time: many where starting an engine is costly. */
    private final int together;
    /** Most runs of the contest. */
    private int budget;

    Shrinker(Contest contest, int together, int budget) {
        this.contest = contest;
        this.together = together;
        this.budget = budget;
    }

    /** The failure of the smallest circuit found. */
    Contest.Finding shrink(Contest.Finding start) {
        Contest.Finding best = start;
        int from = 0;
        boolean progress = false;
        while (budget > 0) {
            List<Supplier<Sketch>> smaller = Smaller.than(best.sketch());
            if (from >= smaller.size()) {
                if (!progress) {
                    return best;
                }
                from = 0;
                progress = false;
            }
            var candidates = new ArrayList<Sketch>();
            while (candidates.size() < together && from < smaller.size()) {
                Sketch sketch = made(smaller.get(from++));
                if (sketch != null && cost(sketch) < cost(best.sketch())) {
                    candidates.add(sketch);
                }
            }
            budget--;
            for (Contest.Finding finding : contest.run(candidates)) {
                if (finding.kind().equals(best.kind())) {
                    best = finding;
                    from = Math.max(0, from - together);
                    progress = true;
                    break;
                }
            }
        }
        return best;
    }

    private static Sketch made(Supplier<Sketch> maker) {
        try {
            return maker.get();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** What is smaller costs less: first things to look at, then bits and cycles. */
    private static long cost(Sketch sketch) {
        long bits = 0;
        long details = sketch.cycles();
        for (Sketch.Part part : sketch.parts()) {
            details += 5L * part.domains().size();
            for (Item item : part.items()) {
                if (item instanceof Item.Port p) {
                    bits += p.shape().width();
                } else if (item instanceof Item.Register r) {
                    bits += r.shape().width();
                    details += r.init().stream()
                            .mapToInt(v -> v.signum() == 0 ? 1 : 2)
                            .sum();
                } else if (item instanceof Item.Wire w) {
                    bits += w.shape().width();
                } else if (item instanceof Item.Memory m) {
                    bits += (long) m.word().width() * m.depth();
                    details += m.init().size();
                } else if (item instanceof Item.Value v) {
                    details += v.named() ? 1 : 0;
                } else if (item instanceof Item.Read r) {
                    details += r.enable() == null ? 0 : 1;
                } else if (item instanceof Item.Access a) {
                    details += a.enable() == null ? 0 : 1;
                } else if (item instanceof Item.Block b) {
                    details += b.late() ? 1 : 0;
                }
            }
            for (Term term : part.terms()) {
                bits += term.all().stream().mapToInt(t -> t.shape().width()).sum();
            }
            for (Step step : part.statements()) {
                details += values(step);
            }
        }
        for (Sketch.Domain domain : sketch.domains()) {
            details += domain.clock()
                    + (domain.reset() == null ? 0 : 1 + domain.reset().ordinal());
        }
        return (long) sketch.size() * 1_000_000 + bits * 10 + details;
    }

    private static int values(Step step) {
        int own = step instanceof Step.Switch choice
                ? choice.cases().stream().mapToInt(c -> c.values().size()).sum()
                : 0;
        return own
                + step.blocks().stream()
                        .mapToInt(b -> b.stream().mapToInt(Shrinker::values).sum())
                        .sum();
    }
}
