// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.check;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Module;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What checkers have in common: claims by side, and the rules of a channel with valid and ready. */
abstract class ProtocolChecker extends Module {
    private final Side side;
    private @Nullable Bool fresh;

    ProtocolChecker(Record params, Side side) {
        super(params);
        this.side = side;
    }

    /** A rule that the master keeps, under the conditions around. */
    final void master(Bool condition, ProtocolRule rule, String channel) {
        claim(side.requiresMaster(), condition, rule, channel);
    }

    /** A rule that the slave keeps, under the conditions around. */
    final void slave(Bool condition, ProtocolRule rule, String channel) {
        claim(side.requiresSlave(), condition, rule, channel);
    }

    private void claim(boolean required, Bool condition, ProtocolRule rule, String channel) {
        String message = channel.isEmpty() ? rule.text() : channel + ": " + rule.text();
        if (required) {
            require(condition, message);
        } else {
            assume(condition, message);
        }
    }

    /**
     * An offer stays as it is until it is taken.
     *
     * @param byMaster whether the master makes the offers
     * @param channel name for messages, may be empty
     */
    final void held(boolean byMaster, String channel, Bool valid, Bool ready, Data... payload) {
        boolean required = byMaster ? side.requiresMaster() : side.requiresSlave();
        String prefix = channel.isEmpty() ? "" : channel.toLowerCase(Locale.ROOT) + "_";
        Bits now = cat(List.of(payload));
        Bool waited = named(reg(bool()).init(false), prefix + "waited");
        Bits before = named(reg(bits(now.width())), prefix + "offered");
        waited.set(valid.and(ready.not()));
        before.set(now);
        when(waited, () -> {
            claim(required, valid, ProtocolRule.VALID_DROPPED, channel);
            when(valid, () -> claim(required, now.eq(before), ProtocolRule.PAYLOAD_CHANGED, channel));
        });
    }

    /** The same for a channel of AXI, whose valid must also be low when reset ends. */
    final void channel(boolean byMaster, String channel, Bool valid, Bool ready, Data... payload) {
        held(byMaster, channel, valid, ready, payload);
        boolean required = byMaster ? side.requiresMaster() : side.requiresSlave();
        when(fresh(), () -> claim(required, valid.not(), ProtocolRule.VALID_IN_RESET, channel));
    }

    /** True at the first edge after reset. */
    private Bool fresh() {
        if (fresh == null) {
            fresh = named(reg(bool()).init(true), "fresh");
            fresh.set(false);
        }
        return fresh;
    }
}
