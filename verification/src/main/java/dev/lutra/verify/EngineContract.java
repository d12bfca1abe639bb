// SPDX-License-Identifier: Apache-2.0
package dev.lutra.verify;

import dev.lutra.gen.device.SimulatedDevice;
import dev.lutra.machine.Bus;
import dev.lutra.machine.ChainLayout;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.NmRatio;
import dev.lutra.machine.Unit;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.plan.Planner;
import dev.lutra.map.plan.RegionPlan;
import dev.lutra.map.program.MappedProgram;
import dev.lutra.map.program.MatrixSource;
import dev.lutra.map.program.ProgramCompiler;
import dev.lutra.map.quant.CodedMatrix;
import dev.lutra.map.quant.LayerFormat;
import dev.lutra.map.quant.MixedFormat;
import dev.lutra.map.quant.MixedMatrix;
import dev.lutra.map.quant.QuantizedMatrix;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.pe.MatrixEngines;
import dev.lutra.runtime.linear.DeviceBackend;
import dev.lutra.runtime.linear.RegionRun;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.MemoryConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * What the accelerator asks of a matrix engine ({@link dev.lutra.pe.MatrixEngine}): in each of three machines, with formats of all kinds, per
 * row and per group, random and extreme, the sums are those of the definition and the compute cycles those of the formula. For the tests of
 * whoever writes an engine; takes seconds in the embedded simulator.
 */
public final class EngineContract {
    private static final String REGION = "X";
    /** Elements of a group, or the next multiple of the step. */
    private static final int USUAL_GROUP = 32;

    private static final long SEED = 20_261_121;

    private final Machine machine;
    private final SimulatedDevice device;

    private EngineContract(Machine machine, EngineKind simulator) {
        this.machine = machine;
        this.device = SimulatedDevice.open(machine, simulator, MemoryConfig.of(16 << 20, 40));
    }

    /**
     * Checks the engine of a name in the embedded simulator.
     *
     * @throws AssertionError with the machine, the product and the first wrong value
     * @throws dev.lutra.machine.UserException if there is no such engine
     */
    public static void check(String engine) {
        check(engine, EngineKind.EMBEDDED);
    }

    /** The same in another simulator. */
    public static void check(String engine, EngineKind simulator) {
        for (Machine machine :
                List.of(machine(engine, 1, 16, 4, 128), machine(engine, 2, 8, 4, 64), machine(engine, 1, 8, 1, 32))) {
            var contract = new EngineContract(machine, simulator);
            try {
                contract.products(contract.formats(), USUAL_GROUP);
            } finally {
                contract.device.device().close();
            }
        }
        Machine plain = machine(engine, 1, 16, 4, 64);
        if (plain.engine().holdsCodes()) {
            checkBitmaps(withBitmaps(plain), simulator);
        }
    }

    /**
     * Checks that a machine takes words that lie in memory as bitmaps and codes.
     *
     * @throws AssertionError with the machine, the product and the first wrong value
     */
    static void checkBitmaps(Machine machine, EngineKind simulator) {
        var contract = new EngineContract(machine, simulator);
        try {
            contract.thinned(new SplittableRandom(SEED));
        } finally {
            contract.device.device().close();
        }
    }

    private static Machine withBitmaps(Machine m) {
        return new Machine(m.engine().withBitmaps(), m.bus(), m.buffers(), m.queueDepth(), m.counters());
    }

    /**
     * Checks the engine of one machine with some of the formats that it takes.
     *
     * @throws AssertionError with the machine, the product and the first wrong value
     */
    static void check(Machine machine, EngineKind simulator, Random random) {
        check(machine, simulator, USUAL_GROUP, 2, random);
    }

    /**
     * The same with groups of so many elements, or the next multiple of the step.
     *
     * @param most formats, the last of which is the last one that the engine takes
     */
    static void check(Machine machine, EngineKind simulator, int groupSize, int most, Random random) {
        var contract = new EngineContract(machine, simulator);
        try {
            List<LayerFormat> formats = contract.formats();
            LayerFormat last = formats.get(formats.size() - 1);
            LayerFormat other = formats.get(random.nextInt(formats.size()));
            List<LayerFormat> some = new ArrayList<>(most == 1 ? List.of(other) : List.of(other, last));
            if (machine.engine().packedTernary()) {
                some.add(0, WeightFormat.TERNARY);
            }
            contract.products(some, groupSize);
        } finally {
            contract.device.device().close();
        }
    }

    private List<LayerFormat> formats() {
        Engine engine = machine.engine();
        return Stream.<LayerFormat>concat(Stream.of(WeightFormat.values()), Stream.of(MixedFormat.values()))
                .filter(format -> engine.refusal(format.planes(), format.zeroPoint()) == null)
                // symmetric integers in groups are the same with either quantiser
                .filter(format -> !(format instanceof MixedFormat) || format.zeroPoint() > 1 && engine.groupScales())
                .toList();
    }

