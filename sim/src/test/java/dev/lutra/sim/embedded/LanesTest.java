// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import static dev.lutra.hdl.Hdl.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Instances that are computed in one loop, against models of what each of them does. */
class LanesTest {
    private static final int CYCLES = 300;

    private static Plan plan(Elaboration<?> design) {
        return Plan.of(Flattener.flatten(design.circuit(), false), 2500);
    }

    private static List<Integer> lanes(Elaboration<?> design) {
        return plan(design).needs().lanes().groups().stream()
                .map(group -> group.registers().size())
                .toList();
    }

    /** Multiply-accumulate; operands move right and down, a difference decides for each element whether it adds or subtracts. */
    private static final class Cell extends Module {
        final Bool enable = in(bool());
        final SInt a = in(sint(8));
        final SInt b = in(sint(8));
        final SInt aOut = out(sint(8));
        final SInt bOut = out(sint(8));
        final SInt sum = out(sint(40));

        Cell() {
            var right = reg(sint(8)).init(0);
            var down = reg(sint(8)).init(0);
            var acc = reg(sint(40)).init(7);
            when(enable, () -> {
                right.set(a);
                down.set(b);
                when(a.lt(b), () -> acc.set(acc.wrapAdd(a.mul(b))))
                        .elseWhen(a.eq(b), () -> acc.set(0))
                        .otherwise(() -> acc.set(acc.wrapSub(a.mul(b))));
            });
            aOut.set(right);
            bOut.set(down);
            sum.set(acc);
        }
    }

    private static final class Grid extends Module {
        static final int ROWS = 3;
        static final int COLUMNS = 5;

        final Bool enable = in(bool());
        final Vec<SInt> a = in(vec(ROWS, i -> sint(8)));
        final Vec<SInt> b = in(vec(COLUMNS, i -> sint(8)));
        final Vec<SInt> sums = out(vec(ROWS * COLUMNS, i -> sint(40)));

