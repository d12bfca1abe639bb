// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Machine;
import dev.lutra.machine.RunError;
import dev.lutra.machine.Tokens;
import dev.lutra.machine.WeightType;
import dev.lutra.pe.EngineCycles;
import dev.lutra.pe.dot.SharedExponent;
import dev.lutra.pe.vector.VectorModel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** MX, word by word, from the packed streams; written from the instruction set and not from the packer or the hardware. */
final class MatrixUnit {
    private static final SharedExponent HALVES = new SharedExponent(ActivationType.FP16.bits());

    private final Engine engine;
    private final int beat;
    private final byte[][] activations;
    /** Of FP16 activations, the greatest exponent of each row of each half. */
    private final int[][] exponents;

    private final byte[][] outputs;
    private final WeightStream weights;
    private final Ring scales;
    private final VectorModel rows;
    /** Of each block whose sums are under way: one, or all of the instruction where tables stay. */
    private final long[][] inners;

    private final long[][] activationSums;
    private final long[] outer;
    private final byte[] word;
    private final WordReader words;
    private final CodeReader codes;
    private final TritReader trits;
    private final @Nullable ChainReader chains;
    private final byte[] scaleLine;

    private Multiply op;
    private Issued issued;
    private int passes;
    private int zeroPoint;
    private boolean packed;
    private int block;
    private int group;
    private int plane;
    private int step;
    /** The step that is computed: the one listed, or {@link #step}. */
    private int line;

    /** Where tables stay, the block that the next word is for; else 0. */
    private int current;

    /** Sums that are not scaled are halved at the end. */
    private boolean halvesResults;

    private int scaleBytes;
    private long cycles;

    MatrixUnit(
            Machine machine,
            byte[][] activations,
            byte[][] outputs,
            WeightStream weights,
            Ring scales,
            VectorModel rows) {
        this.engine = machine.engine();
        this.beat = machine.bus().beatBytes();
        this.activations = activations;
        this.exponents = new int[activations.length][engine.m()];
        this.outputs = outputs;
        this.weights = weights;
        this.scales = scales;
        this.rows = rows;
        int results = engine.m() * engine.n();
        int underWay = Math.max(1, engine.tables().blocks());
        inners = new long[underWay][results];
        outer = new long[results];
        activationSums = new long[underWay][engine.m()];
        word = new byte[engine.wordBytes()];
        words = new WordReader(engine);
        codes = new CodeReader(engine);
        trits = new TritReader(engine);
        chains = engine.chains() == null ? null : new ChainReader(engine);
        scaleLine = new byte[engine.scaleBytes()];
        op = new Multiply(
                Tokens.NONE, 0, 0, true, true, engine.tile(), engine.types(WeightType.INT2, false), 1, 0, 1, 0);
        issued = new Issued(-1, op, 0, 0, 0, 0);
    }

    /** Compute cycles of all instructions so far, by the formula. */
    long cycles() {
        return cycles;
    }

    void begin(Issued next) {
        issued = next;
        op = (Multiply) next.instruction();
        String refusal = engine.refusal(op);
        require(refusal == null, String.valueOf(refusal));
        WeightType type = op.types().weights();
        passes = engine.passes(type.bits(), op.kept());
        zeroPoint = engine.zeroPoint(type.bits(), type.zeroPoint());
        packed = engine.packs(type.zeroPoint());
        trits.begin();
        require(!op.scaled() || engine.groupScales(), "group scales on an engine without them");
        require(
                (long) op.kSteps() * engine.lineBytes() <= activations[0].length,
                "%d steps exceed the half".formatted(op.kSteps()));
        long end = (long) op.outputBeat() * beat + (long) op.blocks() * blockBytes();
        require(
                !op.last() || op.toRows() || end <= outputs[0].length,
                "results up to byte %d exceed the half".formatted(end));
        block = 0;
        group = 0;
        plane = passes - 1;
        step = 0;
        current = 0;
        halvesResults = false;
        scaleBytes = 0;
    }

    private void require(boolean good, String message) {
        if (!good) {
            throw new RunFault(RunError.ILLEGAL_INSTRUCTION, issued.pc(), message);
        }
    }

