// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.text;

import static dev.lutra.machine.UserException.badInput;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.text.Normalizer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Byte-level byte-pair encoding (GPT-2): added tokens are cut out of the text, the rest is split into words, and each
 * word's bytes are merged in order of rank.
 */
final class ByteLevelBpe implements Tokenizer {
    /**
     * What a tokenizer.json holds.
     *
     * @param tokens bytes of each id; null where there is no such id, empty for special tokens
     * @param byteIds id of each single byte, or -1
     * @param words ids of whole words that are taken before any merge; empty unless the file says so
     * @param merges by pair, {@code left << 32 | right}
     * @param added contents of added tokens and their ids
     * @param prefix ids before every text
     * @param suffix ids after every text
     * @param prefixSpace a text that begins with no space gets one
     * @param composed text is brought to Unicode's normalization form C first
     * @param word how text is split
     */
    record Data(
            byte[] @Nullable [] tokens,
            int[] byteIds,
            Map<String, Integer> words,
            Map<Long, PairMerger.Merge> merges,
            Map<String, Integer> added,
            List<Integer> prefix,
            List<Integer> suffix,
            boolean prefixSpace,
            boolean composed,
            WordPattern word) {}

    private final Data data;
    private final Pattern addedTokens;

    ByteLevelBpe(Data data) {
        this.data = data;
        // The longest of those that begin at one place; a pattern that never matches if there are none.
        addedTokens = Pattern.compile(data.added().keySet().stream()
                .sorted((a, b) -> b.length() - a.length())
                .map(Pattern::quote)
                .collect(Collectors.collectingAndThen(Collectors.joining("|"), p -> p.isEmpty() ? "(?!)" : p)));
    }

    @Override
    public int[] encode(String text) {
        IntStream.Builder ids = IntStream.builder();
        data.prefix().forEach(ids::add);
        Matcher added = addedTokens.matcher(text);
        int at = 0;
        while (added.find()) {
            encodePlain(text.substring(at, added.start()), ids);
            ids.add(Objects.requireNonNull(data.added().get(added.group()), "the pattern holds these keys only"));
            at = added.end();
        }
        encodePlain(text.substring(at), ids);
        data.suffix().forEach(ids::add);
        return ids.build().toArray();
    }

    private void encodePlain(String plain, IntStream.Builder ids) {
        String text = data.composed() ? Normalizer.normalize(plain, Normalizer.Form.NFC) : plain;
        boolean needsSpace = data.prefixSpace() && !text.isEmpty() && !Character.isWhitespace(text.charAt(0));
        words(needsSpace ? " " + text : text).forEach(word -> encodeWord(word, ids));
    }

    /** The words of a text without added tokens. */
    Stream<String> words(String text) {
        return data.word().pattern.matcher(text).results().map(MatchResult::group);
    }

    private void encodeWord(String word, IntStream.Builder ids) {
        byte[] bytes = word.getBytes(UTF_8);
        if (!data.words().isEmpty()) {
            Integer whole = data.words().get(ByteLevelBpeFile.inAlphabet(bytes));
            if (whole != null) {
                ids.add(whole);
                return;
            }
        }
        int[] symbols = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            symbols[i] = data.byteIds()[bytes[i] & 0xff];
            if (symbols[i] < 0) {
                throw badInput(
                        "the text holds the byte 0x" + Integer.toHexString(bytes[i] & 0xff)
                                + ", for which the model's tokenizer has no token",
                        "leave that character out of the prompt");
            }
        }
        for (int id : PairMerger.merge(symbols, this::merge)) {
            ids.add(id);
        }
    }

    private PairMerger.Merge merge(int left, int right) {
        return data.merges().getOrDefault(ByteLevelBpeFile.pair(left, right), PairMerger.Rule.NONE);
    }

    @Override
    public byte[] bytes(int previous, int token) {
        byte[] bytes = token < data.tokens().length ? data.tokens()[token] : null;
        return bytes == null ? new byte[0] : bytes.clone();
    }
}
