// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Bundle;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Combinational loops: the whole path, a line of the user's for each hop. */
class LoopMistakesTest {
    private static void rejected(Supplier<? extends Module> top, String expected) {
        Reports.assertRejected(LoopMistakesTest.class, top, expected);
    }

    static final class Pair extends Bundle {
        final UInt low = field(uint(8));
        final UInt high = field(uint(8));
    }

    /** Combinational from x to y. */
    static final class Stage extends Module {
        final UInt x = in(uint(8));
        final UInt y = out(uint(8));

        Stage() {
            var inverted = x.not();
            y.set(inverted);
        }
    }

    static final class Tools {
        static void link(UInt target, UInt source) {
            target.set(source.wrapAdd(1));
        }
    }

    static final class Loop extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        Loop() {
            var x = wire(uint(8));
            var y = x.and(a);
            x.set(y.xor(a));
            o.set(x);
        }
    }

    @Test
    void loop() {
        rejected(Loop::new, """
                [var y = x.and(a);]: error[comb-loop]: combinational loop in Loop: x -> y -> x
                    [var y = x.and(a);]  y reads x
                    [x.set(y.xor(a));]  x reads y
                    hint: put a register on the path; if different bits are meant, use one signal for each part
                1 error
                """);
    }

    static final class LoopOfOneSignal extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        LoopOfOneSignal() {
            o.set(o.wrapAdd(a));
        }
    }

    @Test
    void loopOfOneSignal() {
        rejected(LoopOfOneSignal::new, """
                [o.set(o.wrapAdd(a));]: error[comb-loop]: combinational loop in LoopOfOneSignal: o -> o
                    [o.set(o.wrapAdd(a));]  o reads o
                    hint: put a register on the path; if different bits are meant, use one signal for each part
                1 error
                """);
    }

    static final class LoopThroughAConditional extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        LoopThroughAConditional() {
            var next = wire(uint(8));
            next.set(a);
            when(c, () -> next.set(o));
            o.set(next);
        }
    }

    @Test
    void loopThroughAConditional() {
        rejected(LoopThroughAConditional::new, """
                [when(c, () -> next.set(o));]: error[comb-loop]: combinational loop in LoopThroughAConditional: o -> next -> o
                    [when(c, () -> next.set(o));]  next reads o
                    [o.set(next);]  o reads next
                    hint: put a register on the path; if different bits are meant, use one signal for each part
                1 error
                """);
    }

    static final class LoopThroughACondition extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        LoopThroughACondition() {
            var busy = wire(bool());
            busy.set(false);
            when(busy.or(c), () -> busy.set(true));
            o.set(mux(busy, a, 0));
        }
    }

    @Test
    void loopThroughACondition() {
        rejected(LoopThroughACondition::new, """
                [when(busy.or(c), () -> busy.set(true));]: error[comb-loop]: combinational loop in LoopThroughACondition: busy -> busy
                    [when(busy.or(c), () -> busy.set(true));]  busy reads busy
                    hint: put a register on the path; if different bits are meant, use one signal for each part
                1 error
                """);
    }

    static final class LoopThroughInstances extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        LoopThroughInstances() {
            var first = new Stage();
            var second = new Stage();
            first.x.set(second.y);
            second.x.set(first.y);
            o.set(second.y);
        }
    }

    @Test
    void loopThroughInstances() {
        rejected(LoopThroughInstances::new, """
                [first.x.set(second.y);]: error[comb-loop]: combinational loop in LoopThroughInstances: second.y -> first.x -> first.y -> second.x -> second.y
                    [first.x.set(second.y);]  first.x reads second.y
                    [var first = new Stage();]  first.y follows first.x through Stage
                    [var inverted = x.not();]    in Stage: inverted reads x
                    [y.set(inverted);]    in Stage: y reads inverted
                    [second.x.set(first.y);]  second.x reads first.y
                    [var second = new Stage();]  second.y follows second.x through Stage
                    [var inverted = x.not();]    in Stage: inverted reads x
                    [y.set(inverted);]    in Stage: y reads inverted
                    hint: put a register on the path; if different bits are meant, use one signal for each part
                1 error
                """);
    }

    static final class LoopThroughVectorElements extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        LoopThroughVectorElements() {
            var ring = wire(vec(3, i -> uint(8)));
            for (int i = 0; i < 3; i++) {
                ring.get(i).set(ring.get((i + 1) % 3).and(a));
            }
            o.set(ring.get(0));
        }
    }

    @Test
    void loopThroughVectorElements() {
        rejected(LoopThroughVectorElements::new, """
                [ring.get(i).set(ring.get((i + 1) % 3).and(a));]: error[comb-loop]: combinational loop in LoopThroughVectorElements: ring_0 -> ring_2 -> ring_1 -> ring_0
                    [ring.get(i).set(ring.get((i + 1) % 3).and(a));]  ring_2 reads ring_0
                    [ring.get(i).set(ring.get((i + 1) % 3).and(a));]  ring_1 reads ring_2
                    [ring.get(i).set(ring.get((i + 1) % 3).and(a));]  ring_0 reads ring_1
                    hint: put a register on the path; if different bits are meant, use one signal for each part
                1 error
                """);
    }

    static final class LoopThroughAVariableIndex extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        LoopThroughAVariableIndex() {
            var table = wire(vec(4, i -> uint(8)));
            table.get(0).set(a);
            table.get(1).set(2);
            table.get(2).set(3);
            table.get(3).set(table.get(a.bits(1, 0)));
            o.set(table.get(3));
        }
    }

    @Test
    void loopThroughAVariableIndex() {
        rejected(LoopThroughAVariableIndex::new, """
                [table.get(3).set(table.get(a.bits(1, 0)));]: error[comb-loop]: combinational loop in LoopThroughAVariableIndex: table_3 -> table_3
                    [table.get(3).set(table.get(a.bits(1, 0)));]  table_3 reads table_3
                    hint: put a register on the path; if different bits are meant, use one signal for each part
                1 error
                """);
    }

    static final class LoopThroughABundle extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        LoopThroughABundle() {
            var pair = wire(new Pair());
            pair.low.set(pair.high);
            pair.high.set(pair.low.xor(a));
            o.set(pair.low);
        }
    }

    @Test
    void loopThroughABundle() {
        rejected(LoopThroughABundle::new, """
                [pair.high.set(pair.low.xor(a));]: error[comb-loop]: combinational loop in LoopThroughABundle: pair_low -> pair_high -> pair_low
                    [pair.high.set(pair.low.xor(a));]  pair_high reads pair_low
                    [pair.low.set(pair.high);]  pair_low reads pair_high
                    hint: put a register on the path; if different bits are meant, use one signal for each part
                1 error
                """);
    }

    static final class LoopInAUtilityMethod extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        LoopInAUtilityMethod() {
            var left = wire(uint(8));
            var right = wire(uint(8));
            Tools.link(left, right);
            Tools.link(right, left);
            o.set(left);
        }
    }

    @Test
    void loopInAUtilityMethod() {
        rejected(LoopInAUtilityMethod::new, """
                [target.set(source.wrapAdd(1));]: error[comb-loop]: combinational loop in LoopInAUtilityMethod: left -> right -> left
                    [target.set(source.wrapAdd(1));]  right reads left
                      called from [Tools.link(right, left);]
                    [target.set(source.wrapAdd(1));]  left reads right
                      called from [Tools.link(left, right);]
                    hint: put a register on the path; if different bits are meant, use one signal for each part
                1 error
                """);
    }

    static final class LoopThroughAMemoryRead extends Module {
        final UInt a = in(uint(8));
        final Bool c = in(bool());
        final UInt o = out(uint(8));

        LoopThroughAMemoryRead() {
            var table = memory(uint(8), 256).init(new long[] {1, 2, 3});
            var index = wire(uint(8));
            index.set(table.readAsync(index));
            o.set(index);
        }
    }

    @Test
    void loopThroughAMemoryRead() {
        rejected(LoopThroughAMemoryRead::new, """
                [index.set(table.readAsync(index));]: error[comb-loop]: combinational loop in LoopThroughAMemoryRead: index -> table__q -> index
                    [index.set(table.readAsync(index));]  table__q reads index
                    [index.set(table.readAsync(index));]  index reads table__q
                    hint: put a register on the path; if different bits are meant, use one signal for each part
                1 error
                """);
    }
}
