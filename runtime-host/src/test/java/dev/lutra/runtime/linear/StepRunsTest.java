// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.linear;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.machine.Buffers;
import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import dev.lutra.machine.VectorShape;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.forward.DecodeStep;
import dev.lutra.map.forward.Draws;
import dev.lutra.map.forward.KvCache;
import dev.lutra.map.forward.Transformer;
import dev.lutra.map.forward.VectorStep;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.LlamaModel;
import dev.lutra.map.program.StepLayout;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.session.CheckedBackend;
import dev.lutra.runtime.session.Generation;
import dev.lutra.runtime.session.MappedModel;
import dev.lutra.runtime.session.TextSession;
import dev.lutra.runtime.text.Sampler;
import dev.lutra.runtime.text.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Steps that a device runs after one start, from the first token to the end of a text. */
final class StepRunsTest {
    private static final int LANES = 4;
    private static final int MOST = 64;

    private static Checkpoint checkpoint() {
        String root = System.getenv("LUTRA_TEST_DATA");
        assumeTrue(root != null, "LUTRA_TEST_DATA is not set: no shared checkpoints to test with");
        Path directory = Path.of(root, "models", "stories260K");
        assumeTrue(Files.isDirectory(directory), directory + " is missing: no shared checkpoint to test with");
        return Checkpoint.open(directory);
    }

    private static Machine machine() {
        Machine s = Machine.standard();
        return new Machine(
                s.engine(),
                s.bus(),
                new Buffers(8192, 1024, 4096, 2048, 8192),
                new VectorShape(LANES, 1024),
                4,
                true,
                0);
    }

    /** The model with another end of its texts, another context, and other gains of its last norm. */
    private static QuantizedModel model(LlamaModel m, List<Integer> ends, int context, float[] finalNorm) {
        LlamaConfig c = m.config();
        LlamaConfig config = new LlamaConfig(
                c.hidden(),
                c.intermediate(),
                c.layers(),
                c.heads(),
                c.kvHeads(),
                c.headDim(),
                c.vocab(),
                context,
                c.ropeTheta(),
                c.ropePairing(),
                c.rmsEps(),
                c.tiedHead(),
                c.bosToken(),
                ends);
        return new QuantizedModel(
                new LlamaModel(m.name(), config, m.embedding(), m.layers(), finalNorm, m.head()),
                new Quantization(WeightFormat.INT8, 0, Quantization.Head.INT8));
    }

    /** A device with a model, and what it wrote. */
    private static final class Rig implements AutoCloseable {
        final QuantizedModel model;
        final Sampler sampler;
        final InterpretedLink link;
        final Device device;
        final DeviceBackend backend;
        final DecodeStep step;
        final List<Integer> runs = new ArrayList<>();

        Rig(QuantizedModel model) {
            this(model, new Sampler(0, 0, 1, 1));
        }

        Rig(QuantizedModel model, Sampler sampler) {
            this.model = model;
            this.sampler = sampler;
            Machine machine = machine();
            MappedModel mapped = MappedModel.of(model, machine, sampler.onDevice());
            link = new InterpretedLink(machine, StepLayout.of(machine, model).outBytes());
            device = Device.over(machine, link);
            backend = new DeviceBackend(
                    device, mapped.program(), mapped.image(), Duration.ofMinutes(1), run -> runs.add(run.steps()));
            step = requireNonNull(backend.step(model.model().config(), MOST));
        }

        Generation write(int tokens) {
            return write("", tokens);
        }

        Generation write(String prompt, int tokens) {
            Tokenizer tokenizer = Tokenizer.load(checkpoint());
            return new TextSession(model.model(), Transformer.of(model.model(), step), tokenizer)
                    .generate(prompt, tokens, sampler, piece -> {});
        }

        @Override
        public void close() {
            backend.close();
            device.close();
        }
    }

    private static VectorStep expected(QuantizedModel model) {
        return new VectorStep(model, LANES, StepLayout.of(machine(), model).positions());
    }

    private static List<Integer> expected(QuantizedModel model, int steps) {
        List<Integer> numbers = new ArrayList<>();
        expected(model).run(1, 0, steps, (logit, number) -> numbers.add(number));
        return numbers;
    }

