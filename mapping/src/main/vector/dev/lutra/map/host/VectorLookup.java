// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.host;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.S2I;

import java.util.List;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Table lookup with the byte permutation of 128-bit vectors, T-MAC's kernel made exact. A table has the 16 sums of 4 activations; a
 * vector of 16 codes looks up 16 rows at once.
 *
 * <p>A sum needs 10 bits and a permutation has 8, so a table is two: sums are counted from the smallest one, 0..508, and split into
 * {@code 32 high + low}. Eight lookups of a half still fit a byte; then they are widened to 16 bits, in which a segment of 64 tables
 * fits, and after a segment to 32 bits with the weights of the planes.
 *
 * <p>Codes are nibbles, two tables to a byte. Of 16 rows row r is in byte {@code 2 (r mod 8) + r / 8}: even bytes hold the first eight
 * and odd ones the last, so that widening leaves them in order.
 */
final class VectorLookup implements HostProduct {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_128;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
    private static final int G = 4;
    private static final int ROWS = 16;
    private static final int LOW_BITS = 5;
    private static final int LOW_MASK = (1 << LOW_BITS) - 1;

    /** Pairs of tables until a byte could overflow: 8 x 31 is less than 256. */
    private static final int STAGE = 4;

    /** Tables until 16 bits could: 64 x 508 is less than 2^15. */
    private static final int TABLES = 64;

    /** Bytes of two tables: low and high half of the first, low and high half of the second. */
    private static final int PAIR = 64;

    private final PlaneMatrix matrix;
    private final List<Segment> segments;
    private final int blocks; // of 16 rows
    private final byte[][] codes; // [segment][((block * planes + plane) * pairs + pair) * 16 + byte]
    private final int[] offsets; // [group][row], a multiple of 16 rows
    private final int[] scales; // the same
    private final long[] most; // [segment]: what it can add to a sum

    VectorLookup(PlaneMatrix matrix) {
        this.matrix = matrix;
        segments = Segment.of(matrix, TABLES * G);
        blocks = (matrix.rows() + ROWS - 1) / ROWS;
        codes = new byte[segments.size()][];
        most = new long[segments.size()];
        for (int s = 0; s < codes.length; s++) {
            codes[s] = pack(segments.get(s));
            most[s] = 127L * matrix.bound() * 255 * segments.get(s).length();
        }
        int rows = blocks * ROWS;
        offsets = new int[Math.multiplyExact(matrix.groups(), rows)];
        scales = new int[offsets.length];
        for (int group = 0; group < matrix.groups(); group++) {
            for (int row = 0; row < rows; row++) {
                offsets[group * rows + row] = matrix.offset(row, group);
                scales[group * rows + row] = matrix.scale(row, group);
            }
        }
    }

    private byte[] pack(Segment segment) {
        int pairs = pairs(segment);
        int planes = matrix.planes();
        byte[] packed = new byte[Math.multiplyExact(blocks * planes * pairs, ROWS)];
        for (int row = 0; row < matrix.rows(); row++) {
            int inBlock = 2 * (row % 8) + row % ROWS / 8;
            for (int k = 0; k < segment.length(); k++) {
                int q = matrix.code(row, segment.from() + k);
                for (int b = 0; b < planes; b++) {
                    int at = ((row / ROWS * planes + b) * pairs + k / (2 * G)) * ROWS + inBlock;
                    packed[at] |= (byte) ((q >> b & 1) << k % (2 * G));
                }
            }
        }
        return packed;
    }

    private static int pairs(Segment segment) {
        return (segment.length() + 2 * G - 1) / (2 * G);
    }

    @Override
    public long[] multiply(byte[] activations) {
        matrix.requireActivations(activations);
        int rows = blocks * ROWS;
        int planes = matrix.planes();
        long[] sums = new long[rows];
        int[] partial = new int[rows];
        short[] ofPlanes = new short[planes * ROWS];
        byte[] tables = new byte[TABLES / 2 * PAIR];
        long bound = 0;
        for (int s = 0; s < codes.length; s++) {
            Segment segment = segments.get(s);
            int pairs = pairs(segment);
            int smallest = fill(tables, activations, segment);
            int sum = 0;
            for (int k = segment.from(); k < segment.to(); k++) {
                sum += activations[k];
            }
            if (bound + most[s] > Integer.MAX_VALUE) {
                flush(partial, sums);
                bound = 0;
            }
            bound += most[s];
            int constant = smallest * ((1 << planes) - 1);
            int ofGroup = segment.group() * rows;
            for (int block = 0; block < blocks; block++) {
                for (int b = 0; b < planes; b++) {
                    lookup(tables, codes[s], (block * planes + b) * pairs * ROWS, pairs, ofPlanes, b * ROWS);
                }
                for (int half = 0; half < ROWS; half += ROWS / 2) {
                    int row = block * ROWS + half;
                    add(ofPlanes, half, constant, sum, ofGroup + row, partial, row);
                }
            }
        }
        flush(partial, sums);
        return rows == matrix.rows() ? sums : java.util.Arrays.copyOf(sums, matrix.rows());
    }

