// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

import dev.lutra.machine.Disassembler;
import dev.lutra.machine.Instruction;
import dev.lutra.machine.Machine;
import dev.lutra.machine.NmRatio;
import dev.lutra.machine.Program;
import dev.lutra.map.pack.WeightPacker;
import dev.lutra.map.plan.Ceiling;
import dev.lutra.map.plan.RegionPlan;
import dev.lutra.map.plan.RegionShape;
import dev.lutra.map.quant.KvPage;
import dev.lutra.map.quant.KvProduct;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program with the plans it was made from.
 *
 * @param plans one per linear layer, in the order of the program's regions; the step, which shares their matrices, comes behind
 * @param choosing how the step ends, if there is one
 * @param noStep why a machine with a vector unit has none; null where there is one or no such unit, and of a program that was read from a file
 */
public record MappedProgram(
        Machine machine,
        Program program,
        List<RegionPlan> plans,
        Choosing choosing,
        @Nullable String noStep) {

    /** The plan of a region. */
    public RegionPlan plan(String region) {
        return plans.stream()
                .filter(p -> p.shape().name().equals(region))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no region " + region));
    }

    /** The plans of a region's products: one, or of a step those of all layers. */
    public List<RegionPlan> plansOf(String region) {
        if (!region.equals(StepLayout.REGION)) {
            return List.of(plan(region));
        }
        return plans.stream()
                .flatMap(p -> Collections.nCopies(p.shape().layers(), p).stream())
                .toList();
    }

    /**
     * The ceiling of a region.
     *
     * @param length rows; of a step positions before it
     */
    public Ceiling ceiling(String region, int length) {
        List<RegionShape> shapes =
                plansOf(region).stream().map(RegionPlan::shape).toList();
        return region.equals(StepLayout.REGION)
                ? Ceiling.ofStep(machine, shapes, program.region(region), scaleBytes(), length)
                : Ceiling.of(machine, shapes.get(0), length);
    }

    /** Of a line of the step's cache, which NEXT moves on by. */
    private long scaleBytes() {
        return program.code().stream()
                .filter(Instruction.Next.class::isInstance)
                .mapToLong(next -> ((Instruction.Next) next).scaleBytes())
                .findFirst()
                .orElse(0);
    }

    /** Whether a whole step is one region. */
    public boolean hasStep() {
        return program.regions().size() > plans.size();
    }

    /** Whether its step draws the token that follows. */
    public boolean draws() {
        return hasStep() && choosing != Choosing.GREATEST;
    }

    /** The matrix of a product with cached keys or values, as its region takes it at BASE3. */
    public byte[] pack(KvProduct product, KvPage page) {
        return WeightPacker.pack(plan(product.name()), page.matrix(product));
    }

    /** The shapes of the regions with all their layers, however these are shared out and stored. */
    List<RegionShape> whole() {
        Map<String, RegionShape> whole = new LinkedHashMap<>();
        for (RegionPlan plan : plans) {
            RegionShape part = plan.shape().keeping(NmRatio.DENSE);
            String name = part.name().replaceFirst("\\.\\d+$", "");
            whole.merge(name, part.part(name, part.layers()), (a, b) -> a.part(name, a.layers() + b.layers()));
        }
        return List.copyOf(whole.values());
    }

    /** Plans, ceilings of one row and the program, to be read. */
    public String dump() {
        StringBuilder out = new StringBuilder("; machine %s\n; plans\n".formatted(machine.fingerprintText()));
        for (RegionPlan plan : plans) {
            out.append(";   ").append(plan).append('\n');
        }
        out.append("; ceilings of one row of one layer: memory and compute cycles\n");
        for (RegionPlan plan : plans) {
            Ceiling c = Ceiling.of(machine, plan.shape(), 1);
            out.append(";   %-8s %10d %10d   %d bytes read, %d written, %d plane products\n"
                    .formatted(
                            plan.shape().name(),
                            c.memoryCycles(),
                            c.computeCycles(),
                            c.bytesRead(),
                            c.bytesWritten(),
                            c.planeProducts()));
        }
        if (noStep != null) {
            out.append("; no STEP: ").append(noStep).append('\n');
        }
        out.append("; program: %d instructions, %d bytes\n"
                .formatted(program.code().size(), program.codeBytes()));
        return out.append(Disassembler.text(program)).toString();
    }
}
