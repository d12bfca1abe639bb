// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.text;

import static dev.lutra.machine.UserException.badInput;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lutra.map.checkpoint.JsonFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads tokenizer.json: byte-level BPE and nothing else; every other setting that would change an id is refused by name. */
final class ByteLevelBpeFile {
    private static final String SUPPORTED =
            "supported: byte-level BPE (model BPE, pre_tokenizer and decoder ByteLevel with the word pattern of GPT-2, LLaMA 3 or Qwen2, normalizer NFC or none)";

    private final JsonFile root;
    private final int vocab;
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<String, Integer> added = new LinkedHashMap<>();
    private final byte[] @Nullable [] tokens;
    private final int[] byteIds = new int[256];
    private final List<Integer> prefix = new ArrayList<>();
    private final List<Integer> suffix = new ArrayList<>();

    private ByteLevelBpeFile(JsonFile root, int vocab) {
        this.root = root;
        this.vocab = vocab;
        this.tokens = new byte[vocab][];
        Arrays.fill(byteIds, -1);
    }

    /**
     * Reads a tokenizer.
     *
     * @param vocab ids that the model has; the tokenizer must stay below
     */
    static ByteLevelBpe read(Path file, int vocab) {
        return new ByteLevelBpeFile(JsonFile.read(file), vocab).read();
    }

    private ByteLevelBpe read() {
        JsonFile model = root.get("model");
        checkPipeline(model);
        WordPattern word = word(root.get("pre_tokenizer"));
        readAdded();
        readVocabulary(model.get("vocab"));
        Map<Long, PairMerger.Merge> merges = readMerges(model.get("merges"));
        JsonFile post = root.find("post_processor");
        if (post != null) {
            readTemplate(post);
        }
        boolean prefixSpace = root.get("pre_tokenizer").flag("add_prefix_space", false);
        Map<String, Integer> words = model.flag("ignore_merges", false) ? ids : Map.of();
        return new ByteLevelBpe(new ByteLevelBpe.Data(
                tokens,
                byteIds,
                words,
                merges,
                added,
                prefix,
                suffix,
                prefixSpace,
                root.find("normalizer") != null,
                word));
    }

    private void checkPipeline(JsonFile model) {
        only(model.get("type"), "BPE");
        for (String text : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
            if (!model.text(text, "").isEmpty()) {
                throw unsupported(model.get(text));
            }
        }
        if (model.find("dropout") != null) {
            throw unsupported(model.get("dropout"));
        }
        if (model.flag("byte_fallback", false)) {
            throw unsupported(model.get("byte_fallback"));
        }
        JsonFile normalizer = root.find("normalizer");
        if (normalizer != null) {
            only(normalizer.get("type"), "NFC");
        }
        only(root.get("decoder").get("type"), "ByteLevel");
    }

    /** GPT-2's pattern is part of the step from characters to bytes; others come as a step before it. */
    private static WordPattern word(JsonFile pre) {
        if (!pre.get("type").text().equals("Sequence")) {
            only(pre.get("type"), "ByteLevel");
            if (!pre.flag("use_regex", true)) {
                throw unsupported(pre.get("use_regex"));
            }
            return WordPattern.GPT2;
        }
        List<JsonFile> steps = pre.get("pretokenizers").elements();
        if (steps.size() != 2) {
            throw pre.get("pretokenizers").wrong("a Split and a ByteLevel");
        }
        JsonFile split = steps.get(0);
        only(split.get("type"), "Split");
        only(split.get("behavior"), "Isolated");
        JsonFile bytes = steps.get(1);
        only(bytes.get("type"), "ByteLevel");
        if (bytes.flag("use_regex", true) || bytes.flag("add_prefix_space", true) || split.flag("invert", false)) {
            throw unsupported(pre);
        }
        JsonFile regex = split.get("pattern").get("Regex");
        return Arrays.stream(WordPattern.values())
                .filter(known -> known.text.equals(regex.text()))
                .findFirst()
                .orElseThrow(() -> unsupported(regex));
    }

