// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.linear;

import dev.lutra.machine.FlashImage;
import dev.lutra.machine.Program;
import dev.lutra.machine.ProgramFile;
import dev.lutra.machine.UserException;
import dev.lutra.map.forward.DecodeStep;
import dev.lutra.map.forward.Draws;
import dev.lutra.map.forward.KvBackend;
import dev.lutra.map.forward.LinearBackend;
import dev.lutra.map.forward.Sums;
import dev.lutra.map.forward.Transformer;
import dev.lutra.map.model.LlamaConfig;
import dev.lutra.map.model.Region;
import dev.lutra.map.pack.RowLayout;
import dev.lutra.map.program.MappedProgram;
import dev.lutra.map.program.StepLayout;
import dev.lutra.map.quant.KvPage;
import dev.lutra.map.quant.KvProduct;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.runtime.device.Buffer;
import dev.lutra.runtime.device.Counters;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.device.RegionCall;
import dev.lutra.runtime.device.Run;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a mapped model on a device: weights and program stay there, rows go in and results come out. Pages of cached keys and values stay there
 * too; only a page to which something was added since it was last used is packed and written again.
 */
public final class DeviceBackend implements LinearBackend, KvBackend, AutoCloseable {
    private record Slot(KvProduct product, Place place) {}

    /** A page in the device's memory, as it was at a version. */
    private record Held(Buffer buffer, KvPage page, int version) {}

    private final Device device;
    private final MappedProgram mapped;
    private final Program program;
    private final Duration timeout;
    private final Consumer<RegionRun> observer;
    private final Buffer code;
    private final Map<Slot, Held> pages = new HashMap<>();

    /** Where the weights begin. */
    private final long image;

    /** Memory that they take; null where they lie in the flash. */
    private final @Nullable Buffer weights;

    /** Records of positions, of those who asked for steps. */
    private final List<Buffer> caches = new ArrayList<>();

    private Buffer activations;
    private Buffer results;

    /**
     * Loads program and weights into the device. Weights that are in the flash of its board stay there.
     *
     * @param mapped the program, with how its matrices are packed
     * @param image the weight image that belongs to the program; all that remains in it
     * @param timeout for one region; of steps, for each
     * @param observer told of each region that has run
     * @throws dev.lutra.machine.UserException if the program is for another machine, or something does not fit
     */
    public DeviceBackend(
            Device device, MappedProgram mapped, ByteBuffer image, Duration timeout, Consumer<RegionRun> observer) {
        this.mapped = mapped;
        this.program = mapped.program();
        if (program.imageBytes() != image.remaining()) {
            throw new IllegalArgumentException(
                    "the program's image has " + program.imageBytes() + " bytes, not " + image.remaining());
        }
        this.device = device;
        this.timeout = timeout;
        this.observer = observer;
        byte[] instructions = ProgramFile.code(program);
        code = device.allocate(instructions.length);
        device.write(code, 0, ByteBuffer.wrap(instructions));
        Buffer flash = device.flash().filter(window -> holds(window, image)).orElse(null);
        if (flash != null) {
            weights = null;
            this.image = flash.address() + FlashImage.HEAD_BYTES;
        } else {
            requireRoom(image.remaining());
            weights = device.allocate(Math.max(1, image.remaining()));
            device.write(weights, 0, image.duplicate());
            this.image = weights.address();
        }
        activations = device.allocate(1);
        results = device.allocate(1);
        device.load(code, program.code().size(), program.fingerprint());
    }

    private boolean holds(Buffer flash, ByteBuffer image) {
        ByteBuffer head = ByteBuffer.allocate(FlashImage.HEAD_BYTES);
        device.read(flash, 0, head);
        return Arrays.equals(head.array(), FlashImage.head(image));
    }

