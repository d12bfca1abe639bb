// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.machine.Buffers;
import dev.lutra.machine.Instruction;
import dev.lutra.machine.Instruction.LoadRows;
import dev.lutra.machine.Instruction.Loop;
import dev.lutra.machine.Instruction.Next;
import dev.lutra.machine.Instruction.SetBase;
import dev.lutra.machine.Instruction.SetStride;
import dev.lutra.machine.Instruction.StoreRows;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.machine.RowFormat;
import dev.lutra.machine.VectorShape;
import dev.lutra.map.SharedModels;
import dev.lutra.map.check.Finding;
import dev.lutra.map.check.ProgramChecker;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.checkpoint.RandomCheckpoint;
import dev.lutra.map.eval.EvalTexts;
import dev.lutra.map.eval.Perplexity;
import dev.lutra.map.exec.InterpretedBackend;
import dev.lutra.map.exec.ProgramInterpreter;
import dev.lutra.map.exec.RunArguments;
import dev.lutra.map.forward.Draws;
import dev.lutra.map.forward.KvCache;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.forward.Transformer;
import dev.lutra.map.forward.VectorStep;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.Region;
import dev.lutra.map.quant.KvFormat;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.pe.vector.VectorDraw.Kept;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A whole step in one region: the mapped program gives the bits of the model of the device, and that model stays as good as the host's arithmetic. */
class StepRegionTest {
    private static final int[] LENGTHS = {
        0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 100, 129, 200, 255,
    };

    /** Most steps of a run here. */
    private static final int STEPS = 8;

    @TempDir
    private Path temp;

    private static Machine machine(int lanes) {
        return machine(lanes, 1024);
    }

    private static Machine machine(int lanes, int rows) {
        return machine(lanes, rows, 4096);
    }

    private static Machine machine(int lanes, int rows, int program) {
        Machine s = Machine.standard();
        return new Machine(
                s.engine(),
                s.bus(),
                new Buffers(8192, 1024, 4096, 2048, program),
                new VectorShape(lanes, rows),
                4,
                true,
                0);
    }

    private static QuantizedModel model(String name, WeightFormat format, int group) {
        return model(name, format, group, "float");
    }

    private static QuantizedModel model(String name, WeightFormat format, int group, String kv) {
        return new QuantizedModel(
                Checkpoint.open(SharedModels.directory(name)).model(),
                new Quantization(format, group, Quantization.Head.INT8)
                        .withKv(KvFormat.named(kv).orElseThrow()));
    }

    /** Of a block on a machine of four lanes. */
    private static int positions(QuantizedModel model) {
        return StepLayout.of(machine(4), model).positions();
    }

    /** A program in a memory, with a cache of keys and values. */
    private static final class Memory {
        private final Machine machine;
        private final LlamaConfig config;
        private final Program program;
        private final boolean draws;
        private final Program.Region region;
        private final StepLayout layout;
        private final ByteBuffer bytes;
        private final int cache;
        private final int results;

        Memory(Machine machine, QuantizedModel model) throws IOException {
            this(machine, model, Choosing.GREATEST);
        }

        Memory(Machine machine, QuantizedModel model, Choosing choosing) throws IOException {
            this.machine = machine;
            config = model.model().config();
            ByteArrayOutputStream image = new ByteArrayOutputStream();
            MappedProgram mapped = new ProgramCompiler(machine, choosing).compile(model, image);
            assertThat(mapped.noStep()).isNull();
            assertThat(mapped.hasStep()).isTrue();
            draws = mapped.draws();
            program = mapped.program();
            assertThat(program.codeBytes()).isLessThanOrEqualTo(draws ? 8192 : 4096);
            region = program.region(StepLayout.REGION);
            layout = StepLayout.of(machine, model);
            cache = (image.size() + 127) / 128 * 128;
            results = cache + (int) layout.cacheBytes();
            bytes = ByteBuffer.allocate(results + STEPS * (int) region.outBytes())
                    .order(ByteOrder.LITTLE_ENDIAN);
            bytes.put(image.toByteArray());
            for (int position = 0; position < config.context(); position++) {
                layout.turns(position).forEach((at, line) -> bytes.put(cache + at.intValue(), line));
            }
        }

