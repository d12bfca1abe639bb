// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.check;

import dev.lutra.machine.Instruction.Loop;
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
 * rows, a step for 0 to 3 and for {@value #MANY} positions before its own. For each run it proves that
 *
 * <ul>
 *   <li>every instruction respects the machine's buffers, planes and accumulators' presence;
 *   <li>the units never wait for each other for ever, and every token counter ends at its preset ({@link Liveness});
 *   <li>a half of a buffer is written only after its readers have released it and read only after it was written, by tokens and not
 *       by luck ({@link Dataflow}), and so for rows of the scratchpad ({@link VectorFlow});
 *   <li>each MX instruction consumes exactly the scales and weights streamed for it, which are the tensor of the region and layer in
 *       order, and computes with the tile and the types of the machine and of the region ({@link Limits}, {@link Dataflow});
 *   <li>activations, results and weights lie where the program's tables say, and every result is stored once.
 * </ul>
 */
public final class ProgramChecker {
    private static final int MOST_CHUNKS = 3;
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
            if (program.code().get(pc) instanceof Loop loop
                    && loop.layers()
                    && !machine.vector().exists()) {
                refuse("program", pc, "a machine without a vector unit has no loops over layers");
            }
        }
        for (Program.Region region : program.regions()) {
            if (region.isStep()) {
                IntStream.concat(IntStream.rangeClosed(0, MOST_CHUNKS), IntStream.of(MANY))
                        .forEach(positions -> run(region, 0, positions));
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

    /** @param chunks LEN1: of a step positions */
    private void run(Program.Region region, int layer, int chunks) {
        String name = region.isStep()
                ? "region %s after %d positions".formatted(region.name(), chunks)
                : "region %s, layer %d, %d chunks".formatted(region.name(), layer, chunks);
        try {
            List<Issued> trace = trace(region, layer, chunks);
            Limits limits = new Limits(machine, region);
            trace.forEach(limits::check);
            Streams streams = new Streams(machine, trace);
            List<int[]> clocks = new Liveness(machine, trace, streams).run();
            // without rows a region may do nothing at all
            if (VectorFlow.uses(chunks == 0 ? trace(region, layer, 1) : trace)) {
                new VectorFlow(machine, program, region, layer, chunks).check(trace, clocks, streams);
            } else {
                new Dataflow(machine, program, region, layer, chunks).check(trace, clocks, streams);
            }
        } catch (Refusal e) {
            refuse(name, e.pc(), String.valueOf(e.getMessage()));
        } catch (RunFault e) {
            refuse(name, -1, String.valueOf(e.getMessage()));
        }
    }

    private List<Issued> trace(Program.Region region, int layer, int chunks) {
        Control control = new Control(program.code(), RunArguments.region(region.entry(), layer, chunks, 0, 0, 0));
        List<Issued> trace = new ArrayList<>();
        for (Issued op = control.next(); op != null; op = control.next()) {
            Refusal.require(trace.size() < LONGEST_TRACE, op.pc(), "it runs away");
            trace.add(op);
        }
        for (int pc = 0; pc < executed.length; pc++) {
            executed[pc] |= control.executed(pc);
        }
        return trace;
    }
}
