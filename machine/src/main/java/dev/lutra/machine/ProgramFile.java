// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The binary form of a {@link Program}, little endian:
 *
 * <pre>
 *   0  "LUTRAPRG"            8  u32 ISA version        12  u32 bytes of the tables
 *  16  u64 fingerprint      24  u64 bytes of the weight image
 *  32  u32 regions          36  u32 tensors            40  u32 instructions     44  u32 CRC-32 of the tables
 *  48  u32 CRC-32 of the code  52  u32 zero  56  u32 zero  60  u32 CRC-32 of bytes 0..59
 *  64  tables: regions, then tensors, padded with zeros to 16 bytes
 *      code: 16 bytes per instruction
 * region: name, u32 entry, layers, k, n, bits, zero point (signed), group size, wide; u64 in bytes, out bytes;
 *         wide is bit 0, and above it the logarithms of the weights that are kept of M neighbours, and of M, at bits 8 and 16;
 *         bit 1 is set for a step, which has one more u64: bytes of the record of a position;
 *         bit 2 is set where steps of blocks are listed, and one more u32 says how many, before the u64 of a step;
 *         bit 3 is set where words lie in memory as bitmaps and codes, and one more u32 says the bytes of a block, before the u64 of a step;
 *         bit 4 is set where it has sparse rows, and one more u64 at the end has the bytes of their entries in each layer
 * tensor: name, name of its region, u32 layer, u64 offset, bytes, u32 CRC-32
 * name:   u16 length, ASCII
 * </pre>
 */
public final class ProgramFile {
    private static final byte[] MAGIC = "LUTRAPRG".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 64;
    private static final int STEP = 2;
    private static final int LISTED = 4;
    private static final int BITMAPS = 8;
    private static final int ENTRIES = 16;
    private static final int KEPT_N = 8;
    private static final int KEPT_M = 16;
    /** Larger than any program: code is at most 1 MiB, a table row at most 200 bytes. */
    private static final long LARGEST = 64L << 20;

    private ProgramFile() {}

    /** The binary form. */
    public static byte[] write(Program program) {
        Tables tables = new Tables();
        for (Program.Region r : program.regions()) {
            tables.name(r.name());
            tables.ints(r.entry(), r.layers(), r.k(), r.n(), r.bits(), r.zeroPoint(), r.groupSize(), flags(r));
            tables.longs(r.inBytes(), r.outBytes());
            if (r.isListed()) {
                tables.ints(r.listedSteps());
            }
            if (r.hasBitmaps()) {
                tables.ints(r.bitmapBytes());
            }
            if (r.isStep()) {
                tables.longs(r.positionBytes());
            }
            if (r.hasEntries()) {
                tables.longs(r.entryBytes());
            }
        }
        for (Program.Tensor t : program.tensors()) {
            tables.name(t.name());
            tables.name(t.region());
            tables.ints(t.layer());
            tables.longs(t.offset(), t.bytes());
            tables.ints(t.crc32());
        }
        byte[] table = tables.padded();
        byte[] code = code(program);
        ByteBuffer b = ByteBuffer.allocate(HEADER + table.length + code.length).order(ByteOrder.LITTLE_ENDIAN);
        b.put(MAGIC).putInt(Machine.ISA_VERSION).putInt(table.length);
        b.putLong(program.fingerprint()).putLong(program.imageBytes());
        b.putInt(program.regions().size())
                .putInt(program.tensors().size())
                .putInt(program.code().size())
                .putInt(crc(table, 0, table.length))
                .putInt(crc(code, 0, code.length))
                .putInt(0)
                .putInt(0);
        b.putInt(crc(b.array(), 0, HEADER - 4)).put(table).put(code);
        return b.array();
    }

    /** The code alone, as it is in a device's memory. */
    public static byte[] code(Program program) {
        ByteBuffer code = ByteBuffer.allocate(program.codeBytes());
        for (Instruction instruction : program.code()) {
            InstructionCodec.encode(instruction).write(code);
        }
        return code.array();
    }