    @Test
    void aRunOf64TokensTakesAtMost64BytesEach() {
        LlamaModel plain = checkpoint().model();
        QuantizedModel model = model(plain, List.of(1), 512, plain.finalNorm());
        try (Rig rig = new Rig(model)) {
            rig.link.bytes = 0;
            int starts = rig.link.starts;
            List<Integer> numbers = new ArrayList<>();
            List<Integer> early = new ArrayList<>();
            rig.step.run(1, 0, MOST, (logit, number) -> {
                numbers.add(number);
                if (rig.link.toCome() > 0) {
                    early.add(number);
                }
            });
            double each = rig.link.bytes / (double) MOST;
            assertThat(rig.link.starts - starts).isEqualTo(1);
            assertThat(numbers).hasSize(MOST).startsWith(expected(model, 12).toArray(Integer[]::new));
            assertThat(early).as("tokens that came while others were to come").hasSizeGreaterThan(MOST / 2);
            assertThat(each).as("bytes a token").isBetween(8.0, 64.0);
            assertThat(rig.runs).containsExactly(MOST);
        }
    }

    /** Also where the prompt has what would end a text. */
    @Test
    void promptAndTextAreOneStart() {
        LlamaModel plain = checkpoint().model();
        int[] prompt = Tokenizer.load(checkpoint()).encode("Once upon a time");
        QuantizedModel model = model(plain, List.of(prompt[1], prompt[prompt.length - 1]), 512, plain.finalNorm());
        List<Integer> right = new ArrayList<>();
        expected(model).run(prompt, 0, prompt.length + 3, (logit, number) -> right.add(number));
        assertThat(right).hasSize(4);
        try (Rig rig = new Rig(model)) {
            rig.link.bytes = 0;
            int starts = rig.link.starts;
            assertThat(rig.write("Once upon a time", 4).tokenIds()).isEqualTo(right);
            assertThat(rig.link.starts - starts).isEqualTo(1);
            assertThat(rig.runs).containsExactly(prompt.length + 3);
            assertThat(rig.link.bytes).isLessThanOrEqualTo(64L * (prompt.length + 3));
            assertThatThrownBy(() -> rig.step.run(new int[] {1, 2, 3}, 0, 2, (logit, number) -> {}))
                    .hasMessage("3 tokens of 2 steps");
            assertThatThrownBy(() -> rig.step.run(new int[] {1, 512}, 0, 2, (logit, number) -> {}))
                    .hasMessage("a step of token 512, but the model's vocabulary has 512");
        }
    }

    /** Prompt and drawn text are one start, and each token costs the host as little as another one. */
    @Test
    void drawnTokensAreOneStart() {
        LlamaModel plain = checkpoint().model();
        int[] prompt = Tokenizer.load(checkpoint()).encode("Once upon a time");
        QuantizedModel model = model(plain, List.of(), 512, plain.finalNorm());
        List<Integer> right = new ArrayList<>();
        expected(model)
                .run(
                        prompt,
                        0,
                        prompt.length + 11,
                        new Sampler(1.5, 20, 1, 7).draws(12),
                        (logit, number) -> right.add(number));
        try (Rig rig = new Rig(model, new Sampler(1.5, 20, 1, 7))) {
            rig.link.bytes = 0;
            int starts = rig.link.starts;
            assertThat(rig.write("Once upon a time", 12).tokenIds()).isEqualTo(right);
            assertThat(rig.link.starts - starts).isEqualTo(1);
            assertThat(rig.link.bytes).isLessThanOrEqualTo(64L * (prompt.length + 11));
            assertThatThrownBy(() -> rig.step.run(1, 0, 1, (logit, number) -> {}))
                    .hasMessage("a run that draws no tokens, of a program that does otherwise");
            var checked = new CheckedBackend(rig.backend, rig.backend);
            checked.step(rig.step, expected(model))
                    .run(new int[] {1, 403}, 0, 4, new Sampler(1.5, 20, 1, 8).draws(3), (logit, number) -> {});
            assertThat(checked.firstDifference()).isNull();
        }
    }

