// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.machine.ChainLayout;
import dev.lutra.machine.Engine;
import dev.lutra.machine.NmRatio;
import dev.lutra.machine.UserException;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.program.MappedProgram;
import dev.lutra.map.program.MatrixSource;
import dev.lutra.map.program.ProgramCompiler;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.map.quant.LayerFormat;
import dev.lutra.map.quant.MixedFormat;
import dev.lutra.map.quant.MixedMatrix;
import dev.lutra.map.quant.QuantizedMatrix;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.linear.DeviceBackend;
import dev.lutra.runtime.linear.RegionRun;
import dev.lutra.runtime.session.RunMeter;
import dev.lutra.verify.RandomActivations;
import dev.lutra.verify.RandomWeights;
import dev.lutra.verify.SparseCodes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Layers with random weights, compiled into one program and run as a model's are.
 *
 * @param name for people
 * @param shapes one per region
 */
record SyntheticLayers(String name, List<Shape> shapes) {

    private static final long SEED = 1;
    private static final Duration REGION_TIMEOUT = Duration.ofMinutes(5);

    /**
     * Matrices [n][k] of one region.
     *
     * @param kept weights that are not 0, in places that the columns of a unit of a machine with chains share
     */
    record Shape(int layers, int n, int k, LayerFormat format, int group, NmRatio kept) {

        Shape(int layers, int n, int k, LayerFormat format, int group) {
            this(layers, n, k, format, group, NmRatio.DENSE);
        }

        private CodedMatrix matrix(SplittableRandom random, Engine engine) {
            ChainLayout chains = engine.chains();
            if (chains != null && kept.indexed()) {
                return SparseCodes.matrix((WeightFormat) format, n, k, kept, chains.width(), random);
            }
            if (format instanceof MixedFormat mixed) {
                return MixedMatrix.quantize(RandomWeights.of(n, k, random, false), mixed, group, true);
            }
            WeightFormat plain = (WeightFormat) format;
            byte[] codes = new byte[n * k];
            for (int i = 0; i < codes.length; i++) {
                codes[i] = (byte) random.nextInt(-plain.maxCode(), plain.maxCode() + 1);
            }
            byte[] scales = new byte[group == 0 ? 0 : n * ((k + group - 1) / group)];
            random.nextBytes(scales);
            float[] rowScales = new float[n];
            Arrays.fill(rowScales, 1);
            return new QuantizedMatrix(plain, n, k, group, codes, scales, rowScales);
        }

        private byte[][] rows(SplittableRandom random, Engine engine, int count) {
            return RandomActivations.of(engine.activations(), count, k, random, false);
        }
    }

    /** As {@link #run(Device, int, IntPredicate)}, on the rows that the machine takes together. */
    RunMeter run(Device device, IntPredicate more) {
        return run(device, device.machine().engine().m(), more);
    }

    /**
     * Runs all layers on rows of activations: once uncounted, with every result compared with the reference, then again and again.
     *
     * @param count rows
     * @param more whether to go on after so many counted turns; asked before each, from 0 on
     * @return what the counted turns took
     */
    RunMeter run(Device device, int count, IntPredicate more) {
        SplittableRandom random = new SplittableRandom(SEED);
        Engine engine = device.machine().engine();
        List<MatrixSource> sources = new ArrayList<>();
        List<byte[][]> rows = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            Shape shape = shapes.get(i);
            sources.add(MatrixSource.of(
                    "R" + i,
                    IntStream.range(0, shape.layers())
                            .mapToObj(layer -> shape.matrix(random, engine))
                            .toList()));
            rows.add(shape.rows(random, engine, count));
        }
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        MappedProgram mapped = map(device, sources, image);
        List<RegionRun> runs = new ArrayList<>();
        try (DeviceBackend backend =
                new DeviceBackend(device, mapped, ByteBuffer.wrap(image.toByteArray()), REGION_TIMEOUT, runs::add)) {
            turn((region, layer) -> {
                long[][] results = backend.run(sources.get(region).name(), layer, rows.get(region));
                long[][] expected =
                        ReferenceBackend.multiply(engine, sources.get(region).matrix(layer), rows.get(region));
                if (!Arrays.deepEquals(results, expected)) {
                    throw new UserException(
                            UserException.Kind.MISMATCH,
                            name + ": layer " + layer + " of region " + region + " differs from the reference on "
                                    + device.description(),
                            null);
                }
            });
            runs.clear();
            for (int turns = 0; more.test(turns); turns++) {
                turn((region, layer) -> backend.run(sources.get(region).name(), layer, rows.get(region)));
            }
        }
        RunMeter meter = new RunMeter(mapped);
        runs.forEach(meter);
        return meter;
    }

    private static MappedProgram map(Device device, List<MatrixSource> sources, ByteArrayOutputStream image) {
        try {
            return new ProgramCompiler(device.machine()).compile(sources, image);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private interface Step {
        void run(int region, int layer);
    }

    private void turn(Step step) {
        for (int region = 0; region < shapes.size(); region++) {
            for (int layer = 0; layer < shapes.get(region).layers(); layer++) {
                step.run(region, layer);
            }
        }
    }
}