    private static Machine machine(String engine, int m, int n, int t, int busBits) {
        Machine s = Machine.standard();
        Engine e = s.engine();
        var like = new Engine(e.kind(), m, n, e.g(), t, e.maxBits(), e.groupScales(), e.innerBits(), e.outerBits());
        return new Machine(
                MatrixEngines.named(engine).inPlaceOf(like),
                new Bus(Bus.Kind.AXI4, busBits, 32, 16, 4),
                s.buffers(),
                s.queueDepth(),
                true);
    }

    private void products(List<LayerFormat> formats, int groupSize) {
        var random = new SplittableRandom(SEED);
        Engine engine = machine.engine();
        for (LayerFormat format : formats) {
            if (format instanceof WeightFormat) {
                // more blocks than are under way together, where tables stay
                int blocks = Math.max(2, engine.tables().blocks() + 1);
                check(format, blocks * engine.n() + 1, 75, 0, 1, random, false);
            }
            if (engine.groupScales()) {
                check(format, engine.n(), 100, group(format, groupSize), 3, random, false);
            }
        }
        LayerFormat last = formats.get(formats.size() - 1);
        ChainLayout chains = engine.chains();
        if (chains != null) {
            for (int m = 2; m <= chains.block(); m *= 2) {
                sparse(new NmRatio(1 << random.nextInt(Integer.numberOfTrailingZeros(m)), m), chains.width(), random);
            }
            listed(random);
            mixed(chains, random);
        }
        check(last, engine.n(), 172, engine.groupScales() ? group(last, groupSize) : 0, 1, random, true);
    }

    private int group(LayerFormat format, int groupSize) {
        int least = format instanceof MixedFormat ? Math.max(MixedMatrix.LEAST_GROUP, groupSize) : groupSize;
        int step = machine.engine().step();
        return (least + step - 1) / step * step;
    }

    private void check(
            LayerFormat format, int n, int k, int group, int rows, SplittableRandom random, boolean extreme) {
        byte[][] activations = activations(rows, k, random, extreme);
        String what = "%s, %d x %d, groups of %d, %d rows, on %s (seed %d)"
                .formatted(format, n, k, group, rows, machine.engine(), SEED);
        CodedMatrix matrix = format instanceof WeightFormat plain
                ? integers(plain, n, k, group, random, extreme)
                : MixedMatrix.quantize(RandomWeights.of(n, k, random, extreme), (MixedFormat) format, group, true);
        run(matrix, activations, what);
    }

    private byte[][] activations(int rows, int k, SplittableRandom random, boolean extreme) {
        return RandomActivations.of(machine.engine().activations(), rows, k, random, extreme);
    }

    /** A matrix of which so many weights are left, the same of rows that share indices: stored so or at fewer predicted cycles. */
    private void sparse(NmRatio ratio, int width, SplittableRandom random) {
        int n = 2 * machine.engine().n() + 1;
        int k = 75;
        String what = "%s sparse, on %s (seed %d)".formatted(ratio, machine.engine(), SEED);
        RegionPlan plan =
                run(SparseCodes.matrix(widest(), n, k, ratio, width, random), activations(3, k, random, false), what);
        long asked =
                new Planner(machine).plan(plan.shape().keeping(ratio), false).predictedCycles();
        if (plan.predictedCycles() > asked) {
            throw new AssertionError(
                    what + ": it is stored " + plan.shape().kept() + " at more predicted cycles, " + asked);
        }
    }

    /** Matrices of whose blocks some steps are left, which are listed; more of them than a bus beat has lines of a list, and one alone. */
    private void listed(SplittableRandom random) {
        Engine engine = machine.engine();
        for (int kept : new int[] {1, 3, 7}) {
            int n = 3 * engine.n() - 1;
            int k = 10 * engine.step() - 1;
            String what = "%d steps of each block, on %s (seed %d)".formatted(kept, engine, SEED);
            CodedMatrix matrix = SparseCodes.tiles(widest(), n, k, engine.n(), engine.step(), kept, random);
            RegionPlan plan = run(matrix, activations(3, k, random, false), what);
            if (!plan.shape().listed() || plan.storedSteps() > kept) {
                throw new AssertionError(what + ": it is stored as " + plan);
            }
        }
    }

