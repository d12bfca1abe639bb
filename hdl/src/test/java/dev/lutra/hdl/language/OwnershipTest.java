// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.HdlException;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The parent of a module is the innermost one whose constructor is running. */
class OwnershipTest {
    /** The hierarchy as text: {@code Top(a:Leaf b:Node(c:Leaf))}. */
    private static String tree(Supplier<? extends Module> top) {
        var circuit = Circuit.of(top::get).circuit();
        return tree(circuit.top());
    }

    private static String tree(dev.lutra.hdl.ir.Module module) {
        String name = module.className().substring(module.className().lastIndexOf('$') + 1);
        if (module.instances().isEmpty()) {
            return name;
        }
        var children = new ArrayList<String>();
        for (Instance instance : module.instances()) {
            children.add(instance.name() + ":" + tree(instance.module()));
        }
        return name + "(" + String.join(" ", children) + ")";
    }

    /** One input, one output, so that every module has something to drive. */
    abstract static class Cell extends Module {
        final UInt x = in(uint(4));
        final UInt y = out(uint(4));
    }

    static final class Leaf extends Cell {
        Leaf() {
            y.set(x);
        }
    }

    static final class Node extends Cell {
        Node() {
            var inner = new Leaf();
            inner.x.set(x);
            y.set(inner.y);
        }
    }

    static final class Siblings extends Cell {
        Siblings() {
            var first = new Leaf();
            first.x.set(x);
            var second = new Node();
            second.x.set(first.y);
            var third = new Leaf();
            third.x.set(second.y);
            y.set(third.y);
        }
    }

    @Test
    void siblings() {
        assertThat(tree(Siblings::new)).isEqualTo("Siblings(first:Leaf second:Node(inner:Leaf) third:Leaf)");
    }

    static final class Fields extends Cell {
        final Node early = new Node();
        final Leaf late;

        Fields() {
            late = new Leaf();
            early.x.set(x);
            late.x.set(early.y);
            y.set(late.y);
        }
    }

    @Test
    void fieldInitialisers() {
        assertThat(tree(Fields::new)).isEqualTo("Fields(early:Node(inner:Leaf) late:Leaf)");
    }

    static final class Helpers extends Cell {
        Helpers() {
            y.set(viaStatic(this, viaMethod(x)));
        }

        private UInt viaMethod(UInt value) {
            var leaf = new Leaf();
            leaf.x.set(value);
            return leaf.y;
        }

        private static UInt viaStatic(Helpers owner, UInt value) {
            var factory = new Factory();
            var node = factory.make();
            node.x.set(value);
            return node.y;
        }

        /** Its constructor is no module's. */
        private static final class Factory {
            final Node made;

            Factory() {
                made = new Node();
            }

            Node make() {
                return made;
            }
        }
    }

    @Test
    void helperMethodsAndClasses() {
        assertThat(tree(Helpers::new)).isEqualTo("Helpers(leaf:Leaf factory_made:Node(inner:Leaf))");
    }

    static final class Tree extends Cell {
        Tree(int depth) {
            if (depth == 0) {
                y.set(x);
            } else {
                var left = new Tree(depth - 1);
                var right = new Tree(depth - 1);
                left.x.set(x);
                right.x.set(left.y);
                y.set(right.y);
            }
        }
    }

    @Test
    void recursion() {
        assertThat(tree(() -> new Tree(2)))
                .isEqualTo("Tree(left:Tree(left:Tree right:Tree) right:Tree(left:Tree right:Tree))");
        assertThat(Circuit.of(() -> new Tree(5)).circuit().modules()).hasSize(6);
    }

    /** A chain whose constructor both delegates and makes a module of its own class. */
    static final class Chain extends Cell {
        Chain() {
            this(2);
        }

        Chain(int length) {
            this(length, "");
        }

