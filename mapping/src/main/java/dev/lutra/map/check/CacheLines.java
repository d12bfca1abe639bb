// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.check;

import dev.lutra.map.exec.Issued;
import java.util.BitSet;

/**
 * Lines of planes of the cache at one base argument: what a step reads of the positions before it, each byte once, and what it keeps of its own, two lines a layer, which
 * it does not read again.
 */
final class CacheLines {
    private final int argument;
    private final int beatBytes;
    private final int lineBeats;
    private final int positions;
    private final BitSet kept = new BitSet();
    private final BitSet recalled = new BitSet();

    /** Beats that the host has written. */
    private int written;

    /** @param positions before the step's own */
    CacheLines(int argument, int beatBytes, int lineBeats, int positions) {
        this.argument = argument;
        this.beatBytes = beatBytes;
        this.lineBeats = lineBeats;
        this.positions = positions;
    }

    /** A load: before the step keeps anything, of what the host has written of its position, and then of positions before. */
    void recall(Issued op) {
        requireLines(op);
        for (int i = 0; i < op.beats(); i++) {
            int at = (int) (op.offset() / beatBytes) + i;
            Refusal.require(!kept.get(at), op.pc(), "it reads what the same step may not have stored yet");
            Refusal.require(!recalled.get(at), op.pc(), "it reads the same of a position before twice");
            recalled.set(at);
            int before = positionsBefore(at);
            if (kept.isEmpty() || before > 0 && before <= positions) {
                continue;
            }
            // a block may begin before the first position, with lines of zeros
            boolean filling = before > 0 && before < positions + op.beats() / lineBeats;
            Refusal.require(
                    filling,
                    op.pc(),
                    "byte %d of BASE%d is in no line of its %d positions",
                    (long) at * beatBytes,
                    argument,
                    positions + 1);
            recalled.clear(at);
        }
    }

    /** A store. */
    void keep(Issued op) {
        requireLines(op);
        if (kept.isEmpty()) {
            written = recalled.cardinality();
        }
        for (int i = 0; i < op.beats(); i++) {
            int at = (int) (op.offset() / beatBytes) + i;
            Refusal.require(!kept.get(at), op.pc(), "beat %d of BASE%d is stored already", at, argument);
            kept.set(at);
        }
    }

    private void requireLines(Issued op) {
        Refusal.require(lineBeats > 0, op.pc(), "it uses BASE%d, by which it does not move on", argument);
    }

    /** By how many lines a beat lies before the next one of a stored line, 0 if none follows. */
    private int positionsBefore(int at) {
        int own = kept.nextSetBit(at);
        return own < 0 ? 0 : (own - at + lineBeats - 1) / lineBeats;
    }

    /** At the end of a step. */
    void requireWhole(int layers) {
        int lines = 2 * layers * lineBeats;
        Refusal.require(
                kept.cardinality() == lines,
                -1,
                "%d beats of its keys and values are stored at BASE%d, of %d",
                kept.cardinality(),
                argument,
                lines);
        Refusal.require(
                recalled.cardinality() - written == positions * lines,
                -1,
                "%d beats of %d positions before are read at BASE%d, %d are stored of each",
                recalled.cardinality() - written,
                positions,
                argument,
                lines);
    }
}
