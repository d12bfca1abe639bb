// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.machine.Instruction;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.machine.Unit;
import dev.lutra.machine.UserException;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.plan.Ceiling;
import dev.lutra.map.program.MappedProgram;
import dev.lutra.map.program.MatrixSource;
import dev.lutra.map.program.ProgramCompiler;
import dev.lutra.map.quant.QuantizedMatrix;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.pe.LutCoreCycles;
import dev.lutra.runtime.device.Counters;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.linear.DeviceBackend;
import dev.lutra.runtime.linear.RegionRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** Matrix products to run on a device, with what must come out: results, compute cycles, ceiling. */
record Product(QuantizedMatrix matrix, byte[][] rows) {

    static final String REGION = "X";
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    /** What a device made of a product. */
    record Outcome(long[][] results, Counters counters, Ceiling ceiling) {}

    static Product random(long seed, WeightFormat format, int n, int k, int group, int rows) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] codes = new byte[n * k];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = code(format, random.nextInt());
        }
        byte[] scales = new byte[group == 0 ? 0 : n * ((k + group - 1) / group)];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (byte) random.nextInt();
        }
        byte[][] activations = new byte[rows][k];
        for (byte[] row : activations) {
            for (int i = 0; i < k; i++) {
                row[i] = (byte) (random.nextInt(255) - 127);
            }
        }
        return new Product(matrix(format, n, k, group, codes, scales), activations);
    }

    /** All activations, codes and scales at the end of their range, signs alternating or all one way. */
    static Product extreme(WeightFormat format, int n, int k, int group, boolean alternating) {
        byte[] codes = new byte[n * k];
        byte[][] rows = new byte[1][k];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) (alternating && i % 2 == 1 ? -format.maxCode() : format.maxCode());
        }
        Arrays.fill(rows[0], (byte) -127);
        byte[] scales = new byte[group == 0 ? 0 : n * ((k + group - 1) / group)];
        Arrays.fill(scales, (byte) 255);
        return new Product(matrix(format, n, k, group, codes, scales), rows);
    }

    private static byte code(WeightFormat format, int random) {
        int code = Math.floorMod(random, 2 * format.maxCode() + 1) - format.maxCode();
        return (byte) (format.isCode(code) ? code : format.maxCode());
    }

    private static QuantizedMatrix matrix(WeightFormat format, int n, int k, int group, byte[] codes, byte[] scales) {
        float[] rowScales = new float[n];
        Arrays.fill(rowScales, 1);
        return new QuantizedMatrix(format, n, k, group, codes, scales, rowScales);
    }

    /** Runs on a device, on which nothing else is allocated. */
    Outcome run(Device device) {
        return run(device, TIMEOUT);
    }

    /** The same, given up after a time. */
    Outcome run(Device device, Duration timeout) {
        return run(device, timeout, instruction -> instruction);
    }

    /** The same with other instructions, which the program checker does not see. */
    Outcome run(Device device, Duration timeout, UnaryOperator<Instruction> instead) {
        ByteArrayOutputStream image = new ByteArrayOutputStream();
        MappedProgram mapped = mapped(device.machine(), image);
        Program p = mapped.program();
        List<Instruction> code = p.code().stream().map(instead).toList();
        Program program = new Program(p.fingerprint(), p.imageBytes(), p.regions(), p.tensors(), code);
        MappedProgram changed =
                new MappedProgram(mapped.machine(), program, mapped.plans(), mapped.choosing(), mapped.noStep());
        List<RegionRun> runs = new ArrayList<>();
        try (DeviceBackend backend =
                new DeviceBackend(device, changed, ByteBuffer.wrap(image.toByteArray()), timeout, runs::add)) {
            backend.run(REGION, 0, rows); // fetches the program
            long[][] results = backend.run(REGION, 0, rows);
            Ceiling ceiling = Ceiling.of(device.machine(), mapped.plan(REGION).shape(), rows.length);
            return new Outcome(results, runs.get(1).counters(), ceiling);
        }
    }

    /** The program of a machine for this product, its weights to {@code image}. */
    MappedProgram mapped(Machine machine, OutputStream image) {
        try {
            return new ProgramCompiler(machine).compile(List.of(MatrixSource.of(REGION, List.of(matrix))), image);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Runs on a device, and requires the results and, if it counts them, the compute cycles to be those that must come out. */
    void check(Device device) {
        check(device, TIMEOUT);
    }

    /** The same, given up after a time. */
    void check(Device device, Duration timeout) {
        Outcome outcome = run(device, timeout);
        assertThat(outcome.results()).isDeepEqualTo(expected());
        if (device.machine().counters()) {
            assertThat(outcome.counters().busy().get(Unit.MX)).isEqualTo(computeCycles(device.machine()));
        }
    }

    /** Opens a device and checks; returns ok, or the message of what went wrong with the device. */
    String attempt(String address) {
        try (Device device = Device.open(address)) {
            check(device, HostProcess.LIMIT);
            return HostProcess.OK;
        } catch (UserException error) {
            assertThat(error.kind()).isEqualTo(UserException.Kind.DEVICE);
            return error.getMessage();
        }
    }

    /** The sums as the definition has them. */
    long[][] expected() {
        return ReferenceBackend.multiply(matrix, rows);
    }

    /** Compute cycles of the matrix unit by the formula. */
    private long computeCycles(Machine machine) {
        var engine = machine.engine();
        int step = engine.step();
        int chunks = (rows.length + engine.m() - 1) / engine.m();
        return chunks
                * LutCoreCycles.product(
                        engine.passes(matrix.format().planes()),
                        (matrix.cols() + step - 1) / step,
                        matrix.groupSize() / step,
                        (matrix.rows() + engine.n() - 1) / engine.n());
    }
}
