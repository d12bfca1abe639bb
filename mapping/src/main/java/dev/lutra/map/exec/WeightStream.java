// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import dev.lutra.machine.Machine;
import dev.lutra.machine.RunError;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The ring of weights as MX sees it: bytes of words, which lie in the ring as they are or as bitmaps and codes. Written from the text of
 * {@link dev.lutra.machine.BitmapWords}, not from the packer or the hardware.
 */
final class WeightStream {
    private final Ring ring;
    private final int lanes;
    private final int bits;
    private final Deque<Load> loads = new ArrayDeque<>();
    /** Units that were taken from the ring and not used. */
    private final Deque<Integer> units = new ArrayDeque<>();

    /** One LDW: what is left of it in memory and in the ring, and of its words if it has bitmaps. */
    private static final class Load {
        private final int pc;
        private final boolean plain;
        private long bytes;
        private int words;
        /** Of the next word; null before the first one. */
        private boolean @Nullable [] bitmap;
        /** Of the word behind it. */
        private boolean[] second = {};

        Load(int pc, long bytes, int words) {
            this.pc = pc;
            this.plain = words == 0;
            this.bytes = bytes;
            this.words = words;
        }
    }

    WeightStream(Machine machine, Ring ring) {
        this.ring = ring;
        this.bits = machine.engine().planes();
        this.lanes = machine.engine().wordBits() / bits;
    }

    /** LDW begins to fill the ring. */
    void begin(int pc, long bytes, int words) {
        loads.add(new Load(pc, bytes, words));
    }

    /** Drops the padding behind words that were all taken. */
    void drop() {
        Load load = loads.peek();
        while (load != null && !load.plain && load.words == 0) {
            units.clear();
            int some = (int) Math.min(load.bytes, ring.available());
            ring.read(new byte[some], some);
            load.bytes -= some;
            if (load.bytes > 0) {
                return;
            }
            loads.remove();
            load = loads.peek();
        }
    }

    /** Whether so many bytes can be taken: none, or a word. */
    boolean has(int bytes) {
        drop();
        Load load = loads.peek();
        if (bytes == 0 || load == null || load.plain) {
            return ring.available() >= bytes;
        }
        int bitmapUnits = (lanes + bits - 1) / bits;
        if (load.bitmap == null) {
            if (!fetch(load, 2 * bitmapUnits)) {
                return false;
            }
            load.bitmap = bitmap();
            load.second = bitmap();
        }
        int codes = 0;
        for (boolean one : load.bitmap) {
            codes += one ? 1 : 0;
        }
        return fetch(load, codes + bitmapUnits);
    }

    /** Takes them, if there are so many. */
    void read(byte[] into, int bytes) {
        Load load = loads.peek();
        if (bytes == 0 || load == null || load.plain) {
            ring.read(into, bytes);
            // a word may come from several loads
            for (long left = bytes; left > 0; ) {
                Load from = loads.element();
                long some = Math.min(left, from.bytes);
                left -= some;
                from.bytes -= some;
                if (from.bytes == 0) {
                    loads.remove();
                }
            }
            return;
        }
        boolean[] own = load.bitmap;
        load.words--;
        load.bitmap = load.second;
        load.second = bitmap();
        int[] word = new int[bytes];
        for (int lane = 0; own != null && lane < lanes; lane++) {
            int code = own[lane] ? units.remove() : 0;
            word[lane * bits / Byte.SIZE] |= code << lane * bits % Byte.SIZE;
        }
        for (int i = 0; i < bytes; i++) {
            into[i] = (byte) word[i];
        }
        drop();
    }

    private boolean[] bitmap() {
        boolean[] bitmap = new boolean[lanes];
        for (int lane = 0; lane < lanes; lane += bits) {
            int unit = units.remove();
            for (int i = 0; i < bits && lane + i < lanes; i++) {
                bitmap[lane + i] = (unit >> i & 1) == 1;
            }
        }
        return bitmap;
    }

    /** Makes so many units ready, if they are in the ring. */
    private boolean fetch(Load load, int count) {
        byte[] one = new byte[1];
        while (units.size() < count) {
            if (load.bytes == 0) {
                throw new RunFault(
                        RunError.BUS_DEAD, load.pc, "it ends %d words too early for ever".formatted(load.words));
            } else if (ring.available() == 0) {
                return false;
            }
            ring.read(one, 1);
            load.bytes--;
            for (int bit = 0; bit < Byte.SIZE; bit += bits) {
                units.add(one[0] >> bit & (1 << bits) - 1);
            }
        }
        return true;
    }
}