        private Chain(int length, String unused) {
            if (length == 0) {
                y.set(x);
            } else {
                var next = length == 1 ? new Chain(0, unused) : new Chain(length - 1);
                next.x.set(x);
                y.set(next.y);
            }
        }
    }

    @Test
    void delegatingConstructors() {
        assertThat(tree(Chain::new)).isEqualTo("Chain(next:Chain(next:Chain))");
        assertThat(tree(() -> new Chain(3))).isEqualTo("Chain(next:Chain(next:Chain(next:Chain)))");
    }

    /** Makes a module after {@code this(...)} and one among its arguments. */
    static final class Late extends Cell {
        Late() {
            this(new Late(0));
            var after = new Leaf();
            after.x.set(x);
            y.set(after.y);
        }

        Late(int unused) {
            y.set(x.wrapAdd(unused));
        }

        private Late(Late argument) {
            argument.x.set(0);
            var during = new Leaf();
            during.x.set(x);
        }
    }

    static final class HoldsLate extends Cell {
        HoldsLate() {
            var late = new Late();
            late.x.set(x);
            y.set(late.y);
        }
    }

    @Test
    void aroundADelegation() {
        var top = Circuit.of(HoldsLate::new).circuit().top();
        assertThat(tree(top)).isEqualTo("HoldsLate(late_1:Late late:Late(during:Leaf after:Leaf))");
    }

    static class Base extends Cell {
        final Leaf ofBase = new Leaf();

        Base() {
            this(true);
        }

        Base(boolean connect) {
            if (connect) {
                ofBase.x.set(x);
                y.set(x);
            }
        }
    }

    static class Derived extends Base {
        final Leaf ofDerived = new Leaf();

        Derived() {
            super();
            ofDerived.x.set(ofBase.y);
        }
    }

    static final class MostDerived extends Derived {
        MostDerived() {
            var base = new Base();
            base.x.set(ofDerived.y);
            when(base.y.eq(3), () -> y.set(base.y));
        }
    }

    @Test
    void classHierarchies() {
        assertThat(tree(MostDerived::new)).isEqualTo("MostDerived(ofBase:Leaf ofDerived:Leaf base:Base(ofBase:Leaf))");
    }

    static final class Streams extends Cell {
        Streams() {
            var cells = IntStream.range(0, 3)
                    .mapToObj(i -> i == 1 ? new Node() : new Leaf())
                    .toList();
            UInt value = x;
            for (Cell cell : cells) {
                cell.x.set(value);
                value = cell.y;
            }
            Supplier<Cell> make = Node::new;
            Cell last = make.get();
            last.x.set(value);
            y.set(last.y);
        }
    }

    @Test
    void lambdasAndStreams() {
        assertThat(tree(Streams::new))
                .isEqualTo("Streams(cells_0:Leaf cells_1:Node(inner:Leaf) cells_2:Leaf last:Node(inner:Leaf))");
    }

    static final class Arguments extends Cell {
        Arguments() {
            this(new Leaf());
        }

        private Arguments(Leaf leaf) {
            y.set(x);
            leaf.x.set(0);
        }
    }

    static final class HoldsArguments extends Cell {
        HoldsArguments() {
            var inner = new Arguments();
            inner.x.set(x);
            y.set(inner.y);
        }
    }

    @Test
    void argumentsOfAConstructorCallBelongOutside() {
        // The argument is made before the module itself exists, so it belongs to the module around.
        assertThat(tree(HoldsArguments::new)).isEqualTo("HoldsArguments(leaf:Leaf inner:Arguments)");
    }

    static class Holder extends Cell {
        Holder(Leaf leaf) {
            leaf.x.set(0);
            y.set(x);
        }
    }

    static final class Filled extends Holder {
        Filled() {
            super(new Leaf());
        }
    }

    static final class HoldsTwoFilled extends Cell {
        HoldsTwoFilled() {
            var first = new Filled();
            var second = new Filled(); // its leaf is made while the list still has the first one
            first.x.set(x);
            second.x.set(first.y);
            y.set(second.y);
        }
    }

