// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import dev.lutra.machine.Instruction;
import dev.lutra.machine.Instruction.EndLoop;
import dev.lutra.machine.Instruction.Halt;
import dev.lutra.machine.Instruction.LoadRows;
import dev.lutra.machine.Instruction.LoadScales;
import dev.lutra.machine.Instruction.LoadWeights;
import dev.lutra.machine.Instruction.Loop;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Instruction.SetBase;
import dev.lutra.machine.Instruction.SetStride;
import dev.lutra.machine.Instruction.StoreRows;
import dev.lutra.machine.Instruction.Sync;
import dev.lutra.machine.Instruction.Vector;
import dev.lutra.machine.Machine;
import dev.lutra.machine.NmRatio;
import dev.lutra.machine.Program;
import dev.lutra.machine.ProgramFile;
import dev.lutra.machine.RowFormat;
import dev.lutra.machine.Tokens;
import dev.lutra.machine.Unit;
import dev.lutra.machine.VectorPass;
import dev.lutra.machine.VectorRow;
import dev.lutra.machine.VectorShape;
import dev.lutra.machine.WeightType;
import dev.lutra.map.check.VectorHazards;
import dev.lutra.map.exec.RunArguments;
import dev.lutra.runtime.device.Buffer;
import dev.lutra.runtime.device.Counters;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.device.RegionCall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Random passes, loads, products and stores on one scratchpad, units running ahead of each other as far as rows allow: an operation of LDA, MX or ST waits for the last
 * pass before it, and VEC waits for it when it first needs one of its rows. They run once or twice, in layer 0 and 1, and load other inputs in each.
 */
final class RandomVectorProgram {
    private static final String REGION = "X";
    private static final int CHUNKS = 2;

    /** What runs with LEN2 elements. */
    private final int length;

    private final Machine machine;
    private final VectorShape shape;
    private final int beat;
    private final Random random;
    private final List<Instruction> code = new ArrayList<>();
    private final int[] valid;
    private final int activationBeats;
    private final VectorHazards hazards;
    private final Map<Unit, Operation> underWay = new EnumMap<>(Unit.class);
    private final byte[] image = new byte[1 << 14];
    private final byte[] inputs = new byte[1 << 12];
    private int lastVector;
    private int stored;
    private boolean runTimeBefore;

    /** Rows, and after them beats of activations. */
    private record Operation(BitSet reads, BitSet writes) {
        boolean conflicts(Operation other) {
            return writes.intersects(other.writes) || writes.intersects(other.reads) || reads.intersects(other.writes);
        }
    }

    RandomVectorProgram(Machine machine, long seed, int operations) {
        this.machine = machine;
        this.shape = machine.vector();
        this.beat = machine.bus().beatBytes();
        this.random = new Random(seed);
        this.length = 1 + random.nextInt(3 * shape.lanes());
        this.activationBeats = machine.beats(2L * machine.buffers().activationHalf());
        this.valid = new int[shape.rows()];
        this.hazards = new VectorHazards(shape);
        random.nextBytes(image);
        ByteBuffer floats = ByteBuffer.wrap(inputs).order(ByteOrder.LITTLE_ENDIAN);
        while (floats.hasRemaining()) {
            floats.putInt(
                    random.nextInt(8) == 0
                            ? random.nextInt()
                            : Float.floatToIntBits((float) (random.nextGaussian() * 10)));
        }
        code.add(new SetBase(2, 2, 0, 0));
        code.add(new Loop(0, 1, false, false, true));
        vector(VectorPass.load(0, 0.5f));
        for (int s = 1; s < VectorShape.SCALARS; s++) {
            vector(VectorPass.load(s, (float) random.nextGaussian()).after(VectorPass.After.NOTHING));
        }
        load(0, shape.rows() / 2, RowFormat.WORDS);
        for (int i = 0; i < operations; i++) {
            switch (random.nextInt(6)) {
                case 0 -> load(random.nextInt(shape.rows()), 8, any(RowFormat.values()));
                case 1 -> multiply();
                case 2 -> store();
                default -> pass();
            }
        }
        store();
        for (Unit unit : List.copyOf(underWay.keySet())) {
            sync(unit);
        }
        code.add(new EndLoop());
        code.add(new Halt());
    }

