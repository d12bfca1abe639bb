// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.gen.accel.HostLine;
import dev.lutra.gen.device.VirtualAccelerator;
import dev.lutra.gen.device.VirtualBoard;
import dev.lutra.gen.device.VirtualCard;
import dev.lutra.gen.device.VirtualNetworkBoard;
import dev.lutra.gen.device.VirtualSpiBoard;
import dev.lutra.machine.Bus;
import dev.lutra.machine.IoReason;
import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import dev.lutra.sim.EngineKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "virtual",
        description = "Test equipment: simulates a board that is not there, until Ctrl-C.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  ./lutra virtual",
            "  ./lutra run --model stories260K --weights int2 \\",
            "    --device 'uart:/dev/pts/4?timeout=5000'",
            "",
            "  ./lutra virtual --link spi",
            "  ./lutra virtual --link network",
            "  ./lutra virtual --link card",
            "",
            "serial: a board with its memory on the chip, behind a pseudo-terminal; spi: the same on an SPI bus, behind a file of spidev. The machine is",
            "that of --preset small unless another one with memory on the chip is given. network: Etherbone on the loopback. card: files and functions of a card's drivers, made",
            "with gcc. Both have the default machine unless one is given. Hosts of spi:, xdma: and uio: need the LD_PRELOAD that is printed.",
            "What a host meets is what a board would send; only its time is that of the simulation, hence the time-outs in the addresses."
        })
final class VirtualCommand implements Callable<Integer> {

    /** Fewest that the serial receiver takes, for short simulations. */
    private static final int CLOCKS_PER_BIT = 4;

    enum Way {
        serial,
        spi,
        network,
        card
    }

    @Option(
            names = "--link",
            paramLabel = "WAY",
            defaultValue = "serial",
            description = "serial, spi, network or card (default: ${DEFAULT-VALUE}).")
    private Way way = Way.serial;

    @Option(
            names = "--memory",
            paramLabel = "MIB",
            defaultValue = "64",
            description = "network and card: memory beside the accelerator (default: ${DEFAULT-VALUE}).")
    private int memory;

    @Mixin
    private final MachineOptions options = new MachineOptions();

    @Option(
            names = "--simulator",
            paramLabel = "NAME",
            description = "verilator or embedded. Default: verilator if it and g++ are there.")
    private @Nullable String simulator;

    @Option(
            names = "--flash",
            paramLabel = "FILE",
            description = "What the board's flash holds from where the machine reads it: weights.flash of lutra build.")
    private @Nullable Path flash;

    @Option(
            names = "--clocks-per-bit",
            paramLabel = "N",
            defaultValue = "" + CLOCKS_PER_BIT,
            description = "serial: clock cycles of a bit on the line, a multiple of 4 (default: ${DEFAULT-VALUE}).")
    private int clocksPerBit;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Progress progress = new Progress(spec.commandLine().getErr(), false);
        if (way == Way.network || way == Way.card) {
            beside(out, progress);
            return ExitCode.OK.number();
        }
        Machine machine = options.isGiven() ? options.machine() : Machine.smallest();
        if (machine.bus().kind() != Bus.Kind.LOCAL) {
            throw UserException.badInput(
                    "a board on a serial line or an SPI bus has its memory on the chip, this machine has AXI4",
                    "Leave the machine out, or give one with bus.kind LOCAL.");
        }
        if (way == Way.spi) {
            try (VirtualSpiBoard board = VirtualSpiBoard.open(machine, flash(machine), engine(), progress::step)) {
                out.println("device  " + board.address());
                out.println("hosts   LD_PRELOAD=" + board.preload());
                forever(out, machine);
            }
        }
        if (clocksPerBit < CLOCKS_PER_BIT || clocksPerBit % 4 != 0) {
            throw UserException.badInput("--clocks-per-bit is " + clocksPerBit, "Give 4, 8, 12, ...");
        }
        try (VirtualBoard board =
                VirtualBoard.open(machine, new HostLine.Uart(clocksPerBit), flash(machine), engine(), progress::step)) {
            out.println("device  " + board.address());
            out.println("machine " + machine.fingerprintText());
            out.flush();
            board.await();
        }
        return ExitCode.OK.number();
    }

    private byte @Nullable [] flash(Machine machine) {
        if (flash == null) {
            return null;
        }
        try {
            byte[] image = Files.readAllBytes(flash);
            if (!machine.bus().hasFlash() || image.length > machine.bus().flashBase()) {
                throw UserException.badInput(
                        flash + " has " + image.length + " bytes, this machine reads "
                                + (machine.bus().hasFlash() ? machine.bus().flashBase() : 0) + " of a flash",
                        "Give the machine.json that lutra build wrote with it: --machine FILE.");
            }
            return image;
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT, "cannot read " + flash + ": " + IoReason.of(e), null, e);
        }
    }

    /** Boards whose memory lies beside the accelerator. */
    private void beside(PrintWriter out, Progress progress) throws InterruptedException {
        Machine machine = options.isGiven() ? options.machine() : Machine.standard();
        if (machine.bus().kind() != Bus.Kind.AXI4) {
            throw UserException.badInput(
                    "a virtual board with --link " + way + " has memory behind AXI4, this machine has its own",
                    "Leave the machine out, or give one with bus.kind AXI4.");
        }
        if (flash != null) {
            throw UserException.badInput(
                    "a virtual board with --link " + way + " has no flash", "Leave out --flash, or --link.");
        }
        if (memory < 2 || memory > 1024) {
            throw UserException.badInput("--memory is " + memory, "Legal is 2..1024 MiB.");
        }
        try (VirtualAccelerator accelerator =
                VirtualAccelerator.open(machine, engine(), (long) memory << 20, progress::step)) {
            if (way == Way.network) {
                try (VirtualNetworkBoard board = VirtualNetworkBoard.open(accelerator)) {
                    out.println("device  " + board.address("udp"));
                    out.println("device  " + board.address("tcp"));
                    forever(out, machine);
                }
            } else {
                try (VirtualCard card = VirtualCard.open(accelerator)) {
                    out.println("device  " + card.xdmaAddress());
                    out.println("device  " + card.uioAddress());
                    out.println("device  " + card.xrtAddress());
                    out.println("hosts   LD_PRELOAD=" + card.preload() + " for the first two");
                    forever(out, machine);
                }
            }
        }
    }

    private static void forever(PrintWriter out, Machine machine) throws InterruptedException {
        out.println("machine " + machine.fingerprintText());
        out.flush();
        new CountDownLatch(1).await();
    }

    private EngineKind engine() {
        String name = simulator == null ? DefaultDevice.address().substring("sim:".length()) : simulator;
        for (EngineKind engine : EngineKind.values()) {
            if (engine != EngineKind.ICARUS && engine.toString().equals(name.toLowerCase(Locale.ROOT))) {
                return engine;
            }
        }
        throw UserException.badInput("--simulator is '" + name + "'", "Simulators: verilator, embedded");
    }
}