    /** Tokens that one start has no room for begin with starts of their own. */
    @Test
    void aLongPromptIsSeveralStarts() {
        LlamaModel plain = checkpoint().model();
        QuantizedModel model = model(plain, List.of(), 512, plain.finalNorm());
        List<List<Integer>> runs = new ArrayList<>();
        VectorStep step = expected(model);
        DecodeStep few = new DecodeStep() {
            @Override
            public void run(int[] tokens, int position, int steps, @Nullable Draws draws, Choice choices) {
                runs.add(List.of(tokens.length, position, steps));
                step.run(tokens, position, steps, draws, choices);
            }

            @Override
            public void keep(int layer, int position, float[] key, float[] value) {
                throw new AssertionError("nobody keeps anything by hand");
            }

            @Override
            public boolean draws() {
                return false;
            }

            @Override
            public int most() {
                return 3;
            }

            @Override
            public float[] logits(int of) {
                return step.logits(of);
            }
        };
        int[] tokens = {1, 403, 407, 261, 378, 400, 2, 3};
        VectorStep whole = expected(model);
        List<Integer> right = new ArrayList<>();
        whole.run(tokens, 0, 9, (logit, number) -> right.add(number));
        Transformer transformer = Transformer.of(model.model(), few);
        List<Integer> numbers = new ArrayList<>();
        transformer.write(tokens, new KvCache(model.model().config()), 5, null, (logit, number) -> numbers.add(number));
        assertThat(numbers).isEqualTo(right);
        assertThat(runs).containsExactly(List.of(3, 0, 3), List.of(3, 3, 3), List.of(2, 6, 3));
        assertThat(transformer.next(tokens, new KvCache(model.model().config())))
                .isEqualTo(whole.logits(7));
    }

    @Test
    void anEndTokenEndsTheRun() {
        LlamaModel plain = checkpoint().model();
        List<Integer> numbers = expected(model(plain, List.of(), 512, plain.finalNorm()), 5);
        for (int end : new int[] {0, 3}) {
            int steps = numbers.indexOf(numbers.get(end)) + 1;
            try (Rig rig = new Rig(model(plain, List.of(numbers.get(end)), 512, plain.finalNorm()))) {
                Generation text = rig.write(5);
                assertThat(text.end()).isEqualTo(Generation.End.END_TOKEN);
                assertThat(text.tokenIds()).isEqualTo(numbers.subList(0, steps));
                assertThat(rig.runs).containsExactly(steps);
            }
        }
    }

    @Test
    void aRunEndsWithTheContext() {
        LlamaModel plain = checkpoint().model();
        QuantizedModel model = model(plain, List.of(), 6, plain.finalNorm());
        try (Rig rig = new Rig(model)) {
            Generation text = rig.write(40);
            assertThat(text.end()).isEqualTo(Generation.End.CONTEXT);
            assertThat(text.tokenIds()).isEqualTo(expected(model, 6));
            assertThat(rig.write(4).tokenIds()).isEqualTo(expected(model, 4));
            assertThat(rig.runs).containsExactly(6, 4);
        }
    }

    @Test
    void whatStopsInTheMiddleLeavesAUsableDevice() {
        LlamaModel plain = checkpoint().model();
        QuantizedModel model = model(plain, List.of(1), 512, plain.finalNorm());
        List<Integer> right = expected(model, 4);
        try (Rig rig = new Rig(model)) {
            List<Integer> numbers = new ArrayList<>();
            assertThatThrownBy(() -> rig.step.run(1, 0, 10, (logit, number) -> {
                        numbers.add(number);
                        if (numbers.size() == 2) {
                            throw new IllegalStateException("enough");
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("enough");
            assertThat(numbers).isEqualTo(right.subList(0, 2));
            assertThat(rig.link.aborts).isEqualTo(1);
            assertThat(rig.write(4).tokenIds()).isEqualTo(right);
            assertThat(rig.link.aborts).isEqualTo(1);
        }
    }

    @Test
    void logitsThatAreNoNumbersAreReported() {
        LlamaModel plain = checkpoint().model();
        float[] gains = plain.finalNorm().clone();
        Arrays.fill(gains, Float.NaN);
        try (Rig rig = new Rig(model(plain, List.of(1), 512, gains))) {
            assertThatThrownBy(() -> rig.write(4))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("a logit is NaN");
        }
    }

    /** A device that is asked for one model and has another: the first bit that differs is named. */
    @Test
    void everyLogitOfARunIsChecked() {
        LlamaModel plain = checkpoint().model();
        QuantizedModel model = model(plain, List.of(1), 512, plain.finalNorm());
        float[] gains = plain.finalNorm().clone();
        gains[3] *= 1.5f;
        try (Rig rig = new Rig(model)) {
            var checked = new CheckedBackend(rig.backend, rig.backend);
            checked.step(rig.step, expected(model)).run(new int[] {1, 403, 407}, 0, 5, (logit, number) -> {});
            assertThat(checked.firstDifference()).isNull();
            checked.step(rig.step, expected(model(plain, List.of(1), 512, gains)))
                    .run(1, 0, 4, (logit, number) -> {});
            assertThat(checked.firstDifference()).startsWith("region STEP after 0 positions");
        }
    }
}