    Program program() {
        Program.Region region = new Program.Region(
                REGION, 0, 1, 1, 1, 4, 1, 0, false, inputs.length, Math.max(beat, stored), NmRatio.DENSE);
        Program.Tensor tensor = new Program.Tensor("T", REGION, 0, 0, image.length, 0);
        return new Program(machine.fingerprint(), image.length, List.of(region), List.of(tensor), code);
    }

    byte[] image() {
        return image;
    }

    byte[] inputs() {
        return inputs;
    }

    /** Bytes of results. */
    int resultBytes() {
        return CHUNKS * stored;
    }

    /** Where image, inputs and results lie one after the other from address 0 on. */
    RunArguments arguments() {
        long in = image.length;
        return new RunArguments(0, 0, List.of(CHUNKS, length, 0), List.of(0L, in, in + inputs.length, 0L));
    }

    /** Results of a run, and what the device counted. */
    record Outcome(byte[] results, Counters counters) {}

    /** Runs the program on a device. */
    Outcome run(Device device) throws Exception {
        byte[] instructions = ProgramFile.code(program());
        byte[] results = new byte[resultBytes()];
        List<Buffer> buffers = List.of(
                device.allocate(instructions.length),
                device.allocate(image.length),
                device.allocate(inputs.length),
                device.allocate(Math.max(1, results.length)));
        device.write(buffers.get(0), 0, ByteBuffer.wrap(instructions));
        device.write(buffers.get(1), 0, ByteBuffer.wrap(image));
        device.write(buffers.get(2), 0, ByteBuffer.wrap(inputs));
        device.load(buffers.get(0), code.size(), machine.fingerprint());
        List<Long> bases = buffers.subList(1, 4).stream().map(Buffer::address).toList();
        Counters counters = device.start(new RegionCall(0, 0, List.of(CHUNKS, length), bases), Duration.ofMinutes(2))
                .await();
        device.read(buffers.get(3), 0, ByteBuffer.wrap(results));
        buffers.forEach(device::release);
        return new Outcome(results, counters);
    }

    private int rowsPerBeat() {
        return Math.max(1, beat / shape.rowBytes());
    }

    private BitSet range(int from, int count) {
        BitSet set = new BitSet();
        set.set(from, from + count);
        return set;
    }

    private void vector(VectorPass pass) {
        add(new Vector(Tokens.NONE, pass, 0), new Operation(new BitSet(), new BitSet()));
    }

    /** A pass, which waits for what it needs. */
    private void add(Vector vector, Operation uses) {
        Tokens tokens = vector.tokens();
        for (Unit unit : List.copyOf(underWay.keySet())) {
            if (uses.conflicts(underWay.get(unit))) {
                tokens = tokens.waitFor(unit);
                underWay.remove(unit);
            }
        }
        VectorPass pass = vector.pass();
        // what a run-time length may skip orders nothing
        if (runTimeBefore || vector.length() != 0 || !hazards.complaint(pass).isEmpty()) {
            pass = pass.after(VectorPass.After.ALL);
        }
        if (vector.length() != 0 && !tokens.equals(Tokens.NONE)) {
            code.add(new Sync(tokens, Unit.VEC));
            tokens = Tokens.NONE;
        }
        runTimeBefore = vector.length() != 0;
        hazards.add(pass);
        lastVector = code.size();
        code.add(new Vector(tokens, pass, vector.length()));
    }

    private void sync(Unit waits) {
        underWay.remove(waits);
        lastVector = code.size();
        code.add(new Sync(Tokens.NONE.waitFor(waits), Unit.VEC));
    }

    /** Lets a unit begin what follows: after all passes so far, and after what others still do with the same rows. */
    private void begin(Unit unit, Operation operation) {
        for (Unit other : List.copyOf(underWay.keySet())) {
            if (other == unit || operation.conflicts(underWay.get(other))) {
                sync(other);
            }
        }
        underWay.put(unit, operation);
        Instruction last = code.get(lastVector);
        boolean skipped = last instanceof Vector v && v.length() != 0;
        if (skipped || random.nextInt(4) == 0) {
            lastVector = code.size();
            code.add(new Sync(Tokens.NONE.postTo(unit), Unit.VEC));
        } else if (last instanceof Vector v) {
            code.set(lastVector, new Vector(v.tokens().postTo(unit), v.pass(), 0));
        } else if (last instanceof Sync s) {
            code.set(lastVector, new Sync(s.tokens().postTo(unit), Unit.VEC));
        }
    }

    private static Tokens with(Unit unit) {
        return Tokens.NONE.waitFor(unit).postTo(unit);
    }

