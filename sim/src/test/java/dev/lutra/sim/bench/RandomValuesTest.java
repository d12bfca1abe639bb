// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SFix;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RandomValuesTest {
    static final class Top extends Module {
        final UInt narrow = in(uint(3));
        final UInt word = in(uint(64));
        final SInt signed = in(sint(12));
        final SInt digit = in(sint(range(-3, 9)));
        final SFix gain = in(sfix(1, 7));
        final UInt any = out(uint(64));

        Top() {
            any.set(word.xor(cat(narrow, signed, digit, gain.raw()).asUInt()));
        }
    }

    private final Top top = Circuit.of(Top::new).top();

    private static TreeMap<Long, Integer> draw(RandomValues values, int count) {
        var seen = new TreeMap<Long, Integer>();
        for (int i = 0; i < count; i++) {
            seen.merge(values.next(), 1, Integer::sum);
        }
        return seen;
    }

    private static RandomValues of(Data port) {
        return new RandomValues(port, new SplittableRandom(1));
    }

    @Test
    void allOfTheRangeAndNothingElse() {
        assertThat(draw(of(top.narrow), 1000)).hasSize(8).containsKeys(0L, 7L);
        assertThat(draw(of(top.digit), 2000)).hasSize(13).containsKeys(-3L, 9L);
        var gain = draw(of(top.gain), 5000);
        assertThat(gain.firstKey()).isEqualTo(-128);
        assertThat(gain.lastKey()).isEqualTo(127);
    }

    /** Even spread alone would bring each of these once in 4096 values. */
    @Test
    void cornersComeOften() {
        var seen = draw(of(top.signed), 4000);
        for (long corner : new long[] {-2048, -2047, -1, 0, 1, 2, 1024, 2046, 2047, 0x555}) {
            assertThat(seen.getOrDefault(corner, 0)).as("%d", corner).isGreaterThan(20);
        }
        assertThat(seen).hasSizeGreaterThan(1000);
        assertThat(draw(of(top.signed).corners(0), 4000).get(2047L)).isIn(null, 1, 2, 3, 4, 5, 6);
    }

    @Test
    void wholeWordsAreDrawn() {
        var seen = draw(of(top.word), 2000);
        assertThat(seen).containsKeys(0L, -1L, Long.MAX_VALUE, Long.MIN_VALUE, 0x5555555555555555L);
        assertThat(seen).hasSizeGreaterThan(1000);
    }

    @Test
    void constraintsHold() {
        var even = draw(of(top.signed).within(-100, 100).where(v -> v % 2 == 0), 5000);
        assertThat(even.keySet())
                .allMatch(v -> v % 2 == 0 && v >= -100 && v <= 100)
                .hasSize(101);
        assertThatThrownBy(() -> of(top.signed).within(0, 5000))
                .hasMessage("0 to 5000 for signed: SInt(12), whose values are -2048 to 2047");
        assertThatThrownBy(() -> of(top.signed).where(v -> v == 3000).next())
                .hasMessage("signed: SInt(12): no value found that meets the constraint in 10000 tries");
    }

    @Test
    void oneSeedOneSequence() {
        assertThat(draw(of(top.word), 100)).isEqualTo(draw(of(top.word), 100));
    }
}
