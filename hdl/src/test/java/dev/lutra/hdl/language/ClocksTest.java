// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Reset;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.hdl.verilog.VerilogFile;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Clocks beside a module's own. */
class ClocksTest {
    private static void rejected(Supplier<? extends Module> top, String expected) {
        Reports.assertRejected(ClocksTest.class, top, expected);
    }

    private static String verilog(Supplier<? extends Module> top) {
        return VerilogWriter.write(Circuit.of(top::get).circuit()).stream()
                .map(VerilogFile::text)
                .collect(Collectors.joining())
                .replaceAll(" *// \\S+\\.java:\\d+", "");
    }

    /** Two registers of another clock, and a child there. */
    static final class Other extends Module {
        final Clock fast = in(clock());
        final Reset fast_rst_n = in(reset(ResetKind.ASYNC_LOW));
        final UInt d = in(uint(4));
        final UInt q = out(uint(4));

        Other() {
            var there = domain(fast, fast_rst_n);
            var first = reg(uint(4), there).init(9);
            var second = there.make(() -> reg(uint(4)));
            first.set(d);
            second.set(first);
            var child = there.make(Child::new);
            child.d.set(second);
            q.set(child.q);
        }
    }

    static final class Child extends Module {
        final UInt d = in(uint(4));
        final UInt q = out(uint(4));

        Child() {
            var state = reg(uint(4)).init(3);
            state.set(d);
            q.set(state);
        }
    }

    @Test
    void verilogOfAnotherClock() {
        String text = verilog(Other::new);
        assertThat(text).contains("""
                  always @(posedge fast or negedge fast_rst_n) begin
                    if (!fast_rst_n) begin
                      first <= 4'd9;
                    end else begin
                      first <= d;
                    end
                  end
                """, """
                  always @(posedge fast) begin
                    second <= first;
                  end
                """, """
                    .clk   (fast),
                    .rst_n (fast_rst_n),
                """, """
                  always @(posedge clk or negedge rst_n) begin
                    if (!rst_n) begin
                      state <= 4'd3;
                """);
        assertThat(Circuit.of(Other::new).circuit().top().usesClock()).isFalse();
    }

    @Test
    void theOwnResetOfTheTop() {
        var circuit = Circuit.of(ResetKind.ASYNC_LOW, () -> new Module() {
                    final UInt d = in(uint(4));
                    final UInt q = out(uint(4));

                    {
                        var child = new Child();
                        child.d.set(d);
                        q.set(child.q);
                    }
                })
                .circuit();
        assertThat(circuit.top().reset()).isEqualTo(ResetKind.ASYNC_LOW);
        String text = VerilogWriter.write(circuit).stream()
                .map(VerilogFile::text)
                .collect(Collectors.joining())
                .replaceAll(" *// \\S+\\.java:\\d+", "");
        assertThat(text).contains("""
                  always @(posedge clk or negedge rst_n) begin
                    if (!rst_n) begin
                """, """
                    .clk   (clk),
                    .rst_n (rst_n),
                """, """
                  input  wire       rst_n,
                """);
    }

    @Test
    void oneClassWithTwoKindsOfReset() {
        var names =
                Circuit.of(() -> new TwoClocks(new TwoClocks.Params(ResetKind.ASYNC_LOW))).circuit().modules().stream()
                        .map(dev.lutra.hdl.ir.Module::name)
                        .filter(name -> name.startsWith("Counter"))
                        .toList();
        assertThat(names).hasSize(2);
        names = Circuit.of(() -> new TwoClocks(new TwoClocks.Params(ResetKind.SYNC))).circuit().modules().stream()
                .map(dev.lutra.hdl.ir.Module::name)
                .filter(name -> name.startsWith("Counter"))
                .toList();
        assertThat(names).hasSize(1);
    }

    /** Clocks to cross between. */
    abstract static class Base extends Module {
        final Clock writing = in(clock());
        final Clock reading = in(clock());
        final Reset reset = in(reset());
        final Bool c = in(bool());
        final UInt o = out(uint(4));
        final dev.lutra.hdl.ClockDomain writer = domain(writing, reset);
        final dev.lutra.hdl.ClockDomain reader = domain(reading, reset);
    }

    static final class Crossing extends Base {
        Crossing() {
            var from = reg(uint(4), writer).init(0);
            from.set(from.wrapAdd(1));
            var sum = from.add(3);
            var to = reg(uint(4), reader).init(0);
            when(c, () -> to.set(sum.truncate(4)));
            o.set(to);
        }
    }

