// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.plan;

import dev.lutra.machine.NmRatio;

/**
 * One region before it is cut: the same for all layers.
 *
 * @param name name of its entry point
 * @param layers matrices of this shape, one per layer
 * @param k inputs
 * @param n outputs
 * @param bits planes of a weight, 1..8
 * @param zeroPoint z' of the weight code, -1, 0 or 1, or a kind of {@link dev.lutra.machine.TypedCodes}
 * @param groupSize weights that share an integer scale along k, or 0 for none
 * @param largest bound of the magnitude of any result, for the machine's activations, those of fewer bits than 8 as INT8
 * @param kept weights that are stored, of how many
 * @param listedSteps steps of the reduction that are stored of each block of columns, with a list of which; 0: all, in order
 * @param bitmapBytes bytes of each block of columns in memory, as {@link dev.lutra.machine.BitmapWords}; 0: words lie as they are
 */
public record RegionShape(
        String name,
        int layers,
        int k,
        int n,
        int bits,
        int zeroPoint,
        int groupSize,
        long largest,
        NmRatio kept,
        int listedSteps,
        int bitmapBytes) {

    /** With all weights stored. */
    public RegionShape(String name, int layers, int k, int n, int bits, int zeroPoint, int groupSize, long largest) {
        this(name, layers, k, n, bits, zeroPoint, groupSize, largest, NmRatio.DENSE, 0, 0);
    }

    /** Some of its layers under another name. */
    public RegionShape part(String partName, int partLayers) {
        return new RegionShape(
                partName, partLayers, k, n, bits, zeroPoint, groupSize, largest, kept, listedSteps, bitmapBytes);
    }

    /** The same with so many outputs. */
    RegionShape withOutputs(int outputs) {
        return new RegionShape(
                name, layers, k, outputs, bits, zeroPoint, groupSize, largest, kept, listedSteps, bitmapBytes);
    }

    /** The same with so many of its weights stored, in all steps. */
    public RegionShape keeping(NmRatio ratio) {
        return new RegionShape(name, layers, k, n, bits, zeroPoint, groupSize, largest, ratio, 0, 0);
    }

    /** The same with all weights of so many steps of each block stored. */
    public RegionShape listing(int steps) {
        return new RegionShape(name, layers, k, n, bits, zeroPoint, groupSize, largest, NmRatio.DENSE, steps, 0);
    }

    /** The same with all weights computed, of which so many bytes lie in memory for each block. */
    public RegionShape withBitmaps(int blockBytes) {
        return new RegionShape(name, layers, k, n, bits, zeroPoint, groupSize, largest, NmRatio.DENSE, 0, blockBytes);
    }

    /** Whether another one stores the same part of its weights. */
    public boolean keepsAs(RegionShape other) {
        return kept.equals(other.kept) && listedSteps == other.listedSteps && bitmapBytes == other.bitmapBytes;
    }

    /** Whether steps are listed. */
    public boolean listed() {
        return listedSteps != 0;
    }

    /** Whether its words lie in memory as {@link dev.lutra.machine.BitmapWords}. */
    public boolean hasBitmaps() {
        return bitmapBytes != 0;
    }

    /** Whether integer group scales are applied. */
    public boolean scaled() {
        return groupSize != 0;
    }

    /** Scale groups along k; 1 without scales. */
    public int groups() {
        return scaled() ? (k + groupSize - 1) / groupSize : 1;
    }

    /** Whether results need 64 bits. */
    public boolean wide() {
        return largest > Integer.MAX_VALUE;
    }

    /** As messages print it: what may differ where a program and a model do not belong together. */
    @Override
    public String toString() {
        return "%s of %d layers (%d to %d, %d planes, code %d, groups of %d, %s, results up to %d)"
                .formatted(
                        name,
                        layers,
                        k,
                        n,
                        bits,
                        zeroPoint,
                        scaled() ? groupSize : k,
                        listed() ? listedSteps + " steps" : hasBitmaps() ? bitmapBytes + " bytes a block" : kept,
                        largest);
    }
}
