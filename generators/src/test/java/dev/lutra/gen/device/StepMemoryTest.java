// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lutra.machine.Machine;
import dev.lutra.machine.RunError;
import dev.lutra.map.forward.DecodeStep;
import dev.lutra.map.forward.KvCache;
import dev.lutra.map.forward.Transformer;
import dev.lutra.map.forward.VectorStep;
import dev.lutra.map.program.StepLayout;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.runtime.device.RegionException;
import dev.lutra.runtime.linear.DeviceBackend;
import dev.lutra.runtime.session.MappedModel;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.engine.AxiMemory;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.MemoryFault;
import dev.lutra.sim.junit.Engines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/** Whole steps of random models on memories of random speed, that fail and are interrupted: the bits of the model, also of the next step. */
final class StepMemoryTest {
    private static final boolean DEEP = Boolean.getBoolean("lutra.deep");
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int MEMORY = 2 << 20;

    /** Steps of a start. */
    private static final int MOST = 3;

    /** A step after so many positions takes ten times as long as the longest wait for an interrupt. */
    private static final int LONG_CONTEXT = 300;

    private static final int MOST_MILLIS = 40;

    private final Random random;
    private final String seed;

    StepMemoryTest() {
        long given = Long.getLong("lutra.seed", new Random().nextLong());
        random = new Random(given);
        seed = "-Dlutra.seed=" + given;
    }

    /** A model on a device, beside what it has to compute. */
    private final class Text implements AutoCloseable {
        private final QuantizedModel model;
        private final DeviceBackend backend;
        private final DecodeStep step;
        private final VectorStep expected;
        private int position;

        Text(SimulatedDevice simulated, QuantizedModel model, Duration timeout) {
            this.model = model;
            Machine machine = simulated.device().machine();
            var mapped = MappedModel.of(model, machine);
            backend = new DeviceBackend(simulated.device(), mapped.program(), mapped.image(), timeout, region -> {});
            step = requireNonNull(backend.step(model.model().config(), MOST), "the model has no step");
            int positions = StepLayout.of(machine, model).positions();
            expected = new VectorStep(model, machine.vector().lanes(), positions);
        }

        int token() {
            return random.nextInt(model.model().config().vocab());
        }

        /** A step that is not looked at. */
        void run(int token, int from, int steps) {
            step.run(token, from, steps, (logit, number) -> {});
        }

        /** A run of at most so many steps. */
        void next(int steps) {
            int token = token();
            List<Integer> written = new ArrayList<>();
            List<Integer> right = new ArrayList<>();
            step.run(token, position, steps, (logit, number) -> written.add(number));
            expected.run(token, position, steps, (logit, number) -> right.add(number));
            assertThat(written).as("position %d, %s", position, seed).isEqualTo(right);
            for (int i = 0; i < right.size(); i++) {
                assertThat(step.logits(i))
                        .as("position %d, step %d, %s", position, i, seed)
                        .isEqualTo(expected.logits(i));
            }
            position += right.size();
        }

        @Override
        public void close() {
            backend.close();
        }
    }

    /** Every memory sees all of it, one in normal runs. */
    @Engines
    void everyMemory(EngineKind engine) throws InterruptedException {
        for (int i = 0; i < (DEEP ? 12 : 1); i++) {
            SimulatedDevice simulated = open(engine);
            try (var device = simulated.device()) {
                failures(simulated);
                cancelled(simulated);
                late(simulated);
                steps(simulated);
            }
        }
    }

    private SimulatedDevice open(EngineKind engine) {
        var stalls = new MemoryConfig.Stalls(
                random.nextLong(),
                random.nextInt(400),
                random.nextInt(400),
                random.nextInt(400),
                random.nextInt(400),
                random.nextInt(400));
        var memory = new MemoryConfig(
                MEMORY,
                1 + random.nextInt(120),
                256 + random.nextInt(769),
                1 + random.nextInt(8),
                1 + random.nextInt(8),
                stalls);
        return SimulatedDevice.open(StepDeviceTest.machine(), engine, memory);
    }

