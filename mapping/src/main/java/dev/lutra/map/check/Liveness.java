// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.check;

import dev.lutra.machine.Instruction.LoadEntries;
import dev.lutra.machine.Instruction.LoadScales;
import dev.lutra.machine.Instruction.LoadWeights;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Instruction.StoreSums;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Tokens;
import dev.lutra.machine.Unit;
import dev.lutra.map.exec.Issued;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Plays a run with tokens, queues and rings, but without data. Queues and counters have one producer and one consumer each and
 * units work in order, so every schedule reaches the same end: if this one does not get stuck, none does. Where hardware may differ it
 * takes the least able one: an instruction leaves its queue when it retires, a burst needs its whole space in the ring, and MX starts when
 * all its scales are there.
 *
 * <p>It also gives each instruction a vector clock: how many instructions of each unit are known, by tokens alone, to have
 * retired before it starts.
 */
final class Liveness {
    private static final Unit[] UNITS = Unit.values();

    private final Machine machine;
    private final List<Issued> trace;
    private final Streams streams;
    private final List<int[]> clocks = new ArrayList<>();
    private final List<List<Integer>> ofUnit = new ArrayList<>();
    private final int[] dispatched = new int[UNITS.length];
    private final int[] retired = new int[UNITS.length];
    private final boolean[] started = new boolean[UNITS.length];
    private final int[][] lastClock = new int[UNITS.length][UNITS.length];
    /** Clocks of the posters of the tokens in each counter. */
    private final List<List<Deque<int[]>>> counters = new ArrayList<>();

    private int nextDispatch;
    private long weightBytes;
    private long scaleBytes;
    private long done;
    private long mxLeft;
    private long sumsDone;
    private final SideRings side;

    /** @param early whether sums of sparse rows come as early as can be, or as late */
    Liveness(Machine machine, List<Issued> trace, Streams streams, boolean early) {
        this.side = new SideRings(machine, early);
        this.machine = machine;
        this.trace = trace;
        this.streams = streams;
        for (Unit from : UNITS) {
            ofUnit.add(new ArrayList<>());
            List<Deque<int[]>> row = new ArrayList<>();
            for (Unit to : UNITS) {
                Deque<int[]> tokens = new ArrayDeque<>();
                for (int i = 0; i < from.presetTo(to); i++) {
                    tokens.add(new int[UNITS.length]);
                }
                row.add(tokens);
            }
            counters.add(row);
        }
        for (int i = 0; i < trace.size(); i++) {
            ofUnit.get(trace.get(i).unit().ordinal()).add(i);
            clocks.add(new int[UNITS.length]);
        }
    }

    /** The clock of each instruction of the trace. */
    List<int[]> run() {
        boolean moved = true;
        while (moved) {
            moved = dispatch();
            for (Unit unit : UNITS) {
                while (advance(unit)) {
                    moved = true;
                    dispatch();
                }
            }
        }
        for (Unit unit : UNITS) {
            int at = retired[unit.ordinal()];
            if (at < ofUnit.get(unit.ordinal()).size()) {
                Issued stuck = trace.get(ofUnit.get(unit.ordinal()).get(at));
                throw new Refusal(stuck.pc(), "deadlock: %s waits for ever".formatted(unit));
            }
        }
        for (Unit from : UNITS) {
            for (Unit to : UNITS) {
                int tokens = tokens(from, to).size();
                Refusal.require(
                        tokens == from.presetTo(to),
                        -1,
                        "at halt the counter %s->%s is %d, not %d",
                        from,
                        to,
                        tokens,
                        from.presetTo(to));
            }
        }
        return clocks;
    }

    private Deque<int[]> tokens(Unit from, Unit to) {
        return counters.get(from.ordinal()).get(to.ordinal());
    }

    private boolean dispatch() {
        boolean moved = false;
        while (nextDispatch < trace.size()) {
            int unit = trace.get(nextDispatch).unit().ordinal();
            if (dispatched[unit] - retired[unit] >= machine.queueDepth()) {
                break;
            }
            dispatched[unit]++;
            nextDispatch++;
            moved = true;
        }
        return moved;
    }

    private boolean advance(Unit unit) {
        int u = unit.ordinal();
        if (retired[u] == dispatched[u]) {
            return false;
        }
        int index = ofUnit.get(u).get(retired[u]);
        Issued op = trace.get(index);
        if (!started[u]) {
            return start(unit, op, index);
        }
        boolean moved = work(op);
        if (!finished(op) || !post(unit, op.tokens())) {
            return moved;
        }
        if (op.instruction() instanceof Multiply mx) {
            scaleBytes -= streams.scaleBytes(mx);
        }
        started[u] = false;
        retired[u]++;
        return true;
    }