    private int blockBytes() {
        return engine.m() * engine.n() * op.types().resultBytes();
    }

    private int stepsOfGroup() {
        return op.scaled() ? Math.min(op.gSteps(), op.kSteps() - group * op.gSteps()) : op.kSteps();
    }

    /** Takes up to {@code most} weight words; returns whether anything was done. */
    boolean advance(int most) {
        boolean moved = false;
        for (int i = 0; i < most && !finished(); i++) {
            if (!one()) {
                return moved;
            }
            moved = true;
        }
        return moved;
    }

    /** All blocks are done and the padding of the scales is dropped. */
    boolean finished() {
        return block == op.blocks();
    }

    private boolean one() {
        boolean stepwise = engine.packing().stepwise();
        boolean groupStarts = plane == passes - 1 && step == 0;
        boolean groupEnds = plane == 0 && step == stepsOfGroup() - 1;
        boolean lists = op.listed() && plane == passes - 1;
        boolean needsScale = op.kept().indexed() || lists || (stepwise ? groupStarts : groupEnds) && op.scaled();
        boolean lastGroup = group == op.groups() - 1 && block == op.blocks() - 1;
        boolean lastLine = lastGroup && (op.scaled() || groupEnds || lists && step == op.kSteps() - 1);
        int padding = needsScale && lastLine ? -(scaleBytes + scaleLine.length) & (beat - 1) : 0;
        int wordBytes = packed && trits.rides() ? 0 : word.length;
        if (!weights.has(wordBytes) || needsScale && scales.available() < scaleLine.length + padding) {
            return false;
        }
        weights.read(word, wordBytes);
        if (packed) {
            trits.decode(word);
        }
        if (needsScale) {
            scales.read(scaleLine, scaleLine.length);
            scaleBytes += scaleLine.length;
            scales.read(new byte[padding], padding);
        }
        if (!op.listed()) {
            line = step;
        } else if (lists) {
            line = listed();
        }
        if (engine.tables().stay()) {
            accumulate();
            nextOfStep();
            return true;
        }
        if (stepwise) {
            if (chains == null) {
                accumulateCodes();
            } else {
                accumulateChains(chains);
            }
            plane = plane == 0 ? passes - 1 : plane - 1;
            step += plane == passes - 1 ? 1 : 0;
        } else {
            accumulate();
            step++;
            if (step == stepsOfGroup()) {
                step = 0;
                plane--;
            }
        }
        if (groupEnds) {
            endGroup();
        }
        return true;
    }

    private void accumulateChains(ChainReader reader) {
        for (int m = 0; m < engine.m(); m++) {
            int first = line * engine.lineBytes() + m * engine.rowBytes();
            byte[] half = activations[issued.aHalf()];
            reader.add(op.kept(), passes - 1 - plane, word, scaleLine, half, first, inners[current], m);
        }
    }

    /** The number in the line of a list: its low 16 bits, modulo the lines of a half. */
    private int listed() {
        int number = scaleLine[0] & 0xff | (scaleLine.length > 1 ? (scaleLine[1] & 0xff) << Byte.SIZE : 0);
        return number % (activations[0].length / engine.lineBytes());
    }

    /** Passes of a block, blocks of a step, steps. */
    private void nextOfStep() {
        plane--;
        if (plane >= 0) {
            return;
        }
        plane = passes - 1;
        int now = step;
        if (now == op.kSteps() - 1) {
            endGroup();
        }
        step = now;
        current++;
        if (current == op.blocks()) {
            current = 0;
            step = now + 1;
        }
    }

    /** LDA has filled so much of a half. Of FP16 activations it notes the greatest exponent of each row, of all that it has loaded of it. */
    void loaded(int half, int bytes) {
        if (engine.activations() != ActivationType.FP16) {
            return;
        }
        Arrays.fill(exponents[half], 1);
        for (int at = 0; at < bytes; at += Short.BYTES) {
            int row = at / engine.rowBytes() % engine.m();
            int exponent = ActivationType.at(activations[half], at, Short.BYTES) >> 10 & 31;
            exponents[half][row] = Math.max(exponents[half][row], exponent);
        }
    }

