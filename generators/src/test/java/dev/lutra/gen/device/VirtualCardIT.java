// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lutra.machine.Machine;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.build.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code xdma:}, {@code uio:} and {@code xrt:} against a virtual card, by a host that is a process of its own. */
final class VirtualCardIT {

    enum Way {
        XDMA,
        UIO,
        XRT;

        String address() {
            return switch (this) {
                case XDMA -> card.xdmaAddress();
                case UIO -> card.uioAddress();
                case XRT -> card.xrtAddress();
            };
        }
    }

    private static VirtualAccelerator accelerator;
    private static VirtualCard card;
    private static HostProcess host;
    private static HostProcess second;

    @BeforeAll
    static void switchOn() throws InterruptedException, IOException {
        assumeTrue(Command.locate("gcc", System.getenv("PATH")) != null, "there is no gcc");
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "the shim of uio: is for x86-64");
        accelerator = VirtualAccelerator.open(Machine.standard(), EngineKind.EMBEDDED, 4 << 20, step -> {});
        card = VirtualCard.open(accelerator);
        host = new HostProcess(card.preload());
        second = new HostProcess(card.preload());
    }

    @AfterAll
    static void switchOff() {
        if (host != null) {
            host.close();
            second.close();
            card.close();
            accelerator.close();
        }
    }

    private static void theNextRunWorks(Way way) throws IOException {
        host.session(way.address(), "run");
    }

    @ParameterizedTest
    @EnumSource
    void computesAsInASimulation(Way way) throws IOException {
        host.session(way.address(), "run", "blocks");
        host.session(way.address(), "patch", "run");
        theNextRunWorks(way);
    }

    @ParameterizedTest
    @EnumSource
    void aSecondHostIsRefusedAndDoesNotDisturbTheFirst(Way way) throws IOException {
        host.works("open " + way.address());
        assertThat(second.order("open " + way.address())).contains("is in use by another process | End that process");
        host.works("run");
        host.works("close");
        second.session(way.address(), "run");
    }

    @ParameterizedTest
    @EnumSource
    void aCardThatDoesNotAnswerIsReported(Way way) throws IOException {
        host.works("open " + way.address());
        host.works("run");
        card.die(true);
        try {
            assertThat(host.order("run"))
                    .matches("the .* does not answer: all its registers read 0xFFFFFFFF \\| .*"
                            + "|cannot (read|write) .*: \\[5] Input/output error \\| .*dmesg.*"
                            + "|copying .* failed: .* is gone or hangs \\| xrt-smi.*");
            host.order("close");
            assertThat(host.order("open " + way.address()))
                    .matches("the .* does not answer: all its registers read 0xFFFFFFFF \\| .*"
                            + "|.* has no [0-9,]+ bytes of memory .*");
        } finally {
            card.die(false);
        }
        theNextRunWorks(way);
    }

    @ParameterizedTest
    @EnumSource
    void aCardThatIsPulledIsReported(Way way) throws IOException {
        host.works("open " + way.address());
        host.works("run");
        card.pull();
        assertThat(host.order("run"))
                .matches(".* is gone: the board was unplugged, lost its power or is being programmed \\| .*"
                        + "|the .* does not answer: all its registers read 0xFFFFFFFF \\| .*"
                        + "|.* failed: .* is gone or hangs \\| .*");
        host.order("close");
        theNextRunWorks(way);
    }

    @ParameterizedTest
    @EnumSource
    void aCardThatIsResetIsReported(Way way) throws IOException {
        host.works("open " + way.address());
        accelerator.reset();
        assertThat(host.order("run")).matches("the .* was reset: .*");
        host.works("close");
        theNextRunWorks(way);
    }

    @ParameterizedTest
    @EnumSource
    void aCardThatIsResetAtAnyTimeIsReportedOrComputesRight(Way way) throws IOException, InterruptedException {
        RandomResets.press(
                accelerator::reset, () -> host.order("attempt " + way.address()), () -> theNextRunWorks(way));
    }

    @Test
    void theBitstreamOfAnotherMachineIsRefused(@TempDir Path directory) throws IOException {
        Path file = OtherMachine.write(directory);
        for (Way way : Way.values()) {
            assertThat(host.order("open " + way.address() + "&machine=" + file)).contains(OtherMachine.FINGERPRINTS);
        }
        theNextRunWorks(Way.XRT);
    }

    @Test
    void wrongAddressesAreSaidInASentenceWithAHint() throws IOException {
        refused("xdma:", "xdma: names no card | Write xdma:0");
        refused("xdma:77", "cannot open /dev/xdma77_user: [2] No such file or directory | Is the xdma driver loaded");
        refused(
                Way.XDMA.address() + "&registers=4096",
                "at 0x1080: [14] Bad address | Check that the address options fit");
        refused(Way.XDMA.address() + "&registers=2", "at 0x82: [71] Protocol error");
        refused(Way.XDMA.address() + "&event=3", "_events_3: [2] No such file");
        refused("uio:", "uio: names no device | Write uio:0");
        refused("uio:77", "cannot open /dev/uio77: [2] No such file or directory | Is the accelerator's device-tree");
        refused(Way.UIO.address() + "/none", "UIO device uio0 has no map 0, which is the registers");
        refused("xrt:a", "device xrt:a names no card | Write xrt:0");
        refused("xrt:5?library=" + Way.XRT.address().replaceAll(".*library=|&.*", ""), "there is no card 5 of XRT | ");
        refused(Way.XRT.address() + "&kernel=other", "has no kernel other | Name the kernel");
        refused(Way.XRT.address() + "&xclbin=/no/such.xclbin", "cannot load /no/such.xclbin on card 0 of XRT | ");
        refused(
                Way.XRT.address().replaceAll("memory=.*", "memory=64"),
                "has no 67,108,864 bytes of memory in one piece for kernel lutra | Ask for less");
    }

    private static void refused(String address, String message) throws IOException {
        assertThat(host.order("open " + address)).contains(message);
    }

    @ParameterizedTest
    @EnumSource
    @EnabledIfSystemProperty(
            named = "lutra.deep",
            matches = "true",
            disabledReason = "starts many JVMs; ./lutra test --deep")
    void aHostThatIsKilledDoesNotHinderTheNext(Way way) throws IOException, InterruptedException {
        KilledHosts.kill(card.preload(), List.of(way.address()), () -> theNextRunWorks(way));
    }
}
