// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Buffers;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.MachineFile;
import dev.lutra.machine.SideEngine;
import dev.lutra.machine.Tables;
import dev.lutra.machine.UserException;
import dev.lutra.machine.VectorShape;
import dev.lutra.pe.MatrixEngines;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which accelerator is meant: a machine.json, or a preset with some of its parameters changed. */
final class MachineOptions {

    /** Of a vector unit that is added. */
    private static final int SCRATCHPAD_ROWS = 1024;

    /** Program cache beside it, at least: its regions come beside those of single layers. */
    private static final int VECTOR_PROGRAM = 8192;

    private static final int LEAST_SCALE_RING = 256;

    @Option(names = "--machine", paramLabel = "FILE", description = "A machine.json; instead of --preset.")
    private @Nullable Path file;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description =
                    "default (1 x 16 x 4 tables of 4, 128-bit AXI4), small (local memory, for an iCE40 UP5K) or flash (the same with weights in the board's flash).")
    private @Nullable String preset;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            description = "Matrix engine; lut-int (the default) or another one, also of a jar. lutra info lists them.")
    private @Nullable String engine;

    @Option(names = "--rows", paramLabel = "M", description = "Rows of activations computed together, a power of two.")
    private @Nullable Integer rows;

    @Option(names = "--columns", paramLabel = "N", description = "Output columns computed together, a power of two.")
    private @Nullable Integer columns;

    @Option(names = "--table", paramLabel = "G", description = "Activations per table.")
    private @Nullable Integer table;

    @Option(names = "--tables", paramLabel = "T", description = "Tables summed before an accumulator.")
    private @Nullable Integer tables;

    @Option(names = "--planes", paramLabel = "P", description = "Planes of a weight taken a slot.")
    private @Nullable Integer planes;

    @Option(
            names = "--stay",
            paramLabel = "BLOCKS",
            description =
                    "Tables of lut-int lie in distributed RAM and stay while so many blocks of columns pass, 4 to 64,"
                            + " without group scales; 0 (the default): in registers, new in every slot.")
    private @Nullable Integer stay;

    @Option(
            names = "--quantise-tables",
            description =
                    "Entries of lut-int's tables are rounded to 8 bits, with a power of two as scale for the tables of a"
                            + " row and step (docs/engines.md).")
    private @Nullable Boolean quantiseTables;

    @Option(
            names = "--unit",
            paramLabel = "COLUMNS",
            description = "Columns of lut-int that share one precompute of tables; 0 (the default): all.")
    private @Nullable Integer unit;

    @Option(names = "--max-bits", paramLabel = "W", description = "Widest weight.")
    private @Nullable Integer maxBits;

    @Option(
            names = "--activations",
            paramLabel = "A",
            description = "Bits of an activation, 2 to 8, or 16 with lut-int; fp16 with lut-int: binary16 numbers.")
    private @Nullable String activations;

    @Option(
            names = "--packed-ternary",
            description =
                    "Ternary weights lie in memory five in a byte, 1.6 bits each; of engines with two planes a slot.")
    private @Nullable Boolean packedTernary;

    @Option(
            names = "--bitmaps",
            description =
                    "Weight words may lie in memory as a bitmap and the codes that are not 0; of engines whose words hold whole codes"
                            + " (dsp and its kinds, mac-int8, mac with as many planes as bits).")
    private @Nullable Boolean bitmaps;

    @Option(names = "--bus", paramLabel = "BITS", description = "Width of the memory bus.")
    private @Nullable Integer busBits;

    @Option(names = "--lanes", paramLabel = "L", description = "Lanes of the vector unit, a power of two; 0 for none.")
    private @Nullable Integer lanes;

    @Option(
            names = "--side-engine",
            paramLabel = "COLUMNS",
            description =
                    "Side engine that adds up outliers, for rows of so many activations, a power of two; 0 (the default): none,"
                            + " they are the host's.")
    private @Nullable Integer side;

    @Option(names = "--outstanding", paramLabel = "N", description = "Read bursts in flight.")
    private @Nullable Integer outstanding;

    @Option(
            names = "--trace-events",
            paramLabel = "EVENTS",
            description =
                    "Instructions of the last region whose cycles the hardware keeps, a power of two from 16 to 65536; 0: no trace.")
    private @Nullable Integer traceEvents;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec command;

    /** Whether the command line says anything about a machine. */
    boolean isGiven() {
        return command.commandLine().getParseResult().matchedOptions().stream()
                .anyMatch(option -> option.userObject() instanceof Field field
                        && field.getDeclaringClass() == MachineOptions.class);
    }

    /** @throws UserException naming every parameter that is out of range */
    Machine machine() {
        if (file != null && preset != null) {
            throw UserException.badInput("--machine and --preset are both given", "Give one of them.");
        }
        Machine base = file != null ? MachineFile.read(file).machine() : preset();
        Engine e = engine == null ? base.engine() : MatrixEngines.named(engine).inPlaceOf(base.engine());
        Bus b = base.bus();
        int bits = or(busBits, b.dataBits());
        // The burst stays within 4 KiB whatever the width of the bus.
        int burst = Math.min(b.maxBurst(), Math.max(1, 4096 / Math.max(1, bits / 8)));
        Tables kept = new Tables(
                or(stay, e.tables().blocks()),
                or(quantiseTables, e.tables().quantised()),
                or(unit, e.tables().unit()));
        var made = new Engine(
                e.kind(),
                or(rows, e.m()),
                or(columns, e.n()),
                or(table, e.g()),
                or(tables, e.t()),
                or(maxBits, e.maxBits()),
                e.groupScales() && !kept.stay(),
                e.innerBits(),
                kept.stay() ? e.innerBits() : e.outerBits(),
                e.packing(),
                or(planes, e.planes()),
                activations == null ? e.activations() : activationType(activations),
                kept,
                or(packedTernary, e.packedTernary()),
                or(bitmaps, e.bitmaps()));
        Buffers f = base.buffers();
        VectorShape vector = lanes == null ? base.vector() : vector(lanes, base.vector());
        var bus = new Bus(b.kind(), bits, b.addrBits(), burst, or(outstanding, b.outstanding()), b.onChipBits());
        var buffers = new Buffers(
                f.weightRing(),
                made.equals(base.engine()) ? f.scaleRing() : scaleRing(f, made),
                f.activationHalf(),
                f.outputHalf(),
                vector.exists() ? Math.max(f.program(), VECTOR_PROGRAM) : f.program());
        return new Machine(
                made,
                bus,
                buffers,
                vector,
                side(bus, buffers, base.side()),
                base.queueDepth(),
                base.counters(),
                or(traceEvents, base.trace()));
    }

    private SideEngine side(Bus bus, Buffers buffers, SideEngine base) {
        return side == null ? base : SideEngine.of(side, bus, buffers);
    }

    private static VectorShape vector(int lanes, VectorShape base) {
        if (lanes == 0) {
            return VectorShape.NONE;
        }
        if (lanes < 1 || lanes > 32 || Integer.bitCount(lanes) != 1) {
            throw UserException.badInput("--lanes is " + lanes, "A power of two up to 32, or 0.");
        }
        return new VectorShape(lanes, base.exists() ? base.rows() : SCRATCHPAD_ROWS);
    }

    /** A ring for the engine's scales or indices, where it has such: of indices as many lines as the other ring has words. */
    static int scaleRing(Buffers b, Engine e) {
        if (e.chains() != null) {
            return Math.max(LEAST_SCALE_RING, b.weightRing() / e.wordBytes() * e.scaleBytes());
        }
        return !e.hasScaleStream() ? 0 : b.scaleRing() == 0 ? LEAST_SCALE_RING : b.scaleRing();
    }

    /**
     * Reads {@code --activations}.
     *
     * @throws UserException if there are no such activations
     */
    static ActivationType activationType(String text) {
        return Stream.of(ActivationType.values())
                .filter(type -> text.equals(type == ActivationType.FP16 ? "fp16" : Integer.toString(type.bits())))
                .findFirst()
                .orElseThrow(() -> UserException.badInput(
                        "--activations is " + text, "Integers of 2 to 8 bits are possible, and of 16, and fp16."));
    }

    private Machine preset() {
        return switch (preset == null ? "default" : preset) {
            case "default" -> Machine.standard();
            case "small" -> Machine.smallest();
            case "flash" -> Machine.smallestWithFlash();
            default -> throw UserException.badInput("--preset is '" + preset + "'", "Presets: default, small, flash");
        };
    }

    private static <T> T or(@Nullable T given, T usual) {
        return given == null ? usual : given;
    }
}