        int tensor(String name) {
            return (int) program.tensors().stream()
                    .filter(t -> t.name().equals(name))
                    .findFirst()
                    .orElseThrow()
                    .offset();
        }

        /** BASE3 of a step. */
        int cache(int position) {
            return cache + position * (int) layout.lineBytes();
        }

        /** BASE1. */
        int scales(int position) {
            return cache + position * (int) layout.scaleLineBytes();
        }

        void step(int token, int position) {
            bytes.putInt(results + (int) layout.tokenOffset(0), StepLayout.ANY);
            new ProgramInterpreter(machine, program.code(), bytes, 11)
                    .run(RunArguments.steps(
                            region.entry(), position, 1, token, 0, scales(position), results, cache(position)));
        }

        float[] logits() {
            float[] logits = new float[config.vocab()];
            bytes.position(results)
                    .slice()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(logits);
            return logits;
        }

        Next next() {
            return program.code().stream()
                    .filter(Next.class::isInstance)
                    .map(Next.class::cast)
                    .findFirst()
                    .orElseThrow();
        }

        /**
         * From the first position on so many steps are wanted, of which the model says these numbers, and so many are run.
         *
         * @param given tokens after the first one; the numbers are those of the steps from the last of these on
         */
        void runs(List<Integer> given, List<Integer> numbers, List<Integer> ends, int wanted, int run) {
            List<Integer> left = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                left.add(step < given.size() ? StepLayout.given(given.get(step)) : StepLayout.ANY);
                bytes.putInt(results + (int) layout.tokenOffset(step), left.get(step));
            }
            List<Instruction> code = program.code().stream()
                    .map(i -> i instanceof Next n
                            ? new Next(n.scalar(), n.resultBytes(), n.recordBytes(), n.scaleBytes(), ends)
                            : i)
                    .toList();
            new ProgramInterpreter(machine, code, bytes, 12)
                    .run(RunArguments.steps(region.entry(), 0, wanted, 1, 0, scales(0), results, cache(0)));
            for (int step = 0; step < STEPS; step++) {
                assertThat(greatest(step))
                        .as("step %d of %d, ended by %s", step, wanted, ends)
                        .isEqualTo(
                                step < run && step >= given.size() ? numbers.get(step - given.size()) : left.get(step));
            }
        }

        /** What the checker says of the program with other instructions. */
        String findings(UnaryOperator<Instruction> change) {
            List<Instruction> code = program.code().stream().map(change).toList();
            Program changed = new Program(
                    program.fingerprint(), program.imageBytes(), program.regions(), program.tensors(), code);
            return ProgramChecker.check(machine, changed).stream()
                    .map(Finding::toString)
                    .findFirst()
                    .orElse("");
        }

        float greatestLogit() {
            return bytes.getFloat(results + (int) layout.greatestOffset(0));
        }

        int greatest(int step) {
            return bytes.getInt(results + (int) layout.tokenOffset(step));
        }

