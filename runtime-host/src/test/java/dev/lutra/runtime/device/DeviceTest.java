// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.Machine;
import dev.lutra.machine.Register;
import dev.lutra.machine.RunError;
import dev.lutra.machine.Unit;
import dev.lutra.machine.UserException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DeviceTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final RegionCall CALL = new RegionCall(3, 2, List.of(7, 8), List.of(0x1000L, 0x1_0000_2000L));

    private final Machine machine = Machine.standard();
    private final FakeLink link = new FakeLink(machine);
    private final Device device = Device.over(machine, link);

    @AfterEach
    void close() {
        device.close();
    }

    @Test
    void argumentsReachTheRegistersAndCountersComeBack() throws InterruptedException {
        link.set(Register.CYCLES_LO, 0xFFFF_FFFF);
        link.set(Register.CYCLES_HI, 1);
        link.set(Register.BUSY_MX_LO, 17);
        link.set(Register.STALL_ST_LO, 18);
        link.set(Register.BYTES_WRITTEN_LO, 19);
        Counters counters = device.start(CALL, LONG).await();
        assertThat(link.get(Register.ENTRY)).isEqualTo(3);
        assertThat(link.get(Register.LAYER)).isEqualTo(2);
        assertThat(link.get(Register.LEN1)).isEqualTo(7);
        assertThat(link.get(Register.LEN2)).isEqualTo(8);
        assertThat(link.get(Register.BASE0_LO)).isEqualTo(0x1000);
        assertThat(link.get(Register.BASE1_LO)).isEqualTo(0x2000);
        assertThat(link.get(Register.BASE1_HI)).isEqualTo(1);
        assertThat(counters.cycles()).isEqualTo(0x1_FFFF_FFFFL);
        assertThat(counters.busy()).containsEntry(Unit.MX, 17L);
        assertThat(counters.stalled()).containsEntry(Unit.ST, 18L);
        assertThat(counters.bytesWritten()).isEqualTo(19);
    }

    @Test
    void anErrorOfTheAcceleratorIsReportedWithItsPlaceAndTheDeviceGoesOn() throws InterruptedException {
        link.behaviour = FakeLink.Behaviour.FAILS;
        link.error = RunError.MEMORY_READ;
        link.set(Register.ERROR_PC, 5);
        assertThatThrownBy(() -> device.start(CALL, LONG).await())
                .isInstanceOfSatisfying(RegionException.class, failure -> {
                    assertThat(failure.error()).isEqualTo(RunError.MEMORY_READ);
                    assertThat(failure).hasMessageContaining("instruction 5");
                });
        link.behaviour = FakeLink.Behaviour.ENDS;
        link.error = RunError.NONE;
        device.start(CALL, LONG).await();
        assertThat(link.resets).isZero();
    }

    @Test
    void aDeadBusIsResetAndTheProgramStaysLoaded() {
        Buffer program = device.allocate(64);
        device.load(program, 4, machine.fingerprint());
        link.behaviour = FakeLink.Behaviour.FAILS;
        link.error = RunError.BUS_DEAD;
        assertThatThrownBy(() -> device.start(CALL, LONG).await()).isInstanceOf(RegionException.class);
        assertThat(link.resets).isEqualTo(1);
        assertThat(link.get(Register.PROG_LEN)).isEqualTo(4);
        assertThat(link.get(Register.WATCHDOG)).isPositive();
    }

    /** Or its counters would be those of no region. */
    @Test
    void aBoardThatIsResetWhenARegionHasEndedIsReported() {
        FakeLink forgetful = new FakeLink(machine) {
            @Override
            public int readRegister(int offset) {
                if (offset == Register.CYCLES_LO.offset()) {
                    reset();
                }
                return super.readRegister(offset);
            }
        };
        try (Device board = Device.over(machine, forgetful)) {
            assertThatThrownBy(() -> board.start(CALL, LONG).await())
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("was reset");
        }
    }

    @Test
    void aRegionThatDoesNotEndIsAborted() {
        link.behaviour = FakeLink.Behaviour.HANGS_BUT_ABORTS;
        assertThatThrownBy(() -> device.start(CALL, Duration.ofMillis(20)).await())
                .isInstanceOf(RegionException.class)
                .hasMessageContaining("20 ms");
        assertThat(link.resets).isZero();
    }

    @Test
    void aCancelledRegionIsAborted() {
        link.behaviour = FakeLink.Behaviour.HANGS_BUT_ABORTS;
        Run run = device.start(CALL, LONG);
        run.cancel();
        assertThatThrownBy(run::await).isInstanceOf(CancellationException.class);
    }

    @Test
    void aProgramForAnotherMachineIsRefusedWithBothFingerprints() {
        Buffer program = device.allocate(64);
        assertThatThrownBy(() -> device.load(program, 4, 0x123))
                .isInstanceOfSatisfying(
                        UserException.class, e -> assertThat(e.kind()).isEqualTo(UserException.Kind.BAD_INPUT))
                .hasMessageContaining("0000000000000123")
                .hasMessageContaining(machine.fingerprintText());
    }

    @Test
    void anotherAcceleratorIsRefusedAndItsLinkClosed() {
        FakeLink other = new FakeLink(machine);
        other.set(Register.FINGERPRINT_LO, 1);
        assertThatThrownBy(() -> Device.over(machine, other)).isInstanceOf(UserException.class);
        assertThat(other.closed).isTrue();
    }

    @Test
    void buffersHoldWhatIsWrittenAndTheirBoundsAreChecked() {
        Buffer first = device.allocate(10);
        Buffer second = device.allocate(10);
        device.write(second, 2, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        ByteBuffer back = ByteBuffer.allocate(10);
        device.read(second, 0, back);
        assertThat(back.array()).containsExactly(0, 0, 1, 2, 3, 0, 0, 0, 0, 0);
        assertThatThrownBy(() -> device.write(first, 8, ByteBuffer.allocate(3)))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void memoryIsReusedAndItsEndIsSaid() {
        Buffer first = device.allocate(1 << 15);
        Buffer second = device.allocate(1 << 15);
        assertThatThrownBy(() -> device.allocate(1))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("device memory is full");
        device.release(first);
        device.release(second);
        assertThat(device.allocate(1 << 16).address()).isZero();
    }
}
