// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Small tokenizer files: all bytes and a few merges. */
final class TestTokenizers {
    private TestTokenizers() {}

    static final int BPE_VOCAB = 264;
    static final int LLAMA2C_VOCAB = 267;

    /** tokenizer.json: 0 {@code <s>}, 1 {@code </s>}, 2..257 bytes, then {@code ab}, {@code bc}, {@code abc}, {@code Ġa}, {@code aa}; 263 is {@code <x>}, an added token that is text. */
    static String json() {
        StringJoiner vocab = new StringJoiner(",");
        vocab.add("\"<s>\":0").add("\"</s>\":1");
        for (int b = 0; b < 256; b++) {
            String c = Character.toString(ByteAlphabet.toChar(b));
            vocab.add("\"" + (c.equals("\"") || c.equals("\\") ? "\\" + c : c) + "\":" + (b + 2));
        }
        List<String> merged = List.of("ab", "bc", "abc", "Ġa", "aa");
        for (int i = 0; i < merged.size(); i++) {
            vocab.add("\"" + merged.get(i) + "\":" + (258 + i));
        }
        return """
                {"added_tokens": [{"id": 0, "content": "<s>", "special": true}, {"id": 1, "content": "</s>", "special": true},
                                  {"id": 263, "content": "<x>", "special": false}],
                 "normalizer": null,
                 "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true},
                 "post_processor": {"type": "TemplateProcessing",
                   "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                   "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}}},
                 "decoder": {"type": "ByteLevel"},
                 "model": {"type": "BPE", "vocab": {%s},
                           "merges": ["b c", "a b", ["a", "bc"], "Ġ a", "a a"]}}
                """.formatted(vocab);
    }

    static Tokenizer bpe(Path directory, String json) throws IOException {
        return ByteLevelBpeFile.read(Files.writeString(directory.resolve("tokenizer.json"), json, UTF_8), BPE_VOCAB);
    }

    /** Pieces beyond the bytes are ids 259.. of a llama2.c vocabulary, with these scores. */
    static byte[] llama2c() {
        Map<String, Float> pieces = new java.util.LinkedHashMap<>();
        pieces.put(" ", -1f);
        pieces.put("a", -2f);
        pieces.put("b", -3f);
        pieces.put("ab", -9f);
        pieces.put("ba", -8f);
        pieces.put(" a", -10f);
        pieces.put("é", -4f);
        pieces.put("aa", -20f);
        ByteBuffer bytes = ByteBuffer.allocate(1 << 14).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(7);
        put(bytes, 0, "<unk>");
        put(bytes, 0, "\n<s>\n");
        put(bytes, 0, "\n</s>\n");
        for (int b = 0; b < 256; b++) {
            put(bytes, 0, String.format("<0x%02X>", b));
        }
        pieces.forEach((piece, score) -> put(bytes, score, piece));
        byte[] all = new byte[bytes.position()];
        bytes.flip().get(all);
        return all;
    }

    private static void put(ByteBuffer bytes, float score, String piece) {
        byte[] text = piece.getBytes(UTF_8);
        bytes.putFloat(score).putInt(text.length).put(text);
    }
}
