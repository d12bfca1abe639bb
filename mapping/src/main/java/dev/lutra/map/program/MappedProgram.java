// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

import dev.lutra.machine.Disassembler;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.map.pack.WeightPacker;
import dev.lutra.map.plan.Ceiling;
import dev.lutra.map.plan.RegionPlan;
import dev.lutra.map.quant.KvPage;
import dev.lutra.map.quant.KvProduct;
import java.util.List;

/**
 * A program with the plans it was made from.
 *
 * @param plans one per region, in the order of the program's regions
 */
public record MappedProgram(Machine machine, Program program, List<RegionPlan> plans) {

    /** The plan of a region. */
    public RegionPlan plan(String region) {
        return plans.stream()
                .filter(p -> p.shape().name().equals(region))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no region " + region));
    }

    /** The matrix of a product with cached keys or values, as its region takes it at BASE3. */
    public byte[] pack(KvProduct product, KvPage page) {
        return WeightPacker.pack(plan(product.name()), page.matrix(product));
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
        out.append("; program: %d instructions, %d bytes\n"
                .formatted(program.code().size(), program.codeBytes()));
        return out.append(Disassembler.text(program)).toString();
    }
}
