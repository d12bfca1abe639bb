// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import dev.lutra.hdl.lib.axi.Axi4;
import dev.lutra.sim.engine.SimulationException;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Plays an AXI4 master (AMBA AXI, IHI 0022): INCR bursts of full-width beats, as many in flight as the design takes. Address and
 * data of writes go their own ways, so data may be ahead of its address; reads and writes are not ordered.
 */
public final class Axi4Master {
    private static final int INCR = 1;
    private static final int MOST_BEATS = 256;
    private static final int PAGE = 4096;

    private final int dataBytes;
    private final int dataWords;
    private final Source ar;
    private final Sink r;
    private final Source aw;
    private final Source w;
    private final Sink b;
    private final Axi4Monitor monitor;

    Axi4Master(Axi4 bus, Bench bench) {
        dataBytes = bus.wdata.width() / 8;
        dataWords = (bus.wdata.width() + 63) / 64;
        ar = bench.source(Axi4Monitor.readAddress(bus));
        r = bench.sink(Axi4Monitor.readData(bus));
        aw = bench.source(Axi4Monitor.writeAddress(bus));
        w = bench.source(Axi4Monitor.writeData(bus));
        b = bench.sink(Axi4Monitor.writeResponse(bus));
        monitor = new Axi4Monitor(bus, bench.seed(), ar.sent(), r.taken(), aw.sent(), w.sent(), b.taken());
    }

    /** Gaps of addresses, of write data, and of taking answers. */
    public Axi4Master gaps(Gaps addresses, Gaps data, Gaps answers) {
        ar.gaps(addresses);
        aw.gaps(addresses);
        w.gaps(data);
        r.gaps(answers);
        b.gaps(answers);
        return this;
    }

    /** Calls for each burst when it is answered whole. */
    public Axi4Master forEach(Consumer<Axi4Access> listener) {
        monitor.forEach(listener);
        return this;
    }

    /** Reads a burst. */
    public void read(long address, int id, int beats) {
        check(address, beats);
        ar.send(address, beats - 1, size(), INCR, id);
    }

    /**
     * Writes a burst, all bytes of it.
     *
     * @param words the words of all beats, {@code ceil(data bits / 64)} for each
     */
    public void write(long address, int id, long... words) {
        int beats = words.length / dataWords;
        if (words.length % dataWords != 0) {
            throw SimulationException.misuse(words.length + " words for beats of " + dataWords + " words");
        }
        check(address, beats);
        aw.send(address, beats - 1, size(), INCR, id);
        long[] strobes = new long[(dataBytes + 63) / 64];
        Arrays.fill(strobes, dataBytes >= 64 ? -1 : (1L << dataBytes) - 1);
        for (int i = 0; i < beats; i++) {
            long[] beat = Arrays.copyOfRange(words, i * dataWords, (i + 1) * dataWords + strobes.length + 1);
            System.arraycopy(strobes, 0, beat, dataWords, strobes.length);
            beat[beat.length - 1] = i == beats - 1 ? 1 : 0;
            w.send(beat);
        }
    }

    private int size() {
        return Integer.numberOfTrailingZeros(dataBytes);
    }

    private void check(long address, int beats) {
        if (beats < 1 || beats > MOST_BEATS || address % dataBytes != 0) {
            throw SimulationException.misuse("a burst of " + beats + " beats at 0x" + Long.toHexString(address)
                    + ": 1 to 256, at a multiple of the bus's " + dataBytes + " bytes");
        }
        if (address / PAGE != (address + (long) beats * dataBytes - 1) / PAGE) {
            throw SimulationException.misuse("a burst of " + beats + " beats at 0x" + Long.toHexString(address)
                    + " crosses a boundary of 4 KiB");
        }
    }

    /** Bursts given to this master and not answered yet. */
    public int open() {
        return ar.waiting() + aw.waiting() + monitor.open();
    }
}