    private void load(int row, int most, RowFormat format) {
        int unit = rowsPerBeat() * format.rows();
        int count = Math.min(most, shape.rows() - row) / unit * unit;
        int bytes = count / format.rows() * shape.rowBytes();
        if (bytes < beat) {
            return;
        }
        begin(Unit.LDA, new Operation(new BitSet(), range(row, count)));
        int offset = random.nextInt((inputs.length - bytes) / beat + 1) * beat;
        int forLayer = random.nextInt((inputs.length - bytes - offset) / beat + 1) * beat;
        code.add(new SetBase(1, 1, offset, forLayer));
        code.add(new LoadRows(with(Unit.VEC), 1, 0, row, bytes / beat, format));
        for (int r = row; r < row + count; r++) {
            valid[r] = shape.lanes();
        }
    }

    private void store() {
        RowFormat format = any(RowFormat.values());
        int unit = rowsPerBeat() * format.rows();
        int row = random.nextInt(shape.rows());
        int count = 0;
        while (count < 8 && row + count < shape.rows() && valid[row + count] == shape.lanes()) {
            count++;
        }
        count = count / unit * unit;
        int bytes = count / format.rows() * shape.rowBytes();
        if (bytes < beat) {
            return;
        }
        begin(Unit.ST, new Operation(range(row, count), new BitSet()));
        code.add(new SetStride(1, bytes));
        code.add(new StoreRows(with(Unit.VEC), 2, 1, row, bytes / beat, format));
        stored += bytes;
    }

    private void multiply() {
        var engine = machine.engine();
        int steps = 1 + random.nextInt(4);
        int blocks = 1 + random.nextInt(3);
        int half = random.nextInt(2);
        int first = half * activationBeats / 2;
        int elements = steps * engine.step() - random.nextInt(engine.step());
        int x = random.nextInt(shape.rows() / 4);
        BitSet beats = range(shape.rows() + first, steps * engine.lineBytes() / beat);
        VectorPass act = VectorPass.of(x, elements).write(VectorPass.Result.ACTIVATIONS, first);
        if (reads(act) == null) {
            return;
        }
        add(new Vector(Tokens.NONE, act, 0), new Operation(reads(act), beats));
        int rows = blocks * engine.n() / shape.lanes();
        int row = random.nextInt(shape.rows() - rows + 1);
        begin(Unit.MX, new Operation(beats, range(row, rows)));
        boolean scaled = random.nextBoolean();
        int groupSteps = scaled ? 1 + random.nextInt(2) : 0;
        code.add(new SetBase(3, 0, random.nextInt(64) * beat, 0));
        if (scaled) {
            int bytes = blocks * ((steps + groupSteps - 1) / groupSteps) * engine.scaleBytes();
            code.add(new LoadScales(Tokens.NONE, 3, 0, machine.beats(bytes)));
        }
        int words = blocks * steps * engine.passes(4);
        code.add(new LoadWeights(Tokens.NONE, 3, 0, machine.beats((long) words * engine.wordBytes())));
        code.add(new Multiply(
                with(Unit.VEC),
                half,
                0,
                true,
                true,
                engine.tile(),
                engine.types(WeightType.INT4, false),
                steps,
                groupSteps,
                blocks,
                row,
                true,
                NmRatio.DENSE,
                false));
        for (int r = row; r < row + rows; r++) {
            valid[r] = shape.lanes();
        }
    }

    /** Rows that a pass reads, or null if not all of what it reads is written. */
    private @Nullable BitSet reads(VectorPass p) {
        BitSet rows = new BitSet();
        for (VectorRow cycle : VectorRow.of(shape, p)) {
            if (cycle.x() >= 0) {
                rows.set(cycle.x());
                if (valid[cycle.x()] < cycle.xElements()) {
                    return null;
                }
            }
            if (cycle.y() >= 0) {
                rows.set(cycle.y());
                if (valid[cycle.y()] < cycle.yElements()) {
                    return null;
                }
            }
        }
        return rows;
    }

    private <E> E any(E[] of) {
        return of[random.nextInt(of.length)];
    }

