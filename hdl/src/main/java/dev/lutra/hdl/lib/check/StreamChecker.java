// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.check;

import dev.lutra.hdl.Data;
import dev.lutra.hdl.Decoupled;

/**
 * Watches a stream: the producer, as master, holds an offer until it is taken.
 *
 * @param <T> what travels
 */
public final class StreamChecker<T extends Data> extends ProtocolChecker {
    /** @param side whose rules are required */
    public record Params(Side side) {}

    /** The stream watched. */
    public final Decoupled<T> stream;

    /** @param type what travels */
    public StreamChecker(T type, Side side) {
        super(new Params(side), side);
        doc("States the rules of a stream with valid and ready.");
        stream = in(watched(decoupled(like(type))));
        held(true, "", stream.valid, stream.ready, stream.bits.asBits());
    }

    /** Watches a stream in the module whose constructor is running. */
    public static <T extends Data> StreamChecker<T> watch(Decoupled<T> stream, Side side) {
        var watcher = new StreamChecker<>(stream.bits, side);
        watcher.stream.set(stream);
        return watcher;
    }
}
