// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import java.util.ArrayList;
import java.util.List;

/**
 * Everything a generator of hardware and a generator of programs agree on.
 *
 * @param engine matrix engine
 * @param bus memory port
 * @param buffers on-chip memories
 * @param vector the vector unit
 * @param side the side engine for sparse rows
 * @param queueDepth instructions waiting in front of each unit, 1..16
 * @param counters whether performance counters exist
 * @param trace events of the last region that the hardware keeps ({@link Register#TRACE_COUNT}), a power of two; 0 for none
 */
public record Machine(
        Engine engine,
        Bus bus,
        Buffers buffers,
        VectorShape vector,
        SideEngine side,
        int queueDepth,
        boolean counters,
        int trace) {

    /** Version of the instruction set and of the memory layouts it implies. */
    public static final int ISA_VERSION = 2;

    /** Checks the ranges of every parameter and the relations between them; says all that is wrong at once. */
    public Machine {
        List<String> problems = problems(engine, bus, buffers, vector, side, queueDepth, trace);
        if (!problems.isEmpty()) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT,
                    "this machine cannot be built:\n  " + String.join("\n  ", problems),
                    "change the parameters named above");
        }
    }

    /** A machine without vector unit, side engine and trace. */
    public Machine(Engine engine, Bus bus, Buffers buffers, int queueDepth, boolean counters) {
        this(engine, bus, buffers, VectorShape.NONE, queueDepth, counters, 0);
    }

    /** A machine without side engine. */
    public Machine(
            Engine engine, Bus bus, Buffers buffers, VectorShape vector, int queueDepth, boolean counters, int trace) {
        this(engine, bus, buffers, vector, SideEngine.NONE, queueDepth, counters, trace);
    }

    /** This machine with a side engine for rows of so many activations. */
    public Machine withSide(int columns) {
        return new Machine(
                engine, bus, buffers, vector, SideEngine.of(columns, bus, buffers), queueDepth, counters, trace);
    }

    /** This machine with so many events kept. */
    public Machine withTrace(int events) {
        return new Machine(engine, bus, buffers, vector, side, queueDepth, counters, events);
    }

    /** The default machine: 1 x 16 x 4 with 4 tables per accumulator (256 plane-lanes), 128-bit AXI4. */
    public static Machine standard() {
        return new Machine(
                new Engine(Engine.LUT_INT, 1, 16, 4, 4, 8, true, 32, 48),
                new Bus(Bus.Kind.AXI4, 128, 32, 64, 4),
                new Buffers(8192, 1024, 4096, 2048, 2048),
                4,
                true);
    }

    /** The smallest machine: 32 plane-lanes, local memory, no scales, no counters; meant for an iCE40 UP5K. */
    public static Machine smallest() {
        return new Machine(
                new Engine(Engine.LUT_INT, 1, 4, 4, 2, 8, false, 24, 32),
                new Bus(Bus.Kind.LOCAL, 32, 17, 1, 1),
                new Buffers(512, 0, 512, 256, 2048),
                1,
                false);
    }

    /** The smallest machine with weights in the board's flash: 512 KiB of it behind the first 512 KiB. */
    public static Machine smallestWithFlash() {
        Machine m = smallest();
        return new Machine(
                m.engine, new Bus(Bus.Kind.LOCAL, 32, 20, 1, 1, m.bus.addrBits()), m.buffers, m.queueDepth, m.counters);
    }

    /**
     * Hash of all a program depends on; a program names it and the hardware returns it in a register. The bus protocol,
     * the burst length, the outstanding reads, the counters and the trace are left out, since no program can tell them apart.
     */
    public long fingerprint() {
        return Fingerprint.of(this);
    }

    /** {@link #fingerprint()} as 16 hexadecimal digits. */
    public String fingerprintText() {
        return Fingerprint.text(fingerprint());
    }

    /** Beats of the bus that hold so many bytes. */
    public int beats(long bytes) {
        return Math.toIntExact((bytes + bus.beatBytes() - 1) / bus.beatBytes());
    }

    private static List<String> problems(
            Engine e, Bus b, Buffers f, VectorShape v, SideEngine s, int queueDepth, int trace) {
        Rules r = new Rules();
        r.check(
                e.kind().matches("[a-z][a-z0-9-]{0,31}"),
                "engine.kind is '%s': it must be up to 32 lower-case letters, digits and dashes, a letter first",
                e.kind());
        r.power("engine.m", e.m(), 1, 64);
        r.power("engine.n", e.n(), 4, 256);
        r.range("engine.g", e.g(), 2, 6);
        r.range("engine.t", e.t(), 1, 16);
        r.range("engine.maxBits", e.maxBits(), 1, 8);
        r.range("engine.innerBits", e.innerBits(), 16, 32);
        r.range("engine.outerBits", e.outerBits(), e.innerBits(), 64);
        r.range("engine.planes", e.planes(), 1, 8);
        r.power("bus.dataBits", b.dataBits(), 32, 1024);
        r.range("bus.addrBits", b.addrBits(), 12, 40);
        r.range("bus.maxBurst", b.maxBurst(), 1, 256);
        r.range("bus.outstanding", b.outstanding(), 1, 32);
        if (b.kind() == Bus.Kind.LOCAL) {
            r.range("bus.onChipBits", b.onChipBits(), 12, b.addrBits());
        } else {
            r.check(b.onChipBits() == 0, "bus.onChipBits is %d, but bus.kind is AXI4: set it to 0", b.onChipBits());
        }
        r.range("queueDepth", queueDepth, 1, 16);
        r.power("buffers.weightRing", f.weightRing(), 64, 1 << 20);
        if (e.hasScaleStream()) {
            r.power("buffers.scaleRing", f.scaleRing(), 16, 1 << 20);
        } else {
            r.check(
                    f.scaleRing() == 0,
                    "buffers.scaleRing is %d, but engine.groupScales is false: set it to 0",
                    f.scaleRing());
        }
        r.power("buffers.activationHalf", f.activationHalf(), 64, 1 << 20);
        r.power("buffers.outputHalf", f.outputHalf(), 64, 1 << 20);
        r.power("buffers.program", f.program(), 256, 1 << 16);
        if (trace != 0) {
            r.power("trace", trace, 16, 1 << 16);
        }
        if (r.problems.isEmpty()) {
            relations(r, e, b, f);
            if (v.exists()) {
                vector(r, e, b, f, v);
            }
            if (s.exists()) {
                side(r, e, b, v, s);
                r.check(
                        trace == 0,
                        "trace is %d and side.columns %d: LDW has two loads at a time then, of which a trace tells nothing, one must be 0",
                        trace,
                        s.columns());
            }
        }
        return r.problems;
    }

    private static void relations(Rules r, Engine e, Bus b, Buffers f) {
        int beat = b.beatBytes();
        String complaint = e.packing().complaint(e);
        if (complaint != null) {
            r.check(false, "engine %s, weights packed as %s, %s", e.kind(), e.packing(), complaint);
        }
        String unfit = e.tables().complaint(e);
        if (unfit != null) {
            r.check(false, "engine %s %s", e.kind(), unfit);
        }
        String unpacked = e.packedTernary() ? e.packing().packedComplaint(e) : null;
        if (unpacked != null) {
            r.check(false, "engine %s, engine.packedTernary: ternary weights %s", e.kind(), unpacked);
        }
        String parts = e.bitmaps() ? e.packing().bitmapComplaint(e) : null;
        if (parts != null) {
            r.check(false, "engine %s, engine.bitmaps: its words %s", e.kind(), parts);
        }
        if (b.kind() == Bus.Kind.LOCAL) {
            r.check(
                    b.maxBurst() == 1 && b.outstanding() == 1,
                    "bus.maxBurst is %d and bus.outstanding %d: a LOCAL bus answers each beat at once, set both to 1",
                    b.maxBurst(),
                    b.outstanding());
            r.check(
                    !b.hasFlash() || b.addrBits() <= 24 && b.dataBits() == 32,
                    "bus.addrBits is %d and bus.dataBits %d: a flash has 24 bits of address, and is read in words of 32",
                    b.addrBits(),
                    b.dataBits());
        }
        r.check(
                e.wordBits() % b.dataBits() == 0,
                "a weight word has %d bits, which is no multiple of bus.dataBits = %d",
                e.wordBits(),
                b.dataBits());
        r.check(
                b.maxBurst() * beat <= 4096,
                "a burst of %d beats of %d bytes crosses 4 KiB: set bus.maxBurst to at most %d",
                b.maxBurst(),
                beat,
                4096 / beat);
        r.divides("an activation line (m*t*g bytes)", e.lineBytes(), "a beat of the bus", beat);
        r.divides("a line of the scale ring", e.scaleBytes(), "a beat of the bus", beat);
        r.divides("a line of outputs (4n bytes)", 4 * e.n(), "a beat of the bus", beat);
        r.check(
                f.weightRing() >= b.maxBurst() * beat + e.wordBytes(),
                "buffers.weightRing is %d: a burst (%d bytes) and a weight word (%d bytes) do not fit",
                f.weightRing(),
                b.maxBurst() * beat,
                e.wordBytes());
        if (e.hasScaleStream()) {
            int line = Math.max(beat, e.scaleBytes());
            r.check(
                    f.scaleRing() >= line,
                    "buffers.scaleRing is %d: one line or one beat needs %d",
                    f.scaleRing(),
                    line);
        }
        int line = Math.max(beat, e.lineBytes());
        r.check(
                f.activationHalf() >= line,
                "buffers.activationHalf is %d: one step of m*t*g activations needs %d",
                f.activationHalf(),
                line);
        r.check(
                4 * e.m() * e.n() % beat == 0,
                "a block of m*n INT32 results has %d bytes, which is no multiple of a beat of %d",
                4 * e.m() * e.n(),
                beat);
        int block = Math.max(beat, e.m() * e.n() * 8);
        r.check(
                f.outputHalf() >= block,
                "buffers.outputHalf is %d: one block of m*n INT64 results needs %d",
                f.outputHalf(),
                block);
    }

    private static void side(Rules r, Engine e, Bus b, VectorShape v, SideEngine s) {
        r.power("side.columns", s.columns(), 64, SideEngine.MOST_COLUMNS);
        r.power("side.ring", s.ring(), 64, 1 << 20);
        r.power("side.sums", s.sums(), 64, 1 << 20);
        r.check(
                b.kind() == Bus.Kind.AXI4,
                "side.columns is %d, but memory is on the chip (bus.kind LOCAL): it must be 0",
                s.columns());
        r.check(
                e.m() == 1,
                "side.columns is %d: it has one multiplier, for engines of 1 row of activations, not %d",
                s.columns(),
                e.m());
        r.check(
                e.activations() != ActivationType.FP16,
                "side.columns is %d: it multiplies integers, activations are %s",
                s.columns(),
                e.activations());
        r.check(
                !v.exists(),
                "side.columns is %d and vector.lanes %d: steps of a vector unit have no place where sums of outliers are added, one must be 0",
                s.columns(),
                v.lanes());
        r.check(
                s.columns() * e.activations().bytes() >= b.beatBytes(),
                "side.columns is %d: a beat of %d bytes must fit",
                s.columns(),
                b.beatBytes());
        r.check(
                s.ring() >= b.maxBurst() * b.beatBytes(),
                "side.ring is %d: a burst of %d bytes does not fit",
                s.ring(),
                b.maxBurst() * b.beatBytes());
        int least = b.maxBurst() * b.beatBytes() + SideEngine.LATENCY * SideEngine.SUM_BYTES;
        r.check(
                s.sums() >= least,
                "side.sums is %d: a burst and the sums that are on their way need %d bytes",
                s.sums(),
                least);
    }

    private static void vector(Rules r, Engine e, Bus b, Buffers f, VectorShape v) {
        r.check(
                b.kind() == Bus.Kind.AXI4,
                "vector.lanes is %d, but memory is on the chip (bus.kind LOCAL): it must be 0",
                v.lanes());
        r.check(
                e.m() == 1 && e.step() == e.rowBytes() && e.activations() == ActivationType.INT8,
                "vector.lanes is %d: the engine must take 1 row of a power of two of INT8 activations a step, not %d of %d %s",
                v.lanes(),
                e.m(),
                e.step(),
                e.activations());
        r.check(
                !e.tables().stay() && !e.tables().quantised(),
                "vector.lanes is %d: engine.tables.blocks must be 0, not %d, and engine.tables.quantised false",
                v.lanes(),
                e.tables().blocks());
        r.check(
                e.n() % Math.max(1, v.lanes()) == 0,
                "vector.lanes is %d: it must divide the engine's n = %d",
                v.lanes(),
                e.n());
        r.check(
                v.lanes() <= b.beatBytes(),
                "vector.lanes is %d: as many INT8 must fit a beat of %d bytes",
                v.lanes(),
                b.beatBytes());
        int beats = 2 * f.activationHalf() / b.beatBytes();
        int most = 1 << VectorFields.X.width();
        r.check(
                v.rows() >= beats && v.rows() <= most,
                "vector.rows is %d: it must be from %d, the beats of both activation halves, to %d",
                v.rows(),
                beats,
                most);
    }

    private static final class Rules {
        private final List<String> problems = new ArrayList<>();

        void check(boolean good, String format, Object... values) {
            if (!good) {
                problems.add(format.formatted(values));
            }
        }

        void range(String name, int value, int low, int high) {
            check(value >= low && value <= high, "%s is %d: it must be from %d to %d", name, value, low, high);
        }

        void power(String name, int value, int low, int high) {
            range(name, value, low, high);
            check(Integer.bitCount(value) == 1, "%s is %d: it must be a power of two", name, value);
        }

        void divides(String a, int sizeA, String b, int sizeB) {
            check(
                    sizeA % sizeB == 0 || sizeB % sizeA == 0,
                    "%s has %d bytes and %s %d: one must be a multiple of the other",
                    a,
                    sizeA,
                    b,
                    sizeB);
        }
    }
}