    /** To the end of a context and on from an earlier position; what there is no room for is refused and changes nothing. */
    private void steps(SimulatedDevice simulated) {
        int context = 3 + random.nextInt(4);
        try (var text = new Text(simulated, TinyModel.random(random, context), LONG)) {
            int vocab = text.model.model().config().vocab();
            while (text.position < context) {
                text.next(1 + random.nextInt(Math.min(MOST, context - text.position)));
            }
            refused(
                    text,
                    0,
                    context,
                    1,
                    "1 steps from position " + context + " on, but the model's context has " + context);
            refused(text, 0, context - 1, 2, "2 steps from position " + (context - 1) + " on");
            refused(text, 0, -1, 1, "1 steps from position -1 on");
            refused(text, 0, 0, MOST + 1, "of a start that has at most " + MOST);
            refused(text, 0, 0, 0, "0 steps of a start");
            refused(text, vocab, 0, 1, "a step of token " + vocab + ", but the model's vocabulary has " + vocab);
            refused(text, -1, 0, 1, "a step of token -1");
            text.position = 1 + random.nextInt(context - 1);
            text.next(1);
        }
        try (var text = new Text(simulated, TinyModel.random(random, 2), LONG)) {
            var transformer = Transformer.of(text.model.model(), text.step);
            var cache = new KvCache(text.model.model().config());
            transformer.next(new int[] {2, 3}, cache);
            assertThatThrownBy(() -> transformer.next(new int[] {4}, cache))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("3 positions, but the model's context has 2");
        }
    }

    private static void refused(Text text, int token, int position, int steps, String why) {
        assertThatThrownBy(() -> text.run(token, position, steps))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    /** Any burst of a step may fail: the error is the documented one, and the next step has the bits of the model. */
    private void failures(SimulatedDevice simulated) {
        AxiMemory memory = simulated.memory();
        try (var text = new Text(simulated, TinyModel.random(random, 64), LONG)) {
            // the first start fetches the program, which later ones find in place
            text.next(1);
            for (int i = 0; i < (DEEP ? 20 : 4); i++) {
                int token = text.token();
                var before = memory.statistics();
                text.run(token, text.position, 1);
                var after = memory.statistics();
                boolean reads = i % 2 == 0;
                // where blocks of positions cross 4 KiB depends on the position, so the same step is run again
                long bursts =
                        reads ? after.readBursts() - before.readBursts() : after.writeBursts() - before.writeBursts();
                var kind = random.nextBoolean() ? MemoryFault.Kind.SLVERR : MemoryFault.Kind.DECERR;
                long nth = 1 + random.nextLong(bursts);
                memory.inject(new MemoryFault(kind, 0, MEMORY, reads, !reads, nth, 1));
                String about = "%s of %s %d of %d, %s".formatted(kind, reads ? "read" : "write", nth, bursts, seed);
                Throwable failure = catchThrowable(() -> text.run(token, text.position, 1));
                assertThat(failure)
                        .as(about)
                        .isInstanceOfSatisfying(
                                RegionException.class,
                                e -> assertThat(e.error())
                                        .as(about)
                                        .isEqualTo(reads ? RunError.MEMORY_READ : RunError.MEMORY_WRITE));
                memory.clearFaults();
                text.next(1);
            }
        }
    }

    /** The thread of a long step is interrupted; the steps of a text go on as if it had not been. */
    private void cancelled(SimulatedDevice simulated) throws InterruptedException {
        try (var text = new Text(simulated, TinyModel.random(random, LONG_CONTEXT), LONG)) {
            int cancelled = 0;
            for (int i = 0; i < (DEEP ? 8 : 2); i++) {
                Thread finger = interrupt(Thread.currentThread(), random.nextInt(MOST_MILLIS));
                try {
                    text.run(text.token(), LONG_CONTEXT - 1, 1);
                } catch (CancellationException expected) {
                    cancelled++;
                }
                Thread.interrupted();
                finger.join();
                Thread.interrupted();
                text.next(1);
            }
            assertThat(cancelled).as(seed).isPositive();
        }
    }

    /** A long step that has no time for it. */
    private void late(SimulatedDevice simulated) {
        try (var text = new Text(simulated, TinyModel.random(random, LONG_CONTEXT), Duration.ofNanos(1))) {
            assertThatThrownBy(() -> text.run(text.token(), LONG_CONTEXT - 1, 1))
                    .hasMessageContaining("the region did not end within 0 ms and was aborted")
                    .isInstanceOfSatisfying(
                            RegionException.class, e -> assertThat(e.error()).isEqualTo(RunError.ABORTED));
        }
    }

    private static Thread interrupt(Thread thread, int millis) {
        var finger = new Thread(() -> {
            try {
                TimeUnit.MILLISECONDS.sleep(millis);
                thread.interrupt();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        finger.start();
        return finger;
    }
}
