// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Buffers;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Instruction;
import dev.lutra.machine.Instruction.EndLoop;
import dev.lutra.machine.Instruction.LoadActivations;
import dev.lutra.machine.Instruction.LoadEntries;
import dev.lutra.machine.Instruction.LoadWeights;
import dev.lutra.machine.Instruction.Loop;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Instruction.SetBase;
import dev.lutra.machine.Instruction.Store;
import dev.lutra.machine.Instruction.StoreSums;
import dev.lutra.machine.Instruction.Sync;
import dev.lutra.machine.InstructionCodec;
import dev.lutra.machine.Machine;
import dev.lutra.machine.MatrixTile;
import dev.lutra.machine.MatrixTypes;
import dev.lutra.machine.NmRatio;
import dev.lutra.machine.Program;
import dev.lutra.machine.SideEngine;
import dev.lutra.machine.Tokens;
import dev.lutra.machine.Unit;
import dev.lutra.machine.UserException;
import dev.lutra.machine.WeightPacking;
import dev.lutra.machine.WeightType;
import dev.lutra.machine.Word;
import dev.lutra.map.exec.InterpretedBackend;
import dev.lutra.map.exec.Machines;
import dev.lutra.map.exec.Matrices;
import dev.lutra.map.program.MappedProgram;
import dev.lutra.map.program.MatrixSource;
import dev.lutra.map.program.ProgramCompiler;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.map.quant.LayerFormat;
import dev.lutra.map.quant.QuantizedMatrix;
import dev.lutra.map.quant.SparseRows;
import dev.lutra.map.quant.WeightFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProgramCheckerTest {
    /** A machine whose buffers make one region whole, one split in two and one split in many chunks. */
    private static final Machine SMALL_BUFFERS = new Machine(
            Machine.standard().engine(), Machine.standard().bus(), new Buffers(8192, 128, 128, 512, 4096), 2, true);

    private static final Machine CHAINS = new Machine(
            new Engine("x", 1, 32, 4, 4, 8, false, 32, 48, WeightPacking.CHAINS, 8, ActivationType.INT8),
            Machine.standard().bus(),
            Machine.standard().buffers(),
            4,
            true);

    private record Sample(Machine machine, MappedProgram mapped, byte[] image, List<MatrixSource> sources) {
        Program with(List<Instruction> code) {
            Program p = mapped.program();
            return new Program(p.fingerprint(), p.imageBytes(), p.regions(), p.tensors(), code);
        }

        List<Finding> check(List<Instruction> code) {
            return ProgramChecker.check(machine, with(code));
        }
    }

    private static Sample sample() throws IOException {
        Random r = new Random(7);
        List<MatrixSource> sources = List.of(
                MatrixSource.of(
                        "WHOLE",
                        List.of(
                                Matrices.random(r, WeightFormat.INT4, 172, 64, 32),
                                Matrices.random(r, WeightFormat.INT4, 172, 64, 32))),
                MatrixSource.of(
                        "TWO",
                        List.of(
                                Matrices.random(r, WeightFormat.TERNARY, 40, 200, 0),
                                Matrices.random(r, WeightFormat.TERNARY, 40, 200, 0))),
                MatrixSource.of(
                        "MANY",
                        List.of(
                                Matrices.random(r, WeightFormat.INT3, 40, 620, 32),
                                Matrices.random(r, WeightFormat.INT3, 40, 620, 32))));
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        MappedProgram mapped = new ProgramCompiler(SMALL_BUFFERS).compile(sources, image);
        assertThat(mapped.plans().stream().map(p -> Math.min(3, p.chunks()))).containsExactly(1, 2, 3);
        return new Sample(SMALL_BUFFERS, mapped, image.toByteArray(), sources);
    }

    @Test
    void acceptsWhatWasCompiled() throws IOException {
        Sample s = sample();
        assertThat(s.check(s.mapped().program().code())).isEmpty();
    }

    @Test
    void refusesEveryDroppedToken() throws IOException {
        Sample s = sample();
        List<Instruction> code = s.mapped().program().code();
        int tried = 0;
        for (int pc = 0; pc < code.size(); pc++) {
            for (Unit unit : Unit.values()) {
                for (boolean wait : new boolean[] {true, false}) {
                    Instruction without = withTokens(code.get(pc), unit, wait);
                    if (!without.equals(code.get(pc))) {
                        tried++;
                        assertRefused(s, pc, without);
                    }
                }
            }
        }
        assertThat(tried).isGreaterThan(40);
    }

    /** Without a whole counter all tokens still balance and nothing waits for ever: only the order of uses is lost. */
    @Test
    void refusesCountersThatAreNotUsed() throws IOException {
        Sample s = sample();
        Unit[][] counters = {{Unit.LDA, Unit.MX}, {Unit.MX, Unit.LDA}, {Unit.MX, Unit.ST}, {Unit.ST, Unit.MX}};
        for (Unit[] counter : counters) {
            List<Instruction> mutant = new ArrayList<>();
            for (Instruction i : s.mapped().program().code()) {
                Instruction unposted = unitOf(i) == counter[0] ? withTokens(i, counter[1], false) : i;
                mutant.add(unitOf(i) == counter[1] ? withTokens(unposted, counter[0], true) : unposted);
            }
            assertThat(s.check(mutant))
                    .as("%s to %s", counter[0], counter[1])
                    .isNotEmpty()
                    .allSatisfy(f -> assertThat(f.message()).startsWith("no token keeps it from"));
        }
    }

    private static @Nullable Unit unitOf(Instruction i) {
        return i instanceof LoadActivations
                ? Unit.LDA
                : i instanceof Multiply
                        ? Unit.MX
                        : i instanceof Store ? Unit.ST : i instanceof Sync x ? x.unit() : null;
    }

    private static Instruction withTokens(Instruction i, Unit unit, boolean wait) {
        int keep = ~unit.bit();
        if (i instanceof LoadActivations x) {
            return new LoadActivations(drop(x.tokens(), keep, wait), x.base(), x.stride(), x.half(), x.beats());
        } else if (i instanceof Multiply x) {
            return multiply(x, drop(x.tokens(), keep, wait), x.aHalf(), x.oHalf());
        } else if (i instanceof Store x) {
            return new Store(drop(x.tokens(), keep, wait), x.base(), x.stride(), x.half(), x.beats());
        } else if (i instanceof Sync x) {
            return new Sync(drop(x.tokens(), keep, wait), x.unit());
        }
        return i;
    }

    private static Tokens drop(Tokens tokens, int keep, boolean wait) {
        return wait
                ? new Tokens(tokens.waits() & keep, tokens.posts())
                : new Tokens(tokens.waits(), tokens.posts() & keep);
    }

    private static Multiply multiply(Multiply x, Tokens tokens, int aHalf, int oHalf) {
        return new Multiply(
                tokens,
                aHalf,
                oHalf,
                x.first(),
                x.last(),
                x.tile(),
                x.types(),
                x.kSteps(),
                x.gSteps(),
                x.blocks(),
                x.outputBeat(),
                x.toRows(),
                x.kept(),
                x.listed());
    }

    /** 2:4 and 8:16 take as many words and indices: only the region tells them apart. */
    @Test
    void refusesWeightsKeptOtherwise() throws IOException {
        Random r = new Random(7);
        QuantizedMatrix pruned;
        do {
            pruned = Matrices.sparse(r, Matrices.random(r, WeightFormat.INT4, 64, 64, 0));
        } while (!new ProgramCompiler(CHAINS)
                .compile(List.of(MatrixSource.of("R", List.of(pruned))), OutputStream.nullOutputStream())
                .plans()
                .get(0)
                .shape()
                .kept()
                .equals(new NmRatio(2, 4)));
        List<MatrixSource> sources = List.of(MatrixSource.of("R", List.of(pruned)));
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        Sample s =
                new Sample(CHAINS, new ProgramCompiler(CHAINS).compile(sources, image), image.toByteArray(), sources);
        List<Instruction> code = s.mapped().program().code();
        for (int pc = 0; pc < code.size(); pc++) {
            if (code.get(pc) instanceof Multiply x) {
                List<Instruction> mutant = new ArrayList<>(code);
                mutant.set(
                        pc,
                        new Multiply(
                                x.tokens(),
                                x.aHalf(),
                                x.oHalf(),
                                x.first(),
                                x.last(),
                                x.tile(),
                                x.types(),
                                x.kSteps(),
                                x.gSteps(),
                                x.blocks(),
                                x.outputBeat(),
                                x.toRows(),
                                new NmRatio(8, 16),
                                false));
                assertThat(s.check(mutant))
                        .extracting(Finding::message)
                        .containsOnly("it keeps 8:16 of its weights, the region 2:4");
            }
        }
    }

    /** One of eight tiles of each block is left: a list says which. */
    @Test
    void refusesListsThatAreNotTheRegions() throws IOException {
        Random r = new Random(8);
        byte[] codes = new byte[32 * 128];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) (i % 128 / 16 == 5 ? 1 + r.nextInt(7) : 0);
        }
        var one = new QuantizedMatrix(WeightFormat.INT4, 32, 128, 0, codes, new byte[0], new float[32]);
        List<MatrixSource> sources = List.of(MatrixSource.of("R", List.of(one)));
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        MappedProgram mapped = new ProgramCompiler(CHAINS).compile(sources, image);
        assertThat(mapped.plans().get(0).shape().listedSteps()).isEqualTo(1);
        Sample s = new Sample(CHAINS, mapped, image.toByteArray(), sources);
        List<Instruction> code = mapped.program().code();
        for (int pc = 0; pc < code.size(); pc++) {
            if (code.get(pc) instanceof Multiply x) {
                assertThat(s.check(with(code, pc, listed(x, x.kSteps(), false))))
                        .extracting(Finding::message)
                        .containsOnly("its steps are in order, the region's listed");
                assertThat(s.check(with(code, pc, listed(x, 2, true)))).isNotEmpty();
            } else if (code.get(pc) instanceof LoadActivations x) {
                var less = new LoadActivations(x.tokens(), x.base(), x.stride(), x.half(), x.beats() - 1);
                assertThat(s.check(with(code, pc, less)))
                        .extracting(Finding::message)
                        .containsOnly("it reads 128 bytes of activations, 112 are loaded");
            }
        }
    }

    /** Words that lie in memory as bitmaps: loads say so, and how many. */
    @Test
    void refusesBitmapsThatAreNotTheRegions() throws IOException {
        Random r = new Random(9);
        byte[] codes = new byte[40 * 50];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) (r.nextInt(10) == 0 ? 1 + r.nextInt(7) : 0);
        }
        var thin = new QuantizedMatrix(WeightFormat.INT4, 40, 50, 0, codes, new byte[0], new float[40]);
        List<MatrixSource> sources = List.of(MatrixSource.of("R", List.of(thin)));
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        var machine =
                new Machine(CHAINS.engine().withBitmaps(), CHAINS.bus(), CHAINS.buffers(), CHAINS.queueDepth(), true);
        MappedProgram mapped = new ProgramCompiler(machine).compile(sources, image);
        assertThat(mapped.plans().get(0).shape().hasBitmaps()).isTrue();
        Sample s = new Sample(machine, mapped, image.toByteArray(), sources);
        List<Instruction> code = mapped.program().code();
        assertThat(s.check(code)).isEmpty();
        for (int pc = 0; pc < code.size(); pc++) {
            if (code.get(pc) instanceof LoadWeights x) {
                for (int words : new int[] {0, x.words() - 1, x.words() + 1}) {
                    var other = new LoadWeights(x.tokens(), x.base(), x.stride(), x.beats(), words);
                    assertThat(s.check(with(code, pc, other)))
                            .extracting(Finding::message)
                            .anyMatch(m -> m.matches(
                                    words == 0
                                            ? "it loads words as they are, those of the region are bitmaps"
                                            : ".*bytes of weights more than.*"));
                }
                var short1 = new LoadWeights(x.tokens(), x.base(), x.stride(), 1, x.words());
                assertThat(s.check(with(code, pc, short1)))
                        .extracting(Finding::message)
                        .anyMatch(m -> m.matches("the bitmaps of \\d+ words take \\d+ bytes, not 16"));
            }
        }
    }

    private static List<Instruction> with(List<Instruction> code, int pc, Instruction other) {
        List<Instruction> mutant = new ArrayList<>(code);
        mutant.set(pc, other);
        return mutant;
    }

    private static Multiply listed(Multiply x, int kSteps, boolean listed) {
        return new Multiply(
                x.tokens(),
                x.aHalf(),
                x.oHalf(),
                x.first(),
                x.last(),
                x.tile(),
                x.types(),
                kSteps,
                x.gSteps(),
                x.blocks(),
                x.outputBeat(),
                x.toRows(),
                x.kept(),
                listed);
    }

    /** Each type and each side of the tile, changed alone, is refused for what it is. */
    @Test
    void refusesWrongTypesWithTheReason() throws IOException {
        Sample s = sample();
        List<Instruction> code = s.mapped().program().code();
        for (int pc = 0; pc < code.size(); pc++) {
            if (code.get(pc) instanceof Multiply x) {
                MatrixTile tile = x.tile();
                MatrixTypes t = x.types();
                assertReason(
                        s,
                        pc,
                        x,
                        new MatrixTile(2, tile.n(), tile.k()),
                        t,
                        "its tile is m2n16k16, the engine's m1n16k16");
                assertReason(
                        s, pc, x, new MatrixTile(1, 32, tile.k()), t, "its tile is m1n32k16, the engine's m1n16k16");
                assertReason(
                        s, pc, x, new MatrixTile(1, tile.n(), 15), t, "its tile is m1n16k15, the engine's m1n16k16");
                assertReason(
                        s,
                        pc,
                        x,
                        tile,
                        new MatrixTypes(ActivationType.INT6, t.weights(), 48, t.wide()),
                        "its activations are i6, the engine's i8");
                assertReason(
                        s,
                        pc,
                        x,
                        tile,
                        new MatrixTypes(t.activations(), t.weights(), 47, t.wide()),
                        "its accumulators are i47, the engine's i48");
                assertReason(
                        s,
                        pc,
                        x,
                        tile,
                        new MatrixTypes(t.activations(), t.weights(), 48, !t.wide()),
                        "its results are i64, the region's i32");
                for (WeightType other : WeightType.values()) {
                    if (other != t.weights()) {
                        assertReason(
                                s,
                                pc,
                                x,
                                tile,
                                new MatrixTypes(t.activations(), other, 48, t.wide()),
                                other == WeightType.FP4
                                        ? "each of its groups has a special value of its own, the engine knows integers"
                                        : "its weights are %s, the region's have %d planes and z' = %d"
                                                .formatted(
                                                        other.text(),
                                                        t.weights().bits(),
                                                        t.weights().zeroPoint()));
                    }
                }
            }
        }
    }

    /** Rows of FP16 have the exponent of exactly what is loaded: of no other chunk's rows, and of all of a reduction. */
    @Test
    void refusesExponentsOfOtherActivations() throws IOException {
        Machine m = Machine.standard();
        Engine e = m.engine();
        var engine = new Engine(
                e.kind(), 1, 16, 4, 4, 8, true, 32, 48, e.packing(), 1, ActivationType.FP16, e.tables(), false, false);
        var halves = new Machine(engine, m.bus(), m.buffers(), 4, true);
        List<MatrixSource> sources =
                List.of(MatrixSource.of("R", List.of(Matrices.random(new Random(3), WeightFormat.INT4, 40, 64, 0))));
        var image = new ByteArrayOutputStream();
        var s = new Sample(halves, new ProgramCompiler(halves).compile(sources, image), image.toByteArray(), sources);
        List<Instruction> code = s.mapped().program().code();
        assertThat(s.check(code)).isEmpty();
        for (int pc = 0; pc < code.size(); pc++) {
            List<Instruction> mutant = new ArrayList<>(code);
            if (code.get(pc) instanceof LoadActivations lda) {
                mutant.set(
                        pc, new LoadActivations(lda.tokens(), lda.base(), lda.stride(), lda.half(), lda.beats() + 1));
                assertThat(s.check(mutant).toString())
                        .contains("its rows have their exponents of 144 bytes of activations, they are 128");
            } else if (code.get(pc) instanceof Multiply x) {
                mutant.set(
                        pc,
                        new Multiply(
                                x.tokens(),
                                x.aHalf(),
                                x.oHalf(),
                                x.first(),
                                false,
                                x.tile(),
                                x.types(),
                                x.kSteps() - 1,
                                0,
                                1,
                                x.outputBeat()));
                assertThat(s.check(mutant).toString())
                        .contains("its reduction is split, but rows of f16 have one exponent for all of it");
            }
        }
    }

    private static void assertReason(Sample s, int pc, Multiply x, MatrixTile tile, MatrixTypes types, String reason) {
        List<Instruction> mutant = new ArrayList<>(s.mapped().program().code());
        mutant.set(
                pc,
                new Multiply(
                        x.tokens(),
                        x.aHalf(),
                        x.oHalf(),
                        x.first(),
                        x.last(),
                        tile,
                        types,
                        x.kSteps(),
                        x.gSteps(),
                        x.blocks(),
                        x.outputBeat()));
        assertThat(s.check(mutant)).isNotEmpty().allSatisfy(f -> {
            assertThat(f.message()).isEqualTo(reason);
            assertThat(f.pc()).isEqualTo(pc);
        });
    }

    /** A sound program with sparse rows in one region that is whole and one that is split in many chunks. */
    private static Sample sparse() throws IOException {
        Random r = new Random(8);
        var small = SMALL_BUFFERS;
        var machine = new Machine(
                small.engine(),
                small.bus(),
                new Buffers(8192, 128, 128, 512, 4096),
                small.vector(),
                new SideEngine(1024, 1024, 2048),
                2,
                true,
                0);
        List<MatrixSource> sources = List.of(
                MatrixSource.of(
                        "WHOLE", List.of(Matrices.random(r, WeightFormat.INT4, 172, 64, 32)), layer -> everyRow(172)),
                MatrixSource.of(
                        "MANY", List.of(Matrices.random(r, WeightFormat.INT3, 40, 620, 32)), layer -> everyRow(40)));
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        MappedProgram mapped = new ProgramCompiler(machine).compile(sources, image);
        assertThat(mapped.program().regions()).allMatch(Program.Region::hasEntries);
        return new Sample(machine, mapped, image.toByteArray(), sources);
    }

    /** Three entries in each row. */
    private static List<SparseRows> everyRow(int rows) {
        return List.of(new SparseRows() {
            @Override
            public int rows() {
                return rows;
            }

            @Override
            public int start(int row) {
                return 3 * row;
            }

            @Override
            public int end(int row) {
                return 3 * row + 3;
            }

            @Override
            public int column(int index) {
                return index % 3 * 20;
            }

            @Override
            public short code(int index) {
                return (short) (index + 1);
            }
        });
    }

    /** Of sparse rows: instructions left out, twice, longer or elsewhere, and sums that are stored behind what waits for them. */
    @Test
    void refusesEntriesAndSumsThatAreNotTheRegions() throws IOException {
        Sample s = sparse();
        List<Instruction> code = s.mapped().program().code();
        assertThat(s.check(code)).isEmpty();
        int tried = 0;
        for (int pc = 0; pc < code.size(); pc++) {
            if (code.get(pc) instanceof LoadEntries x) {
                var more = new LoadEntries(x.tokens(), x.base(), x.stride(), x.activations(), x.beats() + 1);
                var other = new LoadEntries(x.tokens(), x.base(), x.stride(), !x.activations(), x.beats());
                assertRefused(s, pc, more);
                assertRefused(s, pc, other);
                assertRefused(s, pc, new LoadEntries(x.tokens(), 2, x.stride(), x.activations(), x.beats()));
                assertRefused(s, pc, new Sync(Tokens.NONE, Unit.LDW));
                tried++;
            } else if (code.get(pc) instanceof StoreSums x) {
                assertRefused(s, pc, new StoreSums(x.tokens(), x.base(), x.stride(), x.beats() + 1));
                assertRefused(s, pc, new StoreSums(x.tokens(), 2, x.stride(), x.beats()));
                assertRefused(s, pc, new StoreSums(x.tokens(), x.base(), 0, x.beats()));
                assertRefused(s, pc, new Sync(Tokens.NONE, Unit.ST));
                tried++;
            }
        }
        assertThat(tried).isGreaterThan(6);
    }

    /** Sums that are stored only after results whose weights come behind their entries: with a ring too small for them, nobody moves on. */
    @Test
    void refusesSumsThatWaitForWeightsBehindTheirEntries() throws IOException {
        Random r = new Random(9);
        Machine small = SMALL_BUFFERS;
        var machine = new Machine(
                small.engine(),
                new Bus(Bus.Kind.AXI4, 128, 32, 4, 4),
                new Buffers(8192, 128, 128, 1024, 4096),
                small.vector(),
                new SideEngine(1024, 64, 128),
                2,
                true,
                0);
        List<MatrixSource> sources = List.of(MatrixSource.of(
                "ONE", List.of(Matrices.random(r, WeightFormat.INT4, 32, 64, 32)), layer -> everyRow(32)));
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        Sample s =
                new Sample(machine, new ProgramCompiler(machine).compile(sources, image), image.toByteArray(), sources);
        List<Instruction> code = new ArrayList<>(s.mapped().program().code());
        int sums = 0;
        while (!(code.get(sums) instanceof StoreSums)) {
            sums++;
        }
        int store = sums;
        while (!(code.get(store) instanceof Store)) {
            store++;
        }
        code.add(store, code.remove(sums)); // behind it
        assertThat(s.check(code).toString()).contains("deadlock");
    }

    @Test
    void machinesWithoutASideEngineHaveNoEntries() throws IOException {
        Sample s = sample();
        List<Instruction> code = new ArrayList<>(s.mapped().program().code());
        int pc = 0;
        while (!(code.get(pc) instanceof LoadWeights)) {
            pc++;
        }
        LoadWeights x = (LoadWeights) code.get(pc);
        code.set(pc, new LoadEntries(x.tokens(), x.base(), x.stride(), false, x.beats()));
        assertThat(s.check(code).get(0).message()).isEqualTo("the machine has no side engine");
    }

    @Test
    void refusesEverySwappedHalf() throws IOException {
        Sample s = sample();
        List<Instruction> code = s.mapped().program().code();
        int tried = 0;
        for (int pc = 0; pc < code.size(); pc++) {
            if (code.get(pc) instanceof LoadActivations x) {
                tried++;
                assertRefused(s, pc, new LoadActivations(x.tokens(), x.base(), x.stride(), 1 - x.half(), x.beats()));
            } else if (code.get(pc) instanceof Store x) {
                tried++;
                assertRefused(s, pc, new Store(x.tokens(), x.base(), x.stride(), 1 - x.half(), x.beats()));
            } else if (code.get(pc) instanceof Multiply x) {
                tried++;
                assertRefused(s, pc, multiply(x, x.tokens(), 1 - x.aHalf(), x.oHalf()));
                if (x.last()) {
                    assertRefused(s, pc, multiply(x, x.tokens(), x.aHalf(), 1 - x.oHalf()));
                }
            } else if (code.get(pc) instanceof Loop x && (x.flipA() || x.flipO())) {
                tried++;
                assertRefused(s, pc, new Loop(x.count(), x.length(), false, false));
            }
        }
        assertThat(tried).isGreaterThan(15);
    }

    @Test
    void refusesAddressesOutOfRange() throws IOException {
        Sample s = sample();
        List<Instruction> code = s.mapped().program().code();
        long[] far = {s.mapped().program().imageBytes(), 1L << 20, 16};
        for (int pc = 0; pc < code.size(); pc++) {
            if (code.get(pc) instanceof SetBase x) {
                for (long by : far) {
                    assertRefused(s, pc, new SetBase(x.base(), x.argument(), x.offset() + by, x.stride()));
                }
                assertRefused(s, pc, new SetBase(x.base(), x.argument(), x.offset(), x.stride() + 16));
                assertRefused(s, pc, new SetBase(x.base(), x.argument() ^ 1, x.offset(), x.stride()));
            }
        }
    }

    @Test
    void refusesUnbalancedLoops() throws IOException {
        Sample s = sample();
        List<Instruction> code = s.mapped().program().code();
        for (int pc = 0; pc < code.size(); pc++) {
            if (code.get(pc) instanceof EndLoop || code.get(pc) instanceof Loop) {
                List<Instruction> mutant = new ArrayList<>(code);
                // a sync without masks does nothing, and keeps the entries of the other regions where they are
                mutant.set(pc, new Sync(Tokens.NONE, Unit.MX));
                assertThat(s.check(mutant)).as("loop at %d", pc).isNotEmpty();
            }
        }
    }

    private static void assertRefused(Sample s, int pc, Instruction instead) {
        List<Instruction> mutant = new ArrayList<>(s.mapped().program().code());
        Instruction was = mutant.set(pc, instead);
        assertThat(s.check(mutant))
                .as("%d: %s instead of %s%n%s", pc, instead, was, s.mapped().dump())
                .isNotEmpty();
    }

    /** Flips one bit of a random program's code. What the checker lets through must still compute the right results. */
    @Test
    void whatSurvivesABitFlipIsRight() throws IOException {
        long seed = Long.getLong("lutra.seed", System.nanoTime());
        boolean deep = Boolean.getBoolean("lutra.deep");
        int mutants = deep ? 20_000 : 500;
        Random r = new Random(seed);
        int undecodable = 0;
        int refused = 0;
        int survived = 0;
        while (undecodable + refused + survived < mutants) {
            Sample s = random(r);
            List<Instruction> code = s.mapped().program().code();
            for (int i = 0; i < 20; i++) {
                int pc = r.nextInt(code.size());
                byte[] word = InstructionCodec.encode(code.get(pc)).bytes();
                word[r.nextInt(16)] ^= (byte) (1 << r.nextInt(8));
                List<Instruction> mutant = new ArrayList<>(code);
                try {
                    mutant.set(pc, InstructionCodec.decode(Word.read(ByteBuffer.wrap(word))));
                } catch (IllegalArgumentException e) {
                    undecodable++;
                    continue;
                }
                if (!s.check(mutant).isEmpty()) {
                    refused++;
                    continue;
                }
                survived++;
                assertRight(s, mutant, r, "seed %d, %d: %s".formatted(seed, pc, mutant.get(pc)));
            }
        }
        System.out.printf(
                "bit flips (seed %d): %d undecodable, %d refused, %d survive and compute the same%n",
                seed, undecodable, refused, survived);
        // One in twenty survives on average; mutants of one program are alike, so few programs scatter.
        assertThat(survived).isLessThan((refused + survived) / (deep ? 10 : 4));
    }

    private static void assertRight(Sample s, List<Instruction> code, Random r, String what) {
        InterpretedBackend backend = new InterpretedBackend(s.machine(), s.with(code), s.image(), r.nextLong());
        for (MatrixSource source : s.sources()) {
            for (int layer = 0; layer < source.layers(); layer++) {
                CodedMatrix w = source.matrix(layer);
                Engine engine = s.machine().engine();
                byte[][] rows = Matrices.rows(r, 1 + r.nextInt(3 * engine.m()), w.cols(), engine.activations());
                assertThat(backend.run(source.name(), layer, rows))
                        .as(what)
                        .isEqualTo(Matrices.product(w, Matrices.integers(rows, engine.activations())));
            }
        }
    }

    private static Sample random(Random r) throws IOException {
        while (true) {
            Machine machine = Machines.random(r);
            LayerFormat format = Matrices.FORMATS.get(r.nextInt(Matrices.FORMATS.size()));
            int groupSize = Matrices.groupSize(r, format, machine.engine().step());
            int n = 1 + r.nextInt(60);
            int k = 1 + r.nextInt(200);
            List<MatrixSource> sources = List.of(MatrixSource.of(
                    "R",
                    List.of(Matrices.random(r, format, n, k, groupSize), Matrices.random(r, format, n, k, groupSize))));
            ByteArrayOutputStream image = new ByteArrayOutputStream();
            try {
                MappedProgram mapped = new ProgramCompiler(machine).compile(sources, image);
                return new Sample(machine, mapped, image.toByteArray(), sources);
            } catch (UserException e) {
                assertThat(e)
                        .hasMessageMatching(
                                "(?s).*(can only be split after|reduction cannot be split|the program does not fit|three ternary weights|the engine knows integers|the engine has none|the engine takes at most).*");
            }
        }
    }
}