        void keep(int layer, int position, float[] key, float[] value) {
            layout.lines(layer, position, key, value).forEach((at, line) -> bytes.put(cache + at.intValue(), line));
        }
    }

    /** Cached keys and values are random here, so that a step at any position needs none before it. */
    @ParameterizedTest
    @CsvSource({
        "stories260K, INT4, 32, float, 4, 1024, 16, 1",
        "stories260K, INT8, 0, float, 2, 1024, 4, 6",
        "stories260K, INT4, 32, float, 8, 1024, 16, 6",
        "pocket-bitnet, TERNARY, 0, float, 16, 512, 16, 6",
        "stories260K, INT4, 32, int8, 4, 1024, 16, 2",
        "stories260K, INT8, 0, int8, 2, 1024, 4, 6",
        "stories260K, INT4, 32, int8, 8, 1024, 16, 6",
        "stories260K, INT4, 32, fp16, 4, 1024, 16, 2",
        "pocket-bitnet, TERNARY, 0, fp16, 16, 512, 16, 6",
    })
    void theProgramGivesTheBitsOfTheModel(
            String name, WeightFormat format, int group, String kv, int lanes, int rows, int positions, int every)
            throws IOException {
        QuantizedModel model = model(name, format, group, kv);
        LlamaConfig config = model.model().config();
        Memory memory = new Memory(machine(lanes, rows), model);
        assertThat(memory.layout.positions()).isEqualTo(positions);
        VectorStep expected = new VectorStep(model, lanes, positions);
        Random random = new Random(3);
        int kept = 0;
        for (int i = 0; i < LENGTHS.length; i += every) {
            int position = LENGTHS[i];
            for (; kept < position; kept++) {
                for (int layer = 0; layer < config.layers(); layer++) {
                    float[] key = random(random, config.kvWidth());
                    float[] value = random(random, config.kvWidth());
                    memory.keep(layer, kept, key, value);
                    expected.keep(layer, kept, key, value);
                }
            }
            same(memory, expected, random.nextInt(config.vocab()), position);
            kept = position + 1;
        }
    }

    /** Biases, another gate and sub-norms, read from checkpoints of their architectures. */
    @ParameterizedTest
    @CsvSource({
        "qwen2,  48, 44,  4, 2, 16, true,  INT4,    16, float,  4",
        "qwen2,  32, 40,  2, 2, 32, false, INT8,     0, float,  8",
        "bitnet, 48, 36,  8, 2,  8, true,  TERNARY,  0, float,  4",
        "bitnet, 64, 80,  4, 1, 16, false, TERNARY,  0, float, 16",
        // query heads of a key head that are no power of two
        "qwen2,  48, 44, 14, 2,  8, true,  INT4,    16, float,  4",
        "qwen2,  48, 44, 14, 2,  8, true,  INT4,    16, int8,   4",
        "bitnet, 48, 36,  9, 3,  4, true,  TERNARY,  0, float,  4",
        "bitnet, 48, 36,  9, 3, 16, true,  TERNARY,  0, int8,   4",
        "qwen2,  48, 44,  4, 2, 16, true,  INT4,    16, fp16,   8",
        "bitnet, 48, 36,  9, 3,  8, true,  TERNARY,  0, fp16,   4",
        "qwen2,  64, 80,  5, 1, 16, false, INT8,     0, float, 16",
        "qwen2,  32, 40, 12, 2, 16, false, INT8,     0, float, 16",
        "qwen2,  64, 40,  6, 1,  8, false, INT8,     0, float,  2",
    })
    void layersOfOtherArchitectures(
            String type,
            int hidden,
            int intermediate,
            int heads,
            int kvHeads,
            int headDim,
            boolean tied,
            WeightFormat format,
            int group,
            String kv,
            int lanes)
            throws IOException {
        new RandomCheckpoint(type, hidden, intermediate, 2, heads, kvHeads, headDim, 64, 24, 1e6, 1e-3, tied)
                .write(temp, 5);
        QuantizedModel model = new QuantizedModel(
                Checkpoint.open(temp).model(),
                new Quantization(format, group, Quantization.Head.INT8)
                        .withKv(KvFormat.named(kv).orElseThrow()));
        Memory memory = new Memory(machine(lanes), model);
        VectorStep expected = new VectorStep(model, lanes, memory.layout.positions());
        Random random = new Random(3);
        for (int position = 0; position < model.model().config().context(); position++) {
            same(memory, expected, random.nextInt(64), position);
        }
    }

    private static float[] random(Random random, int n) {
        float[] vector = new float[n];
        for (int i = 0; i < n; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    private static void same(Memory memory, VectorStep expected, int token, int position) {
        memory.step(token, position);
        expected.run(token, position, 1, (logit, number) -> {
            assertThat(memory.greatest(0)).as("after %d positions", position).isEqualTo(number);
            assertThat(memory.greatestLogit())
                    .as("after %d positions", position)
                    .isEqualTo(logit);
        });
        assertThat(bits(memory.logits())).as("after %d positions", position).isEqualTo(bits(expected.logits(0)));
    }

    /** Steps in one run, of which each takes the number of the one before: as many as are wanted, or until a token ends a text. */
    @Test
    void severalStepsInOneRun() throws IOException {
        QuantizedModel model = model("stories260K", WeightFormat.INT8, 0);
        Memory memory = new Memory(machine(4), model);
        List<Integer> numbers = new ArrayList<>();
        new VectorStep(model, 4, memory.layout.positions()).run(1, 0, 6, (logit, number) -> numbers.add(number));
        assertThat(Set.copyOf(numbers))
                .as("numbers that tell one step from another")
                .hasSizeGreaterThan(3);
        assertThat(memory.next().ends()).isEqualTo(model.model().config().endTokens());
        memory.runs(List.of(), numbers, List.of(), 0, 0);
        memory.runs(List.of(), numbers, List.of(), 6, 6);
        memory.runs(List.of(), numbers, List.of(511, 510), 3, 3);
        for (int end : new int[] {0, 2, 4}) {
            int steps = numbers.indexOf(numbers.get(end)) + 1;
            memory.runs(List.of(), numbers, List.of(numbers.get(end)), 6, steps);
            memory.runs(List.of(), numbers, List.of(511, numbers.get(end)), 6, steps);
        }
    }

    /** The first tokens are those that the host has left in the places of results, and none of them ends a text. */
    @Test
    void tokensThatAreGivenComeBeforeTheGreatest() throws IOException {
        QuantizedModel model = model("stories260K", WeightFormat.INT8, 0);
        Memory memory = new Memory(machine(4), model);
        List<Integer> given = List.of(403, 0, 511, 403);
        List<Integer> numbers = new ArrayList<>();
        new VectorStep(model, 4, memory.layout.positions())
                .run(new int[] {1, 403, 0, 511, 403}, 0, 7, (logit, number) -> numbers.add(number));
        assertThat(numbers).hasSize(3).doesNotContainAnyElementsOf(given);
        memory.runs(given, numbers, List.of(403, 0), 7, 7);
        memory.runs(given, numbers, List.of(511, numbers.get(0)), 7, 5);
        memory.runs(given, numbers, List.of(), 3, 3);
        float[] alone = new float[memory.config.vocab()];
        var expected = new VectorStep(model, 4, memory.layout.positions());
        expected.run(new int[] {1, 403, 0, 511, 403}, 0, 5, (logit, number) -> {});
        memory.bytes
                .position(memory.results + 4 * (int) memory.region.outBytes())
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(alone);
        assertThat(alone).isEqualTo(expected.logits(4));
    }

    /** Temperatures, candidates and numbers at both ends, after a token that is given. */
    @ParameterizedTest
    @CsvSource({
        "stories260K, INT4, 32, 4, 1024, DRAWN",
        "stories260K, INT8, 0, 2, 1024, DRAWN_OF_BEST",
        "stories260K, INT4, 32, 8, 1024, DRAWN_OF_BEST",
        "stories260K, INT4, 32, 4, 1024, DRAWN_OF_NUCLEUS",
        "pocket-bitnet, TERNARY, 0, 16, 512, DRAWN_OF_NUCLEUS",
    })
    void drawnTokensAreThoseOfTheModel(
            String name, WeightFormat format, int group, int lanes, int rows, Choosing choosing) throws IOException {
        QuantizedModel model = model(name, format, group);
        Memory memory = new Memory(machine(lanes, rows, 8192), model, choosing);
        assertThat(memory.draws).isTrue();
        int positions = memory.layout.positions();
        Random random = new Random(4);
        float last = 1 - 0x1p-23f;
        List<Integer> all = new ArrayList<>();
        for (float temperature : new float[] {0.002f, 0.7f, 1.5f, 1000}) {
            float[] uniforms = {random.nextInt(1 << 23) * 0x1p-23f, last, random.nextInt(1 << 23) * 0x1p-23f, 0};
            Kept kept = choosing == Choosing.DRAWN_OF_NUCLEUS ? Kept.NUCLEUS : Kept.BEST;
            float limit = switch (choosing) {
                case GREATEST, DRAWN -> memory.config.vocab();
                case DRAWN_OF_BEST -> 1 + random.nextInt(40);
                case DRAWN_OF_NUCLEUS -> 1 - random.nextFloat() / 2;
            };
            Draws draws = new Draws(1 / temperature, kept, limit, uniforms);
            List<Integer> numbers = new ArrayList<>();
            new VectorStep(model, lanes, positions)
                    .run(new int[] {1, 403}, 0, 5, draws, (logit, number) -> numbers.add(number));
            all.addAll(numbers);
            for (int step = 0; step < STEPS; step++) {
                int wanted = step == 0 ? StepLayout.given(403) : StepLayout.ANY;
                float uniform = step == 0 || step > 4 ? 0 : uniforms[step - 1];
                memory.bytes
                        .position(memory.results + (int) memory.layout.tokenOffset(step))
                        .put(StepLayout.words(wanted, uniform, draws.inverse(), limit));
            }
            new ProgramInterpreter(memory.machine, memory.program.code(), memory.bytes, 12)
                    .run(RunArguments.steps(
                            memory.region.entry(), 0, 5, 1, 0, memory.scales(0), memory.results, memory.cache(0)));
            for (int step = 1; step <= numbers.size(); step++) {
                assertThat(memory.greatest(step))
                        .as("step %d at temperature %f of %f, number %f", step, temperature, limit, uniforms[step - 1])
                        .isEqualTo(numbers.get(step - 1));
            }
        }
        assertThat(Set.copyOf(all)).hasSizeGreaterThan(6);
    }

    /** Where the program cache has no room for it, the host draws. */
    @Test
    void aSmallProgramCacheDrawsNothing() throws IOException {
        Memory memory = new Memory(machine(4), model("stories260K", WeightFormat.INT4, 32), Choosing.DRAWN_OF_BEST);
        assertThat(memory.draws).isFalse();
        var expected = new VectorStep(model("stories260K", WeightFormat.INT4, 32), 4, memory.layout.positions());
        same(memory, expected, 403, 0);
    }

    /** Scales of its row make it so, with one sign or the other. */
    @Test
    void theLastLogitMayBeTheGreatest() throws IOException {
        Memory memory = new Memory(machine(4), model("stories260K", WeightFormat.INT8, 0));
        int last = memory.config.vocab() - 1;
        int scale =
                memory.tensor(StepLayout.REGION + ".head") + (int) memory.layout.beforeBytes(true) + last * Float.BYTES;
        int greatest = 0;
        for (float sign : new float[] {1, -1}) {
            memory.bytes.putFloat(scale, sign * Math.abs(1000 * memory.bytes.getFloat(scale)));
            memory.step(1, 0);
            greatest += memory.greatest(0) == last && memory.greatestLogit() == memory.logits()[last] ? 1 : 0;
        }
        assertThat(greatest).isEqualTo(1);
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToIntBits(values[i]);
        }
        return bits;
    }

    /** Programs that differ in one instruction: another layer, another position, another place. */
    @Test
    void theCheckerKnowsWhatAStepReadsAndKeeps() throws IOException {
        Memory memory = new Memory(machine(4), model("stories260K", WeightFormat.INT8, 0));
        StepLayout layout = memory.layout;
        long keys = layout.keyOffset(0, -layout.positions());
        long own = layout.keyOffset(0, 0);
        long line = layout.lineBytes();
        long twoPlanes = 2 * layout.planeBytes();
        assertThat(memory.findings(i -> i)).isEmpty();
        assertThat(memory.findings(i -> i instanceof Loop loop && loop.layers() ? Loop.layers(4) : i))
                .contains("beats of QKV.4 are taken");
        assertThat(memory.findings(i -> i instanceof Loop loop && loop.layers() ? Loop.times(5) : i))
                .contains("is taken already");
        assertThat(memory.findings(i -> moved(i, keys, new SetBase(1, 3, keys, 0))))
                .contains("reads the same of a position before twice");
        assertThat(memory.findings(i -> moved(i, keys, new SetBase(1, 3, keys + line, twoPlanes))))
                .contains("may not have stored yet");
        assertThat(memory.findings(i ->
                        i instanceof SetStride s && s.bytes() < 0 ? new SetStride(s.stride(), s.bytes() - line) : i))
                .contains("positions before are read");
        assertThat(memory.findings(i -> i instanceof Loop loop && loop.length() == 1 && loop.count() > 0
                        ? Loop.per(layout.positions() / 2, 1)
                        : i))
                .contains("is in no line");
        assertThat(memory.findings(i -> i instanceof Loop loop && loop.length() == 1 && loop.count() > 0
                        ? Loop.per(2 * layout.positions(), 1)
                        : i))
                .contains("positions before are read");
        assertThat(memory.findings(i -> moved(i, own, new SetBase(1, 3, own, layout.planeBytes()))))
                .contains("is stored already");
        assertThat(memory.findings(i -> i instanceof SetBase s && s.per() == SetBase.Per.TOKEN
                        ? new SetBase(s.base(), 0, s.offset(), s.stride() / 2, SetBase.Per.TOKEN)
                        : i))
                .contains("are not the embedding of token 511");
        assertThat(memory.findings(
                        i -> i instanceof Next n ? new Next(10, n.resultBytes() + 16, line, 0, List.of()) : i))
                .contains("it moves on by");
        assertThat(memory.findings(i -> i instanceof Next n ? new Next(10, n.resultBytes(), 0, 0, List.of()) : i))
                .contains("it moves on by");
        assertThat(memory.findings(i -> i instanceof Next n ? new Next(15, n.resultBytes(), line, 0, List.of()) : i))
                .contains("register s15 is not set");
        assertThat(memory.findings(i -> i instanceof SetBase s && s.argument() == 2 && s.offset() > 0
                        ? new SetBase(s.base(), 2, s.offset() + layout.outBytes(), 0)
                        : i))
                .contains("are out of the range of BASE2");
        assertThat(memory.findings(i -> i instanceof Loop loop && loop.length() == 2 ? Loop.times(1) : i))
                .contains("it goes on after the last of 0 steps");
        assertThat(memory.findings(
                        i -> i instanceof Loop loop && loop.length() == 1 ? new Loop(0, 2, false, false) : i))
                .isNotEmpty();
    }

    /** A step whose keys and values are codes moves on by the lines of scales that it keeps, and reads those of each position before. */
    @Test
    void theCheckerKnowsScales() throws IOException {
        Memory memory = new Memory(machine(4), model("stories260K", WeightFormat.INT4, 32, "int8"));
        StepLayout layout = memory.layout;
        long line = layout.scaleLineBytes();
        long planes = 2 * layout.scalePlaneBytes();
        long own = layout.keyScalesOffset(0, 0);
        long before = layout.keyScalesOffset(0, -layout.positions());
        assertThat(memory.findings(i -> i)).isEmpty();
        assertThat(memory.findings(i ->
                        i instanceof Next n ? new Next(n.scalar(), n.resultBytes(), n.recordBytes(), 0, n.ends()) : i))
                .contains("it uses BASE1, by which it does not move on");
        assertThat(memory.findings(i -> i instanceof Next n
                        ? new Next(n.scalar(), n.resultBytes(), n.recordBytes(), 2 * line, n.ends())
                        : i))
                .contains("are stored at BASE1");
        assertThat(memory.findings(i -> scales(i, own, new SetBase(4, 1, own, planes / 2))))
                .contains("of BASE1 is stored already");
        assertThat(memory.findings(i -> scales(i, before, new SetBase(4, 1, before + line, planes))))
                .contains("may not have stored yet");
        assertThat(memory.findings(i -> scales(i, before, new SetBase(4, 1, before, planes / 2))))
                .contains("reads the same of a position before twice");
    }

    /** What is binary16 in memory has half of the bytes of its rows. */
    @Test
    void theCheckerKnowsHalves() throws IOException {
        Memory memory = new Memory(machine(4), model("stories260K", WeightFormat.INT4, 32, "fp16"));
        assertThat(memory.findings(i -> i)).isEmpty();
        assertThat(memory.findings(i -> halves(i, RowFormat.WORDS, 1))).contains(", 0 are written");
        assertThat(memory.findings(i -> halves(i, RowFormat.INT8, 1))).isNotEmpty();
        assertThat(memory.findings(i -> halves(i, RowFormat.WORDS, 2))).contains("may not have stored yet");
        assertThat(memory.findings(i -> i instanceof StoreRows s && s.format() == RowFormat.BINARY16
                        ? new StoreRows(s.tokens(), s.base(), s.stride(), s.row(), 2 * s.beats(), RowFormat.WORDS)
                        : i))
                .contains("are stored at BASE3");
    }

    /** Loads of a block in another format, and so many beats more. */
    private static Instruction halves(Instruction i, RowFormat to, int times) {
        return i instanceof LoadRows l && l.format() == RowFormat.BINARY16
                ? new LoadRows(l.tokens(), l.base(), l.stride(), l.row(), times * l.beats(), to)
                : i;
    }

    private static Instruction scales(Instruction i, long offset, SetBase to) {
        return i instanceof SetBase set && set.argument() == 1 && set.offset() == offset ? to : i;
    }

    private static Instruction moved(Instruction i, long offset, SetBase to) {
        return i instanceof SetBase set && set.argument() == 3 && set.offset() == offset ? to : i;
    }

    /** Every position of the context, each with the keys and values that the steps before it have kept. */
    @ParameterizedTest
    @CsvSource({"INT4, 32", "INT8, 0"})
    void everyPosition(WeightFormat format, int group) throws IOException {
        assumeTrue(Boolean.getBoolean("lutra.deep"), "half a minute long: runs with -Dlutra.deep=true");
        QuantizedModel model = model("stories260K", format, group);
        Memory memory = new Memory(machine(4), model);
        VectorStep expected = new VectorStep(model, 4, memory.layout.positions());
        int token = 1;
        for (int position = 0; position < model.model().config().context(); position++) {
            same(memory, expected, token, position);
            token = position % 7 == 0 ? position : memory.greatest(0);
        }
    }

    /** The model of the device, and that of the host's arithmetic. */
    @Test
    void logitsAreThoseOfTheHost() {
        QuantizedModel model = model("stories260K", WeightFormat.INT8, 0);
        int[] tokens = {1, 403, 407, 261, 378, 400};
        var backend = new ReferenceBackend(model);
        float[][] host = Transformer.of(model, backend, backend)
                .all(tokens, new KvCache(model.model().config()));
        float[][] device = Transformer.of(model.model(), new VectorStep(model, 4, positions(model)))
                .all(tokens, new KvCache(model.model().config()));
        for (int i = 0; i < tokens.length; i++) {
            for (int n = 0; n < host[i].length; n++) {
                assertThat(device[i][n]).as("token %d, logit %d", i, n).isCloseTo(host[i][n], within(0.5f));
            }
        }
    }

    /** 172 outputs of GATE end within a row of eight lanes. What the host does with the region itself does not see it. */
    @Test
    void outputsThatFillUpARowAreLeftOut() throws IOException {
        QuantizedModel model = model("stories260K", WeightFormat.INT4, 32);
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        Program program = new ProgramCompiler(machine(8)).compile(model, image).program();
        assertThat(program.region("GATE_UP").n()).isEqualTo(176 + 172);
        byte[][] rows = new byte[2][64];
        new Random(5).nextBytes(rows[0]);
        new Random(6).nextBytes(rows[1]);
        for (byte[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (byte) Math.max(row[i], -127);
            }
        }
        var device = new InterpretedBackend(machine(8), program, image.toByteArray(), 7);
        assertThat(device.run(Region.GATE_UP, 3, rows))
                .isDeepEqualTo(new ReferenceBackend(model).run(Region.GATE_UP, 3, rows));
    }

    /** There is no step then, and the host does what is between the layers. */
    @ParameterizedTest
    @CsvSource({
        "8, 4,  8,    64, float, INT8,  16, 'heads of 8 elements are no power of two of whole rows of 16 lanes'",
        "8, 4, 12,    64, float, INT8,   4, 'heads of 12 elements are no power of two of whole rows of 4 lanes'",
        "9, 3,  8,    64, float, INT8,   8, '12 query heads, with copies to a power of two for each key head, and 8 lanes: neither is a multiple of the other'",
        "8, 4,  8,    64, int4,  INT8,   4, 'keys and values are int4'",
        "8, 4,  8,    64, float, FLOAT,  4, 'the head is the host''s'",
        "8, 1,  8,    64, int8,  INT8,   4, 'a key of 8 bytes: no multiple of 16, a row and a beat'",
        "8, 1,  4,    64, fp16,  INT8,   4, 'a key of 8 bytes: no multiple of 16, a row and a beat'",
        "8, 4,  8,  4096, float, INT8,   4, 'rows of vectors in the scratchpad: 3119, at most 1024'",
        "8, 4,  8, 65540, float, INT8,   4, 'tokens of the vocabulary: 65540, at most 65536'",
    })
    void whatDoesNotFitHasNoStep(
            int heads, int kvHeads, int headDim, int vocab, String kv, Quantization.Head head, int lanes, String why)
            throws IOException {
        new RandomCheckpoint("llama", 16, 16, 1, heads, kvHeads, headDim, vocab, 24, 1e4, 1e-5, true).write(temp, 5);
        QuantizedModel model = new QuantizedModel(
                Checkpoint.open(temp).model(),
                new Quantization(WeightFormat.INT4, 0, head)
                        .withKv(KvFormat.named(kv).orElseThrow()));
        MappedProgram mapped = new ProgramCompiler(machine(lanes)).compile(model, new ByteArrayOutputStream());
        assertThat(mapped.noStep()).isEqualTo(why);
        assertThat(mapped.hasStep()).isFalse();
        assertThat(mapped.dump()).contains("; no STEP: " + why);
    }

    @Test
    void aMachineWithoutVectorUnitHasNoStep() throws IOException {
        MappedProgram mapped = new ProgramCompiler(Machine.standard())
                .compile(model("stories260K", WeightFormat.INT4, 32), new ByteArrayOutputStream());
        assertThat(mapped.noStep()).isNull();
        assertThat(mapped.hasStep()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"INT4, 32, float", "INT8, 0, float", "INT4, 32, int8", "INT4, 32, fp16"})
    void perplexityIsThatOfTheHost(WeightFormat format, int group, String kv) {
        assumeTrue(Boolean.getBoolean("lutra.deep"), "a minute long: runs with -Dlutra.deep=true");
        QuantizedModel model = model("stories260K", format, group, kv);
        Path texts = SharedModels.directory("stories260K").resolve("eval_texts.json");
        var backend = new ReferenceBackend(model);
        EvalTexts.read(texts, model.model().config(), text -> new int[] {1, 1}).forEach((name, sequences) -> {
            double host = Perplexity.of(model.model(), Transformer.of(model, backend, backend), sequences);
            double device = Perplexity.of(
                    model.model(),
                    Transformer.of(model.model(), new VectorStep(model, 4, positions(model))),
                    sequences);
            assertThat(device / host)
                    .as("%s, kv %s, %s: %f, %f", format, kv, name, device, host)
                    .isBetween(0.995, 1.005);
        });
    }
}
