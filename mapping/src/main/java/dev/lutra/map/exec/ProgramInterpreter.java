// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import dev.lutra.machine.Instruction;
import dev.lutra.machine.Instruction.LoadActivations;
import dev.lutra.machine.Instruction.LoadEntries;
import dev.lutra.machine.Instruction.LoadRows;
import dev.lutra.machine.Instruction.LoadScales;
import dev.lutra.machine.Instruction.LoadWeights;
import dev.lutra.machine.Instruction.Loop;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Instruction.Next;
import dev.lutra.machine.Instruction.SetBase;
import dev.lutra.machine.Instruction.Store;
import dev.lutra.machine.Instruction.StoreRows;
import dev.lutra.machine.Instruction.StoreSums;
import dev.lutra.machine.Instruction.Vector;
import dev.lutra.machine.Machine;
import dev.lutra.machine.RunError;
import dev.lutra.machine.Unit;
import dev.lutra.machine.VectorPass;
import dev.lutra.pe.vector.VectorModel;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program on a memory image as the instruction set defines it: units with queues, token counters, rings and double
 * buffers, without time. Which unit moves next is drawn at random, so a program whose result depends on the order (a missing
 * token) gives different results for different seeds.
 */
public final class ProgramInterpreter {
    private final Machine machine;
    private final List<Instruction> code;
    private final ByteBuffer memory;
    private final Random random;

    /**
     * @param memory from address 0 on; read and written
     * @param seed of the order in which units move
     */
    public ProgramInterpreter(Machine machine, List<Instruction> code, ByteBuffer memory, long seed) {
        this.machine = machine;
        this.code = List.copyOf(code);
        this.memory = memory;
        this.random = new Random(seed);
    }

    /**
     * What a region did.
     *
     * @param mxCycles compute cycles of MX, by the formula of the instruction set
     */
    public record Summary(long mxCycles, long bytesRead, long bytesWritten) {}

    /**
     * Runs one region.
     *
     * @throws RunFault with the error the hardware would report
     * @throws ArithmeticException if an accumulator overflows
     */
    public Summary run(RunArguments arguments) {
        return new Run(arguments).finish();
    }

    private final class Run {
        private final RunArguments arguments;
        private final Control control;
        private final byte[][] activations = new byte[2][machine.buffers().activationHalf()];
        private final byte[][] outputs = new byte[2][machine.buffers().outputHalf()];
        private final Ring weightRing = new Ring(machine.buffers().weightRing());
        private final WeightStream weights = new WeightStream(machine, weightRing);
        private final Ring scaleRing = new Ring(machine.buffers().scaleRing());
        private final VectorModel vectors = new VectorModel(machine.vector());
        private final MatrixUnit matrix = new MatrixUnit(machine, activations, outputs, weights, scaleRing, vectors);
        private final Ring entries = new Ring(machine.side().ring());
        private final Ring sums = new Ring(machine.side().sums());
        private final SideUnit side = new SideUnit(machine, entries, sums);
        private final TokenCounters tokens = new TokenCounters();
        private final List<Queue> queues = new ArrayList<>();
        private @Nullable Issued waiting;
        private boolean halted;
        private long bytesRead;
        private long bytesWritten;

        Run(RunArguments arguments) {
            requireLoops();
            this.arguments = arguments;
            this.control = new Control(code, arguments);
            for (Unit unit : Unit.of(machine)) {
                queues.add(new Queue(this, unit));
            }
        }

        Summary finish() {
            List<Queue> order = new ArrayList<>(queues);
            boolean moved = true;
            while (moved) {
                moved = dispatch();
                moved |= side.advance(1 + random.nextInt(64));
                Collections.shuffle(order, random);
                for (Queue queue : order) {
                    moved |= random.nextInt(4) == 0 ? dispatch() : false;
                    moved |= queue.advance();
                }
            }
            for (Queue queue : queues) {
                queue.requireIdle();
            }
            if (!halted) {
                throw new RunFault(RunError.BUS_DEAD, -1, "deadlock: CTL cannot dispatch");
            }
            tokens.requirePreset();
            weights.drop();
            if (weightRing.available() + scaleRing.available() != 0) {
                throw new RunFault(
                        RunError.TOKEN_IMBALANCE,
                        -1,
                        "at halt %d bytes of weights and %d of scales are left"
                                .formatted(weightRing.available(), scaleRing.available()));
            }
            if (entries.available() + sums.available() != 0) {
                throw new RunFault(
                        RunError.TOKEN_IMBALANCE,
                        -1,
                        "at halt %d bytes of entries and %d of their sums are left"
                                .formatted(entries.available(), sums.available()));
            }
            return new Summary(matrix.cycles(), bytesRead, bytesWritten);
        }