    private boolean start(Unit unit, Issued op, int index) {
        int u = unit.ordinal();
        Tokens masks = op.tokens();
        for (Unit from : UNITS) {
            if ((masks.waits() & from.bit()) != 0 && tokens(from, unit).isEmpty()) {
                return false;
            }
        }
        if (op.instruction() instanceof Multiply mx) {
            if (scaleBytes < streams.scaleBytes(mx)) {
                return false;
            }
            mxLeft = streams.ringBytes(op);
        }
        int[] clock = lastClock[u];
        for (Unit from : UNITS) {
            if ((masks.waits() & from.bit()) != 0) {
                int[] poster = tokens(from, unit).remove();
                for (int v = 0; v < clock.length; v++) {
                    clock[v] = Math.max(clock[v], poster[v]);
                }
            }
        }
        clocks.set(index, clock.clone());
        started[u] = true;
        done = unit == Unit.LDW ? 0 : done;
        sumsDone = unit == Unit.ST ? 0 : sumsDone;
        if (op.instruction() instanceof LoadEntries lde && !lde.activations()) {
            side.begin(streams.bytes(op), streams.bytes(sumsOf(index)));
        }
        return true;
    }

    private boolean work(Issued op) {
        if (op.instruction() instanceof Multiply) {
            // what makes words of bitmaps takes beats as they come
            long word = machine.engine().bitmaps()
                    ? machine.bus().beatBytes()
                    : machine.engine().wordBytes();
            long taken = Math.min(mxLeft, weightBytes / word * word);
            weightBytes -= taken;
            mxLeft -= taken;
            return taken > 0;
        }
        if (op.instruction() instanceof StoreSums) {
            long taken = side.take(streams.bytes(op) - sumsDone);
            sumsDone += taken;
            return taken > 0;
        } else if (op.instruction() instanceof LoadEntries) {
            return load(op);
        }
        boolean moved = false;
        while (!finished(op)) {
            long left = streams.bytes(op) - done;
            long burst = Math.min(
                    left, (long) machine.bus().maxBurst() * machine.bus().beatBytes());
            boolean isScales = op.instruction() instanceof LoadScales;
            long used = isScales ? scaleBytes : weightBytes;
            int size =
                    isScales ? machine.buffers().scaleRing() : machine.buffers().weightRing();
            if (size - used < burst) {
                break;
            }
            if (isScales) {
                scaleBytes += burst;
            } else {
                weightBytes += burst;
            }
            done += burst;
            moved = true;
        }
        return moved;
    }

    private boolean load(Issued op) {
        boolean activations = ((LoadEntries) op.instruction()).activations();
        boolean moved = false;
        while (!finished(op)) {
            long left = streams.bytes(op) - done;
            long burst = Math.min(
                    left, (long) machine.bus().maxBurst() * machine.bus().beatBytes());
            if (activations ? !side.rests() : !side.hasRoom(burst)) {
                break;
            }
            if (!activations) {
                side.fill(burst);
            }
            done += burst;
            moved = true;
        }
        return moved;
    }

    /** The STE that takes the sums of the entries of an LDE. */
    private Issued sumsOf(int load) {
        for (int i = load + 1; i < trace.size(); i++) {
            if (trace.get(i).instruction() instanceof StoreSums) {
                return trace.get(i);
            }
        }
        throw new Refusal(trace.get(load).pc(), "nothing stores the sums of its entries");
    }

    private boolean finished(Issued op) {
        if (op.instruction() instanceof StoreSums) {
            return sumsDone == streams.bytes(op);
        } else if (op.instruction() instanceof LoadEntries) {
            return done == streams.bytes(op);
        } else if (op.instruction() instanceof Multiply) {
            return mxLeft == 0;
        } else if (op.instruction() instanceof LoadWeights || op.instruction() instanceof LoadScales) {
            return done == streams.bytes(op);
        }
        return true;
    }

    private boolean post(Unit unit, Tokens masks) {
        for (Unit to : UNITS) {
            if ((masks.posts() & to.bit()) != 0 && tokens(unit, to).size() == Unit.MAX_TOKENS) {
                return false;
            }
        }
        int[] clock = lastClock[unit.ordinal()].clone();
        clock[unit.ordinal()] = retired[unit.ordinal()] + 1;
        for (Unit to : UNITS) {
            if ((masks.posts() & to.bit()) != 0) {
                tokens(unit, to).add(clock);
            }
        }
        return true;
    }
}
