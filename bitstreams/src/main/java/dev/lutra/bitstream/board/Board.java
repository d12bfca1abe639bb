// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.board;

import dev.lutra.hdl.stats.Target;
import dev.lutra.machine.UserException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A board, as its description says. Each part of it names the source of its facts.
 *
 * @param name as commands take it
 * @param title for people
 * @param part the FPGA
 * @param clocks that come to the FPGA
 * @param pins by the signal of a design that goes there
 * @param memories on the chip and beside it
 * @param hosts ways to the host, the usual one first
 * @param flow tools that make a bitstream
 * @param program commands that load one, the usual one first; the word BITSTREAM stands for the file, OFFSET for where in the
 *     flash it begins
 */
public record Board(
        String name,
        String title,
        Part part,
        List<Clock> clocks,
        List<Pin> pins,
        List<Memory> memories,
        List<Host> hosts,
        Flow flow,
        List<List<String>> program) {

    public Board {
        clocks = List.copyOf(clocks);
        pins = List.copyOf(pins);
        memories = List.copyOf(memories);
        hosts = List.copyOf(hosts);
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("board " + name + " has no way to a host");
        }
        program = program.stream().map(List::copyOf).toList();
    }

    /** Tools that make a bitstream. */
    public enum Flow {
        /** Yosys, nextpnr-ice40, icepack. */
        icestorm,
        /** Yosys, nextpnr-ecp5, ecppack. */
        trellis,
        /** Vivado. */
        vivado,
        /** Vitis, for a platform with XRT. */
        vitis;

        /** Whether {@code lutra build} runs it. */
        public boolean isRun() {
            return this == icestorm;
        }
    }

    /**
     * An FPGA.
     *
     * @param name as its tools know it
     * @param family that estimates are made for: id of a {@link Target}
     * @param luts look-up tables
     * @param blockRams memory blocks of the size of {@link Target}
     * @param wideRams larger memory blocks (SPRAM, UltraRAM)
     * @param wideRamBytes size of one of them
     */
    public record Part(
            String name,
            String family,
            int luts,
            int flipFlops,
            int dsps,
            int blockRams,
            int wideRams,
            int wideRamBytes,
            String source) {

        public Part {
            if (targetOf(family).isEmpty()) {
                throw new IllegalArgumentException("there is no family '" + family + "'");
            }
        }

        /** What estimates are made for. */
        public Target target() {
            return targetOf(family).orElseThrow();
        }

        private static Optional<Target> targetOf(String family) {
            for (Target target : Target.values()) {
                if (target.id().equals(family)) {
                    return Optional.of(target);
                }
            }
            return Optional.empty();
        }
    }

    /** A clock; {@code pin} is empty where it comes from inside the chip. */
    public record Clock(String name, String pin, double megahertz, String source) {}

    /** Where a signal of a design goes; {@code _n} at its end means that the board inverts it. */
    public record Pin(String signal, String pin, String source) {}

    /**
     * A memory.
     *
     * @param bytesPerSecond most that it can give
     * @param usable whether designs of ours, with the tools of the board, can use it today
     */
    public record Memory(String name, long bytes, long bytesPerSecond, boolean usable, String source) {
        /** Whether it keeps its contents, and is only read. */
        public boolean isFlash() {
            return name.endsWith("flash");
        }
    }

    /**
     * A way to the host.
     *
     * @param kind scheme of the device's address
     * @param device usual address, or file of a serial line or a chip select
     * @param bytesPerSecond line rate, 0 where it is not known
     * @param baud bits a second of a serial line or an SPI bus, else 0
     */
    public record Host(String kind, String device, long bytesPerSecond, int baud, String source) {}

    /** The way to the host that is used. */
    public Host host() {
        return hosts.get(0);
    }

    /**
     * The board with another way to its host.
     *
     * @param kind of one that it has
     * @throws UserException if it has none of that kind
     */
    public Board through(String kind) {
        Host chosen = hosts.stream()
                .filter(host -> host.kind().equals(kind))
                .findFirst()
                .orElseThrow(() -> UserException.badInput(
                        "board " + name + " has no host link '" + kind + "'",
                        "It has: " + hosts.stream().map(Host::kind).collect(Collectors.joining(", "))));
        return new Board(name, title, part, clocks, pins, memories, List.of(chosen), flow, program);
    }

    /** The pin of a signal, if the board has one. */
    public Optional<String> pin(String signal) {
        return pins.stream()
                .filter(p -> p.signal().equals(signal))
                .map(Pin::pin)
                .findFirst();
    }
}
