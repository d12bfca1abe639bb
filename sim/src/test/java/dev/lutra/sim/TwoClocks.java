// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.Reset;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.hdl.lib.AsyncFifo;
import dev.lutra.hdl.lib.BitSync;
import dev.lutra.hdl.lib.PulseSync;
import dev.lutra.hdl.lib.ResetSync;
import dev.lutra.hdl.lib.WordSync;

/** Two clocks with everything that goes between them. */
final class TwoClocks extends Module {
    record Params(ResetKind kind) {}

    /** Counts; knows nothing of clocks. */
    static final class Counter extends Module {
        final UInt count = out(uint(16));

        Counter() {
            var value = reg(uint(16)).init(5);
            value.set(value.wrapAdd(1));
            count.set(value);
        }
    }

    final Clock fast = in(clock());
    final Reset fastReset;
    final Bool enable = in(bool());
    final Bool pulse = in(bool());
    final UInt limit = in(uint(8));
    final Decoupled<Bits> words = in(decoupled(bits(8)));
    final Decoupled<Bits> queued = out(decoupled(bits(8)));
    final Decoupled<Bits> handed = out(decoupled(bits(8)));
    final UInt pulses = out(uint(8));
    final UInt slowCount = out(uint(16));
    final UInt fastCount = out(uint(16));
    final UInt table = out(uint(8));
    final Bool level = out(bool());

    TwoClocks(Params p) {
        super(p);
        fastReset = in(reset(p.kind()));
        var there = domain(fast, fastReset);
        slowCount.set(new Counter().count);
        fastCount.set(there.make(Counter::new).count);

        var held = reg(bool()).init(true);
        held.set(enable);
        var sync = there.make(BitSync::new);
        sync.in.set(held);
        level.set(sync.out);

        var passed = new PulseSync(new PulseSync.Params(p.kind()));
        passed.clock.set(fast);
        passed.reset.set(fastReset);
        passed.in.set(pulse);
        var counted = reg(uint(8), there).init(7);
        there.use(() -> {
            when(passed.out, () -> counted.set(counted.wrapAdd(1)));
            require(counted.ne(limit), "at the limit");
            cover(counted.eq(9), "nine");
            when(passed.out, () -> printf("pulse %d", counted));
        });
        pulses.set(counted);

        var queue = new AsyncFifo<>(bits(8), new AsyncFifo.Params(4, p.kind()));
        queue.clock.set(fast);
        queue.reset.set(fastReset);
        var hand = new WordSync<>(bits(8), new WordSync.Params(p.kind()));
        hand.clock.set(fast);
        hand.reset.set(fastReset);
        queue.in.bits.set(words.bits);
        hand.in.bits.set(words.bits);
        words.ready.set(queue.in.ready.and(hand.in.ready));
        queue.in.valid.set(words.valid.and(hand.in.ready));
        hand.in.valid.set(words.valid.and(queue.in.ready));
        queued.set(queue.out);
        handed.set(hand.out);

        var memory = memory(uint(8), 16).init(new long[] {3, 1, 4, 1, 5});
        when(pulse, () -> memory.write(slowCount.truncate(4), words.bits.asUInt()));
        table.set(there.make(() -> memory.read(fastCount.truncate(4))));

        var released = new ResetSync();
        released.clock.set(fast);
        released.in.set(
                p.kind() == ResetKind.ASYNC ? fastReset : fastReset.isActive().asReset(ResetKind.ASYNC));
    }
}
