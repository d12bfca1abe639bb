// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

/**
 * A stream with backpressure, as its producer sees it: {@code bits} are handed over at the clock edges where
 * {@code valid} and {@code ready} are both true. A producer must not wait for {@code ready} before it raises
 * {@code valid}, and holds {@code valid} and {@code bits} until the hand-over. Write {@code out(decoupled(...))} in the
 * producer and {@code in(decoupled(...))} in the consumer; {@code sink.set(source)} connects all three.
 *
 * @param <T> what travels
 */
public final class Decoupled<T extends Data> extends Bundle {
    /** The producer offers {@link #bits}. */
    public final Bool valid = field(new Bool());

    /** The consumer takes them. */
    public final Bool ready = flipped(new Bool());

    /** What is offered. */
    public final T bits;

    Decoupled(T bits) {
        this.bits = field(bits);
    }

    /** Whether a hand-over happens in this cycle. */
    public Bool fire() {
        return valid.and(ready);
    }
}
