// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import static dev.lutra.hdl.Hdl.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import org.junit.jupiter.api.Test;

/** Circuits that Verilator 5.006 gets wrong unless some of its optimisations are off; random circuits found them. */
class WrongOptimisationIT {

    private static final class Word extends Module {
        final UInt divisor = in(uint(1));
        final Bits word = out(bits(115));

        Word() {
            var memory = memory(bits(1), 1);
            var rest = wire(uint(4));
            rest.set(lit(0, 1).rem(divisor).extend(4));
            var bit = memory.read(lit(0, 4));
            word.set(cat(bit, lit(false), lit(true), lit(0, 31), rest, bit, lit(0, 76)));
        }
    }

    private static final class Parity extends Module {
        final UInt divisor = in(uint(1));
        final Bool parity = out(bool());

        Parity() {
            var word = new Word();
            word.divisor.set(divisor);
            parity.set(word.word.xorR());
        }
    }

    /** The constant 1 in the word was lost. */
    @Test
    void theParityOfAWordWithConstantsInIt() {
        assumeTrue(EngineKind.VERILATOR.missing().isEmpty(), () -> "skipped: " + EngineKind.VERILATOR.missing());
        var design = Circuit.of(Parity::new);
        try (Simulator sim = EngineKind.VERILATOR.open(design)) {
            sim.reset(1);
            sim.step(1);
            assertThat(sim.peekBool(design.top().parity)).isTrue();
        }
    }
}
