// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.text;

import static dev.lutra.machine.UserException.badInput;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lutra.machine.IoReason;
import dev.lutra.machine.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The vocabulary of llama2.c: int32 longest piece, then for each id float32 score, int32 length and that many bytes, little-endian.
 *
 * <p>Pieces are kept as Latin-1 strings, one char per byte. Pieces {@code <0x00>} .. {@code <0xFF>} stand for single bytes.
 */
final class Llama2cVocabulary implements Tokenizer {
    private static final int BOS = 1;
    private static final int EOS = 2;
    private static final int FIRST_BYTE = 3;
    private static final long MAX_BYTES = 32L << 20;
    private static final Pattern RAW_BYTE = Pattern.compile("<0x([0-9A-Fa-f]{2})>");
    private static final String HINT = "the file is damaged, no llama2.c tokenizer, or that of another model";

    private final String[] pieces;
    private final float[] scores;
    private final Map<String, Integer> ids = new HashMap<>();
    private final int longest;

    private Llama2cVocabulary(String[] pieces, float[] scores) {
        this.pieces = pieces;
        this.scores = scores;
        int most = 0;
        for (int id = 0; id < pieces.length; id++) {
            ids.putIfAbsent(pieces[id], id);
            most = Math.max(most, pieces[id].length());
        }
        longest = most;
    }

    /**
     * Reads a vocabulary.
     *
     * @param vocab ids that the model has; the file must have as many
     */
    static Llama2cVocabulary read(Path file, int vocab) {
        ByteBuffer bytes = readAll(file);
        if (bytes.remaining() < 4) {
            throw badInput(file + ": " + bytes.remaining() + " bytes, too short for a tokenizer", HINT);
        }
        int declared = bytes.getInt();
        if (bytes.remaining() / 8 < vocab) {
            throw badInput(
                    file + ": " + bytes.limit() + " bytes cannot hold the " + vocab + " ids that the model has", HINT);
        }
        if (vocab < FIRST_BYTE + 256) {
            throw badInput(
                    file + ": a vocabulary of " + vocab + " ids has no room for 3 marks and 256 single bytes", HINT);
        }
        String[] pieces = new String[vocab];
        float[] scores = new float[vocab];
        for (int id = 0; id < vocab; id++) {
            int at = bytes.position();
            if (bytes.remaining() < 8) {
                throw badInput(file + ": byte " + at + ": the file ends before id " + id + " of " + vocab, HINT);
            }
            scores[id] = bytes.getFloat();
            int length = bytes.getInt();
            if (Float.isNaN(scores[id]) || length < 0 || length > declared || length > bytes.remaining()) {
                throw badInput(
                        file + ": byte " + at + ": id " + id + " has score " + scores[id] + " and length " + length
                                + "; the longest piece is declared as " + declared + " bytes and " + bytes.remaining()
                                + " bytes follow",
                        HINT);
            }
            byte[] piece = new byte[length];
            bytes.get(piece);
            pieces[id] = new String(piece, ISO_8859_1);
        }
        if (bytes.hasRemaining()) {
            throw badInput(
                    file + ": " + bytes.remaining() + " bytes follow the " + vocab + " ids that the model has", HINT);
        }
        return new Llama2cVocabulary(pieces, scores);
    }

    private static ByteBuffer readAll(Path file) {
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw badInput(
                        file + ": " + size + " bytes, more than the " + MAX_BYTES + " a tokenizer may have", HINT);
            }
            return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT, file + ": cannot be read: " + IoReason.of(e), null, e);
        }
    }

    @Override
    public int[] encode(String text) {
        int[] symbols = new int[text.isEmpty() ? 0 : 1 + text.getBytes(UTF_8).length];
        int count = 0;
        if (!text.isEmpty()) {
            count = symbol(" ", symbols, count);
            int at = 0;
            while (at < text.length()) {
                int end = text.offsetByCodePoints(at, 1);
                count = symbol(new String(text.substring(at, end).getBytes(UTF_8), ISO_8859_1), symbols, count);
                at = end;
            }
        }
        int[] merged = PairMerger.merge(java.util.Arrays.copyOf(symbols, count), this::merge);
        int[] tokens = new int[merged.length + 1];
        tokens[0] = BOS;
        System.arraycopy(merged, 0, tokens, 1, merged.length);
        return tokens;
    }

    /** Appends the piece of one code point, or its bytes if it is no piece; returns the new count. */
    private int symbol(String piece, int[] symbols, int count) {
        @Nullable Integer id = ids.get(piece);
        if (id != null) {
            symbols[count] = id;
            return count + 1;
        }
        for (int i = 0; i < piece.length(); i++) {
            symbols[count + i] = FIRST_BYTE + piece.charAt(i);
        }
        return count + piece.length();
    }

    private PairMerger.Merge merge(int left, int right) {
        if (pieces[left].length() + pieces[right].length() > longest) {
            return PairMerger.Rule.NONE;
        }
        Integer id = ids.get(pieces[left] + pieces[right]);
        return id == null ? PairMerger.Rule.NONE : new PairMerger.Merge(-scores[id], id);
    }

    @Override
    public byte[] bytes(int previous, int token) {
        if (token == BOS || token == EOS) {
            return new byte[0];
        }
        String piece = pieces[token];
        Matcher raw = RAW_BYTE.matcher(piece);
        if (raw.matches()) {
            return new byte[] {(byte) Integer.parseInt(raw.group(1), 16)};
        }
        boolean dropSpace = previous == BOS && piece.startsWith(" ");
        return (dropSpace ? piece.substring(1) : piece).getBytes(ISO_8859_1);
    }
}
