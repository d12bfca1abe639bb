// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.stream.StreamFifo;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Equal modules are one definition; names and places in the source do not make a difference, structure does. */
class DefinitionsTest {
    private static List<String> modules(Supplier<? extends Module> top) {
        return Circuit.of(top::get).circuit().modules().stream()
                .map(dev.lutra.hdl.ir.Module::name)
                .toList();
    }

    /** Makes instances. */
    static final class Holder extends Module {
        Holder(Consumer<Holder> body) {
            body.accept(this);
        }
    }

    record Size(int width, boolean extra, String unused) {}

    static final class Part extends Module {
        final UInt x;
        final UInt y;

        Part(Size size) {
            super(size);
            x = in(uint(size.width()));
            y = out(uint(size.width()));
            var value = size.extra() ? x.wrapAdd(1) : x;
            y.set(value);
        }
    }

    @Test
    void parametersNameTheDifference() {
        assertThat(modules(() -> new Holder(m -> {
                    new Part(new Size(4, true, "a")).x.set(0);
                    new Part(new Size(4, true, "a")).x.set(0);
                    new Part(new Size(8, true, "a")).x.set(0);
                    new Part(new Size(4, false, "a")).x.set(0);
                    new Part(new Size(8, true, "other, but of no consequence")).x.set(0);
                })))
                .containsExactly("Part_width4_extra", "Part_width8_extra", "Part_width4_not_extra", "Holder");
    }

    /** Nothing else in the design has a say in a module's name. */
    @Test
    void namesDoNotDependOnOtherModules() {
        assertThat(modules(() -> new Holder(m -> new Part(new Size(8, true, "a")).x.set(0))))
                .containsExactly("Part_width8_extra", "Holder");
        var free = modules(() -> new Holder(m -> {
            new Free(2).x.set(0);
            new Free(3).x.set(0);
        }));
        var more = modules(() -> new Holder(m -> {
            new Part(new Size(4, true, "a")).x.set(0);
            new Free(4).x.set(0);
            new Free(3).x.set(0);
            new Free(2).x.set(0);
        }));
        assertThat(free).hasSize(3).allMatch(name -> name.matches("Free_[0-9a-f]{6}|Holder"));
        assertThat(more).hasSize(5).containsAll(free);
    }

    static final class Queues extends Module {
        Queues() {
            for (var type : List.of(uint(12), bool(), vec(2, i -> sint(4)), sfix(2, 6), new Pixel())) {
                var queue = new StreamFifo<Data>(type, 4);
                queue.clear.set(false);
                queue.put.set(in(decoupled(like(type))));
                out(decoupled(like(type))).set(queue.take);
            }
        }
    }

    static final class Pixel extends Bundle {
        final UInt red = field(uint(4));
        final UInt blue = field(uint(4));
    }

    @Test
    void typesNameVariants() {
        assertThat(modules(Queues::new))
                .containsExactly(
                        "StreamFifo_uint12_depth4",
                        "StreamFifo_bool_depth4",
                        "StreamFifo_vec2_sint4_depth4",
                        "StreamFifo_sfix2_6_depth4",
                        "StreamFifo_Pixel8_depth4",
                        "Queues");
    }

    /** Its structure depends on something its class does not tell. */
    static final class Free extends Module {
        final UInt x = in(uint(8));
        final UInt y = out(uint(8));

        Free(int steps) {
            y.set(IntStream.range(0, steps).boxed().reduce(x, (value, i) -> value.wrapAdd(i), (a, b) -> b));
        }
    }

    @Test
    void structureCountsWithoutParameters() {
        var circuit = Circuit.of(() -> new Holder(m -> {
                    for (int i = 0; i < 20; i++) {
                        new Free(new int[] {3, 5, 1, 4}[i % 4]).x.set(0);
                    }
                }))
                .circuit();
        assertThat(circuit.modules()).hasSize(5);
        for (int i = 0; i < 20; i++) {
            var module = circuit.top().instances().get(i).module();
            assertThat(module.body().get(0).toString())
                    .isEqualTo(List.of(
                                    "y := (((x + 0) + 1) + 2)",
                                    "y := (((((x + 0) + 1) + 2) + 3) + 4)",
                                    "y := (x + 0)",
                                    "y := ((((x + 0) + 1) + 2) + 3)")
                            .get(i % 4));
        }
    }

    /** Does what an earlier one did and stops before its end. */
    static final class Prefix extends Module {
        final UInt x = in(uint(8));
        final UInt y = out(uint(8));

        Prefix(boolean more) {
            y.set(x);
            if (more) {
                var z = out(uint(8));
                z.set(x);
            }
        }
    }

    @Test
    void aPrefixIsADefinitionOfItsOwn() {
        var circuit = Circuit.of(() -> new Holder(m -> {
                    new Prefix(true).x.set(0);
                    new Prefix(false).x.set(0);
                    new Prefix(true).x.set(0);
                }))
                .circuit();
        assertThat(circuit.modules()).hasSize(3);
        assertThat(circuit.top().instances())
                .extracting(i -> i.module().ports().size())
                .containsExactly(3, 2, 3);
    }

    static final class Wrapper extends Module {
        final UInt x = in(uint(8));
        final UInt y = out(uint(8));

        Wrapper(int steps) {
            var inner = new Free(steps);
            inner.x.set(x);
            y.set(inner.y);
        }
    }

    @Test
    void childrenCount() {
        var circuit = Circuit.of(() -> new Holder(m -> {
                    new Wrapper(1).x.set(0);
                    new Wrapper(2).x.set(0);
                    new Wrapper(1).x.set(0);
                    new Wrapper(2).x.set(0);
                }))
                .circuit();
        assertThat(circuit.modules()).hasSize(5);
        assertThat(circuit.top().instances())
                .extracting(i ->
                        i.module().instances().get(0).module().body().get(0).toString())
                .containsExactly("y := (x + 0)", "y := ((x + 0) + 1)", "y := (x + 0)", "y := ((x + 0) + 1)");
    }

    /** Can be extended after its constructor. */
    static final class Growing extends Module {
        final UInt x = in(uint(8));
        final UInt y = out(uint(8));
        final UInt held = reg(uint(8));

        void drive(long value) {
            held.set(x);
            y.set(held.wrapAdd(value));
        }
    }

    @Test
    void hardwareAddedByMethodsCounts() {
        var circuit = Circuit.of(() -> new Holder(m -> {
                    var first = new Growing();
                    var second = new Growing();
                    var third = new Growing();
                    List.of(first, second, third).forEach(growing -> growing.x.set(0));
                    first.drive(1);
                    second.drive(2);
                    third.drive(1);
                }))
                .circuit();
        assertThat(circuit.modules()).hasSize(3);
    }

    static final class Named extends Module {
        final UInt x;

        Named(String name) {
            x = named(in(uint(8)), name);
            out(uint(8)).set(x);
        }
    }

    @Test
    void namesGivenInWordsCount() {
        assertThat(modules(() -> new Holder(m -> {
                    new Named("left").x.set(0);
                    new Named("right").x.set(0);
                    new Named("left").x.set(0);
                })))
                .containsExactly("Named_3d12fd", "Named_3de97b", "Holder");
    }

    static final class Twice extends Module {
        final UInt x = in(uint(8));

        Twice() {
            if (hashCode() != 0) {
                out(uint(8)).set(x);
            }
        }
    }

    @Test
    void doesNotDependOnIdentityHashes() {
        assertThat(modules(() -> new Holder(m -> {
                    new Twice().x.set(0);
                    new Twice().x.set(0);
                })))
                .hasSize(2);
    }
}