    @Test
    void argumentsOfTheSecondOfAClassBelongOutsideToo() {
        assertThat(tree(HoldsTwoFilled::new))
                .isEqualTo("HoldsTwoFilled(leaf_0:Leaf first:Filled leaf_1:Leaf second:Filled)");
    }

    static final class InWhen extends Cell {
        final Bool go = in(bool());

        InWhen() {
            y.set(x);
            var made = new Node[1];
            when(go, () -> {
                var held = new Node();
                made[0] = held;
                y.set(held.y);
            });
            made[0].x.set(x);
        }
    }

    @Test
    void insideAWhen() {
        assertThat(tree(InWhen::new)).isEqualTo("InWhen(held:Node(inner:Leaf))");
    }

    @Test
    void anonymousClasses() {
        var top = Circuit.of(() -> new Cell() {
                    final Cell inner = new Cell() {
                        {
                            var leaf = new Leaf();
                            leaf.x.set(x);
                            y.set(leaf.y);
                        }
                    };

                    {
                        inner.x.set(x);
                        y.set(inner.y);
                    }
                })
                .circuit()
                .top();
        assertThat(top.instances()).hasSize(1);
        assertThat(top.instances().get(0).module().instances()).hasSize(1);
    }

    @Test
    void nestedElaborations() {
        var top = Circuit.of(() -> new Cell() {
                    final int depth =
                            Circuit.of(() -> new Tree(1)).circuit().modules().size();
                    final Leaf leaf = new Leaf();

                    {
                        leaf.x.set(depth);
                        y.set(x);
                    }
                })
                .circuit()
                .top();
        assertThat(top.instances()).hasSize(1);
    }

    @Test
    void outsideAnyElaboration() {
        assertThatThrownBy(Leaf::new)
                .isInstanceOf(HdlException.class)
                .hasMessageContaining("error[outside-elaboration]: hardware is described outside Circuit.of")
                .hasMessageContaining("OwnershipTest.java:");
    }

    @Test
    void asSecondTop() {
        assertThatThrownBy(() -> Circuit.of(() -> {
                    new Node();
                    return new Leaf();
                }))
                .isInstanceOf(HdlException.class)
                .hasMessageContaining("error[orphan]: module Node is made outside any module and is not the top Leaf");
    }

    static final class Parallel extends Cell {
        Parallel() {
            var failures = new ArrayList<RuntimeException>();
            var thread = new Thread(() -> {
                try {
                    new Leaf();
                } catch (RuntimeException e) {
                    failures.add(e);
                }
            });
            thread.start();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            throw failures.get(0);
        }
    }

    @Test
    void onAnotherThread() {
        assertThatThrownBy(() -> Circuit.of(Parallel::new))
                .isInstanceOf(HdlException.class)
                .hasMessageContaining("on its thread");
    }

    static final class Throwing extends Cell {
        Throwing() {
            var inner = new Leaf();
            inner.x.set(List.of(1, 2).get(7));
        }
    }

    @Test
    void exceptionsOfTheDesignPassThrough() {
        assertThatThrownBy(() -> Circuit.of(Throwing::new)).isInstanceOf(IndexOutOfBoundsException.class);
        // and leave no traces
        assertThat(tree(Node::new)).isEqualTo("Node(inner:Leaf)");
    }

    static final class LostChild extends Cell {
        LostChild() {
            try {
                new Throwing();
            } catch (IndexOutOfBoundsException e) {
                // the half-made module stays, but is no parent any more
            }
            var after = new Leaf();
            after.x.set(x);
            y.set(after.y);
        }
    }

    @Test
    void afterAConstructorThatFailed() {
        assertThatThrownBy(() -> Circuit.of(LostChild::new))
                .isInstanceOf(HdlException.class)
                .hasMessageContaining("input x of instance throwing (Throwing) of LostChild is never driven")
                .hasMessageNotContaining("instance after");
    }
}
