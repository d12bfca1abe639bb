// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lutra.machine.ControlBit;
import dev.lutra.machine.Machine;
import dev.lutra.machine.MachineFile;
import dev.lutra.machine.Register;
import dev.lutra.machine.UserException;
import dev.lutra.runtime.device.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Runs of steps on a virtual board whose host is killed or cancelled, or that is reset, in the middle of a text: the next host writes the right one. */
final class VirtualStepsTest {
    private static final long SEED = 17;

    private static final boolean DEEP = Boolean.getBoolean("lutra.deep");

    private static final int STEPS = 4;
    private static final int LONGEST_MILLIS = 200;

    private static VirtualAccelerator accelerator;
    private static VirtualNetworkBoard board;
    private static TinyText text;
    private static TinyText longText;
    private static String address;

    @BeforeAll
    static void switchOn(@TempDir Path directory) throws IOException {
        Machine machine = StepDeviceTest.machine();
        Path file = Files.writeString(
                directory.resolve("machine.json"),
                MachineFile.of(machine, "0000", Map.of()).toJson());
        text = TinyText.of(machine, STEPS);
        longText = TinyText.of(machine, TinyText.LONG);
        accelerator = VirtualAccelerator.open(machine, BoardEngine.KIND, 4 << 20, step -> {});
        board = VirtualNetworkBoard.open(accelerator);
        address = board.address("tcp") + "&machine=" + file;
    }

    @AfterAll
    static void switchOff() {
        board.close();
        accelerator.close();
    }

    private static void theNextHostWritesIt() {
        try (Device device = Device.open(address)) {
            text.check(device);
        }
    }

    /** A long text, in which something happens after so many tokens. */
    private static void write(Device device, int tokens, Runnable event) {
        var come = new AtomicInteger();
        longText.write(device, (logit, number) -> {
            if (come.incrementAndGet() == tokens) {
                event.run();
            }
        });
    }

    @Test
    void aResetBetweenTwoTokensIsReported() {
        try (Device device = Device.open(address)) {
            text.check(device);
            assertThatThrownBy(() -> write(device, 2, accelerator::reset))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining(" was reset");
        }
        theNextHostWritesIt();
    }

    @Test
    @EnabledIfSystemProperty(
            named = "lutra.deep",
            matches = "true",
            disabledReason = "some minutes; ./lutra test --deep")
    void aResetAtAnyTimeIsReportedOrTheTextIsRight() throws IOException, InterruptedException {
        RandomResets.press(accelerator::reset, () -> text.attempt(address), VirtualStepsTest::theNextHostWritesIt);
    }

    /** The thread that waits for the text is interrupted, as by Ctrl-C; the same host may go on. */
    @Test
    void aTextThatIsCancelledStopsTheDevice() {
        try (Device device = Device.open(address)) {
            Thread waiting = Thread.currentThread();
            for (int tokens = 1; tokens <= (DEEP ? 8 : 1); tokens++) {
                int after = tokens;
                assertThatThrownBy(() -> write(device, after, waiting::interrupt))
                        .isInstanceOf(CancellationException.class);
                assertThat(Thread.interrupted()).isTrue();
                text.check(device);
            }
        }
        theNextHostWritesIt();
    }

    @Test
    void aHostThatIsKilledDoesNotHinderTheNext() throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < (DEEP ? 50 : 1); i++) {
            try (HostProcess victim = new HostProcess(null)) {
                victim.works("open " + address);
                victim.begin("loop");
                while (!isBusy()) {
                    TimeUnit.MILLISECONDS.sleep(1);
                }
                TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_MILLIS));
                victim.kill();
            }
            assertThat(isBusy()).as("the board goes on without its host").isTrue();
            theNextHostWritesIt();
        }
    }

    private static boolean isBusy() {
        return (accelerator.readRegister(Register.CTRL.offset()) & ControlBit.IDLE.mask()) == 0;
    }
}
