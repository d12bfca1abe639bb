// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.linear;

import dev.lutra.machine.Program;
import dev.lutra.machine.ProgramFile;
import dev.lutra.map.forward.LinearBackend;
import dev.lutra.map.model.Region;
import dev.lutra.map.pack.RowLayout;
import dev.lutra.runtime.device.Buffer;
import dev.lutra.runtime.device.Counters;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.device.RegionCall;
import dev.lutra.runtime.device.Run;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/** Runs the linear layers of a mapped model on a device: weights and program stay there, rows go in and results come out. */
public final class DeviceBackend implements LinearBackend, AutoCloseable {

    private final Device device;
    private final Program program;
    private final Duration timeout;
    private final Consumer<RegionRun> observer;
    private final Buffer code;
    private final Buffer image;
    private Buffer activations;
    private Buffer results;

    /**
     * Loads program and weights into the device.
     *
     * @param image the weight image that belongs to the program; all that remains in it
     * @param timeout for one region
     * @param observer told of each region that has run
     * @throws dev.lutra.machine.UserException if the program is for another machine, or something does not fit
     */
    public DeviceBackend(
            Device device, Program program, ByteBuffer image, Duration timeout, Consumer<RegionRun> observer) {
        if (program.imageBytes() != image.remaining()) {
            throw new IllegalArgumentException(
                    "the program's image has " + program.imageBytes() + " bytes, not " + image.remaining());
        }
        this.device = device;
        this.program = program;
        this.timeout = timeout;
        this.observer = observer;
        byte[] instructions = ProgramFile.code(program);
        code = device.allocate(instructions.length);
        device.write(code, 0, ByteBuffer.wrap(instructions));
        this.image = device.allocate(Math.max(1, image.remaining()));
        device.write(this.image, 0, image.duplicate());
        activations = device.allocate(1);
        results = device.allocate(1);
        device.load(code, program.code().size(), program.fingerprint());
    }

    /** @throws CancellationException if the thread is interrupted; the region is aborted */
    @Override
    public long[][] run(Region region, int layer, byte[][] rows) {
        return run(region.name(), layer, rows);
    }

    /** As {@link #run(Region, int, byte[][])}, for an entry point of any name. */
    public long[][] run(String name, int layer, byte[][] rows) {
        Program.Region region = program.region(name);
        RowLayout layout = new RowLayout(device.machine(), region);
        ByteBuffer in = buffer(layout.inBytes(rows.length));
        ByteBuffer out = buffer(layout.outBytes(rows.length));
        layout.pack(rows, in);
        activations = atLeast(activations, in.capacity());
        results = atLeast(results, out.capacity());
        device.write(activations, 0, in.clear());
        RegionCall call = new RegionCall(
                region.entry(),
                layer,
                List.of(layout.chunks(rows.length)),
                List.of(image.address(), activations.address(), results.address()));
        observer.accept(new RegionRun(name, layer, rows.length, await(device.start(call, timeout))));
        device.read(results, 0, out);
        return layout.unpack(out.clear(), rows.length);
    }

    private static Counters await(Run run) {
        try {
            return run.await();
        } catch (InterruptedException interrupted) {
            run.cancel();
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while a region ran");
        }
    }

    private Buffer atLeast(Buffer buffer, long bytes) {
        if (buffer.bytes() >= bytes) {
            return buffer;
        }
        device.release(buffer);
        return device.allocate(bytes);
    }

    private static ByteBuffer buffer(long bytes) {
        return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Gives the device's memory back; the device stays open. */
    @Override
    public void close() {
        device.release(code);
        device.release(image);
        device.release(activations);
        device.release(results);
    }
}
