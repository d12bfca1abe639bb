// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.check;

import dev.lutra.machine.Instruction.Loop;
import dev.lutra.machine.Instruction.Next;
import dev.lutra.machine.Instruction.SetBase;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.map.exec.Control;
import dev.lutra.map.exec.Issued;
import dev.lutra.map.exec.RunArguments;
import dev.lutra.map.exec.RunFault;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Checks a whole program: each region is executed abstractly, without data, for its first and last layer and for 0 to 3 chunks of
 * rows, a step for 0 to 3 and for {@value #MANY} positions before its own, and for 2 and 3 steps one after the other, each by itself: NEXT lets all units come to
 * rest. For each run it proves that
 *
 * <ul>
 *   <li>every instruction respects the machine's buffers, planes and accumulators' presence;
 *   <li>the units never wait for each other for ever, and every token counter ends at its preset ({@link Liveness});
 *   <li>a half of a buffer is written only after its readers have released it and read only after it was written, by tokens and not
 *       by luck ({@link Dataflow}), and so for rows of the scratchpad ({@link VectorFlow});
 *   <li>each MX instruction consumes exactly the scales and weights streamed for it, which are the tensor of the region and layer in
 *       order, and computes with the tile and the types of the machine and of the region ({@link Limits}, {@link Dataflow});
 *   <li>activations, results and weights lie where the program's tables say, and every result is stored once;
 *   <li>activations, entries and sums of sparse rows go through the side engine in order, with neither of its rings ever blocking the units for good ({@link SparseFlow}, {@link Liveness}).
 * </ul>
 */
public final class ProgramChecker {
    private static final int SCALES = 1;
    private static final int RESULTS = 2;
    private static final int RECORD = 3;
    private static final int MOST_CHUNKS = 3;
    private static final int MOST_STEPS = 3;
    /** Positions that keep every counter and queue busy. */
    private static final int MANY = 40;
    /** More than any region of a real model dispatches; a larger trace is a runaway loop. */
    private static final int LONGEST_TRACE = 4_000_000;

    private final Machine machine;
    private final Program program;
    private final boolean[] executed;
    private final List<Finding> findings = new ArrayList<>();

    private ProgramChecker(Machine machine, Program program) {
        this.machine = machine;
        this.program = program;
        this.executed = new boolean[program.code().size()];
    }

    /** Everything found, at most one thing per run; empty if the program is sound. */
    public static List<Finding> check(Machine machine, Program program) {
        ProgramChecker checker = new ProgramChecker(machine, program);
        checker.whole();
        return List.copyOf(checker.findings);
    }

    private void whole() {
        if (program.fingerprint() != machine.fingerprint()) {
            refuse(
                    "program",
                    -1,
                    "it is for machine %016x, this one is %s"
                            .formatted(program.fingerprint(), machine.fingerprintText()));
            return;
        }
        if (program.codeBytes() > machine.buffers().program()) {
            refuse(
                    "program",
                    -1,
                    "its %d bytes do not fit the program cache of %d"
                            .formatted(program.codeBytes(), machine.buffers().program()));
        }
        if (program.imageBytes() + program.codeBytes() > machine.bus().addressable()) {
            refuse(
                    "program",
                    -1,
                    "its weights of %d bytes do not fit an address of %d bits"
                            .formatted(program.imageBytes(), machine.bus().addrBits()));
        }
        for (int pc = 0; pc < program.code().size(); pc++) {
            if (machine.vector().exists()) {
                break;
            } else if (program.code().get(pc) instanceof Loop loop && loop.layers()) {
                refuse("program", pc, "a machine without a vector unit has no loops over layers");
            } else if (program.code().get(pc) instanceof SetBase set && set.per() != SetBase.Per.LAYER) {
                refuse("program", pc, "a machine without a vector unit has no tokens");
            } else if (program.code().get(pc) instanceof Loop loop && loop.length() != 0 && loop.count() != 0) {
                refuse(
                        "program",
                        pc,
                        "a machine without a vector unit has no loops with a pass for several of a length");
            }
        }
        for (Program.Region region : program.regions()) {
            if (region.isStep()) {
                IntStream.concat(IntStream.rangeClosed(0, MOST_CHUNKS), IntStream.of(MANY))
                        .forEach(positions -> steps(region, positions, 1));
                steps(region, 0, 0);
                steps(region, 0, MOST_STEPS);
                steps(region, 2, MOST_STEPS - 1);
                continue;
            }
            for (int layer = 0; layer < region.layers(); layer += Math.max(1, region.layers() - 1)) {
                for (int chunks = 0; chunks <= MOST_CHUNKS; chunks++) {
                    run(region, layer, chunks);
                }
            }
        }
        if (findings.isEmpty()) {
            for (int pc = 0; pc < executed.length; pc++) {
                if (!executed[pc]) {
                    refuse("program", pc, "it is never executed");
                }
            }
        }
    }

    private void refuse(String run, int pc, String message) {
        findings.add(new Finding(run, pc, message));
    }

    private void run(Program.Region region, int layer, int chunks) {
        String name = "region %s, layer %d, %d chunks".formatted(region.name(), layer, chunks);
        refusing(name, () -> {
            List<Issued> trace = trace(region, layer, chunks);
            // without rows a region may do nothing at all
            if (VectorFlow.uses(chunks == 0 ? trace(region, layer, 1) : trace)) {
                flow(new VectorFlow(machine, program, region, layer, chunks), region, trace);
            } else {
                Limits limits = new Limits(machine, region);
                trace.forEach(limits::check);
                Streams streams = new Streams(machine, trace);
                if (region.hasEntries()) {
                    new Liveness(machine, trace, streams, true).run();
                }
                List<int[]> clocks = new Liveness(machine, trace, streams, false).run();
                new Dataflow(machine, program, region, layer, chunks).check(trace, clocks, streams);
            }
        });
    }

    private void flow(VectorFlow flow, Program.Region region, List<Issued> trace) {
        Limits limits = new Limits(machine, region);
        trace.forEach(limits::check);
        Streams streams = new Streams(machine, trace);
        flow.check(trace, new Liveness(machine, trace, streams, false).run(), streams);
    }

    /** Steps one after the other: the first token is number 0, those that follow are the last one of the vocabulary that ends no text. */
    private void steps(Program.Region region, int positions, int steps) {
        String name = "region %s after %d positions, %d steps".formatted(region.name(), positions, steps);
        refusing(name, () -> {
            Control control =
                    new Control(program.code(), RunArguments.steps(region.entry(), positions, steps, 0, 0, 0, 0, 0));
            int token = 0;
            long moved = 0;
            for (int step = 0; step < steps; step++) {
                List<Issued> trace = trace(control, region, step, moved);
                Next next = (Next) trace.get(trace.size() - 1).instruction();
                VectorFlow flow =
                        VectorFlow.ofStep(machine, program, region, positions + step, token, next.scaleBytes());
                flow(flow, region, trace);
                token = follows(region, next);
                moved += next.scaleBytes();
            }
            Issued more = control.next();
            Refusal.require(
                    more == null, more == null ? -1 : more.pc(), "it goes on after the last of %d steps", steps);
            note(control);
        });
    }

    /**
     * The next step up to its NEXT, with addresses as if it were the first one.
     *
     * @param movedScales by which BASE1 has moved on
     */
    private List<Issued> trace(Control control, Program.Region region, int step, long movedScales) {
        List<Issued> trace = new ArrayList<>();
        while (true) {
            Issued op = control.next();
            if (op == null) {
                throw new Refusal(-1, "it ends without going on from step %d".formatted(step));
            }
            if (op.instruction() instanceof Next next) {
                Refusal.require(
                        next.resultBytes() == region.outBytes() && next.recordBytes() == region.positionBytes(),
                        op.pc(),
                        "it moves on by %d bytes of results and a record of %d, the region has %d and %d",
                        next.resultBytes(),
                        next.recordBytes(),
                        region.outBytes(),
                        region.positionBytes());
                trace.add(op);
                control.goOn(follows(region, next));
                return trace;
            }
            Refusal.require(trace.size() < LONGEST_TRACE, op.pc(), "it runs away");
            long moved = switch (op.argument()) {
                case SCALES -> movedScales;
                case RESULTS -> step * region.outBytes();
                case RECORD -> step * region.positionBytes();
                default -> 0;
            };
            trace.add(op.before(moved));
        }
    }

    private static int follows(Program.Region region, Next next) {
        int token = region.n() - 1;
        while (next.ends().contains(token)) {
            token--;
        }
        return token;
    }

    private void refusing(String run, Runnable check) {
        try {
            check.run();
        } catch (Refusal e) {
            refuse(run, e.pc(), String.valueOf(e.getMessage()));
        } catch (RunFault e) {
            refuse(run, -1, String.valueOf(e.getMessage()));
        }
    }

    private List<Issued> trace(Program.Region region, int layer, int chunks) {
        Control control = new Control(program.code(), RunArguments.region(region.entry(), layer, chunks, 0, 0, 0));
        List<Issued> trace = new ArrayList<>();
        for (Issued op = control.next(); op != null; op = control.next()) {
            Refusal.require(trace.size() < LONGEST_TRACE, op.pc(), "it runs away");
            Refusal.require(!(op.instruction() instanceof Next), op.pc(), "only a step goes on to a next token");
            trace.add(op);
        }
        note(control);
        return trace;
    }

    private void note(Control control) {
        for (int pc = 0; pc < executed.length; pc++) {
            executed[pc] |= control.executed(pc);
        }
    }
}
