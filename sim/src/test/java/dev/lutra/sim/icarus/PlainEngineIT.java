// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.icarus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.Elaboration;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.ResetKind;
import dev.lutra.sim.Simulator;
import dev.lutra.sim.Simulators;
import dev.lutra.sim.build.Command;
import dev.lutra.sim.engine.MemoryConfig;
import dev.lutra.sim.engine.RequireException;
import dev.lutra.sim.engine.SimulationException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Icarus where there is no compiler. */
class PlainEngineIT {
    @TempDir
    static Path tools;

    @BeforeAll
    static void onlyIcarus() throws IOException {
        for (String tool : List.of("iverilog", "vvp")) {
            Path found = Command.locate(tool, System.getenv("PATH"));
            assumeTrue(found != null, "skipped: " + tool + " is not on the PATH");
            Files.createSymbolicLink(tools.resolve(tool), found);
        }
    }

    private static Simulator open(Elaboration<?> design) {
        return Simulators.icarus(
                design,
                IcarusOptions.defaults()
                        .withEnvironment(Map.of(
                                "PATH",
                                tools.toString(),
                                "XDG_CACHE_HOME",
                                tools.resolve("cache").toString())));
    }

    /** Wide and signed values, two clocks, something to watch. */
    static final class Sums extends Module {
        final Clock other = in(clock());
        final Bool add = in(bool());
        final SInt x = in(sint(100));
        final UInt limit = in(uint(8));
        final SInt sum = out(sint(100));
        final UInt count = out(uint(8));
        final UInt elsewhere = out(uint(8));
        final UInt forgotten = out(uint(8));
        final Bool six = out(bool());

        Sums() {
            var total = reg(sint(100)).init(-1);
            var steps = reg(uint(8)).init(0);
            var never = reg(uint(8));
            var far = reg(uint(8), domain(other));
            when(add, () -> {
                total.set(total.wrapAdd(x));
                steps.set(steps.wrapAdd(1));
            });
            when(add.and(steps.eq(3)), () -> never.set(7));
            when(limit.eq(0), () -> far.set(0)).otherwise(() -> far.set(far.wrapAdd(1)));
            sum.set(total);
            count.set(steps);
            elsewhere.set(far);
            forgotten.set(never);
            six.set(steps.eq(6));
            require(steps.le(limit), "beyond");
            when(steps.eq(5), () -> printf("five, %d", total));
            when(steps.eq(9), () -> stop("nine"));
        }
    }

    private static List<Object> run(Simulator sim, Sums top, List<String> lines) {
        var random = new Random(3);
        var seen = new ArrayList<Object>();
        sim.onPrint(lines::add);
        sim.ownClock(3, 1);
        sim.clock(top.other, 2, 0);
        sim.poke(top.limit, 0);
        sim.reset(3);
        sim.poke(top.limit, 255);
        for (int i = 0; i < 40; i++) {
            sim.poke(top.add, random.nextInt(4) == 0);
            sim.poke(top.x, new BigInteger(99, random).subtract(BigInteger.ONE.shiftLeft(98)));
            try {
                sim.step(1);
            } catch (SimulationException e) {
                seen.add(e.getMessage());
            }
            seen.add(sim.peekBig(top.sum));
            seen.add(sim.peek(top.count));
            seen.add(sim.peek(top.elsewhere));
        }
        return seen;
    }

    @Test
    void agreesWithTheEmbeddedEngine() {
        for (ResetKind kind : ResetKind.values()) {
            var design = Circuit.of(kind, Sums::new);
            var expected = new ArrayList<String>();
            var lines = new ArrayList<String>();
            try (var plain = open(design);
                    var embedded = Simulators.embedded(design)) {
                assertThat(run(plain, design.top(), lines)).isEqualTo(run(embedded, design.top(), expected));
            }
            assertThat(lines).isEqualTo(expected).isNotEmpty();
        }
    }

    @Test
    void batchesConditionsAndUnknownValues() {
        var design = Circuit.of(Sums::new);
        var top = design.top();
        try (var sim = open(design)) {
            assertThat(sim.isUnknown(top.count)).isTrue();
            sim.poke(top.limit, 100);
            sim.reset(1);
            assertThat(sim.isUnknown(top.count)).isFalse();
            assertThatThrownBy(() -> sim.peek(top.forgotten)).hasMessageContaining("forgotten (UInt(8), ");
            var batch = sim.batch(List.of(top.add, top.x), List.of(top.sum, top.forgotten), 5);
            for (int i = 0; i < 5; i++) {
                batch.set(i, 0, 1);
                batch.set(i, 1, -i);
                batch.stimulus().put(3 * i + 2, i == 0 ? 0 : -1);
            }
            batch.run(5);
            for (int i = 0, sum = -1; i < 5; sum -= i++) {
                assertThat(batch.get(i, 0)).isEqualTo(sum);
                assertThat(batch.isUnknown(i, 1)).isEqualTo(i < 4);
            }
            assertThat(batch.get(4, 1)).isEqualTo(7);
            assertThat(sim.runUntil(top.six, 10)).isEqualTo(1);
            sim.poke(top.limit, 7);
            assertThatThrownBy(() -> sim.step(5))
                    .isInstanceOf(RequireException.class)
                    .hasMessageContaining("require failed in cycle 9 at")
                    .hasMessageContaining("beyond; steps = 8, limit = 7 (in Sums)");
            assertThat(sim.cycle()).isEqualTo(10);
        }
    }

    @Test
    void whatNeedsTheModuleSaysSo(@TempDir Path directory) {
        var design = Circuit.of(Sums::new);
        try (var sim = open(design)) {
            assertThatThrownBy(() -> sim.trace(directory.resolve("x.vcd")))
                    .hasMessageContaining("a trace needs the module of the Icarus engine, which is built by g++");
        }
        var pins = Circuit.of(UnknownIT.Handshakes::new);
        try (var sim = open(pins)) {
            assertThatThrownBy(() -> sim.attachMemory("m_axi", MemoryConfig.of(4096, 3)))
                    .hasMessageContaining("a memory behind m_axi needs the module")
                    .hasMessageContaining("apt-get install g++");
        }
    }
}