    @Test
    void crossing() {
        rejected(Crossing::new, """
                [when(c, () -> to.set(sum.truncate(4)));]: error[clock-crossing]: register to of Crossing, clocked by reading, takes what depends on register from, clocked by writing
                    [when(c, () -> to.set(sum.truncate(4)));]  taken here by clock reading
                    [var from = reg(uint(4), writer).init(0);]  comes from here, by clock writing
                    hint: pass it through a synchroniser of dev.lutra.hdl.lib (BitSync, PulseSync, WordSync, AsyncFifo); in one of your own, crossing(...) marks what goes straight into its first register
                1 error
                """);
    }

    static final class CrossingCondition extends Base {
        CrossingCondition() {
            var from = reg(bool(), writer).init(false);
            from.set(c);
            var to = reg(uint(4)).init(0);
            when(from, () -> to.set(1));
            o.set(to);
        }
    }

    @Test
    void crossingInACondition() {
        rejected(CrossingCondition::new, """
                [when(from, () -> to.set(1));]: error[clock-crossing]: register to of CrossingCondition, clocked by clk, takes what depends on register from, clocked by writing
                    [when(from, () -> to.set(1));]  taken here by clock clk
                    [var from = reg(bool(), writer).init(false);]  comes from here, by clock writing
                    hint: pass it through a synchroniser of dev.lutra.hdl.lib (BitSync, PulseSync, WordSync, AsyncFifo); in one of your own, crossing(...) marks what goes straight into its first register
                1 error
                """);
    }

    static final class CrossingThroughInstances extends Base {
        CrossingThroughInstances() {
            var source = writer.make(Child::new);
            var sink = reader.make(Child::new);
            source.d.set(3);
            sink.d.set(source.q);
            o.set(sink.q);
        }
    }

    @Test
    void crossingThroughInstances() {
        rejected(CrossingThroughInstances::new, """
                [state.set(d);]: error[clock-crossing]: register state in instance sink of CrossingThroughInstances, clocked by reading, takes what depends on register state in instance source, clocked by writing
                    [state.set(d);]  taken here by clock reading
                    [var state = reg(uint(4)).init(3);]  comes from here, by clock writing
                    hint: pass it through a synchroniser of dev.lutra.hdl.lib (BitSync, PulseSync, WordSync, AsyncFifo); in one of your own, crossing(...) marks what goes straight into its first register
                1 error
                """);
    }

    static final class CrossingReset extends Base {
        CrossingReset() {
            var soft = reg(bool(), writer).init(false);
            soft.set(c);
            var there = domain(reading, soft.asReset(ResetKind.ASYNC));
            var to = reg(uint(4), there).init(0);
            to.set(to.wrapAdd(1));
            o.set(to);
        }
    }

    @Test
    void crossingOfAReset() {
        rejected(CrossingReset::new, """
                [var to = reg(uint(4), there).init(0);]: error[clock-crossing]: the reset of register to of CrossingReset, clocked by reading, takes what depends on register soft_, clocked by writing
                    [var to = reg(uint(4), there).init(0);]  taken here by clock reading
                    [var soft = reg(bool(), writer).init(false);]  comes from here, by clock writing
                    hint: pass it through a synchroniser of dev.lutra.hdl.lib (BitSync, PulseSync, WordSync, AsyncFifo); in one of your own, crossing(...) marks what goes straight into its first register
                1 error
                """);
    }

    static final class CrossingWithLogic extends Base {
        CrossingWithLogic() {
            var from = reg(uint(4), writer).init(0);
            from.set(from.wrapAdd(1));
            var to = reg(uint(4), reader).init(0);
            to.set(crossing(from).wrapAdd(1));
            o.set(to);
        }
    }

    @Test
    void crossingWithLogicBehind() {
        rejected(CrossingWithLogic::new, """
                [to.set(crossing(from).wrapAdd(1));]: error[clock-crossing]: register to of CrossingWithLogic takes a value made from a crossing(...) one
                    hint: a crossing value goes straight into a register, without logic and ports on the way
                1 error
                """);
    }

    static final class CrossingRead extends Base {
        CrossingRead() {
            var words = memory(uint(4), 8);
            writer.use(() -> when(c, () -> words.write(lit(1, 3), 5)));
            var to = reg(uint(4), reader);
            to.set(words.readAsync(lit(1, 3)));
            o.set(to);
        }
    }

    @Test
    void crossingOfAReadInTheSameCycle() {
        rejected(CrossingRead::new, """
                [to.set(words.readAsync(lit(1, 3)));]: error[clock-crossing]: register to of CrossingRead, clocked by reading, takes what depends on read words_q, clocked by writing
                    [to.set(words.readAsync(lit(1, 3)));]  taken here by clock reading
                    [to.set(words.readAsync(lit(1, 3)));]  comes from here, by clock writing
                    hint: pass it through a synchroniser of dev.lutra.hdl.lib (BitSync, PulseSync, WordSync, AsyncFifo); in one of your own, crossing(...) marks what goes straight into its first register
                1 error
                """);
    }

