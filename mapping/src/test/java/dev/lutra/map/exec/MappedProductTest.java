// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Assembler;
import dev.lutra.machine.Buffers;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Disassembler;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.ProgramFile;
import dev.lutra.machine.UserException;
import dev.lutra.machine.WeightPacking;
import dev.lutra.map.check.ProgramChecker;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.forward.Sums;
import dev.lutra.map.program.MappedProgram;
import dev.lutra.map.program.MatrixSource;
import dev.lutra.map.program.ProgramCompiler;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.map.quant.LayerFormat;
import dev.lutra.map.quant.MixedFormat;
import dev.lutra.map.quant.QuantizedMatrix;
import dev.lutra.map.quant.SparseRows;
import dev.lutra.map.quant.WeightFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whole mapped regions, from matrices to results, against plain sums of products. */
class MappedProductTest {
    @Property(tries = 150)
    void equalsThePlainSum(@ForAll long seed) throws IOException {
        Random r = new Random(seed);
        check(Machines.random(r), r);
    }

    /** With tables of 8 bits the sums are those of their definition, else the plain ones. */
    @Property(tries = 40)
    void tablesThatStayOrAreRoundedGiveTheirSums(@ForAll long seed) throws IOException {
        Random r = new Random(seed);
        check(Machines.withTables(r), r);
    }

    /** Outliers in all densities, from none to full rows, beside the products: their sums, too, are the plain ones. */
    @Property(tries = 40)
    void sparseRowsGiveTheirSums(@ForAll long seed) throws IOException {
        Random r = new Random(seed);
        check(Machines.withSide(r), r);
    }

    /** Tiles of chains of 16 places and 32 columns; few machines that are made at random take lists. */
    @Property(tries = 10)
    void listedTilesGiveTheirSums(@ForAll long seed) throws IOException {
        Random r = new Random(seed);
        Machine s = Machine.standard();
        var engine = new Engine("x", 1, 32, 4, 4, 8, false, 32, 48, WeightPacking.CHAINS, 8, ActivationType.INT8);
        var machine = new Machine(engine, s.bus(), s.buffers(), s.queueDepth(), true);
        QuantizedMatrix w = Matrices.tiles(r, Matrices.random(r, WeightFormat.INT8, 90, 150, 0), 32, 16);
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        MappedProgram mapped = new ProgramCompiler(machine).compile(List.of(MatrixSource.of("R", List.of(w))), image);
        assertThat(mapped.plan("R").shape().listedSteps()).isBetween(1, 3);
        byte[][] rows = Matrices.rows(r, 3, w.cols(), ActivationType.INT8);
        var backend = new InterpretedBackend(machine, mapped.program(), image.toByteArray(), r.nextLong());
        assertThat(backend.run("R", 0, rows)).isEqualTo(Matrices.product(w, rows));
    }

    /** Words of 64 codes of 8 bits, 32 of 4 and 8 of 4, of which any number is 0; with few, all ends that fit a beat. */
    @Property(tries = 60)
    void bitmapsGiveTheirSums(@ForAll long seed) throws IOException {
        Random r = new Random(seed);
        Machine s = Machine.standard();
        Engine engine = List.of(
                        new Engine("x", 1, 32, 4, 4, 8, false, 32, 48, WeightPacking.CHAINS, 8, ActivationType.INT8),
                        new Engine("x", 1, 32, 4, 4, 4, false, 32, 48, WeightPacking.CHAINS, 4, ActivationType.INT8),
                        new Engine("x", 2, 4, 2, 1, 4, true, 32, 48, WeightPacking.DIGITS, 4, ActivationType.INT8))
                .get(r.nextInt(3))
                .withBitmaps();
        int least = Integer.numberOfTrailingZeros(32);
        int beatBits = 1 << least + r.nextInt(Integer.numberOfTrailingZeros(engine.wordBits()) - least + 1);
        var machine = new Machine(
                engine,
                new Bus(Bus.Kind.AXI4, Math.min(beatBits, 128), 24, 4, 4),
                new Buffers(256, s.buffers().scaleRing(), 4096, 2048, 4096),
                s.queueDepth(),
                true);
        WeightFormat format = engine.maxBits() == 8 ? WeightFormat.INT8 : WeightFormat.INT4;
        int n = 1 + r.nextInt(150);
        int k = 1 + r.nextInt(150);
        List<CodedMatrix> layers = new ArrayList<>();
        for (int layer = 0; layer < 2; layer++) {
            layers.add(Matrices.thinned(r, Matrices.random(r, format, n, k, 0)));
        }
        check(machine, List.of(MatrixSource.of("R", layers)), r);
    }

