// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Memory;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Counts, and estimates that can be worked out by hand. Comparison with synthesis: EstimatesIT in bitstreams. */
class StatisticsTest {
    private static Statistics of(Supplier<? extends Module> top) {
        return Statistics.of(Circuit.of(top::get).circuit());
    }

    private static Estimate estimate(Supplier<? extends Module> top, Target target) {
        return of(top).total().estimates().get(target);
    }

    /** One of each sort of operator. */
    static final class Operators extends Module {
        final UInt a = in(uint(8));
        final UInt b = in(uint(6));
        final SInt s = in(sint(10));
        final UInt index = in(uint(2));
        final Vec<UInt> table = in(vec(3, i -> uint(5)));
        final UInt sum = out(uint(9));
        final UInt product = out(uint(14));
        final UInt quotient = out(uint(8));
        final Bool less = out(bool());
        final UInt chosen = out(uint(8));
        final UInt entry = out(uint(5));
        final UInt shifted = out(uint(8));
        final SInt negative = out(sint(11));
        final Bits free = out(bits(3));

        Operators() {
            sum.set(a.add(b));
            product.set(a.mul(b));
            quotient.set(a.div(b));
            less.set(a.lt(b));
            chosen.set(mux(a.eq(17), a, b));
            entry.set(table.get(index));
            shifted.set(a.shr(index));
            negative.set(s.neg());
            free.set(a.bits(4, 2).asBits());
            var unread = a.mul(a); // nobody reads it
            assertThat(unread.width()).isEqualTo(16);
        }
    }

    @Test
    void countsOperatorsByKindAndWidth() {
        var operators = of(Operators::new).modules().get(0).operators();
        assertThat(operators.entrySet().stream()
                        .map(e -> e.getValue() + " " + e.getKey().kind() + " "
                                + e.getKey().shape()))
                .containsExactly(
                        "1 ADDER 9",
                        "1 ADDER 11",
                        "1 MULTIPLIER 8 x 6",
                        "1 DIVIDER 8 x 6",
                        "2 COMPARATOR 8",
                        "1 MULTIPLEXER 2:1 x 8",
                        "1 MULTIPLEXER 3:1 x 5",
                        "1 SHIFTER 8");
    }

    /** Two children of one definition and a memory. */
    static final class Parent extends Module {
        static final class Child extends Module {
            final UInt d = in(uint(7));
            final UInt q = out(uint(7));

            Child() {
                var state = reg(uint(7)).init(0);
                state.set(d);
                q.set(state);
            }
        }

        final UInt d = in(uint(7));
        final UInt q = out(uint(7));

        Parent() {
            var first = new Child();
            var second = new Child();
            Memory<UInt> words = memory(uint(7), 512);
            first.d.set(d);
            words.write(cat(first.q, lit(0, 2)).asUInt(), d);
            second.d.set(words.read(cat(lit(1, 2), d).asUInt()));
            q.set(second.q);
        }
    }

    @Test
    void addsUpInstances() {
        Statistics statistics = of(Parent::new);
        assertThat(statistics.instances().stream()
                        .map(r -> r.depth() + " " + r.name() + " x" + r.count() + " "
                                + r.totals().registerBits() + " " + r.totals().memoryBits()))
                .containsExactly("0 Parent x1 14 3584", "1 first x2 7 0");
        assertThat(statistics.modules().get(1).memories()).containsExactly(new MemoryUse("words", 512, 7, 1, 1));
        assertThat(statistics.total().estimates().get(Target.ICE40)).isEqualTo(new Estimate(0, 14, 0, 1));
        assertThat(statistics.total().estimates().get(Target.AMD)).isEqualTo(new Estimate(0, 14, 0, 1));
        assertThat(statistics.total().estimates().get(Target.ECP5)).isEqualTo(new Estimate(0, 14, 0, 1));
        assertThat(StatisticsTable.of(statistics))
                .contains("first and 1 more: Child")
                .contains("memory words: 512 x 7, 1 read, 1 write");
    }

    /** And of so many bits. */
    static final class Wide extends Module {
        final UInt a;
        final Bool all = out(bool());

        Wide(int width) {
            a = in(uint(width));
            all.set(a.andR());
        }
    }

    @Test
    void aTableTakesAsManyInputsAsItHas() {
        for (int width = 2; width <= 16; width++) {
            int n = width;
            assertThat(estimate(() -> new Wide(n), Target.AMD).luts()).isEqualTo((n + 3) / 5);
            assertThat(estimate(() -> new Wide(n), Target.ICE40).luts()).isEqualTo((n + 1) / 3);
        }
    }

    /** A register that synthesis makes of flip-flops with enable and clear, without logic. */
    static final class Loaded extends Module {
        final UInt d = in(uint(8));
        final Bool load = in(bool());
        final Bool clear = in(bool());
        final UInt q = out(uint(8));

        Loaded() {
            var held = reg(uint(8));
            when(load, () -> held.set(d));
            when(clear, () -> held.set(0));
            q.set(held);
        }
    }

    @Test
    void enablesAndClearsArePins() {
        Statistics statistics = of(Loaded::new);
        for (Target target : Target.values()) {
            assertThat(statistics.total().estimates().get(target)).isEqualTo(new Estimate(0, 8, 0, 0));
        }
        assertThat(statistics.modules().get(0).count(Operator.Kind.MULTIPLEXER)).isZero();
    }

    /** An adder of two inputs. */
    static final class Adder extends Module {
        final UInt a = in(uint(16));
        final UInt b = in(uint(16));
        final UInt sum = out(uint(16));

        Adder() {
            sum.set(a.wrapAdd(b));
        }
    }

    @Test
    void sumsTakeATableABit() {
        for (Target target : Target.values()) {
            assertThat(estimate(Adder::new, target)).isEqualTo(new Estimate(16, 0, 0, 0));
        }
    }

    /** A product of two inputs. */
    static final class Product extends Module {
        final SInt a;
        final SInt b;
        final SInt product;

        Product(int width) {
            a = in(sint(width));
            b = in(sint(width));
            product = out(sint(2 * width));
            product.set(a.mul(b));
        }
    }

    @Test
    void productsGoToMultipliers() {
        for (Target target : Target.values()) {
            assertThat(estimate(() -> new Product(8), target)).isEqualTo(new Estimate(0, 0, 1, 0));
        }
        assertThat(estimate(() -> new Product(4), Target.ICE40).dsps()).isZero();
        assertThat(estimate(() -> new Product(4), Target.ICE40).luts()).isBetween(12L, 50L);
        assertThat(estimate(() -> new Product(25), Target.AMD).dsps()).isEqualTo(2);
    }
}