    static final class TwoWriters extends Base {
        TwoWriters() {
            var words = memory(uint(4), 8);
            writer.use(() -> words.write(lit(1, 3), 5));
            reader.use(() -> words.write(lit(2, 3), 5));
            o.set(reader.make(() -> words.read(lit(1, 3))));
        }
    }

    @Test
    void memoryWrittenByTwoClocks() {
        rejected(TwoWriters::new, """
                [reader.use(() -> words.write(lit(2, 3), 5));]: error[memory-clocks]: memory words of TwoWriters is written by two clocks, writing and reading
                    [reader.use(() -> words.write(lit(2, 3), 5));]  this write is by reading
                    [var words = memory(uint(4), 8);]  the memory
                    hint: write it by one clock, or through two port(...)s; it may be read by any
                1 error
                """);
    }

    static final class NoReset extends Base {
        NoReset() {
            var state = reg(uint(4), domain(writing)).init(1);
            state.set(state.wrapAdd(1));
            var child = domain(reading).make(Child::new);
            child.d.set(1);
            o.set(child.q);
        }
    }

    @Test
    void resetValueWithoutAReset() {
        rejected(NoReset::new, """
                [var state = reg(uint(4), domain(writing)).init(1);]: error[domain-reset]: register state of NoReset has a reset value, and the domain of writing has none
                    hint: give the domain a reset: domain(clock, reset)
                [var child = domain(reading).make(Child::new);]: error[domain-reset]: instance child of NoReset needs a reset, and the domain of reading has none
                    hint: give the domain a reset: domain(clock, reset)
                2 errors
                """);
    }

    static final class ClockAsData extends Base {
        ClockAsData() {
            o.set(mux(writing.asUInt().asBool(), lit(1, 4), lit(2, 4)));
        }
    }

    @Test
    void clockReadAsData() {
        rejected(ClockAsData::new, """
                [o.set(mux(writing.asUInt().asBool(), lit(1, 4), lit(2, 4)));]: error[clock-use]: clock writing of ClockAsData is read as data
                    [final Clock writing = in(clock());]  the clock
                    hint: use domain(clock, reset) and what is clocked by it
                1 error
                """);
    }

    static final class ClockMade extends Base {
        ClockMade() {
            var made = wire(clock());
            made.set(writing);
            o.set(0);
        }
    }

    @Test
    void clockThatIsNoInput() {
        rejected(ClockMade::new, """
                [var made = wire(clock());]: error[clock-use]: wire made of ClockMade is of type clock, which only an input can be
                    hint: make clocks outside and bring them in by in(clock())
                1 error
                """);
    }

    static final class KindsMixed extends Base {
        KindsMixed() {
            var low = wire(reset(ResetKind.SYNC_LOW));
            low.set(reset);
            var plain = wire(reset());
            plain.set(c);
            o.set(0);
        }
    }

    @Test
    void kindsOfResetMixedUp() {
        rejected(KindsMixed::new, """
                [low.set(reset);]: error[type]: 'reset' of Reset(SYNC) cannot drive 'low' of Reset(SYNC_LOW): it is of another kind of reset
                    [final Reset reset = in(reset());]  the value, 1 bit
                    [var low = wire(reset(ResetKind.SYNC_LOW));]  the target, 1 bit
                    hint: use isActive().asReset(ResetKind.SYNC_LOW); SYNC and SYNC_LOW do not mean the same
                [plain.set(c);]: error[type]: 'c' of Bool cannot drive 'plain' of Reset(SYNC): it is of another kind
                    [final Bool c = in(bool());]  the value, 1 bit
                    [var plain = wire(reset());]  the target, 1 bit
                    hint: use asReset(ResetKind.SYNC) of a truth value
                2 errors
                """);
    }

    static final class Inside extends Module {
        Inside(dev.lutra.hdl.ClockDomain domain) {
            domain.use(() -> {});
        }
    }

    static final class DomainPassedOn extends Base {
        DomainPassedOn() {
            new Inside(writer);
            o.set(0);
        }
    }

    @Test
    void domainOfAnotherModule() {
        rejected(DomainPassedOn::new, """
                [domain.use(() -> {});]: error[clock-use]: a domain of module DomainPassedOn is used in module Inside
                    hint: make the instance within the domain, or give Inside an input of type clock()
                1 error
                """);
    }

    private static final String GLITCHES =
            "hint: logic has glitches while its inputs change, and the other clock may take one: put a"
                    + " register of the clock it comes from behind the logic, and let that one cross";