    /**
     * Matrices of which weights are left anywhere, as layers of one program: none, a tenth, half, half of which the first half of the inputs is left whole and nothing behind
     * it, and all; the last one lies as it is.
     */
    private void thinned(SplittableRandom random) {
        Engine engine = machine.engine();
        int n = 3 * engine.n() - 1;
        int k = 10 * engine.step() - 1;
        List<CodedMatrix> layers = new ArrayList<>();
        for (double share : new double[] {0, 0.1, 0.5}) {
            layers.add(SparseCodes.thinned(widest(), n, k, random, column -> random.nextDouble() < share));
        }
        layers.add(SparseCodes.thinned(widest(), n, k, random, column -> column < k / 2));
        layers.add(SparseCodes.thinned(widest(), n, k, random, column -> true));
        String what = "weights anywhere, on %s (seed %d)".formatted(engine, SEED);
        List<RegionPlan> plans = run(layers, activations(3, k, random, false), what);
        for (int layer = 0; layer < layers.size(); layer++) {
            boolean thin = layer < layers.size() - 1;
            var shape = plans.get(layer).shape();
            if (thin == (shape.bitmapBytes() == 0 && !shape.kept().indexed() && !shape.listed())) {
                throw new AssertionError(what + ": layer " + layer + " is stored as " + plans.get(layer));
            }
        }
        if (plans.stream().filter(plan -> plan.shape().hasBitmaps()).count() < 2) {
            throw new AssertionError(what + ": stored as " + plans);
        }
    }

    private static CodedMatrix integers(
            WeightFormat format, int n, int k, int group, SplittableRandom random, boolean extreme) {
        byte[] codes = new byte[n * k];
        for (int i = 0; i < codes.length; i++) {
            int code = random.nextInt(2 * format.maxCode() + 1) - format.maxCode();
            codes[i] = (byte) (extreme || !format.isCode(code) ? format.maxCode() : code);
        }
        byte[] scales = new byte[group == 0 ? 0 : n * ((k + group - 1) / group)];
        random.nextBytes(scales);
        float[] rowScales = new float[n];
        Arrays.fill(rowScales, 1);
        return new QuantizedMatrix(format, n, k, group, codes, scales, rowScales);
    }

    /** Layers of one program at ratios of their own, all sums as great as they come: of columns that share a block one negative, one not. */
    private void mixed(ChainLayout chains, SplittableRandom random) {
        int most = chains.block();
        List<NmRatio> ratios = Stream.of(
                        NmRatio.DENSE, new NmRatio(Math.max(1, most / 4), most), new NmRatio(1, 2), NmRatio.DENSE)
                .filter(ratio -> ratio.m() <= most)
                .toList();
        List<CodedMatrix> layers = new ArrayList<>();
        for (NmRatio ratio : ratios) {
            layers.add(SparseCodes.extreme(
                    widest(),
                    machine.engine().n() + 1,
                    8 * machine.engine().step() + 1,
                    ratio,
                    chains.width(),
                    random));
        }
        layers.add(SparseCodes.tiles(
                widest(),
                layers.get(0).rows(),
                layers.get(0).cols(),
                machine.engine().n(),
                machine.engine().step(),
                2,
                random));
        run(
                layers,
                activations(2, layers.get(0).cols(), random, true),
                "layers %s and two steps of a block, on %s (seed %d)".formatted(ratios, machine.engine(), SEED));
    }

    /** The integers of as many bits as the engine's weights may have. */
    private WeightFormat widest() {
        return Stream.of(WeightFormat.values())
                .filter(f ->
                        f.zeroPoint() == 1 && f.planes() == machine.engine().maxBits())
                .findFirst()
                .orElseThrow();
    }

    private RegionPlan run(CodedMatrix matrix, byte[][] activations, String what) {
        return run(List.of(matrix), activations, what).get(0);
    }

    /** Runs the layers of one region, and returns their plans. */
    private List<RegionPlan> run(List<CodedMatrix> layers, byte[][] activations, String what) {
        var image = new ByteArrayOutputStream();
        MappedProgram mapped;
        try {
            mapped = new ProgramCompiler(machine).compile(List.of(MatrixSource.of(REGION, layers)), image);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        List<RegionRun> runs = new ArrayList<>();
        List<RegionPlan> plans = new ArrayList<>();
        try (var backend = new DeviceBackend(
                device.device(), mapped, ByteBuffer.wrap(image.toByteArray()), Duration.ofMinutes(5), runs::add)) {
            for (int layer = 0; layer < layers.size(); layer++) {
                long[][] results = backend.run(REGION, layer, activations);
                String place = layers.size() == 1 ? what : what + ", layer " + layer;
                same(results, ReferenceBackend.multiply(machine.engine(), layers.get(layer), activations), place);
                RegionRun run = runs.get(layer);
                RegionPlan plan = mapped.plan(run.region());
                plans.add(plan);
                int chunks = (activations.length + machine.engine().m() - 1)
                        / machine.engine().m();
                long cycles = chunks * plan.computeCycles();
                long busy = run.counters().busy().getOrDefault(Unit.MX, -1L);
                if (busy != cycles) {
                    throw new AssertionError(place + ": " + busy + " compute cycles, expected " + cycles);
                }
            }
        }
        return plans;
    }

    private static void same(long[][] results, long[][] expected, String what) {
        for (int row = 0; row < expected.length; row++) {
            for (int column = 0; column < expected[row].length; column++) {
                if (results[row][column] != expected[row][column]) {
                    throw new AssertionError(what + ": result [" + row + "][" + column + "] is " + results[row][column]
                            + ", expected " + expected[row][column]);
                }
            }
        }
    }
}
