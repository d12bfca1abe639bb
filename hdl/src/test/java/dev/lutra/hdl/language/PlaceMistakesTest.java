// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Signals, modules and statements in the wrong place: of another module, elaboration or thread. */
class PlaceMistakesTest {
    private static void rejected(Supplier<? extends Module> top, String expected) {
        Reports.assertRejected(PlaceMistakesTest.class, top, expected);
    }

    static final class InnerSignalOfAChild extends Signals {
        InnerSignalOfAChild() {
            var leaf = new Leaf();
            o.set(leaf.held);
        }
    }

    @Test
    void innerSignalOfAChild() {
        rejected(InnerSignalOfAChild::new, """
                [o.set(leaf.held);]: error[outside-module]: 'held' of UInt(8) belongs to module Leaf and is used in module InnerSignalOfAChild
                    [final UInt held = reg(uint(8)).init(0);]  made here
                    hint: give Leaf an output for it
                1 error
                """);
    }

    static final class SignalOfTheParentInAChild extends Signals {
        SignalOfTheParentInAChild() {
            var top = this;
            var child = new Module() {
                final UInt z = out(uint(8));

                {
                    z.set(top.a.wrapAdd(1));
                }
            };
            o.set(child.z);
        }
    }

    @Test
    void signalOfTheParentInAChild() {
        rejected(SignalOfTheParentInAChild::new, """
                [z.set(top.a.wrapAdd(1));]: error[outside-module]: a value of UInt(8) belongs to module SignalOfTheParentInAChild and is used in module SignalOfTheParentInAChild_anonymous
                    hint: give SignalOfTheParentInAChild_anonymous an input for it
                1 error
                """);
    }

    static final class Conditional extends Module {
        final Bool go = in(bool());

        Conditional(java.util.function.Consumer<Bool> body) {
            when(go, () -> body.accept(go));
        }
    }

    static final class ConditionOfAnotherModule extends Signals {
        ConditionOfAnotherModule() {
            var child = new Conditional(c -> o.set(1));
            child.go.set(c);
        }
    }

    @Test
    void conditionOfAnotherModule() {
        rejected(ConditionOfAnotherModule::new, """
                [var child = new Conditional(c -> o.set(1));]: error[scope]: 'o' of UInt(8) of module ConditionOfAnotherModule is driven under a condition of module Conditional, which would not apply to it
                      called from [when(go, () -> body.accept(go));]
                    hint: use when() of the module that holds the signal
                1 error
                """);
    }

    @Test
    void secondTop() {
        rejected(
                () -> {
                    new Leaf();
                    return new Leaf();
                },
                """
                [new Leaf();]: error[orphan]: module Leaf is made outside any module and is not the top Leaf
                    hint: make instances in the constructor of the module that holds them
                1 error
                """);
    }

    @Test
    void hardwareOutsideAnyModule() {
        rejected(
                () -> {
                    Hdl.lit(3).add(4);
                    return new Leaf();
                },
                """
                [Hdl.lit(3).add(4);]: error[outside-module]: hardware is described outside any module
                    hint: describe it in the constructor of a class that extends Module
                1 error
                """);
    }

    static @Nullable UInt kept;

    static final class SignalOfAnEarlierElaboration extends Signals {
        SignalOfAnEarlierElaboration() {
            if (kept == null) {
                kept = a;
            }
            o.set(kept);
        }
    }

    @Test
    void signalOfAnEarlierElaboration() {
        kept = null;
        assertThatThrownBy(() -> Circuit.of(SignalOfAnEarlierElaboration::new)).isNotNull();
        rejected(SignalOfAnEarlierElaboration::new, """
                [o.set(kept);]: error[outside-elaboration]: 'a' of UInt(8) of module SignalOfAnEarlierElaboration was made in an earlier elaboration and is used in this one, in module SignalOfAnEarlierElaboration
                    hint: keep no signal or module in a static field: each elaboration makes its own in the module's constructor
                1 error
                """);
    }

    static @Nullable UInt keptValue;

    static final class OperandOfAnEarlierElaboration extends Signals {
        OperandOfAnEarlierElaboration() {
            if (keptValue == null) {
                keptValue = a.wrapAdd(1);
            }
            o.set(keptValue.wrapAdd(a));
        }
    }

    @Test
    void operandOfAnEarlierElaboration() {
        keptValue = null;
        assertThatThrownBy(() -> Circuit.of(OperandOfAnEarlierElaboration::new)).isNotNull();
        rejected(OperandOfAnEarlierElaboration::new, """
                [o.set(keptValue.wrapAdd(a));]: error[outside-elaboration]: a signal or module of an earlier elaboration is used in this one
                    hint: keep no signal or module in a static field: each elaboration makes its own in the module's constructor
                1 error
                """);
    }

    static @Nullable UInt keptTarget;

    static final class TargetOfAnEarlierElaboration extends Signals {
        TargetOfAnEarlierElaboration() {
            if (keptTarget == null) {
                keptTarget = o;
            }
            keptTarget.set(a);
        }
    }

    @Test
    void targetOfAnEarlierElaboration() {
        keptTarget = null;
        assertThatThrownBy(() -> Circuit.of(TargetOfAnEarlierElaboration::new)).isNotNull();
        rejected(TargetOfAnEarlierElaboration::new, """
                [keptTarget.set(a);]: error[outside-elaboration]: a signal or module of an earlier elaboration is used in this one
                    hint: keep no signal or module in a static field: each elaboration makes its own in the module's constructor
                1 error
                """);
    }