    static final class Glitches extends Base {
        Glitches() {
            var a = reg(bool(), writer).init(false);
            var b = reg(bool(), writer).init(false);
            a.set(c);
            b.set(a);
            var rising = a.andNot(b);
            var taken = reg(bool(), reader).init(false);
            taken.set(crossing(rising));
            var sync = reader.make(Sync::new);
            sync.in.set(mux(c, a, b));
            var edge = writer.make(Edge::new);
            edge.a.set(a);
            var second = reader.make(Sync::new);
            second.in.set(edge.rises);
            o.set(cat(taken, sync.out, second.out, sync.out).asUInt());
        }
    }

    static final class Sync extends Module {
        final Bool in = in(bool());
        final Bool out = out(bool());

        Sync() {
            var first = reg(bool()).init(false);
            var second = reg(bool()).init(false);
            first.set(crossing(in));
            second.set(first);
            out.set(second);
        }
    }

    static final class Edge extends Module {
        final Bool a = in(bool());
        final Bool rises = out(bool());

        Edge() {
            var before = reg(bool());
            before.set(a);
            rises.set(a.andNot(before));
        }
    }

    @Test
    void whatCrossesComesStraightFromARegister() {
        rejected(Glitches::new, """
                [var rising = a.andNot(b);]: error[clock-crossing]: register taken of Glitches takes by crossing(...) what logic makes: a & not(b)
                    [var rising = a.andNot(b);]  the logic
                    [var a = reg(bool(), writer).init(false);]  register a, by clock writing
                    [taken.set(crossing(rising));]  taken here by clock reading
                    HINT
                [sync.in.set(mux(c, a, b));]: error[clock-crossing]: register first in instance sync of Glitches takes by crossing(...) what logic makes: mux(c, a, b)
                    [sync.in.set(mux(c, a, b));]  the logic
                    [var a = reg(bool(), writer).init(false);]  register a, by clock writing
                    [first.set(crossing(in));]  taken here by clock reading
                    HINT
                [rises.set(a.andNot(before));]: error[clock-crossing]: register first in instance second of Glitches takes by crossing(...) what logic makes: a & not(before_) in instance edge_
                    [rises.set(a.andNot(before));]  the logic
                    [var before = reg(bool());]  register before_ in instance edge_, by clock writing
                    [first.set(crossing(in));]  taken here by clock reading
                    HINT
                3 errors""".replace("HINT", GLITCHES));
    }

    static final class SyncedReset extends Module {
        final Clock clock = in(clock());
        final Reset in = in(reset(ResetKind.ASYNC));
        final Reset out = out(reset(ResetKind.ASYNC));

        SyncedReset() {
            var first = reg(bool(), domain(clock, crossing(in))).init(true);
            first.set(false);
            out.set(first.asReset(ResetKind.ASYNC));
        }
    }

    static final class Resets extends Module {
        final Clock one = in(clock());
        final Clock two = in(clock());
        final Reset button = in(reset(ResetKind.ASYNC));
        final UInt o = out(uint(4));

        Resets() {
            var panic = reg(bool(), domain(one));
            panic.set(true);
            var sync = new SyncedReset();
            sync.clock.set(two);
            sync.in.set(button.isActive().or(panic).asReset(ResetKind.ASYNC));
            var count = reg(uint(4), domain(two, sync.out)).init(0);
            count.set(count.wrapAdd(1));
            o.set(count);
        }
    }

    @Test
    void resetsThatCrossDoToo() {
        rejected(Resets::new, """
                [sync.in.set(button.isActive().or(panic).asReset(ResetKind.ASYNC));]: error[clock-crossing]: the reset of register first in instance sync of Resets takes by crossing(...) what logic makes: button | panic
                    [sync.in.set(button.isActive().or(panic).asReset(ResetKind.ASYNC));]  the logic
                    [var panic = reg(bool(), domain(one));]  register panic, by clock one
                    [var first = reg(bool(), domain(clock, crossing(in))).init(true);]  taken here by clock two
                    HINT
                1 error""".replace("HINT", GLITCHES));
    }

    static final class Straight extends Base {
        Straight() {
            var a = reg(uint(4), writer).init(0);
            a.set(cat(c, c, c, c).asUInt());
            var b = reg(bool(), writer).init(false);
            b.set(c);
            var pair = wire(bits(5));
            pair.set(cat(b.not(), a));
            var taken = reg(bits(5), reader);
            taken.set(crossing(pair));
            var sync = reader.make(Sync::new);
            sync.in.set(pair.bit(2).eq(lit(false)));
            var pin = reader.make(Sync::new);
            pin.in.set(c.not());
            o.set(cat(sync.out, pin.out, taken.bits(4, 3)).asUInt());
        }
    }

    @Test
    void wiresAndInvertersAreNoLogic() {
        assertThat(Circuit.of(Straight::new).warnings()).isEmpty();
    }
}
