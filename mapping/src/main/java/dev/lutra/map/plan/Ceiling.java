// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.plan;

import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Program;
import dev.lutra.map.model.Region;
import java.util.List;

/**
 * What no schedule can beat: every byte that must move, unpadded and once, at one beat per cycle in each direction; every plane product
 * once, on all lanes.
 *
 * @param bytesRead weights, scales and activations
 * @param bytesWritten results
 * @param planeProducts products of an activation and one bit of a weight
 * @param memoryCycles the larger of bytesRead and bytesWritten over the bytes of a beat
 * @param computeCycles planeProducts over the lanes of the engine, for min(rows, m) rows
 */
public record Ceiling(long bytesRead, long bytesWritten, long planeProducts, long memoryCycles, long computeCycles) {

    /** The ceiling of one layer of a region for so many rows. */
    public static Ceiling of(Machine machine, RegionShape shape, int rows) {
        Engine e = machine.engine();
        long scales = shape.scaled() ? (long) shape.n() * shape.groups() * e.scaleBytes() / e.n() : 0;
        int k = shape.listed() ? Math.min(shape.k(), shape.listedSteps() * e.step()) : shape.k();
        long lists = shape.listed() ? (long) up(shape.n(), e.n()) * shape.listedSteps() * e.scaleBytes() : 0;
        long weights = shape.hasBitmaps()
                ? (long) up(shape.n(), e.n()) * shape.bitmapBytes()
                : up(shape.n() * e.storedBits(k, shape.bits(), shape.zeroPoint(), shape.kept()), 8);
        long read = weights
                + lists
                + scales
                + (long) rows * shape.k() * e.activations().bytes();
        long written = (long) rows * shape.n() * (shape.wide() ? 8 : 4);
        long bits = e.chains() != null ? e.planes() : (long) e.passes(shape.bits()) * e.planes();
        long products = (long) shape.n() * k / shape.kept().rows() * bits * rows;
        long lanes = (long) e.planeLanes() * Math.min(rows, e.m());
        return new Ceiling(
                read,
                written,
                products,
                up(Math.max(read, written), machine.bus().beatBytes()),
                up(products, lanes));
    }

    /**
     * The ceiling of a step: all matrices once with the scales of their rows, gains of the norms that every layer has, keys and values of all positions once; of attention two products for each element
     * of a query and position, on the lanes of the vector unit.
     *
     * @param shapes one per product of the step
     * @param scaleBytes of a line of scales of keys or values; 0 where these have none
     * @param positions before its own
     */
    public static Ceiling ofStep(
            Machine machine, List<RegionShape> shapes, Program.Region step, long scaleBytes, int positions) {
        long read = step.inBytes();
        long products = 0;
        long compute = 0;
        long attention = 0;
        long cache = 0;
        for (RegionShape placed : shapes) {
            RegionShape shape = read(machine, placed);
            Ceiling alone = of(machine, shape, 1);
            read += alone.bytesRead
                    - (long) shape.k() * machine.engine().activations().bytes();
            read += (long) shape.n() * Float.BYTES;
            if (!shape.name().equals(Region.O.name()) && !shape.name().equals(Region.DOWN.name())) {
                read += (long) shape.k() * Float.BYTES; // behind a norm
            }
            products += alone.planeProducts;
            compute += alone.computeCycles;
            if (shape.name().equals(Region.O.name())) {
                cache += 2 * (step.positionBytes() + scaleBytes);
                attention += 2L * shape.k() * (positions + 1);
            }
        }
        read += cache * positions;
        long written = step.outBytes() + cache;
        long memory = up(Math.max(read, written), machine.bus().beatBytes());
        long vectors = up(attention, machine.vector().lanes());
        return new Ceiling(read, written, products, memory, Math.max(compute, vectors));
    }

    /** Without outputs that nobody reads. */
    private static RegionShape read(Machine machine, RegionShape shape) {
        return GatedRows.are(shape.name())
                ? shape.withOutputs(2 * GatedRows.width(machine.vector(), shape.n()))
                : shape;
    }

    /** The larger of the two bounds. */
    public long cycles() {
        return Math.max(memoryCycles, computeCycles);
    }

    private static long up(long a, long b) {
        return (a + b - 1) / b;
    }
}
