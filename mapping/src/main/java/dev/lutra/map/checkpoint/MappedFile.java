// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.checkpoint;

import static dev.lutra.machine.UserException.badInput;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of any length mapped read-only, in segments because one Java buffer ends at 2 GiB. */
final class MappedFile {
    private static final int SEGMENT_BITS = 30;
    private static final long SEGMENT = 1L << SEGMENT_BITS;

    private final Path path;
    private final long size;
    private final MappedByteBuffer[] segments;

    private MappedFile(Path path, long size, MappedByteBuffer[] segments) {
        this.path = path;
        this.size = size;
        this.segments = segments;
    }

    static MappedFile open(Path path) {
        if (!Files.isRegularFile(path)) {
            throw badInput(path + (Files.exists(path) ? ": not a regular file" : ": no such file"), "check the path");
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            MappedByteBuffer[] segments = new MappedByteBuffer[Math.toIntExact((size + SEGMENT - 1) >> SEGMENT_BITS)];
            for (int i = 0; i < segments.length; i++) {
                long start = i * SEGMENT;
                segments[i] = channel.map(FileChannel.MapMode.READ_ONLY, start, Math.min(SEGMENT, size - start));
            }
            return new MappedFile(path, size, segments);
        } catch (IOException e) {
            throw JsonFile.unreadable(path, e);
        }
    }

    Path path() {
        return path;
    }

    long size() {
        return size;
    }

    /** A little-endian copy of {@code length} bytes from {@code offset}; the range must lie inside the file. */
    ByteBuffer read(long offset, int length) {
        if (offset < 0 || length < 0 || offset > size - length) {
            throw new IndexOutOfBoundsException(offset + " + " + length + " of " + size + " bytes of " + path);
        }
        byte[] copy = new byte[length];
        int done = 0;
        while (done < length) {
            long at = offset + done;
            int inSegment = (int) (at & (SEGMENT - 1));
            int part = (int) Math.min(length - done, SEGMENT - inSegment);
            segments[(int) (at >> SEGMENT_BITS)].get(inSegment, copy, done, part);
            done += part;
        }
        return ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
    }
}