    /** Where a model is larger than the memory it was meant to be in the flash. */
    private void requireRoom(int bytes) {
        if (device.flash().isPresent() && bytes > device.machine().bus().writable()) {
            throw new UserException(
                    UserException.Kind.DEVICE,
                    "the flash of the " + device.description() + " does not hold the weights of this model",
                    "Make its image from the same folder of lutra map, and load it: lutra build --program DIR, then lutra program.");
        }
    }

    /** @throws CancellationException if the thread is interrupted; the region is aborted */
    @Override
    public long[][] run(Region region, int layer, byte[][] rows) {
        return run(region.name(), layer, rows);
    }

    /** As {@link #run(Region, int, byte[][])}, for an entry point of any name. */
    public long[][] run(String name, int layer, byte[][] rows) {
        return sums(name, layer, rows).codes();
    }

    /** @throws CancellationException if the thread is interrupted; the region is aborted */
    @Override
    public Sums sums(Region region, int layer, byte[][] rows) {
        return sums(region.name(), layer, rows);
    }

    /** As {@link #sums(Region, int, byte[][])}, for an entry point of any name. */
    public Sums sums(String name, int layer, byte[][] rows) {
        return run(program.part(name, layer), rows, 0);
    }

    /** @throws CancellationException if the thread is interrupted; the region is aborted */
    @Override
    public long[][] run(KvProduct product, Place place, KvPage page, byte[][] rows) {
        // One region serves all layers: the matrix is none of the weight image.
        Program.Part part = new Program.Part(program.region(product.name()), 0);
        return run(part, rows, upToDate(product, place, page).address()).codes();
    }

    private Buffer upToDate(KvProduct product, Place place, KvPage page) {
        Slot slot = new Slot(product, place);
        Held held = pages.get(slot);
        if (held != null && held.page() == page && held.version() == page.version()) {
            return held.buffer();
        }
        byte[] packed = mapped.pack(product, page);
        Buffer buffer = held == null ? device.allocate(packed.length) : held.buffer();
        device.write(buffer, 0, ByteBuffer.wrap(packed));
        pages.put(slot, new Held(buffer, page, page.version()));
        return buffer;
    }

    /** @param matrix BASE3, of a region without sparse rows; the sums of these are behind the results */
    private Sums run(Program.Part part, byte[][] rows, long matrix) {
        Program.Region region = part.region();
        RowLayout layout = new RowLayout(device.machine(), region);
        ByteBuffer in = buffer(layout.inBytes(rows.length));
        long resultBytes = layout.outBytes(rows.length);
        ByteBuffer out = buffer(resultBytes + layout.sumBytes(rows.length));
        layout.pack(rows, in);
        activations = atLeast(activations, in.capacity());
        results = atLeast(results, out.capacity());
        long given = region.hasEntries() ? results.address() + resultBytes : matrix;
        call(region, part.layer(), rows.length, layout.chunks(rows.length), in, out, given);
        long[][] codes = layout.unpack(out, rows.length);
        return new Sums(codes, region.hasEntries() ? layout.unpackSums(out, rows.length) : null);
    }

    /**
     * Whole steps of this device, where the program has them as one region. Keys and values of the model's context stay in its memory.
     *
     * @param config of the model that was mapped
     * @param most steps of one start, at most
     * @return null where it has not
     */
    public @Nullable DecodeStep step(LlamaConfig config, int most) {
        return mapped.hasStep() ? new Steps(config, most) : null;
    }

    /**
     * The mapped model on this device: whole steps where the program has them, else its linear layers, and the host what lies between these.
     *
     * @param model that was mapped
     * @param most steps of one start, at most
     */
    public Transformer transformer(QuantizedModel model, int most) {
        DecodeStep step = step(model.model().config(), most);
        return step == null ? Transformer.of(model, this, this) : Transformer.of(model.model(), step);
    }

    private final class Steps implements DecodeStep {
        private final StepLayout layout;
        private final Program.Region region = program.region(StepLayout.REGION);
        private final LlamaConfig config;
        private final Buffer cache;
        private final int most;

