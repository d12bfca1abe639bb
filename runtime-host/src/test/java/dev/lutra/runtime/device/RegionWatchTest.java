// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.ControlBit;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Register;
import dev.lutra.machine.UserException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The end of a region as registers show it. */
final class RegionWatchTest {

    private static final Duration SHORT = Duration.ofMillis(5);

    private final FakeLink link = new FakeLink(Machine.standard());
    private final RegionWatch watch = new RegionWatch(link);

    private void show(int control, int pending) {
        link.set(Register.CTRL, control);
        link.set(Register.ISR, pending);
    }

    @Test
    void aRegionThatRunsHasNotEnded() {
        show(0, 0);
        assertThat(watch.hasEnded()).isFalse();
        assertThat(watch.poll(SHORT)).isFalse();
    }

    @Test
    void whatIsPendingHasEnded() {
        show(ControlBit.IDLE.mask(), 1);
        assertThat(watch.hasEnded()).isTrue();
        assertThat(watch.poll(Duration.ZERO)).isTrue();
    }

    /** Or a host would wait for what will never come. */
    @Test
    void anAcceleratorThatRestsWithNothingPendingWasReset() {
        show(ControlBit.IDLE.mask(), 0);
        assertThatThrownBy(() -> watch.poll(SHORT))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.kind()).isEqualTo(UserException.Kind.DEVICE))
                .hasMessageStartingWith("the fake was reset");
    }

    @Test
    void aRegionThatEndsBetweenTheTwoLooksWasNoReset() {
        FakeLink ending = new FakeLink(Machine.standard()) {
            @Override
            public int readRegister(int offset) {
                if (offset == Register.CTRL.offset()) {
                    set(Register.ISR, 1);
                }
                return super.readRegister(offset);
            }
        };
        ending.set(Register.CTRL, ControlBit.IDLE.mask());
        assertThat(new RegionWatch(ending).poll(SHORT)).isTrue();
    }
}
