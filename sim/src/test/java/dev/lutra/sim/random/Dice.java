// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.sim.random.Shape.B;
import dev.lutra.sim.random.Shape.Choice;
import dev.lutra.sim.random.Shape.Pack;
import dev.lutra.sim.random.Shape.Row;
import dev.lutra.sim.random.Shape.S;
import dev.lutra.sim.random.Shape.U;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * All choices of a circuit by seed, and the sizes that hold for the whole of it.
 *
 * <p>Half of the circuits are tiny, few are large: a fault shows in many small circuits sooner than in few large ones that take as
 * long, and what a large one computes is often lost before an output; but some faults need size.
 */
final class Dice {
    /** How large a circuit is. */
    enum Size {
        /** Most do one or two things. */
        TINY(60, 1, 2, List.of(3, 5, 8), 60),
        SMALL(28, 2, 3, List.of(8, 15, 25), 35),
        MIDDLE(10, 3, 4, List.of(30, 60), 0),
        LARGE(2, 4, 8, List.of(100, 200), 0);

        final int percent;
        final int modules;
        final int things;
        final List<Integer> rich;
        /** How often there is none of what may be missing, in percent. */
        final int sparse;

        Size(int percent, int modules, int things, List<Integer> rich, int sparse) {
            this.percent = percent;
            this.modules = modules;
            this.things = things;
            this.rich = rich;
            this.sparse = sparse;
        }
    }

    final Random random;
    final Size size;
    private final int widest;
    /** Things in a module. */
    final int things;
    /** Operators on top of each other. */
    final int deep;

    final int shallow;
    /** Expressions of a module that may have operators on top of each other. */
    final int rich;

    /** Whether there are clocks and resets beside a module's own. */
    final boolean clocks;

    Dice(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
        widest = pick(List.of(8, 20, 40, 70, 130, 200));
        size = size();
        things = 1 + random.nextInt(size.things);
        deep = pick(List.of(1, 1, 2, 2, 2, 3));
        shallow = Math.min(deep, 2);
        rich = pick(size.rich);
        clocks = chance(40);
    }

    private Size size() {
        int roll = random.nextInt(100);
        for (Size one : Size.values()) {
            roll -= one.percent;
            if (roll < 0) {
                return one;
            }
        }
        throw new AssertionError("percentages do not add up");
    }

    /** A number up to the given one, often none in a small circuit. */
    int some(int most) {
        return chance(size.sparse) ? 0 : random.nextInt(most + 1);
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    int width() {
        int width = switch (random.nextInt(8)) {
            case 0 -> 1;
            case 1, 2 -> 1 + random.nextInt(8);
            case 3 -> 31 + random.nextInt(3);
            case 4 -> 62 + random.nextInt(5);
            default -> 1 + random.nextInt(widest);
        };
        return Math.min(width, widest);
    }

    Shape ground() {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> new U(width());
            case 3, 4, 5 -> new S(width());
            case 6 -> new B(width());
            case 7, 8 -> Shape.TRUTH;
            default -> new Choice(pick(Choices.COUNTS));
        };
    }

    Shape shape() {
        return shape(2);
    }

    private Shape shape(int depth) {
        if (depth == 0 || chance(88)) {
            return ground();
        } else if (chance(60)) {
            return new Row(1 + random.nextInt(4), shape(depth - 1));
        }
        var fields = new ArrayList<Shape>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            fields.add(shape(depth - 1));
        }
        return new Pack(fields);
    }

    static Shape number(boolean signed, int width) {
        return signed ? new S(width) : new U(width);
    }

    int near(int width) {
        int near = switch (random.nextInt(4)) {
            case 0 -> width;
            case 1 -> width - random.nextInt(3);
            case 2 -> width + random.nextInt(3);
            default -> 1 + random.nextInt(width + 4);
        };
        return Math.max(1, Math.min(near, 200));
    }

    /** A value of a ground shape, often a corner. */
    BigInteger constant(Shape shape) {
        return Stimulus.value(random, shape);
    }
}
