// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Buffers;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.SideEngine;
import dev.lutra.machine.Tables;
import dev.lutra.machine.WeightPacking;
import java.util.Random;

/** Random machines of all packings of weights, most of them small so that reductions split and buffers fill. */
public final class Machines {
    private Machines() {}

    /** A legal machine. */
    public static Machine random(Random r) {
        int n = 4 << r.nextInt(4);
        int m = 1 << r.nextInt(3);
        WeightPacking packing = WeightPacking.values()[r.nextInt(WeightPacking.values().length)];
        int planes = switch (packing) {
            case MAPPED_PLANES -> 1 + r.nextInt(3);
            case DIGITS -> 2 + r.nextInt(7);
            case TRIPLES, TYPED_CODES -> 2;
            case RELATIVE_SIGNS, SIGNS, PLANES -> 1;
            case CHAINS -> 8;
        };
        boolean triples = packing == WeightPacking.TRIPLES;
        int g = triples ? 3 : 2 + r.nextInt(5);
        int t = packing == WeightPacking.CHAINS ? 2 + 2 * r.nextInt(6) : 1 + r.nextInt(6);
        boolean packed = planes == 2 && !triples && r.nextBoolean();
        int wide = packing == WeightPacking.CHAINS ? 0 : r.nextInt(6);
        var activations = wide == 1 ? ActivationType.INT16 : wide == 2 ? ActivationType.FP16 : ActivationType.INT8;
        Engine engine = engine(m, n, g, t, packing, planes, activations, packed);
        while (engine.wordBits() < 32) {
            n *= 2;
            engine = engine(m, n, g, t, packing, planes, activations, packed);
        }
        if (engine.holdsCodes() && r.nextBoolean()) {
            engine = engine.withBitmaps();
        }
        int dataBits = 32;
        while (dataBits < 1024
                && r.nextBoolean()
                && engine.wordBits() % (2 * dataBits) == 0
                && 4 * n * m * 8 % (2 * dataBits) == 0) {
            dataBits *= 2;
        }
        int beat = dataBits / 8;
        int word = engine.wordBytes();
        int burst = 1 << r.nextInt(5);
        int line = Math.max(beat, engine.lineBytes());
        int block = Math.max(beat, m * n * 8);
        return new Machine(
                engine,
                new Bus(Bus.Kind.AXI4, dataBits, 24, burst, 4),
                new Buffers(
                        power(Math.max(64, burst * beat + word)) << r.nextInt(3),
                        power(Math.max(16, Math.max(beat, engine.scaleBytes()) * (1 + r.nextInt(6)))),
                        power(Math.max(64, line * (1 + r.nextInt(20)))),
                        power(Math.max(64, block)) << r.nextInt(3),
                        r.nextBoolean() ? 1024 : 4096),
                1 + r.nextInt(4),
                true);
    }

    /** A legal machine whose tables stay, are rounded, or both. */
    static Machine withTables(Random r) {
        Machine m = random(r);
        while (m.engine().packing() != WeightPacking.MAPPED_PLANES || m.engine().activations() != ActivationType.INT8) {
            m = random(r);
        }
        Engine e = m.engine();
        boolean rounded = r.nextBoolean();
        boolean stay = !rounded || r.nextBoolean();
        Engine engine = new Engine(
                Engine.LUT_INT,
                e.m(),
                e.n(),
                e.g(),
                e.t(),
                e.maxBits(),
                !stay,
                e.innerBits(),
                e.outerBits(),
                e.packing(),
                e.planes(),
                e.activations(),
                new Tables(stay ? 4 + r.nextInt(6) : 0, rounded, 0),
                e.packedTernary(),
                e.bitmaps());
        Buffers b = m.buffers();
        int scaleRing = stay ? 0 : b.scaleRing();
        return new Machine(
                engine,
                m.bus(),
                new Buffers(b.weightRing(), scaleRing, b.activationHalf(), b.outputHalf(), b.program()),
                m.queueDepth(),
                m.counters());
    }

    /** A legal machine with a side engine, whose rings are small. */
    public static Machine withSide(Random r) {
        Machine m = random(r);
        while (m.engine().m() != 1 || m.engine().activations() == ActivationType.FP16) {
            m = random(r);
        }
        int beat = m.bus().beatBytes();
        int columns = 64 << r.nextInt(5);
        var side = new SideEngine(
                Math.max(columns, beat),
                Math.max(64, power(m.bus().maxBurst() * beat)) << r.nextInt(2),
                Math.max(64, power(m.bus().maxBurst() * beat + SideEngine.LATENCY * SideEngine.SUM_BYTES))
                        << r.nextInt(3));
        Buffers b = m.buffers();
        return new Machine(
                m.engine(),
                m.bus(),
                new Buffers(b.weightRing(), b.scaleRing(), b.activationHalf(), b.outputHalf(), 4096),
                m.vector(),
                side,
                m.queueDepth(),
                m.counters(),
                0);
    }

    private static Engine engine(
            int m, int n, int g, int t, WeightPacking packing, int planes, ActivationType activations, boolean packed) {
        int maxBits = packing == WeightPacking.TRIPLES ? 2 : 8;
        boolean scales = packing != WeightPacking.CHAINS;
        return new Engine(
                "x",
                m,
                n,
                g,
                t,
                maxBits,
                scales,
                32,
                48,
                packing,
                planes,
                activations,
                Tables.REGISTERS,
                packed,
                false);
    }

    private static int power(int atLeast) {
        return Integer.highestOneBit(2 * atLeast - 1);
    }
}
