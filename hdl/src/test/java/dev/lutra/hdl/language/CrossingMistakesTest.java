// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.ClockDomain;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** State of one clock that takes what depends on another: both registers, both clocks, the user's places. */
class CrossingMistakesTest {
    private static void rejected(Supplier<? extends Module> top, String expected) {
        Reports.assertRejected(CrossingMistakesTest.class, top, expected);
    }

    abstract static class Clocks extends Module {
        final Clock fast = in(clock());
        final Clock slow = in(clock());
        final UInt a = in(uint(4));
        final UInt o = out(uint(4));
        final ClockDomain quick = domain(fast);
        final ClockDomain lazy = domain(slow);
    }

    static final class Held extends Module {
        final UInt d = in(uint(4));
        final UInt q = out(uint(4));

        Held() {
            var state = reg(uint(4));
            state.set(d);
            q.set(state);
        }
    }

    static final class Pair extends Bundle {
        final UInt low = field(uint(4));
        final UInt high = field(uint(4));
    }

    static final class Crossing extends Clocks {
        Crossing() {
            var from = reg(uint(4), quick);
            from.set(a);
            var to = reg(uint(4), lazy);
            to.set(from);
            o.set(to);
        }
    }

    @Test
    void crossing() {
        rejected(Crossing::new, """
                [to.set(from);]: error[clock-crossing]: register to of Crossing, clocked by slow, takes what depends on register from, clocked by fast
                    [to.set(from);]  taken here by clock slow
                    [var from = reg(uint(4), quick);]  comes from here, by clock fast
                    hint: pass it through a synchroniser of dev.lutra.hdl.lib (BitSync, PulseSync, WordSync, AsyncFifo); in one of your own, crossing(...) marks what goes straight into its first register
                1 error
                """);
    }

    static final class CrossingThroughInstances extends Clocks {
        CrossingThroughInstances() {
            var from = quick.make(Held::new);
            from.d.set(a);
            var to = lazy.make(Held::new);
            to.d.set(from.q.not());
            o.set(to.q);
        }
    }

    @Test
    void crossingThroughInstances() {
        rejected(CrossingThroughInstances::new, """
                [state.set(d);]: error[clock-crossing]: register state in instance to of CrossingThroughInstances, clocked by slow, takes what depends on register state in instance from, clocked by fast
                    [state.set(d);]  taken here by clock slow
                    [var state = reg(uint(4));]  comes from here, by clock fast
                    hint: pass it through a synchroniser of dev.lutra.hdl.lib (BitSync, PulseSync, WordSync, AsyncFifo); in one of your own, crossing(...) marks what goes straight into its first register
                1 error
                """);
    }

    static final class CrossingThroughElements extends Clocks {
        CrossingThroughElements() {
            var from = reg(vec(2, i -> uint(4)), quick);
            from.get(0).set(a);
            from.get(1).set(from.get(0));
            var to = reg(vec(2, i -> uint(4)), lazy);
            to.get(0).set(a);
            to.get(1).set(from.get(1));
            o.set(to.get(0).xor(to.get(1)));
        }
    }

    @Test
    void crossingThroughElements() {
        rejected(CrossingThroughElements::new, """
                [to.get(1).set(from.get(1));]: error[clock-crossing]: register to_1 of CrossingThroughElements, clocked by slow, takes what depends on register from_1, clocked by fast
                    [to.get(1).set(from.get(1));]  taken here by clock slow
                    [var from = reg(vec(2, i -> uint(4)), quick);]  comes from here, by clock fast
                    hint: pass it through a synchroniser of dev.lutra.hdl.lib (BitSync, PulseSync, WordSync, AsyncFifo); in one of your own, crossing(...) marks what goes straight into its first register
                1 error
                """);
    }

    static final class CrossingThroughABundle extends Clocks {
        CrossingThroughABundle() {
            var from = reg(new Pair(), quick);
            from.low.set(a);
            from.high.set(a);
            var to = reg(new Pair(), lazy);
            to.low.set(a);
            to.high.set(from.high);
            o.set(to.low.xor(to.high));
        }
    }

    @Test
    void crossingThroughABundle() {
        rejected(CrossingThroughABundle::new, """
                [to.high.set(from.high);]: error[clock-crossing]: register to_high of CrossingThroughABundle, clocked by slow, takes what depends on register from_high, clocked by fast
                    [to.high.set(from.high);]  taken here by clock slow
                    [var from = reg(new Pair(), quick);]  comes from here, by clock fast
                    hint: pass it through a synchroniser of dev.lutra.hdl.lib (BitSync, PulseSync, WordSync, AsyncFifo); in one of your own, crossing(...) marks what goes straight into its first register
                1 error
                """);
    }

    static final class CrossingInAUtilityMethod extends Clocks {
        CrossingInAUtilityMethod() {
            var from = reg(uint(4), quick);
            from.set(a);
            o.set(delayed(from));
        }

        private UInt delayed(UInt value) {
            var late = reg(uint(4), lazy);
            late.set(value);
            return late;
        }
    }

    @Test
    void crossingInAUtilityMethod() {
        rejected(CrossingInAUtilityMethod::new, """
                [late.set(value);]: error[clock-crossing]: register late of CrossingInAUtilityMethod, clocked by slow, takes what depends on register from, clocked by fast
                    [late.set(value);]  taken here by clock slow
                      called from [o.set(delayed(from));]
                    [var from = reg(uint(4), quick);]  comes from here, by clock fast
                    hint: pass it through a synchroniser of dev.lutra.hdl.lib (BitSync, PulseSync, WordSync, AsyncFifo); in one of your own, crossing(...) marks what goes straight into its first register
                1 error
                """);
    }

    static final class CrossingIntoAMemory extends Clocks {
        CrossingIntoAMemory() {
            var from = reg(uint(4), quick);
            from.set(a);
            var words = memory(uint(4), 16);
            lazy.use(() -> words.write(a, from));
            o.set(lazy.make(() -> words.read(a)));
        }
    }

    @Test
    void crossingIntoAMemory() {
        rejected(CrossingIntoAMemory::new, """
                [lazy.use(() -> words.write(a, from));]: error[clock-crossing]: memory words of CrossingIntoAMemory, clocked by slow, takes what depends on register from, clocked by fast
                    [lazy.use(() -> words.write(a, from));]  taken here by clock slow
                    [var from = reg(uint(4), quick);]  comes from here, by clock fast
                    hint: pass it through a synchroniser of dev.lutra.hdl.lib (BitSync, PulseSync, WordSync, AsyncFifo); in one of your own, crossing(...) marks what goes straight into its first register
                1 error
                """);
    }

    static final class CrossingIntoTheClockOfTheModule extends Clocks {
        CrossingIntoTheClockOfTheModule() {
            var from = reg(uint(4), quick);
            from.set(a);
            var to = reg(uint(4));
            to.set(from);
            o.set(to);
        }
    }

    @Test
    void crossingIntoTheClockOfTheModule() {
        rejected(CrossingIntoTheClockOfTheModule::new, """
                [to.set(from);]: error[clock-crossing]: register to of CrossingIntoTheClockOfTheModule, clocked by clk, takes what depends on register from, clocked by fast
                    [to.set(from);]  taken here by clock clk
                    [var from = reg(uint(4), quick);]  comes from here, by clock fast
                    hint: pass it through a synchroniser of dev.lutra.hdl.lib (BitSync, PulseSync, WordSync, AsyncFifo); in one of your own, crossing(...) marks what goes straight into its first register
                1 error
                """);
    }
}