        private boolean dispatch() {
            if (halted) {
                return false;
            }
            Issued next = waiting == null ? control.next() : waiting;
            if (next == null) {
                halted = true;
                return true;
            }
            requireUnits(next);
            if (next.instruction() instanceof Next goesOn) {
                boolean rests = queues.stream().allMatch(Queue::isIdle);
                waiting = rests ? null : next;
                if (rests) {
                    control.goOn(vectors.scalar(goesOn.scalar()));
                }
                return rests;
            }
            Queue queue = queues.get(next.unit().ordinal());
            waiting = queue.accepts() ? null : next;
            if (waiting != null) {
                return false;
            }
            queue.add(next);
            return true;
        }

        /** A machine has no tokens for units it does not have, and no results for them. */
        private void requireUnits(Issued op) {
            int strange = op.tokens().waits() | op.tokens().posts() | op.unit().bit();
            boolean rows = op.instruction() instanceof LoadRows
                    || op.instruction() instanceof StoreRows
                    || op.instruction() instanceof Multiply mx && mx.toRows();
            if (!machine.vector().exists() && (rows || (strange & Unit.VEC.bit()) != 0)) {
                throw new RunFault(RunError.ILLEGAL_INSTRUCTION, op.pc(), "this machine has no vector unit");
            }
            boolean sparse = op.instruction() instanceof LoadEntries || op.instruction() instanceof StoreSums;
            if (!machine.side().exists() && sparse) {
                throw new RunFault(RunError.ILLEGAL_INSTRUCTION, op.pc(), "this machine has no side engine");
            }
        }

        private void requireLoops() {
            for (int pc = 0; pc < code.size() && !machine.vector().exists(); pc++) {
                if (code.get(pc) instanceof Loop loop && loop.layers()) {
                    throw new RunFault(RunError.ILLEGAL_INSTRUCTION, pc, "this machine has no loops over layers");
                } else if (code.get(pc) instanceof SetBase set && set.per() != SetBase.Per.LAYER) {
                    throw new RunFault(RunError.ILLEGAL_INSTRUCTION, pc, "this machine has no tokens");
                } else if (code.get(pc) instanceof Loop loop && loop.length() != 0 && loop.count() != 0) {
                    throw new RunFault(
                            RunError.ILLEGAL_INSTRUCTION,
                            pc,
                            "this machine has no loops with a pass for several of a length");
                }
            }
        }

        private void begin(Issued op, LoadWeights ldw) {
            if (ldw.words() != 0 && !machine.engine().bitmaps()) {
                throw new RunFault(RunError.ILLEGAL_INSTRUCTION, op.pc(), "this machine takes no bitmaps");
            }
            weights.begin(op.pc(), (long) op.beats() * machine.bus().beatBytes(), ldw.words());
        }

        /** A pass; what it gives the matrix engine fills whole beats. */
        private void pass(Issued op, VectorPass pass) {
            vectors.run(pass);
            if (pass.result() != VectorPass.Result.ACTIVATIONS) {
                return;
            }
            int beat = machine.bus().beatBytes();
            byte[] bytes = vectors.activations();
            int from = pass.out() * beat;
            for (int i = 0; i < machine.beats(bytes.length) * beat; i++) {
                int at = from + i;
                int half = at / activations[0].length;
                if (half > 1) {
                    throw new RunFault(
                            RunError.ILLEGAL_INSTRUCTION, op.pc(), "byte %d is beyond both halves".formatted(at));
                }
                activations[half][at % activations[0].length] = i < bytes.length ? bytes[i] : 0;
            }
        }

        private int address(Issued op, long done, long bytes, RunError outside) {
            long base = arguments.bases().get(op.argument());
            long address = (base + op.offset() & machine.bus().addressable() - 1) + done;
            if (address % machine.bus().beatBytes() != 0) {
                throw new RunFault(
                        RunError.ADDRESS_OUT_OF_RANGE, op.pc(), "address %#x is not on a beat".formatted(address));
            }
            if (address + bytes > memory.capacity()) {
                throw new RunFault(
                        outside,
                        op.pc(),
                        "address %#x is beyond the memory of %d bytes".formatted(address + bytes, memory.capacity()));
            }
            return (int) address;
        }

        private byte[] read(Issued op, long done, int bytes) {
            byte[] data = new byte[bytes];
            memory.get(address(op, done, bytes, RunError.MEMORY_READ), data);
            bytesRead += bytes;
            return data;
        }

        private void write(Issued op, long done, byte[] data, int bytes) {
            memory.put(address(op, done, bytes, RunError.MEMORY_WRITE), data, 0, bytes);
            bytesWritten += bytes;
        }
    }