    /** Activations of row m in a step, as integers. */
    private int[] activations(int kStep, int m) {
        byte[] half = activations[issued.aHalf()];
        int at = kStep * engine.lineBytes() + m * engine.rowBytes();
        int bytes = engine.activations().bytes();
        int[] row = new int[engine.step()];
        for (int k = 0; k < row.length; k++) {
            row[k] = ActivationType.at(half, at + k * bytes, bytes);
            if (engine.activations() == ActivationType.FP16) {
                row[k] = (int) HALVES.align(row[k] & 0xFFFF, exponents[issued.aHalf()][m]);
            }
        }
        return row;
    }

    private void accumulateCodes() {
        codes.take(word, passes - 1 - plane);
        if (plane != 0) {
            return;
        }
        int kStep = group * op.gSteps() + step;
        for (int m = 0; m < engine.m(); m++) {
            int[] a = activations(kStep, m);
            for (int n = 0; n < engine.n(); n++) {
                int mark = op.scaled() ? scaleLine[2 * n + 1] : 0;
                inners[current][m * engine.n() + n] += codes.sum(n, a, zeroPoint == 1, mark);
            }
        }
    }

    private void accumulate() {
        int kStep = group * op.gSteps() + step;
        for (int m = 0; m < engine.m(); m++) {
            int[] a = activations(kStep, m);
            if (plane == 0) {
                for (int k = 0; k < engine.step(); k++) {
                    activationSums[current][m] += a[k];
                }
            }
            for (int n = 0; n < engine.n(); n++) {
                long sum = words.sum(word, n, a, plane == passes - 1);
                inners[current][m * engine.n() + n] += sum << plane * engine.planes();
            }
        }
    }

    private void endGroup() {
        long[] inner = inners[current];
        long[] sums = activationSums[current];
        for (int m = 0; m < engine.m(); m++) {
            for (int n = 0; n < engine.n(); n++) {
                int i = m * engine.n() + n;
                requireBits(inner[i], engine.innerBits(), "inner");
                boolean halves = zeroPoint != 0 && !engine.packing().stepwise();
                long d = halves ? inner[i] - zeroPoint * sums[m] : inner[i];
                requireBits(d, engine.innerBits(), "inner");
                long before = group == 0 && op.first() ? 0 : outer[i];
                int scaleAt = n * scaleLine.length / engine.n();
                if (op.scaled()) {
                    outer[i] = before + (halves ? d >> 1 : d) * (scaleLine[scaleAt] & 0xff);
                } else {
                    outer[i] = before + d;
                    halvesResults = halves;
                }
                requireBits(outer[i], engine.outerBits() + (halvesResults ? 1 : 0), "outer");
                inner[i] = 0;
            }
            sums[m] = 0;
        }
        step = 0;
        plane = passes - 1;
        group++;
        if (group == op.groups()) {
            if (op.last()) {
                drain();
            }
            group = 0;
            block++;
            if (finished()) {
                cycles += EngineCycles.of(
                        engine, op.types().weights().bits(), op.kept(), op.kSteps(), op.gSteps(), op.blocks());
            }
        }
    }

    private void requireBits(long value, int bits, String which) {
        if (value << (64 - bits) >> (64 - bits) != value) {
            throw new ArithmeticException("instruction %d: the %s accumulator of %d bits would hold %d"
                    .formatted(issued.pc(), which, bits, value));
        }
    }

    private void drain() {
        byte[] half = outputs[issued.oHalf()];
        int at = op.outputBeat() * beat + block * blockBytes();
        for (int i = 0; i < outer.length; i++) {
            long value = halvesResults ? outer[i] >> 1 : outer[i];
            if (op.toRows()) {
                rows.set(op.outputBeat(), block * engine.n() + i, (int) value);
                continue;
            }
            for (int b = 0; b < op.types().resultBytes(); b++) {
                half[at++] = (byte) (value >> (8 * b));
            }
        }
    }
}
