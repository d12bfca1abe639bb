// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.machine.Buffers;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.machine.VectorShape;
import dev.lutra.map.SharedModels;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.eval.EvalTexts;
import dev.lutra.map.eval.Perplexity;
import dev.lutra.map.exec.ProgramInterpreter;
import dev.lutra.map.exec.RunArguments;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.forward.Transformer;
import dev.lutra.map.forward.VectorAfterAttention;
import dev.lutra.map.model.FusedRegion;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Regions that a vector unit joins: the mapped program gives the bits of the model of the device, and the model stays as good as on the host. */
class FusedRegionTest {
    private static final int ROWS = 2;

    private static Machine machine(int lanes) {
        Machine s = Machine.standard();
        return new Machine(
                s.engine(),
                s.bus(),
                new Buffers(8192, 1024, 4096, 2048, 8192),
                new VectorShape(lanes, 1024),
                4,
                true,
                0);
    }

    private static QuantizedModel model(String name, WeightFormat format, int group) {
        return new QuantizedModel(
                Checkpoint.open(SharedModels.directory(name)).model(),
                new Quantization(format, group, Quantization.Head.INT8));
    }

    @ParameterizedTest
    @CsvSource({
        "stories260K, INT4, 32, 4",
        "stories260K, INT8, 0, 2",
        "pocket-bitnet, TERNARY, 0, 16",
    })
    void theProgramGivesTheBitsOfTheModel(String name, WeightFormat format, int group, int lanes) throws IOException {
        QuantizedModel model = model(name, format, group);
        LlamaConfig config = model.model().config();
        Machine machine = machine(lanes);
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        MappedProgram mapped = new ProgramCompiler(machine).compile(model, image);
        assertThat(mapped.isFused()).isTrue();
        var expected = new VectorAfterAttention(model, lanes);
        Random random = new Random(3);
        for (int layer : new int[] {0, config.layers() - 1}) {
            float[][] mixed = rows(random, config.queryWidth());
            float[][] x = rows(random, config.hidden());
            float[][] got = run(
                    machine,
                    mapped.program(),
                    image.toByteArray(),
                    FusedRegion.AFTER_ATTENTION,
                    config,
                    layer,
                    mixed,
                    x);
            assertBits(got, expected.layer(layer, mixed, x));
        }
        float[][] x = rows(random, config.hidden());
        assertBits(
                run(machine, mapped.program(), image.toByteArray(), FusedRegion.LOGITS, config, 0, x),
                expected.logits(x));
    }

    /** Eight lanes cut 172 numbers within a row: the regions are left out, and the host does what is between the layers. */
    @Test
    void whatDoesNotFitIsNotFused() throws IOException {
        QuantizedModel model = model("stories260K", WeightFormat.INT4, 32);
        assertThat(new ProgramCompiler(machine(8))
                        .compile(model, new ByteArrayOutputStream())
                        .isFused())
                .isFalse();
        assertThat(new ProgramCompiler(Machine.standard())
                        .compile(model, new ByteArrayOutputStream())
                        .isFused())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"INT4, 32", "INT8, 0"})
    void perplexityIsThatOfTheHost(WeightFormat format, int group) {
        assumeTrue(Boolean.getBoolean("lutra.deep"), "a minute long: runs with -Dlutra.deep=true");
        QuantizedModel model = model("stories260K", format, group);
        Path texts = SharedModels.directory("stories260K").resolve("eval_texts.json");
        var backend = new ReferenceBackend(model);
        EvalTexts.read(texts, model.model().config(), text -> new int[] {1, 1}).forEach((name, sequences) -> {
            double host = Perplexity.of(model.model(), Transformer.of(model, backend, backend), sequences);
            double device = Perplexity.of(
                    model.model(),
                    Transformer.of(model, backend, backend, new VectorAfterAttention(model, 4)),
                    sequences);
            assertThat(device / host)
                    .as("%s, %s: %f, %f", format, name, device, host)
                    .isBetween(0.995, 1.005);
        });
    }

    private static float[][] rows(Random random, int n) {
        float[][] rows = new float[ROWS][n];
        for (float[] row : rows) {
            for (int i = 0; i < n; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return rows;
    }

    private static float[][] run(
            Machine machine,
            Program program,
            byte[] image,
            FusedRegion region,
            LlamaConfig config,
            int layer,
            float[][]... inputs) {
        FusedLayout layout = new FusedLayout(machine, region, config);
        int in = (image.length + 127) / 128 * 128;
        int out = in + Math.toIntExact(ROWS * layout.inBytes());
        ByteBuffer memory = ByteBuffer.allocate(out + Math.toIntExact(ROWS * layout.outBytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        memory.put(image).position(in);
        for (int r = 0; r < ROWS; r++) {
            int row = r;
            layout.put(memory, Arrays.stream(inputs).map(i -> i[row]).toArray(float[][]::new));
        }
        new ProgramInterpreter(machine, program.code(), memory, 11)
                .run(new RunArguments(
                        program.region(region.name()).entry(),
                        layer,
                        List.of(ROWS, 0, 0),
                        List.of(0L, (long) in, (long) out, 0L)));
        memory.position(out);
        float[][] results = new float[ROWS][];
        for (int r = 0; r < ROWS; r++) {
            results[r] = layout.take(memory);
        }
        return results;
    }

    private static void assertBits(float[][] got, float[][] expected) {
        for (int r = 0; r < ROWS; r++) {
            int[] bits = bits(got[r]);
            assertThat(bits).as("row %d", r).isEqualTo(bits(expected[r]));
        }
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToIntBits(values[i]);
        }
        return bits;
    }
}