    /**
     * Reads a program file.
     *
     * @throws UserException naming the file, the byte offset and what is wrong
     */
    public static Program read(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw bad(file.toString(), 0, "%d bytes are more than any program has".formatted(Files.size(file)));
            }
            return read(Files.readAllBytes(file), file.toString());
        } catch (NoSuchFileException e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT, file + ": there is no such file", "lutra map writes a program", e);
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT, "%s: cannot be read: %s".formatted(file, IoReason.of(e)), null, e);
        }
    }

    /** As above, from bytes; {@code file} is its name in messages. */
    public static Program read(byte[] bytes, String file) {
        ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < HEADER) {
            throw bad(file, bytes.length, "the file ends inside its header of %d bytes".formatted(HEADER));
        }
        byte[] magic = new byte[MAGIC.length];
        b.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw bad(file, 0, "this is no Lutra program (it does not begin with LUTRAPRG)");
        }
        int isa = b.getInt();
        if (isa != Machine.ISA_VERSION) {
            throw bad(
                    file,
                    8,
                    "instruction set version %d, but this Lutra knows version %d".formatted(isa, Machine.ISA_VERSION));
        }
        checksum(file, 60, "the header", b.getInt(60), crc(bytes, 0, HEADER - 4));
        long tableBytes = b.getInt() & 0xffffffffL;
        long fingerprint = b.getLong();
        long imageBytes = b.getLong();
        int regions = b.getInt();
        int tensors = b.getInt();
        long instructions = b.getInt() & 0xffffffffL;
        long expected = HEADER + tableBytes + instructions * Instruction.BYTES;
        if (bytes.length != expected) {
            throw bad(
                    file, bytes.length, "the file has %d bytes, its header says %d".formatted(bytes.length, expected));
        }
        int codeAt = HEADER + (int) tableBytes;
        checksum(file, HEADER, "the tables", b.getInt(), crc(bytes, HEADER, codeAt));
        checksum(file, codeAt, "the code", b.getInt(), crc(bytes, codeAt, bytes.length));
        b.position(HEADER).limit(codeAt);
        try {
            List<Program.Region> regionList = new ArrayList<>();
            for (int i = 0; i < regions; i++) {
                regionList.add(region(b));
            }
            List<Program.Tensor> tensorList = new ArrayList<>();
            for (int i = 0; i < tensors; i++) {
                tensorList.add(new Program.Tensor(name(b), name(b), b.getInt(), b.getLong(), b.getLong(), b.getInt()));
            }
            return new Program(fingerprint, imageBytes, regionList, tensorList, instructions(bytes, codeAt, file));
        } catch (BufferUnderflowException e) {
            throw bad(file, b.position(), "the tables end inside an entry");
        } catch (IllegalArgumentException e) {
            throw bad(file, b.position(), String.valueOf(e.getMessage()));
        }
    }

    private static int flags(Program.Region r) {
        return (r.wide() ? 1 : 0)
                | (r.isStep() ? STEP : 0)
                | (r.isListed() ? LISTED : 0)
                | (r.hasBitmaps() ? BITMAPS : 0)
                | (r.hasEntries() ? ENTRIES : 0)
                | r.kept().logN() << KEPT_N
                | r.kept().logM() << KEPT_M;
    }

    private static Program.Region region(ByteBuffer b) {
        String name = name(b);
        int entry = b.getInt();
        int layers = b.getInt();
        int k = b.getInt();
        int n = b.getInt();
        int bits = b.getInt();
        int zeroPoint = b.getInt();
        int groupSize = b.getInt();
        int flags = b.getInt();
        var region = new Program.Region(
                name,
                entry,
                layers,
                k,
                n,
                bits,
                zeroPoint,
                groupSize,
                (flags & 1) != 0,
                b.getLong(),
                b.getLong(),
                new NmRatio(1 << (flags >> KEPT_N & 7), 1 << (flags >> KEPT_M & 7)),
                (flags & LISTED) == 0 ? 0 : b.getInt(),
                (flags & BITMAPS) == 0 ? 0 : b.getInt(),
                (flags & STEP) == 0 ? 0 : b.getLong(),
                (flags & ENTRIES) == 0 ? 0 : b.getLong());
        if (flags(region) != flags) {
            throw new IllegalArgumentException("region %s has flags %x".formatted(name, flags));
        }
        return region;
    }

    private static List<Instruction> instructions(byte[] bytes, int from, String file) {
        List<Instruction> code = new ArrayList<>();
        for (int at = from; at < bytes.length; at += Instruction.BYTES) {
            try {
                code.add(InstructionCodec.decode(Word.read(ByteBuffer.wrap(bytes, at, Instruction.BYTES))));
            } catch (IllegalArgumentException e) {
                throw bad(file, at, "instruction %d: %s".formatted(code.size(), e.getMessage()));
            }
        }
        return code;
    }

    private static String name(ByteBuffer b) {
        byte[] name = new byte[b.getShort() & 0xffff];
        b.get(name);
        return new String(name, StandardCharsets.US_ASCII);
    }

    private static void checksum(String file, long offset, String what, int stored, int computed) {
        if (stored != computed) {
            throw bad(file, offset, "the checksum of %s is %08x, the file says %08x".formatted(what, computed, stored));
        }
    }

    private static int crc(byte[] bytes, int from, int to) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from, to - from);
        return (int) crc.getValue();
    }

    private static UserException bad(String file, long offset, String what) {
        return UserException.badInput("%s, byte %d: %s".formatted(file, offset, what), "write it again with lutra map");
    }

    private static final class Tables {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        void name(String name) {
            ByteBuffer b = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort((short) name.length());
            out.writeBytes(b.array());
            out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        }

        void ints(int... values) {
            for (int value : values) {
                out.writeBytes(ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(value)
                        .array());
            }
        }

        void longs(long... values) {
            for (long value : values) {
                out.writeBytes(ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(value)
                        .array());
            }
        }

        byte[] padded() {
            while (out.size() % Instruction.BYTES != 0) {
                out.write(0);
            }
            return out.toByteArray();
        }
    }
}