        Steps(LlamaConfig config, int most) {
            layout = StepLayout.of(device.machine(), config, region);
            this.config = config;
            this.most = most;
            cache = device.allocate(layout.cacheBytes());
            caches.add(cache);
            float[] none = new float[config.kvWidth()];
            for (int layer = 0; layer < config.layers(); layer++) {
                for (int before = 1; before <= layout.positions(); before++) {
                    keep(layer, -before, none, none);
                }
            }
            for (int position = 0; position < config.context(); position++) {
                layout.turns(position).forEach((at, line) -> device.write(cache, at, ByteBuffer.wrap(line)));
            }
            results = atLeast(results, most * region.outBytes());
        }

        @Override
        public int most() {
            return most;
        }

        @Override
        public boolean draws() {
            return mapped.draws();
        }

        @Override
        public void run(int[] tokens, int position, int steps, @Nullable Draws how, Choice choices) {
            // Beyond them lies other memory, which the device would read or overwrite.
            if (steps < 1 || steps > most) {
                throw new IllegalArgumentException(steps + " steps of a start that has at most " + most);
            }
            if (tokens.length < 1 || tokens.length > steps) {
                throw new IllegalArgumentException(tokens.length + " tokens of " + steps + " steps");
            }
            if (position < 0 || position > config.context() - steps) {
                throw new IllegalArgumentException("%d steps from position %d on, but the model's context has %d"
                        .formatted(steps, position, config.context()));
            }
            if (mapped.draws() != (how != null)) {
                throw new IllegalArgumentException("a run that " + (how == null ? "draws no" : "draws")
                        + " tokens, of a program that does otherwise");
            }
            for (int token : tokens) {
                if (token < 0 || token >= config.vocab()) {
                    throw new IllegalArgumentException(
                            "a step of token " + token + ", but the model's vocabulary has " + config.vocab());
                }
            }
            results = atLeast(results, most * region.outBytes());
            var come = new StepResults(
                    device,
                    layout,
                    results,
                    steps,
                    tokens,
                    how,
                    choices,
                    number -> config.endTokens().contains(number));
            RegionCall call = new RegionCall(
                    region.entry(),
                    0,
                    List.of(position, steps, tokens[0]),
                    List.of(
                            image,
                            cache.address() + position * layout.scaleLineBytes(),
                            results.address(),
                            cache.address() + position * layout.lineBytes()));
            Counters counters = await(device.start(call, timeout.multipliedBy(steps), come::look));
            come.takeAll();
            observer.accept(new RegionRun(region.name(), 0, position, come.come(), counters));
        }

        @Override
        public void keep(int layer, int position, float[] key, float[] value) {
            layout.lines(layer, position, key, value)
                    .forEach((at, line) -> device.write(cache, at, ByteBuffer.wrap(line)));
        }

        @Override
        public float[] logits(int step) {
            ByteBuffer out = buffer((long) config.vocab() * Float.BYTES);
            device.read(results, step * region.outBytes(), out);
            float[] logits = new float[config.vocab()];
            out.clear().asFloatBuffer().get(logits);
            return logits;
        }
    }

    /**
     * One start.
     *
     * @param in filled; becomes BASE1, for which there is room
     * @param out receives what is at BASE2, for which there is room
     * @param length LEN1
     * @param given BASE3
     */
    private void call(
            Program.Region region, int layer, int rows, int length, ByteBuffer in, ByteBuffer out, long given) {
        device.write(activations, 0, in.clear());
        RegionCall call = new RegionCall(
                region.entry(),
                layer,
                List.of(length),
                List.of(image, activations.address(), results.address(), given));
        observer.accept(new RegionRun(region.name(), layer, rows, 1, await(device.start(call, timeout))));
        device.read(results, 0, out);
        out.clear();
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
        if (weights != null) {
            device.release(weights);
        }
        device.release(activations);
        device.release(results);
        pages.values().forEach(held -> device.release(held.buffer()));
        caches.forEach(device::release);
    }
}
