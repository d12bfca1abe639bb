// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import dev.lutra.hdl.Circuit;
import dev.lutra.pe.serial.SerialCycles;
import dev.lutra.pe.serial.SerialPart;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Areas of BitMoD's tile (HPCA 2025, table VI) on a target: 8 x 8 term-serial elements for FP16 activations, four term generators, control and an accumulator per
 * column; and of the element of the tile it is compared with, an FP16 multiply-accumulate. Each part is synthesised alone.
 *
 * @param target of all
 * @param parts area and path of each
 */
public record SerialArea(AreaTarget target, Map<SerialPart, Synthesis> parts) {

    /** Columns of a tile. */
    public static final int COLUMNS = 8;

    /** Elements of a tile. */
    public static final int ELEMENTS = SerialPart.ROWS * COLUMNS;

    /** Synthesises each part. */
    public static SerialArea measure(Yosys yosys, AreaTarget target, Consumer<String> progress)
            throws InterruptedException {
        Map<SerialPart, Synthesis> parts = new EnumMap<>(SerialPart.class);
        for (SerialPart part : SerialPart.values()) {
            progress.accept("synthesising " + part + ", " + target.id());
            parts.put(part, yosys.synthesise(Circuit.of(part::make).circuit(), target, Repeat.NONE));
        }
        return new SerialArea(target, Map.copyOf(parts));
    }

    /** Area of a part. */
    public double of(SerialPart part) {
        return synthesis(part).area();
    }

    /** Area and path of a part. */
    public Synthesis synthesis(SerialPart part) {
        Synthesis synthesis = parts.get(part);
        if (synthesis == null) {
            throw new IllegalArgumentException(part + " was not measured");
        }
        return synthesis;
    }

    /** Area of a tile's term generators. */
    public double generators() {
        return COLUMNS * SerialCycles.LANES * of(SerialPart.GENERATOR);
    }

    /** Area of a tile. */
    public double tile() {
        return ELEMENTS * of(SerialPart.ELEMENT)
                + generators()
                + COLUMNS * (of(SerialPart.CONTROL) + of(SerialPart.ACCUMULATOR));
    }

    /** Multiply-accumulates that have the area of so many tiles. */
    public double multiplyAccumulates(int tiles) {
        return tiles * tile() / of(SerialPart.MULTIPLY_ACCUMULATE);
    }
}
