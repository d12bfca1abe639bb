// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.random;

import dev.lutra.hdl.ir.ResetKind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a circuit is fed, by its seed: a row per cycle with the level of each reset and each ground input. A column's values
 * depend on its name only, so a smaller circuit is fed as before.
 */
record Stimulus(List<String> columns, List<Shape> shapes, List<List<BigInteger>> rows) {
    /** Cycles in reset at the start. */
    private static final int IN_RESET = 2;

    static Stimulus of(Sketch sketch) {
        var columns = new ArrayList<String>();
        var shapes = new ArrayList<Shape>();
        var values = new ArrayList<List<BigInteger>>();
        for (int i = 0; i < sketch.domains().size(); i++) {
            ResetKind kind = sketch.domains().get(i).reset();
            if (kind != null) {
                columns.add("rst" + i);
                shapes.add(Shape.TRUTH);
                values.add(resets(kind, random(sketch, "rst" + i), sketch.cycles()));
            }
        }
        for (Item.Port port : sketch.top().ports(true)) {
            List<Shape> leaves = port.shape().leaves();
            for (int i = 0; i < leaves.size(); i++) {
                String name = leaves.size() == 1 ? port.name() : port.name() + "[" + i + "]";
                columns.add(name);
                shapes.add(leaves.get(i));
                values.add(values(leaves.get(i), random(sketch, port.name() + i), sketch.cycles()));
            }
        }
        var rows = new ArrayList<List<BigInteger>>();
        for (int cycle = 0; cycle < sketch.cycles(); cycle++) {
            var row = new ArrayList<BigInteger>();
            for (List<BigInteger> column : values) {
                row.add(column.get(cycle));
            }
            rows.add(row);
        }
        return new Stimulus(columns, shapes, rows);
    }

    private static Random random(Sketch sketch, String column) {
        return new Random(sketch.seed() * 1_000_003 + column.hashCode());
    }

    private static List<BigInteger> resets(ResetKind kind, Random random, int cycles) {
        var levels = new ArrayList<BigInteger>();
        boolean often = random.nextInt(4) == 0;
        for (int cycle = 0; cycle < cycles; cycle++) {
            boolean active = cycle < IN_RESET || random.nextInt(often ? 4 : 15) == 0;
            levels.add(active != kind.activeLow() ? BigInteger.ONE : BigInteger.ZERO);
        }
        return levels;
    }

    private static List<BigInteger> values(Shape shape, Random random, int cycles) {
        var values = new ArrayList<BigInteger>();
        for (int cycle = 0; cycle < cycles; cycle++) {
            boolean same = cycle > 0 && random.nextInt(5) == 0;
            values.add(same ? values.get(cycle - 1) : value(random, shape));
        }
        return values;
    }

    /** A value of a ground shape, often an extreme one. */
    static BigInteger value(Random random, Shape shape) {
        if (shape instanceof Shape.Choice choice) {
            return BigInteger.valueOf(random.nextInt(choice.count()));
        }
        return switch (random.nextInt(8)) {
            case 0 -> BigInteger.ZERO;
            case 1 -> shape.max();
            case 2 -> shape.min();
            case 3 -> shape.wrap(BigInteger.valueOf(random.nextInt(20) - 10));
            default -> shape.wrap(new BigInteger(shape.width(), random));
        };
    }

    /** A row as text. */
    String text(int cycle) {
        var parts = new ArrayList<String>();
        for (int i = 0; i < columns.size(); i++) {
            parts.add(columns.get(i) + "=" + rows.get(cycle).get(i));
        }
        return String.join(" ", parts);
    }
}