    private static void only(JsonFile value, String supported) {
        if (!value.text().equals(supported)) {
            throw unsupported(value);
        }
    }

    private static RuntimeException unsupported(JsonFile value) {
        return badInput(value.where() + " is " + value.shown() + ", which is not supported", SUPPORTED);
    }

    private void readAdded() {
        JsonFile list = root.find("added_tokens");
        if (list == null) {
            return;
        }
        for (JsonFile token : list.elements()) {
            for (String strip : List.of("lstrip", "rstrip", "single_word")) {
                if (token.flag(strip, false)) {
                    throw unsupported(token.get(strip));
                }
            }
            String content = token.get("content").text();
            if (content.isEmpty()) {
                throw token.get("content").wrong("some text");
            }
            int id = token.get("id").integer(0, vocab - 1);
            tokens[id] = token.flag("special", false) ? new byte[0] : content.getBytes(UTF_8);
            if (added.put(content, id) != null) {
                throw token.get("content").wrong("the only added token with this content");
            }
        }
    }

    private void readVocabulary(JsonFile vocabulary) {
        for (String token : vocabulary.keys()) {
            int id = vocabulary.get(token).integer(0, vocab - 1);
            ids.put(token, id);
            if (added.containsKey(token)) {
                if (added.get(token) != id) {
                    throw vocabulary.get(token).wrong("the id " + added.get(token) + " that added_tokens gives it");
                }
                continue;
            }
            byte[] bytes = fromAlphabet(token);
            if (bytes == null || bytes.length == 0) {
                throw badInput(
                        vocabulary.get(token).where() + ": a token of characters outside the byte alphabet", SUPPORTED);
            }
            if (tokens[id] != null) {
                throw vocabulary.get(token).wrong("an id that no other token has");
            }
            tokens[id] = bytes;
            if (bytes.length == 1) {
                byteIds[bytes[0] & 0xff] = id;
            }
        }
    }

    private Map<Long, PairMerger.Merge> readMerges(JsonFile list) {
        Map<Long, PairMerger.Merge> merges = new HashMap<>();
        int rank = 0;
        for (JsonFile merge : list.elements()) {
            String[] parts = merge.isArray()
                    ? merge.elements().stream().map(JsonFile::text).toArray(String[]::new)
                    : merge.text().split(" ", -1);
            if (parts.length != 2) {
                throw merge.wrong("two tokens");
            }
            Integer left = ids.get(parts[0]);
            Integer right = ids.get(parts[1]);
            Integer both = ids.get(parts[0] + parts[1]);
            if (left == null || right == null || both == null) {
                throw merge.wrong("two tokens of the vocabulary that together are one of it");
            }
            merges.putIfAbsent(pair(left, right), new PairMerger.Merge(rank, both));
            rank++;
        }
        return merges;
    }

    private void readTemplate(JsonFile post) {
        switch (post.get("type").text()) {
            case "ByteLevel" -> {
                // Changes offsets into the text only, never ids.
            }
            case "Sequence" -> post.get("processors").elements().forEach(this::readTemplate);
            case "TemplateProcessing" -> {
                boolean after = false;
                for (JsonFile item : post.get("single").elements()) {
                    JsonFile special = item.find("SpecialToken");
                    if (special == null) {
                        only(item.get("Sequence").get("id"), "A");
                        after = true;
                        continue;
                    }
                    JsonFile known =
                            post.get("special_tokens").get(special.get("id").text());
                    for (JsonFile id : known.get("ids").elements()) {
                        (after ? suffix : prefix).add(id.integer(0, vocab - 1));
                    }
                }
            }
            default -> throw unsupported(post.get("type"));
        }
    }

    static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    static String inAlphabet(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        for (byte b : bytes) {
            text.append(ByteAlphabet.toChar(b & 0xff));
        }
        return text.toString();
    }

    private static byte @Nullable [] fromAlphabet(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            int value = ByteAlphabet.toByte(token.charAt(i));
            if (value < 0) {
                return null;
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }
}
