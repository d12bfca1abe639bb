// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * A queue of items that a batch offers to the design under valid and ready, each until it is taken. In every row of stimulus,
 * valid says whether an item may begin to be offered in that cycle; the feed then writes there whether one is offered, and the
 * item into the words of the payload, which are zero otherwise. So the rows tell afterwards what the design saw.
 *
 * <p>State and items lie in direct buffers, so that native code works on them as Java does ({@code lutra_feed}).
 */
public final class Feed {
    // Places in the state; struct Feed of lutra_shim.cc.
    private static final int VALID = 0;
    private static final int PAYLOAD = 1;
    private static final int WORDS = 2;
    private static final int READY = 3;
    private static final int COUNT = 4;
    private static final int NEXT = 5;
    private static final int OFFERING = 6;
    private static final int STATE_WORDS = 7;

    private final LongBuffer state = direct(STATE_WORDS);
    private final LongBuffer items;
    private final int words;
    private final int capacity;

    /**
     * @param valid word of valid in a row of stimulus
     * @param payload first word of the payload in a row of stimulus
     * @param words words of the payload
     * @param ready word of ready in a row of response
     * @param capacity most items held
     */
    public Feed(int valid, int payload, int words, int ready, int capacity) {
        this.words = words;
        this.capacity = capacity;
        items = direct(Math.max(1, words * capacity));
        state.put(VALID, valid).put(PAYLOAD, payload).put(WORDS, words).put(READY, ready);
    }

    private static LongBuffer direct(int words) {
        return ByteBuffer.allocateDirect(8 * words)
                .order(ByteOrder.nativeOrder())
                .asLongBuffer();
    }

    /** Items that can be added. */
    public int room() {
        return capacity - waiting();
    }

    /** Items not yet taken. */
    public int waiting() {
        return (int) (state.get(COUNT) - state.get(NEXT));
    }

    /** Adds an item, of as many words as the payload. */
    public void add(long[] item) {
        if (state.get(COUNT) == capacity) {
            moveToFront();
        }
        items.put((int) state.get(COUNT) * words, item, 0, words);
        state.put(COUNT, state.get(COUNT) + 1);
    }

    private void moveToFront() {
        int waiting = waiting();
        int next = (int) state.get(NEXT);
        for (int i = 0; i < waiting * words; i++) {
            items.put(i, items.get(next * words + i));
        }
        state.put(COUNT, waiting).put(NEXT, 0);
    }

    /** Before a cycle: completes the row of stimulus that begins at a place. */
    public void begin(LongBuffer stimulus, int row) {
        int valid = row + (int) state.get(VALID);
        if (state.get(OFFERING) == 0 && stimulus.get(valid) != 0 && waiting() > 0) {
            state.put(OFFERING, 1);
        }
        boolean offering = state.get(OFFERING) != 0;
        stimulus.put(valid, offering ? 1 : 0);
        int payload = row + (int) state.get(PAYLOAD);
        int item = (int) state.get(NEXT) * words;
        for (int i = 0; i < words; i++) {
            stimulus.put(payload + i, offering ? items.get(item + i) : 0);
        }
    }

    /** Once the design has settled in a cycle: looks at the row of response that begins at a place. */
    public void end(LongBuffer response, int row) {
        if (state.get(OFFERING) != 0 && response.get(row + (int) state.get(READY)) != 0) {
            state.put(OFFERING, 0).put(NEXT, state.get(NEXT) + 1);
        }
    }

    /** For native code. */
    public LongBuffer state() {
        return state;
    }

    /** For native code. */
    public LongBuffer items() {
        return items;
    }

    /** What every engine can do: batches of one row. */
    static void run(
            Engine engine,
            int[] inputs,
            int[] outputs,
            long cycles,
            LongBuffer stimulus,
            int stimulusWords,
            LongBuffer response,
            int responseWords,
            Iterable<Feed> feeds) {
        LongBuffer in = stimulus.duplicate();
        LongBuffer out = response.duplicate();
        for (int i = 0; i < cycles; i++) {
            int from = stimulus.position() + i * stimulusWords;
            int to = response.position() + i * responseWords;
            for (Feed feed : feeds) {
                feed.begin(stimulus, from);
            }
            try {
                engine.batch(inputs, outputs, 1, in.position(from), out.position(to));
            } finally {
                // Also where the design stops: the edge has been taken.
                for (Feed feed : feeds) {
                    feed.end(response, to);
                }
            }
        }
    }
}