        Grid() {
            var cells = new Cell[ROWS][COLUMNS];
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < COLUMNS; j++) {
                    var cell = new Cell();
                    cell.enable.set(enable);
                    cell.a.set(j == 0 ? a.get(i) : cells[i][j - 1].aOut);
                    cell.b.set(i == 0 ? b.get(j) : cells[i - 1][j].bOut);
                    sums.get(i * COLUMNS + j).set(cell.sum);
                    cells[i][j] = cell;
                }
            }
        }
    }

    @Test
    void aGridIsOneLoopPerRegister() {
        var design = Circuit.of(Grid::new);
        assertThat(lanes(design)).containsExactly(15, 15, 15);
        var random = new Random(1);
        int n = Grid.COLUMNS;
        long[][] right = new long[Grid.ROWS][n];
        long[][] down = new long[Grid.ROWS][n];
        long[] sums = new long[Grid.ROWS * n];
        Arrays.fill(sums, 7);
        try (Simulator sim = Simulators.embedded(design)) {
            sim.reset(1);
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                boolean enable = random.nextInt(4) > 0;
                sim.poke(design.top().enable, enable ? 1 : 0);
                for (int i = 0; i < Grid.ROWS; i++) {
                    sim.poke(design.top().a.get(i), random.nextInt(8) - 4);
                }
                for (int j = 0; j < n; j++) {
                    sim.poke(design.top().b.get(j), random.nextInt(256) - 128);
                }
                for (int i = Grid.ROWS - 1; enable && i >= 0; i--) {
                    for (int j = n - 1; j >= 0; j--) {
                        long a = j == 0 ? sim.peek(design.top().a.get(i)) : right[i][j - 1];
                        long b = i == 0 ? sim.peek(design.top().b.get(j)) : down[i - 1][j];
                        int at = i * n + j;
                        sums[at] = a < b ? sums[at] + a * b : a == b ? 0 : sums[at] - a * b;
                        right[i][j] = a;
                        down[i][j] = b;
                    }
                }
                sim.step(1);
                for (int at = 0; at < sums.length; at++) {
                    assertThat(sim.peek(design.top().sums.get(at)))
                            .as("cycle %d, cell %d", cycle, at)
                            .isEqualTo(sums[at]);
                }
            }
        }
    }

    /** Adds to what comes from the left without a register between: one lane waits for another. */
    private static final class Ripple extends Module {
        final UInt left = in(uint(16));
        final UInt right = out(uint(16));

        Ripple() {
            var sum = reg(uint(16)).init(1);
            var total = sum.wrapAdd(left);
            sum.set(total);
            right.set(total);
        }
    }

    private static final class Chain extends Module {
        final UInt first = in(uint(16));
        final UInt last = out(uint(16));

        Chain() {
            UInt carried = first;
            for (int i = 0; i < 12; i++) {
                var ripple = new Ripple();
                ripple.left.set(carried);
                carried = ripple.right;
            }
            last.set(carried);
        }
    }

    @Test
    void instancesThatWaitForEachOtherAreComputedOneByOne() {
        var design = Circuit.of(Chain::new);
        assertThat(lanes(design)).isEmpty();
        var random = new Random(2);
        int[] sums = new int[12];
        Arrays.fill(sums, 1);
        try (Simulator sim = Simulators.embedded(design)) {
            sim.reset(1);
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                int carried = random.nextInt(1 << 16);
                sim.poke(design.top().first, carried);
                for (int i = 0; i < sums.length; i++) {
                    sums[i] = sums[i] + carried & 0xFFFF;
                    carried = sums[i];
                }
                assertThat(sim.peek(design.top().last)).as("cycle %d", cycle).isEqualTo(carried);
                sim.step(1);
            }
        }
    }

    /** Takes its neighbour's value, whose instance takes another one's, in a ring. */
    private static final class Link extends Module {
        final Bool move = in(bool());
        final UInt from = in(uint(20));
        final UInt value = out(uint(20));

        Link() {
            var held = reg(uint(20)).init(0);
            when(move, () -> held.set(from)).otherwise(() -> held.set(held.wrapAdd(1)));
            value.set(held);
        }
    }

    private static final class Ring extends Module {
        static final int LINKS = 9;
        final Bool move = in(bool());
        final Vec<UInt> values = out(vec(LINKS, i -> uint(20)));

        Ring() {
            var links = new ArrayList<Link>();
            for (int i = 0; i < LINKS; i++) {
                links.add(new Link());
            }
            for (int i = 0; i < LINKS; i++) {
                links.get(i).move.set(move);
                var before = links.get((i + LINKS - 2) % LINKS).value;
                links.get(i).from.set(i == 0 ? before.wrapAdd(100) : before);
                values.get(i).set(links.get(i).value);
            }
        }
    }

    @Test
    void aRingReadsOldValuesOnly() {
        var design = Circuit.of(Ring::new);
        assertThat(lanes(design)).containsExactly(Ring.LINKS);
        var random = new Random(3);
        int[] values = new int[Ring.LINKS];
        try (Simulator sim = Simulators.embedded(design)) {
            sim.reset(1);
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                boolean move = random.nextBoolean();
                sim.poke(design.top().move, move ? 1 : 0);
                sim.step(1);
                int[] next = new int[Ring.LINKS];
                for (int i = 0; i < next.length; i++) {
                    int before = values[(i + Ring.LINKS - 2) % Ring.LINKS] + (i == 0 ? 100 : 0);
                    next[i] = (move ? before : values[i] + 1) & 0xFFFFF;
                }
                values = next;
                for (int i = 0; i < values.length; i++) {
                    assertThat(sim.peek(design.top().values.get(i)))
                            .as("cycle %d, link %d", cycle, i)
                            .isEqualTo(values[i]);
                }
            }
        }
    }

    /** A registered element of one of two tables of registers, chosen by a tree of multiplexers. */
    private static final class Lookup extends Module {
        final Vec<SInt> table = in(vec(4, i -> sint(9)));
        final UInt code = in(uint(2));
        final SInt value = out(sint(9));

        Lookup() {
            var low = mux(code.bit(0), table.get(1), table.get(0));
            var high = mux(code.bit(0), table.get(3), table.get(2));
            var held = reg(sint(9));
            held.set(mux(code.bit(1), high, low));
            value.set(held);
        }
    }

    private static final class Lookups extends Module {
        static final int LANES = 10;
        final Vec<SInt> entries = in(vec(8, i -> sint(9)));
        final UInt codes = in(uint(2 * LANES));
        final Vec<SInt> values = out(vec(LANES, i -> sint(9)));

        Lookups() {
            var table = new ArrayList<SInt>();
            for (int i = 0; i < 8; i++) {
                var entry = reg(sint(9));
                entry.set(entries.get(i));
                table.add(entry);
            }
            for (int i = 0; i < LANES; i++) {
                var lookup = new Lookup();
                for (int k = 0; k < 4; k++) {
                    lookup.table.get(k).set(table.get(4 * (i % 2) + k));
                }
                lookup.code.set(codes.bits(2 * i + 1, 2 * i).asUInt());
                values.get(i).set(lookup.value);
            }
        }
    }

    @Test
    void treesOfMultiplexersAreTablesOfTheirLanes() {
        var design = Circuit.of(Lookups::new);
        Plan plan = plan(design);
        assertThat(lanes(design)).containsExactly(Lookups.LANES);
        assertThat(plan.needs().lanes().operations()).anyMatch(lanes -> lanes.first().op == Op.SELECT);
        var random = new Random(4);
        int[] table = new int[8];
        try (Simulator sim = Simulators.embedded(design)) {
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                int codes = random.nextInt(1 << 2 * Lookups.LANES);
                sim.poke(design.top().codes, codes);
                int[] next = new int[8];
                for (int k = 0; k < 8; k++) {
                    next[k] = random.nextInt(512) - 256;
                    sim.poke(design.top().entries.get(k), next[k]);
                }
                sim.step(1);
                for (int i = 0; i < Lookups.LANES; i++) {
                    assertThat(sim.peek(design.top().values.get(i)))
                            .as("cycle %d, lane %d", cycle, i)
                            .isEqualTo(table[4 * (i % 2) + (codes >> 2 * i & 3)]);
                }
                table = next;
            }
        }
    }
}