    /** One unit: its queue and the instruction it executes. */
    private final class Queue {
        private final Run run;
        private final Unit unit;
        private final Deque<Issued> waiting = new ArrayDeque<>();
        private @Nullable Issued current;
        private long done;

        Queue(Run run, Unit unit) {
            this.run = run;
            this.unit = unit;
        }

        boolean accepts() {
            return waiting.size() < machine.queueDepth();
        }

        void add(Issued op) {
            waiting.add(op);
        }

        boolean isIdle() {
            return current == null && waiting.isEmpty();
        }

        void requireIdle() {
            Issued stuck = current == null ? waiting.peek() : current;
            if (stuck != null) {
                throw new RunFault(RunError.BUS_DEAD, stuck.pc(), "deadlock: %s waits for ever".formatted(unit));
            }
        }

        /** Moves a little; returns whether it did. */
        boolean advance() {
            Issued op = current;
            if (op == null) {
                op = waiting.peek();
                if (op == null || !run.tokens.take(unit, op.tokens())) {
                    return false;
                }
                waiting.remove();
                current = op;
                done = 0;
                if (op.instruction() instanceof Multiply) {
                    run.matrix.begin(op);
                } else if (op.instruction() instanceof LoadWeights ldw) {
                    run.begin(op, ldw);
                }
                return true;
            }
            if (!complete(op)) {
                return work(op);
            }
            if (!run.tokens.post(unit, op.tokens())) {
                return false;
            }
            current = null;
            return true;
        }

        private boolean complete(Issued op) {
            Instruction i = op.instruction();
            if (i instanceof Multiply) {
                return run.matrix.finished();
            } else if (i instanceof Instruction.Sync) {
                return true;
            }
            if (i instanceof Vector) {
                return done > 0;
            }
            return done == (long) op.beats() * machine.bus().beatBytes();
        }

        private boolean work(Issued op) {
            Instruction i = op.instruction();
            if (i instanceof Multiply) {
                return run.matrix.advance(1 + random.nextInt(64));
            } else if (i instanceof LoadWeights) {
                return fill(op, run.weightRing);
            } else if (i instanceof LoadScales) {
                requireFit(op, machine.buffers().scaleRing());
                return fill(op, run.scaleRing);
            } else if (i instanceof LoadEntries lde && !lde.activations()) {
                return fill(op, run.entries);
            } else if (i instanceof StoreSums) {
                return drain(op, run.sums);
            }
            if (i instanceof Vector vector) {
                run.pass(op, vector.pass());
                done = 1;
                return true;
            }
            int bytes = op.beats() * machine.bus().beatBytes();
            if (i instanceof LoadActivations) {
                requireFit(op, machine.buffers().activationHalf());
                System.arraycopy(run.read(op, 0, bytes), 0, run.activations[op.aHalf()], 0, bytes);
                run.matrix.loaded(op.aHalf(), bytes);
            } else if (i instanceof LoadEntries) {
                requireFit(op, run.side.capacity());
                if (!run.side.rests()) {
                    return false;
                }
                run.side.load(run.read(op, 0, bytes));
            } else if (i instanceof Store) {
                requireFit(op, machine.buffers().outputHalf());
                run.write(op, 0, run.outputs[op.oHalf()], bytes);
            } else if (i instanceof LoadRows ldv) {
                run.vectors.load(ldv.row(), run.read(op, 0, bytes), ldv.format());
            } else if (i instanceof StoreRows stv) {
                run.write(op, 0, run.vectors.store(stv.row(), bytes, stv.format()), bytes);
            }
            done = bytes;
            return true;
        }

        private void requireFit(Issued op, int size) {
            long bytes = (long) op.beats() * machine.bus().beatBytes();
            if (bytes > size) {
                throw new RunFault(
                        RunError.ILLEGAL_INSTRUCTION,
                        op.pc(),
                        "%d bytes do not fit a buffer of %d".formatted(bytes, size));
            }
        }

        private boolean drain(Issued op, Ring ring) {
            int beat = machine.bus().beatBytes();
            long left = (long) op.beats() * beat - done;
            int bytes = (int) Math.min(left, ring.available() / beat * beat);
            if (bytes == 0) {
                return false;
            }
            byte[] data = new byte[bytes];
            ring.read(data, bytes);
            run.write(op, done, data, bytes);
            done += bytes;
            return true;
        }

        private boolean fill(Issued op, Ring ring) {
            run.weights.drop();
            int beat = machine.bus().beatBytes();
            long left = (long) op.beats() * beat - done;
            long most = (1L + random.nextInt(machine.bus().maxBurst())) * beat;
            int bytes = (int) Math.min(Math.min(left, most), ring.free() / beat * beat);
            if (bytes == 0) {
                return false;
            }
            ring.write(run.read(op, done, bytes), bytes);
            done += bytes;
            return true;
        }
    }
}
