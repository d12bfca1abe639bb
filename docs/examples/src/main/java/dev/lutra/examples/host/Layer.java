// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.host;

import dev.lutra.machine.UserException;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.forward.ReferenceBackend;
import dev.lutra.map.model.Region;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Counters;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.linear.DeviceBackend;
import dev.lutra.runtime.linear.RegionRun;
import dev.lutra.runtime.session.MappedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The queries, keys and values of a model's first layer, of one row of random INT8 activations: integers from a device, beside those of plain Java. */
public final class Layer {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    /**
     * What came of it.
     *
     * @param sums of the device, one per output
     * @param equal whether plain Java has the same
     * @param counters of the accelerator
     */
    record Result(long[] sums, boolean equal, Counters counters) {}

    private Layer() {}

    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            System.err.println("Layer ADDRESS MODEL");
            System.exit(2);
        }
        try {
            Result result = run(arguments[0], Path.of(arguments[1]), new Random(1));
            System.out.printf(
                    "%d sums in %d cycles, %d bytes read, %s%n",
                    result.sums.length,
                    result.counters.cycles(),
                    result.counters.bytesRead(),
                    result.equal ? "equal to plain Java's" : "NOT those of plain Java");
        } catch (UserException failure) {
            System.err.println(failure.getMessage());
            System.err.println(failure.hint());
            System.exit(1);
        }
    }

    /**
     * Runs it with ternary weights.
     *
     * @throws UserException if the device or the checkpoint cannot be opened, or the model does not fit
     */
    static Result run(String address, Path folder, Random random) {
        var ternary = new Quantization(WeightFormat.TERNARY, 0, Quantization.Head.INT8);
        var model = new QuantizedModel(Checkpoint.open(folder).model(), ternary);
        byte[][] rows = {row(model.model().config().hidden(), random)};
        List<RegionRun> ran = new ArrayList<>();
        try (Device device = Device.open(address)) {
            MappedModel mapped = MappedModel.of(model, device.machine());
            try (var backend = new DeviceBackend(device, mapped.program(), mapped.image(), TIMEOUT, ran::add)) {
                long[][] sums = backend.run(Region.QKV, 0, rows);
                long[][] expected = new ReferenceBackend(model, device.machine().engine()).run(Region.QKV, 0, rows);
                return new Result(
                        sums[0], Arrays.deepEquals(sums, expected), ran.get(0).counters());
            }
        }
    }

    /** Activations are -127 to 127. */
    private static byte[] row(int length, Random random) {
        byte[] row = new byte[length];
        for (int i = 0; i < length; i++) {
            row[i] = (byte) (random.nextInt(255) - 127);
        }
        return row;
    }
}