    private static void check(Machine machine, Random r) throws IOException {
        List<MatrixSource> sources = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            LayerFormat format;
            do {
                format = machine.engine().packedTernary() && r.nextBoolean()
                        ? WeightFormat.TERNARY
                        : Matrices.FORMATS.get(r.nextInt(Matrices.FORMATS.size()));
            } while (!machine.engine().foldsOffsets(format.zeroPoint())
                            && machine.engine().refusal(format.planes(), format.zeroPoint()) != null
                    || format instanceof MixedFormat && !machine.engine().groupScales());
            boolean chains = machine.engine().chains() != null;
            int groupSize = machine.engine().groupScales()
                    ? Matrices.groupSize(r, format, machine.engine().step())
                    : 0;
            int n = 1 + r.nextInt(100);
            int k = 1 + r.nextInt(r.nextBoolean() ? 60 : 400);
            List<CodedMatrix> layers = new ArrayList<>();
            for (int layer = 0; layer < 1 + r.nextInt(3); layer++) {
                CodedMatrix next = Matrices.random(r, format, n, k, groupSize);
                boolean sparse = chains && format != WeightFormat.INT1 && r.nextInt(4) > 0;
                if (sparse && r.nextInt(3) == 0) {
                    int step = machine.engine().step();
                    layers.add(Matrices.tiles(
                            r, (QuantizedMatrix) next, machine.engine().n(), step));
                } else if (sparse) {
                    layers.add(Matrices.sparse(r, (QuantizedMatrix) next));
                } else {
                    boolean thinned = machine.engine().bitmaps()
                            && groupSize == 0
                            && next instanceof QuantizedMatrix
                            && format != WeightFormat.INT1;
                    layers.add(thinned ? Matrices.thinned(r, (QuantizedMatrix) next) : next);
                }
            }
            List<List<RandomSparseRows>> apart = new ArrayList<>();
            int upper = r.nextInt(n);
            int density = r.nextInt(4) == 0 ? 0 : 1 + r.nextInt(20);
            for (int layer = 0; layer < layers.size() && machine.side().exists(); layer++) {
                // two matrices one above the other
                List<RandomSparseRows> both = new ArrayList<>();
                both.add(RandomSparseRows.of(n - upper, k, density, r));
                if (upper != 0) {
                    both.add(RandomSparseRows.of(upper, k, density, r));
                }
                apart.add(both);
            }
            sources.add(MatrixSource.of(
                    "R" + i, layers, layer -> apart.isEmpty() ? List.of() : List.copyOf(apart.get(layer))));
        }
        check(machine, sources, r);
    }

    private static void check(Machine machine, List<MatrixSource> sources, Random r) throws IOException {
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        MappedProgram mapped;
        try {
            mapped = new ProgramCompiler(machine).compile(sources, image);
        } catch (UserException e) {
            // a group that no small buffer holds, or a row of FP16, a small program cache, weights of 9 bits or triples
            // of more than
            // ternary ones: the only
            // reasons on these machines
            assertThat(e)
                    .hasMessageMatching(
                            "(?s).*(can only be split after|reduction cannot be split|the program does not fit|have 9 bits|stand for three ternary).*");
            return;
        }
        String text = Disassembler.text(mapped.program());
        assertThat(ProgramFile.write(Assembler.assemble(text, "p"))).isEqualTo(ProgramFile.write(mapped.program()));
        assertThat(ProgramChecker.check(machine, mapped.program()))
                .as("%s", mapped.dump())
                .isEmpty();
        InterpretedBackend backend =
                new InterpretedBackend(machine, mapped.program(), image.toByteArray(), r.nextLong());
        for (MatrixSource source : sources) {
            int layer = r.nextInt(source.layers());
            CodedMatrix w = source.matrix(layer);
            byte[][] rows = Matrices.rows(
                    r, 1 + r.nextInt(9), w.cols(), machine.engine().activations());
            Sums sums = backend.sums(source.name(), layer, rows);
            assertThat(sums.codes())
                    .as("%s%n%s", w, mapped.dump())
                    .isEqualTo(
                            machine.engine().tables().quantised()
                                    ? ReferenceBackend.multiply(machine.engine(), w, rows)
                                    : Matrices.product(
                                            w,
                                            Matrices.integers(
                                                    rows, machine.engine().activations())));
            boolean apart = mapped.program().part(source.name(), layer).region().hasEntries();
            int step = machine.engine().step();
            int places = (w.cols() + step - 1)
                    / step
                    * machine.engine().rowBytes()
                    / machine.engine().activations().bytes();
            assertThat(apart).isEqualTo(places <= machine.side().columns());
            assertThat(sums.outliers())
                    .as("%s%n%s", w, mapped.dump())
                    .isEqualTo(apart ? plain(source.outliers(layer), rows, w.cols()) : null);
        }
    }

    private static long[][] plain(List<? extends SparseRows> matrices, byte[][] rows, int k) {
        return Stream.of(rows)
                .map(row -> {
                    int bytes = row.length / k;
                    int[] integers = IntStream.range(0, k)
                            .map(c -> ActivationType.at(row, c * bytes, bytes))
                            .toArray();
                    return matrices.stream()
                            .flatMapToLong(m -> LongStream.of(((RandomSparseRows) m).sums(integers)))
                            .toArray();
                })
                .toArray(long[][]::new);
    }
}