    private static void flush(int[] partial, long[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += partial[i];
            partial[i] = 0;
        }
    }

    /** Fills the tables of a segment and returns what all lookups of a plane together are counted from. */
    private static int fill(byte[] tables, byte[] activations, Segment segment) {
        int all = 0;
        int[] sums = new int[1 << G];
        for (int t = 0; t < 2 * pairs(segment); t++) {
            int smallest = 0;
            for (int k = 0; k < G; k++) {
                int column = segment.from() + t * G + k;
                int a = column < segment.to() ? activations[column] : 0;
                smallest += Math.min(a, 0);
                int half = 1 << k;
                for (int i = 0; i < half; i++) {
                    sums[i + half] = sums[i] + a;
                }
            }
            int at = t * PAIR / 2;
            for (int i = 0; i < sums.length; i++) {
                tables[at + i] = (byte) (sums[i] - smallest & LOW_MASK);
                tables[at + ROWS + i] = (byte) (sums[i] - smallest >> LOW_BITS);
            }
            all += smallest;
        }
        return all;
    }

    /** Sums of the lookups of 16 rows in one plane. Small, since HotSpot inlines no vector operation beyond a size of the method. */
    private static void lookup(byte[] tables, byte[] codes, int from, int pairs, short[] into, int at) {
        ShortVector first = ShortVector.zero(SHORTS);
        ShortVector last = first;
        for (int start = 0; start < pairs; start += STAGE) {
            int end = Math.min(start + STAGE, pairs);
            ByteVector low = ByteVector.zero(BYTES);
            ByteVector high = low;
            for (int p = start; p < end; p++) {
                ByteVector code = ByteVector.fromArray(BYTES, codes, from + p * ROWS);
                ByteVector even = code.and((byte) 15);
                ByteVector odd = code.reinterpretAsShorts()
                        .lanewise(LSHR, 4)
                        .reinterpretAsBytes()
                        .and((byte) 15);
                low = low.add(even.selectFrom(ByteVector.fromArray(BYTES, tables, p * PAIR)))
                        .add(odd.selectFrom(ByteVector.fromArray(BYTES, tables, p * PAIR + 32)));
                high = high.add(even.selectFrom(ByteVector.fromArray(BYTES, tables, p * PAIR + 16)))
                        .add(odd.selectFrom(ByteVector.fromArray(BYTES, tables, p * PAIR + 48)));
            }
            first = first.add(evenBytes(low)).add(evenBytes(high).lanewise(LSHL, LOW_BITS));
            last = last.add(oddBytes(low)).add(oddBytes(high).lanewise(LSHL, LOW_BITS));
        }
        first.intoArray(into, at);
        last.intoArray(into, at + ROWS / 2);
    }

    private static ShortVector evenBytes(ByteVector bytes) {
        return bytes.reinterpretAsShorts().and((short) 0xff);
    }

    private static ShortVector oddBytes(ByteVector bytes) {
        return bytes.reinterpretAsShorts().lanewise(LSHR, 8);
    }

    /** Adds eight rows of a segment: {@code scale x (step x (sum over planes + constant) - offset x sum of activations)}. */
    private void add(short[] ofPlanes, int from, int constant, int sum, int ofGroup, int[] into, int at) {
        IntVector all = IntVector.broadcast(INTS, constant);
        for (int b = 0; b < matrix.planes(); b++) {
            IntVector plane = (IntVector)
                    ShortVector.fromArray(SHORTS, ofPlanes, b * ROWS + from).convertShape(S2I, INTS, 0);
            all = all.add(plane.lanewise(LSHL, b));
        }
        all = all.mul(matrix.step())
                .sub(IntVector.fromArray(INTS, offsets, ofGroup).mul(sum))
                .mul(IntVector.fromArray(INTS, scales, ofGroup));
        all.add(IntVector.fromArray(INTS, into, at)).intoArray(into, at);
    }
}
