// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A compiled program: its code, where its regions start and what the weight image beside it holds.
 *
 * @param fingerprint of the machine it was compiled for
 * @param imageBytes size of the weight image (argument BASE0)
 * @param regions entry points
 * @param tensors parts of the weight image, in the order of their offsets
 * @param code instructions; instruction 0 is at the program's address
 */
public record Program(
        long fingerprint, long imageBytes, List<Region> regions, List<Tensor> tensors, List<Instruction> code) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,63}");

    /** Throws IllegalArgumentException if tables contradict each other. */
    public Program {
        regions = List.copyOf(regions);
        tensors = List.copyOf(tensors);
        code = List.copyOf(code);
        Set<String> names = new HashSet<>();
        for (Region region : regions) {
            require(names.add(region.name()), "two regions are called " + region.name());
            require(
                    region.entry() < code.size(),
                    "region %s starts at instruction %d of %d".formatted(region.name(), region.entry(), code.size()));
        }
        Set<String> tensorNames = new HashSet<>();
        long end = 0;
        for (Tensor tensor : tensors) {
            require(tensorNames.add(tensor.name()), "two tensors are called " + tensor.name());
            require(names.contains(tensor.region()), "tensor %s is of no region".formatted(tensor.name()));
            require(
                    tensor.offset() >= end,
                    "tensor %s at %d begins before the end of the one before, %d"
                            .formatted(tensor.name(), tensor.offset(), end));
            end = tensor.offset() + tensor.bytes();
        }
        require(end <= imageBytes, "the last tensor ends at %d, the image at %d".formatted(end, imageBytes));
    }

    /** Bytes of the code in memory. */
    public int codeBytes() {
        return code.size() * Instruction.BYTES;
    }

    /**
     * The region of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Region region(String name) {
        return regions.stream()
                .filter(r -> r.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the program has no region " + name));
    }

    /**
     * What computes a layer of a matrix: its region, or, where its layers are stored differently, one of the regions NAME, NAME.n, NAME.m, ... that
     * share them out in order, n and m being the first layer of each.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Part part(String name, int layer) {
        int first = 0;
        for (Region region : regions) {
            if (region.isPartOf(name)) {
                if (layer < first + region.layers()) {
                    return new Part(region, layer - first);
                }
                first += region.layers();
            }
        }
        throw new IllegalArgumentException("the program has no layer %d of region %s".formatted(layer, name));
    }

    /**
     * A region and its own number of a layer.
     *
     * @param layer argument LAYER
     */
    public record Part(Region region, int layer) {}

    /**
     * One entry point: a matrix of n outputs and k inputs per layer, applied to chunks of rows. Arguments: LAYER; LEN1 =
     * chunks of rows; BASE0 = weight image, BASE1 = activations, BASE2 = outputs, each chunk after the other; where it has sparse rows, BASE3 = their sums, INT64
     * for each column of its blocks, each chunk after the other.
     *
     * <p>Or steps of a model, a token each: {@code positionBytes} is not 0, LAYER is 0, LEN1 = positions before the first, LEN2 = how many, LEN3 = the first token,
     * BASE2 = results, each step's after the other, and BASE3 = its cache, {@code positionBytes} further for each position before.
     *
     * @param entry instruction index
     * @param layers layers it serves, at least 1; LAYER must be less
     * @param k inputs
     * @param n outputs
     * @param bits planes of a weight
     * @param zeroPoint z' of the weight code, -1, 0 or 1, or a kind of {@link TypedCodes}
     * @param groupSize weights that share a group scale, or 0 for none
     * @param wide whether results have 64 bits instead of 32
     * @param inBytes activations of one chunk in memory; of a step, the embedding of a token
     * @param outBytes results of one chunk in memory, or of one step
     * @param kept weights that are stored, of how many
     * @param listedSteps steps of the reduction that are stored of each block of columns, with a list of which; 0: all, in order
     * @param bitmapBytes bytes of each block of columns in memory, its words being {@link BitmapWords}; 0: they lie as they are
     * @param positionBytes of a step, bytes of a line of its cache; 0 if it is none
     * @param entryBytes of the entries of sparse rows behind each layer's matrix, in its tensor; 0 if it has none
     */
    public record Region(
            String name,
            int entry,
            int layers,
            int k,
            int n,
            int bits,
            int zeroPoint,
            int groupSize,
            boolean wide,
            long inBytes,
            long outBytes,
            NmRatio kept,
            int listedSteps,
            int bitmapBytes,
            long positionBytes,
            long entryBytes) {

        /** A region over chunks of rows. */
        public Region(
                String name,
                int entry,
                int layers,
                int k,
                int n,
                int bits,
                int zeroPoint,
                int groupSize,
                boolean wide,
                long inBytes,
                long outBytes,
                NmRatio kept) {
            this(name, entry, layers, k, n, bits, zeroPoint, groupSize, wide, inBytes, outBytes, kept, 0, 0, 0, 0);
        }

        /** Whether its steps are listed. */
        public boolean isListed() {
            return listedSteps != 0;
        }

        /** Whether its words lie in memory as {@link BitmapWords}. */
        public boolean hasBitmaps() {
            return bitmapBytes != 0;
        }

        /** Whether it has sparse rows for the side engine. */
        public boolean hasEntries() {
            return entryBytes != 0;
        }

        /** Whether it is a step. */
        public boolean isStep() {
            return positionBytes != 0;
        }

        /** Whether it has layers of a matrix of this name. */
        public boolean isPartOf(String matrix) {
            return name.equals(matrix) || name.matches(Pattern.quote(matrix) + "\\.\\d+");
        }

        /** Throws IllegalArgumentException if a value is out of its range. */
        public Region {
            checkName("region", name);
            require(
                    entry >= 0
                            && layers >= 1
                            && k >= 1
                            && n >= 1
                            && groupSize >= 0
                            && inBytes >= 1
                            && outBytes >= 1
                            && listedSteps >= 0
                            && bitmapBytes >= 0
                            && positionBytes >= 0
                            && entryBytes >= 0,
                    "region %s has a size below its range".formatted(name));
            require(bits >= 1 && bits <= 8, "region %s has weights of %d bits".formatted(name, bits));
            require(
                    zeroPoint >= -1 && zeroPoint <= TypedCodes.FLOATS,
                    "region %s has zero point %d".formatted(name, zeroPoint));
        }
    }

    /**
     * The packed matrix of one region and layer.
     *
     * @param offset bytes from the start of the weight image
     * @param bytes size with padding
     * @param crc32 of those bytes
     */
    public record Tensor(String name, String region, int layer, long offset, long bytes, int crc32) {

        /** Throws IllegalArgumentException if a value is out of its range. */
        public Tensor {
            checkName("tensor", name);
            checkName("region", region);
            require(layer >= 0 && offset >= 0 && bytes >= 1, "tensor %s has a size below its range".formatted(name));
            require(offset + bytes > 0, "tensor %s ends beyond 2^63".formatted(name));
        }
    }

    private static void checkName(String what, String name) {
        require(
                NAME.matcher(name).matches(),
                "%s name '%s': letters, digits, '_', '.' and '-' are allowed, at most 64".formatted(what, name));
    }

    private static void require(boolean good, String message) {
        if (!good) {
            throw new IllegalArgumentException(message);
        }
    }
}
