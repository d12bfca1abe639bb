// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Instruction;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.machine.UserException;
import dev.lutra.map.check.ProgramChecker;
import dev.lutra.map.exec.InterpretedBackend;
import dev.lutra.map.exec.Machines;
import dev.lutra.map.exec.Matrices;
import dev.lutra.map.quant.KvPage;
import dev.lutra.map.quant.KvProduct;
import dev.lutra.map.quant.WeightFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Regions whose matrix is a page of cached keys or values, from floats to sums, on machines of all packings. */
class KvRegionTest {
    @Property(tries = 40)
    void equalsThePlainSum(@ForAll long seed) throws IOException {
        Random r = new Random(seed);
        Machine machine = Machines.random(r);
        WeightFormat format;
        do {
            format = WeightFormat.values()[r.nextInt(WeightFormat.values().length)];
        } while (format == WeightFormat.INT1 || machine.engine().refusal(format.planes(), format.zeroPoint()) != null);
        int headDim = 2 * (1 + r.nextInt(40));
        MappedProgram mapped;
        try {
            mapped = new ProgramCompiler(machine)
                    .compile(
                            List.of(),
                            Shapes.ofCache(format, headDim, machine.engine()),
                            null,
                            OutputStream.nullOutputStream());
        } catch (UserException e) {
            // the only reasons on these machines
            assertThat(e)
                    .hasMessageMatching(
                            "(?s).*(can only be split after|a reduction cannot be split|the program does not fit).*");
            return;
        }
        assertThat(ProgramChecker.check(machine, mapped.program())).isEmpty();
        int filled = 1 + r.nextInt(KvPage.POSITIONS);
        KvPage page = new KvPage(format, headDim);
        float[][] entries = new float[filled][2 * headDim];
        for (int p = 0; p < filled; p++) {
            for (int i = 0; i < 2 * headDim; i++) {
                entries[p][i] = (float) r.nextGaussian();
            }
            page.put(p, entries[p], 0, headDim);
        }
        InterpretedBackend backend = new InterpretedBackend(machine, mapped.program(), new byte[0], r.nextLong());
        for (KvProduct product : KvProduct.values()) {
            ActivationType activations = machine.engine().activations();
            byte[][] rows = Matrices.rows(r, 1 + r.nextInt(5), product.inputs(headDim), activations);
            byte[][] integers = Matrices.integers(rows, activations);
            assertThat(backend.run(product.name(), mapped.pack(product, page), rows))
                    .as("%s in %s%n%s", product, format, mapped.dump())
                    .isEqualTo(sums(product, format, headDim, entries, integers, activations.bytes()));
        }
    }

    private static long[][] sums(
            KvProduct product, WeightFormat format, int headDim, float[][] entries, byte[][] rows, int bytes) {
        long[][] sums = new long[rows.length][product.outputs(headDim)];
        for (int row = 0; row < rows.length; row++) {
            for (int p = 0; p < entries.length; p++) {
                for (int d = 0; d < headDim; d++) {
                    if (product == KvProduct.KEYS) {
                        sums[row][p] += (long) ActivationType.at(rows[row], d * bytes, bytes)
                                * code(format, entries[p], 0, headDim, d);
                    } else {
                        sums[row][d] += (long) ActivationType.at(rows[row], p * bytes, bytes)
                                * code(format, entries[p], headDim, headDim, d);
                    }
                }
            }
        }
        return sums;
    }

    private static int code(WeightFormat format, float[] entry, int from, int headDim, int d) {
        double sum = 0;
        float largest = 0;
        for (int i = from; i < from + headDim; i++) {
            sum += Math.abs(entry[i]);
            largest = Math.max(largest, Math.abs(entry[i]));
        }
        float scale = format == WeightFormat.TERNARY ? (float) (sum / headDim) : largest / format.maxCode();
        return (int) Math.max(-format.maxCode(), Math.min(format.maxCode(), Math.rint(entry[from + d] / scale)));
    }

    /** A matrix given by the host is at BASE3 from its first byte on, and read whole: the checker holds every other program back. */
    @Test
    void programsThatReadElsewhereAreRefused() throws IOException {
        Machine machine = Machine.standard();
        Program sound = new ProgramCompiler(machine)
                .compile(
                        List.of(),
                        Shapes.ofCache(WeightFormat.INT8, 64, machine.engine()),
                        null,
                        OutputStream.nullOutputStream())
                .program();
        int at = -1;
        for (int pc = 0; pc < sound.code().size(); pc++) {
            if (sound.code().get(pc) instanceof Instruction.SetBase set && set.argument() == 3) {
                at = pc;
                break;
            }
        }
        Instruction.SetBase set = (Instruction.SetBase) sound.code().get(at);
        assertRefused(sound, at, new Instruction.SetBase(set.base(), 0, 0, 0), "it reads at BASE0 + 0");
        assertRefused(sound, at, new Instruction.SetBase(set.base(), 3, 32, 0), "the stream goes on at BASE3 + 0");
        List<Program.Region> scaled = sound.regions().stream()
                .map(g -> new Program.Region(
                        g.name(),
                        g.entry(),
                        1,
                        g.k(),
                        g.n(),
                        g.bits(),
                        g.zeroPoint(),
                        32,
                        g.wide(),
                        g.inBytes(),
                        g.outBytes(),
                        g.kept()))
                .toList();
        Program other = new Program(sound.fingerprint(), 0, scaled, List.of(), sound.code());
        assertThat(ProgramChecker.check(machine, other).get(0).toString()).contains("no tensor, and group scales");
    }

    private static void assertRefused(Program sound, int at, Instruction instead, String message) {
        List<Instruction> code = new ArrayList<>(sound.code());
        code.set(at, instead);
        Program other = new Program(sound.fingerprint(), 0, sound.regions(), sound.tensors(), code);
        assertThat(ProgramChecker.check(Machine.standard(), other).get(0).toString())
                .contains(message);
    }
}