    private void pass() {
        for (int tries = 0; tries < 20; tries++) {
            VectorPass p = candidate();
            BitSet reads = p == null ? null : reads(p);
            if (p == null || reads == null || p.readsItsResult(shape)) {
                continue;
            }
            int count = shape.rowsOf(p.length());
            if (p.writesRows() && p.out() + count > shape.rows()) {
                continue;
            }
            BitSet writes = p.writesRows() ? range(p.out(), count) : new BitSet();
            boolean runTime = p.length() == length
                    && p.reduction() == VectorPass.Reduction.NONE
                    && p.writesRows()
                    && writes.stream().allMatch(r -> valid[r] == shape.lanes());
            add(new Vector(Tokens.NONE, runTime ? p.over(1) : p, runTime ? 2 : 0), new Operation(reads, writes));
            for (int r = 0; r < count && p.writesRows(); r++) {
                int row = p.out() + r;
                valid[row] = Math.max(valid[row], Math.min(shape.lanes(), p.length() - r * shape.lanes()));
            }
            return;
        }
    }

    private @Nullable VectorPass candidate() {
        VectorPass.Source source = random.nextInt(3) > 0 ? VectorPass.Source.VECTOR : any(VectorPass.Source.values());
        boolean rows = source == VectorPass.Source.VECTOR || source == VectorPass.Source.INTEGERS;
        VectorPass.Factor factor = any(VectorPass.Factor.values());
        VectorPass.Reduction reduction =
                random.nextBoolean() ? VectorPass.Reduction.NONE : any(VectorPass.Reduction.values());
        VectorPass.Addend addend = random.nextBoolean() ? VectorPass.Addend.NOTHING : any(VectorPass.Addend.values());
        VectorPass.Result result = random.nextInt(3) > 0 ? VectorPass.Result.FLOAT : VectorPass.Result.INT8;
        boolean sum = reduction == VectorPass.Reduction.SUM;
        boolean runs = reduction == VectorPass.Reduction.RUNS;
        boolean parts = reduction == VectorPass.Reduction.PARTS || runs;
        boolean pairs = reduction == VectorPass.Reduction.PAIRS;
        boolean y = factor == VectorPass.Factor.VECTOR
                || addend == VectorPass.Addend.VECTOR
                || addend == VectorPass.Addend.MINIMUM;
        if (source == VectorPass.Source.CONSTANT && y) {
            return null;
        }
        boolean keep = reduction == VectorPass.Reduction.MAXIMUM && random.nextBoolean();
        int elements = random.nextInt(3) == 0 ? length : 1 + random.nextInt(6 * shape.lanes());
        boolean repeats = rows && !pairs && addend != VectorPass.Addend.SCALAR && random.nextInt(3) == 0;
        boolean swaps = rows && !repeats && !pairs && !parts && random.nextInt(3) == 0;
        boolean spreads = factor == VectorPass.Factor.VECTOR && !pairs && !runs && random.nextBoolean();
        boolean again = y && !pairs && (runs || !parts) && !spreads && random.nextBoolean();
        int sums = 1 + random.nextInt(3);
        try {
            return new VectorPass(
                    source,
                    source == VectorPass.Source.INTEGERS ? VectorPass.Sign.SAME : any(VectorPass.Sign.values()),
                    rows ? random.nextInt(shape.rows()) : source == VectorPass.Source.SCALAR ? random.nextInt(16) : 0,
                    source == VectorPass.Source.CONSTANT ? Float.floatToIntBits(random.nextFloat()) : 0,
                    swaps ? 1 << random.nextInt(6) : 0,
                    repeats ? 2 << random.nextInt(3) : 1,
                    repeats ? 1 << random.nextInt(3) : 1,
                    y && !pairs ? random.nextInt(shape.rows()) : 0,
                    again ? runs ? VectorRow.TURN << sums : 1 + random.nextInt(4) : 0,
                    spreads ? 1 << random.nextInt(7) : 1,
                    factor,
                    factor == VectorPass.Factor.SCALAR ? random.nextInt(16) : 0,
                    addend,
                    addend == VectorPass.Addend.SCALAR ? random.nextInt(16) : 0,
                    random.nextBoolean() ? VectorPass.Function.NONE : any(VectorPass.Function.values()),
                    sum ? VectorPass.Result.NONE : result,
                    sum ? 0 : random.nextInt(shape.rows()),
                    reduction,
                    keep,
                    parts ? sums : pairs || reduction == VectorPass.Reduction.NONE ? 0 : random.nextInt(15),
                    elements,
                    any(VectorPass.After.values()));
        } catch (IllegalArgumentException e) {
            return null; // fields that exclude each other
        }
    }
}
