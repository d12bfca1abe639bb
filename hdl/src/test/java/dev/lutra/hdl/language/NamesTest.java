// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Memory;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.hdl.ir.Instance;
import dev.lutra.hdl.ir.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Verilog names come from Java variables and fields. */
class NamesTest {
    private static dev.lutra.hdl.ir.Module top(Supplier<Module> top) {
        return Circuit.of(top).circuit().top();
    }

    private static List<String> names(List<? extends Signal> signals) {
        return signals.stream().map(Signal::name).toList();
    }

    private static List<String> instances(dev.lutra.hdl.ir.Module module) {
        return module.instances().stream().map(Instance::name).toList();
    }

    /** Passes its input on. */
    static final class Leaf extends Module {
        final UInt x = in(uint(8));
        final UInt y = out(uint(8));

        Leaf() {
            y.set(x);
        }
    }

    static final class Locals extends Module {
        final UInt a = in(uint(8));
        final UInt b = in(uint(8));
        final UInt o = out(uint(20));
        private UInt late;

        Locals() {
            var sum = a.add(b);
            var chain = a.mul(b).add(sum).add(1);
            var held = reg(uint(8)).init(3);
            UInt twice;
            UInt same = twice = a.xor(b);
            late = wire(uint(8));
            late.set(same.and(twice));
            final UInt picked = a.width() > 3 ? a.wrapAdd(b) : b;
            held.set(late);
            o.set(chain.wrapAdd(picked).wrapAdd(held).wrapAdd(sum));
        }
    }

    @Test
    void localsAndFields() {
        var m = Circuit.of(Locals::new).circuit().top();
        assertThat(names(m.ports())).containsExactly("a", "b", "o");
        assertThat(names(m.registers())).containsExactly("held");
        assertThat(names(m.wires())).containsExactly("late");
        assertThat(names(m.nodes())).containsExactly("sum", "chain", "twice", "picked");
    }

    static final class Collections extends Module {
        final UInt in = in(uint(8));
        final Vec<UInt> out = out(vec(2, i -> uint(8)));
        final Leaf[][] grid = new Leaf[2][2];

