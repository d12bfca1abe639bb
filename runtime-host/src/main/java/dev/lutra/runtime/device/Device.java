// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import dev.lutra.machine.Bus;
import dev.lutra.machine.ControlBit;
import dev.lutra.machine.Fingerprint;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Register;
import dev.lutra.machine.RunError;
import dev.lutra.machine.Unit;
import dev.lutra.machine.UserException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * An accelerator, simulated or real: buffers in its memory, a loaded program, and runs of its regions.
 *
 * <p>Regions run one at a time in the order in which they were started, on a thread of the device. Buffers must not be
 * read or written while a region that uses them runs, but by what looks after it ({@link #start(RegionCall, Duration, Runnable)}).
 */
public final class Device implements AutoCloseable {

    /** How long one wait for the interrupt may last: the delay of a cancellation. */
    private static final Duration SLICE = Duration.ofMillis(50);

    /** Time an aborted region gets to drain before the accelerator is reset. */
    private static final Duration DRAIN = Duration.ofSeconds(5);

    /** 2^22 cycles without any progress: far beyond any memory, and still a fraction of a second on hardware. */
    private static final int WATCHDOG = 4096;

    private final Machine machine;
    private final Link link;
    private final Allocator memory;
    private final ExecutorService runner;
    private long programAddress;
    private int programLength;

    private Device(Machine machine, Link link) {
        this.machine = machine;
        this.link = link;
        memory = new Allocator(
                link.memoryAddress(),
                Math.max(0, Math.min(link.memoryBytes(), machine.bus().writable() - link.memoryAddress())),
                machine.bus().kind() == Bus.Kind.LOCAL ? Allocator.LOCAL_ALIGNMENT : Allocator.AXI_ALIGNMENT);
        runner = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "lutra-device");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Opens a device by its address, {@code scheme:rest?key=value&...}; see {@link DeviceAddress}.
     *
     * @throws UserException if no back end knows the scheme, or it cannot be opened
     */
    public static Device open(String address) {
        return open(address, step -> {});
    }

    /**
     * As {@link #open(String)}.
     *
     * @param progress told, in words for people, of steps that take long
     */
    public static Device open(String address, Consumer<String> progress) {
        return open(DeviceAddress.parse(address), progress);
    }

    /** As {@link #open(String, Consumer)}. */
    public static Device open(DeviceAddress address, Consumer<String> progress) {
        return Devices.open(address, progress);
    }

    /** How the addresses of each kind of device are written, without their options. */
    public static List<String> forms() {
        return Devices.forms();
    }

    /**
     * Takes over a link to an accelerator that should be {@code machine}; checks that it is, and closes the link if not.
     */
    public static Device over(Machine machine, Link link) {
        Device device = new Device(machine, link);
        try {
            device.identify();
            return device;
        } catch (RuntimeException failure) {
            device.close();
            throw failure;
        }
    }

    public Machine machine() {
        return machine;
    }

    public String description() {
        return link.description();
    }

    /** Reserves device memory, aligned to 4 KiB, or to 64 bytes where it is on the chip. */
    public synchronized Buffer allocate(long bytes) {
        return memory.allocate(bytes);
    }

    /** Gives a buffer back. */
    public synchronized void release(Buffer buffer) {
        memory.release(buffer);
    }

    /** The window of the board's flash, which can be read and not written; empty without one. */
    public Optional<Buffer> flash() {
        Bus bus = machine.bus();
        return bus.hasFlash() ? Optional.of(new Buffer(bus.flashBase(), bus.flashBase())) : Optional.empty();
    }

    /** Writes all that remains in {@code source} to a buffer. */
    public void write(Buffer buffer, long offset, ByteBuffer source) {
        buffer.check(offset, source.remaining());
        synchronized (link) {
            link.writeMemory(buffer.address() + offset, source);
        }
    }

    /** Fills {@code destination} from a buffer. */
    public void read(Buffer buffer, long offset, ByteBuffer destination) {
        buffer.check(offset, destination.remaining());
        synchronized (link) {
            link.readMemory(buffer.address() + offset, destination);
        }
    }

    /**
     * Makes the instructions in a buffer the device's program.
     *
     * @param fingerprint of the machine that the program was made for
     * @param instructions how many, 16 bytes each
     * @throws UserException if the program is for another machine, or too long
     */
    public void load(Buffer program, int instructions, long fingerprint) {
        if (fingerprint != machine.fingerprint()) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT,
                    "the program was made for a machine with fingerprint " + Fingerprint.text(fingerprint)
                            + ", this device has " + machine.fingerprintText(),
                    "Map the model again for this machine: lutra map --machine machine.json");
        }
        if (instructions > machine.buffers().instructions()) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT,
                    "the program has " + instructions + " instructions, the program cache of this device holds "
                            + machine.buffers().instructions(),
                    "Map the model for a machine with a larger program cache.");
        }
        synchronized (link) {
            programAddress = program.address();
            programLength = instructions;
            tellProgram();
        }
    }

    /** Starts a region; it waits for its turn. */
    public Run start(RegionCall call, Duration timeout) {
        return start(call, timeout, () -> {});
    }

    /**
     * As {@link #start(RegionCall, Duration)}.
     *
     * @param look called on the device's thread again and again while the region runs; it may read buffers, and what it throws ends the region
     */
    public Run start(RegionCall call, Duration timeout, Runnable look) {
        AtomicBoolean cancelled = new AtomicBoolean();
        return new Run(
                runner.submit(() -> {
                    synchronized (link) {
                        return execute(call, timeout, cancelled, look);
                    }
                }),
                cancelled);
    }

    /** What the units did in the last region; {@link Trace#NONE} where the machine has no trace. */
    public Trace trace() {
        if (machine.trace() == 0) {
            return Trace.NONE;
        }
        synchronized (link) {
            return readTrace();
        }
    }

    private Counters execute(RegionCall call, Duration timeout, AtomicBoolean cancelled, Runnable look) {
        if (cancelled.get()) {
            throw new CancellationException("the region was cancelled before it started");
        }
        write(Register.ENTRY, call.entry());
        write(Register.LAYER, call.layer());
        for (int i = 0; i < call.lengths().size(); i++) {
            write(Register.length(i), call.lengths().get(i));
        }
        for (int i = 0; i < call.bases().size(); i++) {
            writeAddress(Register.base(i), call.bases().get(i));
        }
        write(Register.CTRL, ControlBit.START.mask());

        long deadline = System.nanoTime() + timeout.toNanos();
        while (!link.awaitInterrupt(SLICE)) {
            if (cancelled.get()) {
                abort();
                throw new CancellationException("the region was cancelled");
            }
            if (System.nanoTime() - deadline > 0) {
                int at = read(Register.ERROR_PC);
                abort();
                throw new RegionException(
                        RunError.ABORTED,
                        "the region did not end within " + timeout.toMillis() + " ms and was aborted (entry "
                                + call.entry() + ", instruction " + at + ")",
                        "Give it more time (--timeout).");
            }
            try {
                look.run();
            } catch (RuntimeException refusal) {
                abort();
                throw refusal;
            }
        }
        return finish();
    }

    private Counters finish() {
        int error = read(Register.ERROR);
        Counters counters = machine.counters() ? readCounters() : Counters.ZERO;
        acknowledge();
        if (error != RunError.NONE.ordinal()) {
            RunError cause = RunError.of(error);
            int at = read(Register.ERROR_PC);
            if (cause == RunError.BUS_DEAD) {
                restart();
            }
            throw new RegionException(
                    cause, "the accelerator stopped at instruction " + at + ": " + cause.text(), hint(cause));
        }
        return counters;
    }

    private static String hint(RunError cause) {
        return switch (cause) {
            case MEMORY_READ, MEMORY_WRITE ->
                "The address of a buffer may be outside of the device's memory. The device can be used again.";
            case BUS_DEAD -> "The memory does not answer. The device was reset.";
            default -> "The program is at fault: check it with lutra map --check. The device can be used again.";
        };
    }

    private void abort() {
        write(Register.CTRL, ControlBit.ABORT.mask());
        if (!link.awaitInterrupt(DRAIN)) {
            restart();
        } else {
            acknowledge();
        }
    }

    /** An interrupt that is still pending says that what was read of the region is true: a reset clears all of it. */
    private void acknowledge() {
        if (read(Register.ISR) == 0) {
            throw RegionWatch.wasReset(link);
        }
        write(Register.ISR, 1);
    }

    /** Reset loses the registers that outlive a region; small machines do not give them back. */
    private void restart() {
        link.reset();
        prepare();
        tellProgram();
    }

    private void tellProgram() {
        writeAddress(Register.PROG_LO, programAddress);
        write(Register.PROG_LEN, programLength);
    }

    private void prepare() {
        write(Register.WATCHDOG, WATCHDOG);
        write(Register.IER, 1);
        write(Register.GIE, 1);
    }

    private void identify() {
        int id = read(Register.ID);
        if (id != Register.ID_VALUE) {
            throw new UserException(
                    UserException.Kind.DEVICE,
                    "%s is no Lutra accelerator: its identity register reads 0x%08X instead of 0x%08X"
                            .formatted(link.description(), id, Register.ID_VALUE),
                    "Check the address of the register block and that the bitstream is loaded.");
        }
        int version = read(Register.ISA_VERSION);
        long fingerprint = readPair(Register.FINGERPRINT_LO);
        if (version != Machine.ISA_VERSION || fingerprint != machine.fingerprint()) {
            throw new UserException(
                    UserException.Kind.DEVICE,
                    link.description() + " has fingerprint " + Fingerprint.text(fingerprint) + " and ISA version "
                            + version + "; machine.json says " + machine.fingerprintText() + " and "
                            + Machine.ISA_VERSION,
                    "Use the machine.json that was written together with the hardware.");
        }
        prepare();
    }

    private Counters readCounters() {
        Map<Unit, Long> busy = new EnumMap<>(Unit.class);
        Map<Unit, Long> stalled = new EnumMap<>(Unit.class);
        for (Unit unit : Unit.of(machine)) {
            busy.put(unit, readPair(Register.busy(unit)));
            stalled.put(unit, readPair(Register.stalled(unit)));
        }
        return new Counters(
                readPair(Register.CYCLES_LO),
                busy,
                stalled,
                readPair(Register.BYTES_READ_LO),
                readPair(Register.BYTES_WRITTEN_LO));
    }

    private Trace readTrace() {
        long count = Integer.toUnsignedLong(read(Register.TRACE_COUNT));
        boolean lost = read(Register.TRACE_LOST) != 0;
        long before = Math.max(0, count - machine.trace());
        List<Trace.Event> events = new ArrayList<>();
        for (long index = before; index < count; index++) {
            write(Register.TRACE_INDEX, (int) (index % machine.trace()));
            events.add(new Trace.Event(
                    Unit.values()[read(Register.TRACE_UNIT)],
                    Integer.toUnsignedLong(read(Register.TRACE_END)),
                    Integer.toUnsignedLong(read(Register.TRACE_CYCLES)),
                    Integer.toUnsignedLong(read(Register.TRACE_WAITED)),
                    Integer.toUnsignedLong(read(Register.TRACE_STALLED))));
        }
        return new Trace(events, before, lost);
    }

    /** Constants and counters stand still after done, so the two halves belong together. */
    private long readPair(Register low) {
        return (read(low.high()) & 0xFFFF_FFFFL) << 32 | read(low) & 0xFFFF_FFFFL;
    }

    private void writeAddress(Register low, long address) {
        write(low.high(), (int) (address >>> 32));
        write(low, (int) address);
    }

    int readRegister(Register register) {
        synchronized (link) {
            return read(register);
        }
    }

    /** Writes what is there already. */
    void writeHarmlessRegister() {
        synchronized (link) {
            write(Register.WATCHDOG, WATCHDOG);
        }
    }

    private int read(Register register) {
        return link.readRegister(register.offset());
    }

    private void write(Register register, int value) {
        link.writeRegister(register.offset(), value);
    }

    /** Ends the running region and gives the device up. */
    @Override
    public void close() {
        runner.shutdownNow();
        synchronized (link) {
            link.close();
        }
    }
}
