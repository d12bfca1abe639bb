// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.ir.Circuit;
import dev.lutra.hdl.ir.Direction;
import dev.lutra.hdl.ir.Port;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The generated code against an interpreter of the IR, on random circuits. A failure names the seed: {@link #run}. */
class RandomCircuitTest {
    private static final int CYCLES = 12;

    @ParameterizedTest
    @CsvSource({"1, 8, 40", "2, 40, 40", "3, 70, 40", "4, 200, 60"})
    void agreesWithTheInterpreter(long firstSeed, int maxWidth, int circuits) {
        boolean deep = Boolean.getBoolean("lutra.deep");
        for (long i = 0; i < circuits * (deep ? 100L : 1L); i++) {
            run(firstSeed * 1_000_000 + i, maxWidth);
        }
    }

    @Test
    void circuitsAreWorthComparing() {
        // Most outputs must change at some time, or the comparison says nothing.
        int changing = 0;
        int outputs = 0;
        for (long seed = 0; seed < 50; seed++) {
            Circuit circuit = RandomCircuit.of(seed, 40);
            var random = new Random(seed);
            var interpreter = new Interpreter(circuit);
            for (Port port : circuit.top().ports()) {
                if (port.direction() == Direction.OUT) {
                    outputs++;
                    BigInteger first = interpreter.peek(port);
                    for (int cycle = 0; cycle < CYCLES; cycle++) {
                        for (Port in : circuit.top().ports()) {
                            if (in.direction() == Direction.IN) {
                                interpreter.poke(in, RandomCircuit.number(random, in.type()));
                            }
                        }
                        if (!interpreter.peek(port).equals(first)) {
                            changing++;
                            break;
                        }
                        interpreter.edge(false);
                    }
                }
            }
        }
        assertThat(changing).isGreaterThan(outputs / 2);
    }

    private static void run(long seed, int maxWidth) {
        Circuit circuit = seed % 2 == 0 ? RandomCircuit.of(seed, maxWidth) : RandomCircuit.ofLanguage(seed, maxWidth);
        var random = new Random(seed);
        var interpreter = new Interpreter(circuit);
        try (var engine = EmbeddedEngine.open(circuit)) {
            List<Port> ports = circuit.top().ports();
            var lines = new ArrayList<String>();
            engine.speech().listener(lines::add);
            compare(seed, maxWidth, ports, interpreter, engine);
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                for (int i = 0; i < ports.size(); i++) {
                    Port port = ports.get(i);
                    if (port.direction() == Direction.IN && random.nextInt(4) > 0) {
                        BigInteger value = RandomCircuit.number(random, port.type());
                        interpreter.poke(port, value);
                        engine.poke(i, words(value, port.type().width()));
                    }
                }
                compare(seed, maxWidth, ports, interpreter, engine);
                boolean reset = random.nextInt(6) == 0;
                List<String> expected = reset ? List.of() : interpreter.printed();
                lines.clear();
                interpreter.edge(reset);
                if (reset) {
                    engine.reset(1);
                } else {
                    engine.step(1);
                }
                assertThat(lines).as("run(%d, %d)", seed, maxWidth).isEqualTo(expected);
                compare(seed, maxWidth, ports, interpreter, engine);
            }
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed + ", width " + maxWidth, e);
        }
    }

    private static void compare(
            long seed, int maxWidth, List<Port> ports, Interpreter interpreter, EmbeddedEngine engine) {
        for (int i = 0; i < ports.size(); i++) {
            Port port = ports.get(i);
            if (port.direction() == Direction.OUT) {
                BigInteger expected = interpreter.peek(port);
                long[] words = new long[(port.type().width() + 63) / 64];
                engine.peek(i, words);
                assertThat(words)
                        .as("run(%d, %d): %s in cycle %d", seed, maxWidth, port, engine.cycle())
                        .isEqualTo(words(expected, port.type().width()));
            }
        }
    }

    private static long[] words(BigInteger value, int width) {
        long[] words = new long[(width + 63) / 64];
        for (int k = 0; k < words.length; k++) {
            words[k] = value.shiftRight(64 * k).longValue();
        }
        return words;
    }
}
