// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.plan;

import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
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
        long read = up(shape.n() * e.storedBits(shape.k(), shape.bits(), shape.zeroPoint(), shape.kept()), 8)
                + scales
                + (long) rows * shape.k() * e.activations().bytes();
        long written = (long) rows * shape.n() * (shape.wide() ? 8 : 4);
        long bits = e.chains() != null ? e.planes() : (long) e.passes(shape.bits()) * e.planes();
        long products = (long) shape.n() * shape.k() / shape.kept().rows() * bits * rows;
        long lanes = (long) e.planeLanes() * Math.min(rows, e.m());
        return new Ceiling(
                read,
                written,
                products,
                up(Math.max(read, written), machine.bus().beatBytes()),
                up(products, lanes));
    }

    /** The ceiling of several products in one region, whose activations and results stay on the chip but for some bytes. */
    public static Ceiling together(Machine machine, List<RegionShape> shapes, long inBytes, long outBytes, int rows) {
        long read = inBytes;
        long products = 0;
        long compute = 0;
        for (RegionShape shape : shapes) {
            Ceiling alone = of(machine, shape, rows);
            read += alone.bytesRead - (long) rows * shape.k();
            products += alone.planeProducts;
            compute += alone.computeCycles;
        }
        long memory = up(Math.max(read, outBytes), machine.bus().beatBytes());
        return new Ceiling(read, outBytes, products, memory, compute);
    }

    /** The larger of the two bounds. */
    public long cycles() {
        return Math.max(memoryCycles, computeCycles);
    }

    private static long up(long a, long b) {
        return (a + b - 1) / b;
    }
}
