// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.hdl.ir.ResetKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A legal circuit by seed: all operators, widths 1 to 200, every kind of type, nested conditions, memories, instances in several
 * levels and in regular rows, several clocks and kinds of reset. What depends on what follows the order of the items, so there are
 * no loops; a signal is read in the domain it belongs to, or crosses.
 */
final class Generator {
    private static final int CYCLES = 30;

    private final long seed;
    private final Dice dice;
    private final List<Sketch.Part> parts = new ArrayList<>();
    /** The domain of each port of each part. */
    private final List<Map<String, Integer>> portDomains = new ArrayList<>();

    private Generator(long seed) {
        this.seed = seed;
        dice = new Dice(seed);
    }

    static Sketch of(long seed) {
        var generator = new Generator(seed);
        Dice dice = generator.dice;
        // A row of instances and what surrounds it can be small, too.
        int count = dice.size == Dice.Size.TINY && dice.chance(15) ? 2 : 1 + dice.random.nextInt(dice.size.modules);
        for (int i = 0; i < count; i++) {
            new Body(new Draft(dice, generator.parts, generator.portDomains)).build();
        }
        return generator.finish();
    }

    private Sketch finish() {
        Sketch.Part top = parts.get(parts.size() - 1);
        var domains = new ArrayList<Sketch.Domain>();
        var free = new ArrayList<Integer>();
        for (int i = 0; i < Timing.CLOCKS.size(); i++) {
            free.add(i);
        }
        Collections.shuffle(free, dice.random);
        for (int i = 0; i <= top.domains().size(); i++) {
            ResetKind kind = i == 0
                    ? dice.pick(Arrays.asList(ResetKind.values()))
                    : top.domains().get(i - 1);
            domains.add(new Sketch.Domain(i == 0 && dice.chance(60) ? 0 : free.get(i), kind));
        }
        return new Sketch(seed, parts, domains, CYCLES);
    }
}