        Collections() {
            UInt[] stage = new UInt[3];
            for (int i = 0; i < 3; i++) {
                stage[i] = reg(uint(8)).init(0);
                stage[i].set(i == 0 ? in : stage[i - 1]);
            }
            List<UInt> taps = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                taps.add(reg(uint(8)));
                taps.get(i).set(stage[2]);
            }
            var leaves = IntStream.range(0, 2).mapToObj(i -> new Leaf()).toList();
            for (int i = 0; i < 2; i++) {
                for (int j = 0; j < 2; j++) {
                    var leaf = new Leaf();
                    leaf.x.set(taps.get(i));
                    grid[j][i] = leaf;
                }
            }
            for (int i = 0; i < 2; i++) {
                var step = leaves.get(i);
                step.x.set(taps.get(i));
                out.get(i).set(step.y);
            }
        }
    }

    @Test
    void arraysListsAndStreams() {
        var m = Circuit.of(Collections::new).circuit().top();
        assertThat(names(m.registers())).containsExactly("stage_0", "stage_1", "stage_2", "taps_0", "taps_1");
        assertThat(names(m.ports())).containsExactly("in", "out_0", "out_1");
        assertThat(instances(m))
                .containsExactly("leaves_0", "leaves_1", "grid_0_0", "grid_1_0", "grid_0_1", "grid_1_1");
    }

    static final class Pair extends Bundle {
        final UInt key = field(uint(4));
        final SInt[] values = {field(sint(8)), field(sint(8))};
        final Bool last = field(bool());
    }

    static final class Aggregates extends Module {
        record Io(UInt left, UInt right) {}

        final Pair pair = in(new Pair());
        final Io io = new Io(in(uint(2)), in(uint(2)));
        final Map<String, UInt> byName = Map.of("only", in(uint(2)));
        final Vec<Pair> stored;

        Aggregates() {
            stored = out(vec(2, i -> new Pair()));
            var held = reg(new Pair());
            held.set(pair);
            stored.get(0).set(held);
            stored.get(1).set(pair);
        }
    }

    @Test
    void bundlesVectorsRecordsAndMaps() {
        var m = Circuit.of(Aggregates::new).circuit().top();
        assertThat(names(m.ports()))
                .startsWith(
                        "pair_key", "pair_values_0", "pair_values_1", "pair_last", "io_left", "io_right", "byName_only")
                .contains("stored_0_key", "stored_1_values_1");
        assertThat(names(m.registers())).containsExactly("held_key", "held_values_0", "held_values_1", "held_last");
    }

    static final class Helpers extends Module {
        final UInt a = in(uint(8));
        final UInt b = in(uint(8));
        final UInt o = out(uint(19));

        Helpers() {
            var first = squared(a);
            var second = squared(b);
            o.set(first.add(second).add(twice(a)));
        }

        private UInt squared(UInt x) {
            var more = x.add(1);
            return more.mul(x);
        }

        private static UInt twice(UInt x) {
            var result = x.wrapAdd(x);
            return result;
        }
    }

    @Test
    void utilityMethodsArePrefixedByTheirCaller() {
        var m = Circuit.of(Helpers::new).circuit().top();
        assertThat(names(m.nodes())).containsExactly("first_more", "first", "second_more", "second", "result");
    }

    static final class Numbers extends Module {
        final UInt a = in(uint(8));
        final UInt o = out(uint(8));

        Numbers() {
            UInt acc = a;
            for (int i = 0; i < 3; i++) {
                var next = acc.wrapAdd(i);
                acc = next;
            }
            if (acc.width() == 8) {
                var t = a.xor(acc);
                o.set(t);
            }
            {
                var t = a.and(acc);
                var begin = t.or(1);
                when(begin.eq(t), () -> {
                    var t1 = t.wrapAdd(begin);
                    o.set(t1);
                });
            }
        }
    }

    @Test
    void equalNamesAreNumbered() {
        var m = Circuit.of(Numbers::new).circuit().top();
        assertThat(names(m.nodes())).containsExactly("next_0", "next_1", "next_2", "t", "t_1", "begin_", "t1");
    }

    static final class Unnamed extends Module {
        final UInt a = in(uint(8));
        final UInt o = out(uint(8));
        final UInt last = out(uint(8));
        private final Memory<UInt> words = memory(uint(8), 16).init(new long[] {1, 2, 3});

        Unnamed() {
            o.set(words.read(a.truncate(4)).wrapAdd(shared(a.wrapAdd(1))));
            var total = shared(a.mul(a).add(1)).truncate(3);
            last.set(total);
        }

        private static UInt shared(UInt x) {
            return x.xor(x);
        }
    }

    @Test
    void derivedNamesWhereJavaHasNone() {
        var m = Circuit.of(Unnamed::new).circuit().top();
        assertThat(m.memories().get(0).name()).isEqualTo("words");
        assertThat(names(m.readPorts())).containsExactly("words_q");
        assertThat(names(m.nodes())).containsExactly("o_add", "total_add", "total");
    }

    static final class Clash extends Module {
        final UInt pe_x = in(uint(8));
        final UInt clk = in(uint(8));
        final UInt o = out(uint(8));

        Clash() {
            var pe = new Leaf();
            pe.x.set(pe_x);
            var wire = pe.y.xor(clk);
            o.set(named(wire.and(pe_x), "chosen"));
        }
    }

    @Test
    void namesAreLegalAndUnique() {
        var m = Circuit.of(Clash::new).circuit().top();
        assertThat(names(m.ports())).containsExactly("pe_x_", "clk_", "o");
        assertThat(names(m.nodes())).containsExactly("wire_", "chosen");
    }

    @Test
    void anonymousTop() {
        var m = top(() -> new Module() {
            final UInt a = in(uint(3));
            final UInt o = out(uint(3));

            {
                o.set(a);
            }
        });
        assertThat(m.name()).isEqualTo("NamesTest_anonymous");
        assertThat(names(m.ports())).containsExactly("a", "o");
    }
}