    static @Nullable Leaf keptLeaf;

    static final class InstanceOfAnEarlierElaboration extends Signals {
        InstanceOfAnEarlierElaboration() {
            if (keptLeaf == null) {
                keptLeaf = new Leaf();
            }
            keptLeaf.x.set(a);
            o.set(keptLeaf.y);
        }
    }

    @Test
    void instanceOfAnEarlierElaboration() {
        keptLeaf = null;
        assertThatThrownBy(() -> Circuit.of(InstanceOfAnEarlierElaboration::new))
                .isNotNull();
        rejected(InstanceOfAnEarlierElaboration::new, """
                [keptLeaf.x.set(a);]: error[outside-elaboration]: a signal or module of an earlier elaboration is used in this one
                    hint: keep no signal or module in a static field: each elaboration makes its own in the module's constructor
                1 error
                """);
    }

    static final class Borrower extends Module {
        final UInt v = in(uint(8));

        Borrower(Leaf leaf) {
            leaf.x.set(v.wrapAdd(1));
        }
    }

    static final class InstanceOfAnotherModule extends Signals {
        InstanceOfAnotherModule() {
            var leaf = new Leaf();
            var user = new Borrower(leaf);
            user.v.set(a);
            o.set(leaf.y);
        }
    }

    @Test
    void instanceOfAnotherModule() {
        rejected(InstanceOfAnotherModule::new, """
                [leaf.x.set(v.wrapAdd(1));]: error[outside-module]: a value of UInt(8) belongs to module Borrower and is used in module InstanceOfAnotherModule
                    hint: give Borrower an output for it
                1 error
                """);
    }

    static final class Reader extends Module {
        final UInt r = out(uint(8));

        Reader(Leaf leaf) {
            r.set(leaf.y);
        }
    }

    static final class OutputOfAnotherModulesInstance extends Signals {
        OutputOfAnotherModulesInstance() {
            var leaf = new Leaf();
            leaf.x.set(a);
            o.set(new Reader(leaf).r);
        }
    }

    @Test
    void outputOfAnotherModulesInstance() {
        rejected(OutputOfAnotherModulesInstance::new, """
                [r.set(leaf.y);]: error[outside-module]: 'y' of UInt(8) belongs to module Leaf and is used in module Reader
                    [final UInt y = out(uint(8));]  made here
                    hint: a port is visible in its own module and in the module that made the instance; pass it on through ports
                1 error
                """);
    }

    static final class InAnotherThread extends Signals {
        @Nullable
        RuntimeException error;

        InAnotherThread() {
            var thread = new Thread(() -> error = caught(() -> o.set(a)));
            thread.start();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            throw error;
        }
    }

    @Test
    void inAnotherThread() {
        rejected(InAnotherThread::new, """
                [var thread = new Thread(() -> error = caught(() -> o.set(a)));]: error[outside-elaboration]: hardware is added by another thread than its circuit
                      called from [action.run();]
                      called from [var thread = new Thread(() -> error = caught(() -> o.set(a)));]
                    hint: do not build hardware in parallel streams or threads
                1 error
                """);
    }

    private static RuntimeException caught(Runnable action) {
        try {
            action.run();
            return new IllegalStateException("nothing was thrown");
        } catch (RuntimeException e) {
            return e;
        }
    }

    static final class ModuleInAnotherThread extends Signals {
        ModuleInAnotherThread() {
            o.set(java.util.concurrent.CompletableFuture.supplyAsync(Leaf::new).join().y);
        }
    }

    @Test
    void moduleInAnotherThread() {
        rejected(ModuleInAnotherThread::new, """
                [Leaf() {]: error[outside-elaboration]: hardware is described outside Circuit.of
                    hint: build the design inside the function given to Circuit.of(() -> new Top(...)), on its thread
                1 error
                """);
    }

    @Test
    void noTop() {
        rejected(() -> null, """
                error[orphan]: the function given to Circuit.of makes no module
                    hint: write Circuit.of(() -> new Top(...))
                1 error
                """);
    }

    @Test
    void topOfAnotherElaboration() {
        var finished = Circuit.of(Leaf::new).top();
        rejected(() -> finished, """
                error[orphan]: the function given to Circuit.of gives module Leaf, which it has not made as the outermost one
                    hint: write Circuit.of(() -> new Top(...))
                1 error
                """);
    }

    static final class Holder extends Module {
        final Leaf leaf = new Leaf();
    }

    @Test
    void childAsTop() {
        rejected(() -> new Holder().leaf, """
                error[orphan]: the function given to Circuit.of gives module Leaf, which it has not made as the outermost one
                    hint: write Circuit.of(() -> new Top(...))
                1 error
                """);
    }

    @Test
    void hardwareAddedLater() {
        var top = Circuit.of(Leaf::new).top();
        assertThatThrownBy(() -> top.y.add(1))
                .hasMessageContaining("hardware is added to a circuit that is already elaborated");
        rejected(
                () -> {
                    top.y.add(1);
                    return new Leaf();
                },
                """
                [top.y.add(1);]: error[outside-elaboration]: a signal or module of an earlier elaboration is used in this one
                    hint: keep no signal or module in a static field: each elaboration makes its own in the module's constructor
                1 error
                """);
    }
}
