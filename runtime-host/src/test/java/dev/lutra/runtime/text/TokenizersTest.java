// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizersTest {
    @TempDir
    private static Path temp;

    private static int of(char c) {
        return c + 2;
    }

    @Test
    void mergesGoByRankThenFromTheLeft() throws IOException {
        Tokenizer bpe = TestTokenizers.bpe(temp, TestTokenizers.json());
        // "b c" ranks before "a b", so abc becomes a+bc, which then merges; aaa merges its first pair.
        assertThat(bpe.encode("abc")).containsExactly(0, 260);
        assertThat(bpe.encode("ab")).containsExactly(0, 258);
        assertThat(bpe.encode("aaa")).containsExactly(0, 262, of('a'));
        assertThat(bpe.encode("x a")).containsExactly(0, of('x'), 261);
    }

    @Test
    void wordsAreSplitByTheGpt2Pattern() throws IOException {
        Tokenizer bpe = TestTokenizers.bpe(temp, TestTokenizers.json());
        // Of several spaces before a word the last one belongs to the word: "a", " ", " a".
        assertThat(bpe.encode("a  a")).containsExactly(0, of('a'), 34, 261);
        // Letters, digits and punctuation never merge across their borders, nor does a contraction.
        assertThat(bpe.encode("a's")).containsExactly(0, of('a'), of('\''), of('s'));
    }

    /** By those of LLaMA 3 and Qwen2, as their tokenizer.json has them: marks go to the letters behind them, line ends to the marks before them. */
    @Test
    void wordsAreSplitByOtherPatterns() throws IOException {
        Tokenizer llama3 = TestTokenizers.bpe(temp, split("{1,3}"));
        Tokenizer qwen2 = TestTokenizers.bpe(temp, split(""));
        assertThat(words(llama3, "12345")).containsExactly("123", "45");
        assertThat(words(qwen2, "12345")).containsExactly("1", "2", "3", "4", "5");
        for (Tokenizer each : new Tokenizer[] {llama3, qwen2}) {
            assertThat(words(each, "a(a'S  a!\n\n b")).containsExactly("a", "(a", "'S", " ", " a", "!\n\n", " b");
            assertThat(words(each, " \n\n  a\n")).containsExactly(" \n\n", " ", " a", "\n");
        }
    }

    /** A letter and an accent become one character before anything else. */
    @Test
    void textIsComposedWhereTheFileSaysSo() throws IOException {
        String json = TestTokenizers.json();
        Tokenizer composed =
                TestTokenizers.bpe(temp, json.replace("\"normalizer\": null", "\"normalizer\": {\"type\": \"NFC\"}"));
        assertThat(composed.encode("e\u0301")).containsExactly(0, 2 + 0xc3, 2 + 0xa9);
        assertThat(TestTokenizers.bpe(temp, json).encode("e\u0301")).containsExactly(0, of('e'), 2 + 0xcc, 2 + 0x81);
    }

    private static String split(String digits) {
        String regex = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}" + digits
                + "| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+";
        return TestTokenizers.json()
                .replace("\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"use_regex\": true", """
                        "type": "Sequence", "pretokenizers": [
                          {"type": "Split", "pattern": {"Regex": "%s"}, "behavior": "Isolated", "invert": false},
                          {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]
                        """.formatted(
                                regex));
    }

    private static List<String> words(Tokenizer tokenizer, String text) {
        return ((ByteLevelBpe) tokenizer).words(text).toList();
    }

    @Test
    void addedTokensAreCutOutOfTheText() throws IOException {
        Tokenizer bpe = TestTokenizers.bpe(temp, TestTokenizers.json());
        assertThat(bpe.encode("a<x>b</s>")).containsExactly(0, of('a'), 263, of('b'), 1);
        assertThat(bpe.decode(new int[] {0, of('a'), 263, of('b'), 1})).isEqualTo("a<x>b");
    }

    @Test
    void ignoreMergesTakesWholeWordsFirst() throws IOException {
        String json =
                TestTokenizers.json().replace("\"merges\": [\"b c\", \"a b\", [\"a\", \"bc\"], ", "\"merges\": [");
        assertThat(TestTokenizers.bpe(temp, json).encode("abc")).hasSize(4);
        json = json.replace("\"type\": \"BPE\",", "\"type\": \"BPE\", \"ignore_merges\": true,");
        assertThat(TestTokenizers.bpe(temp, json).encode("abc")).containsExactly(0, 260);
    }

    @Test
    void prefixSpaceAndSuffix() throws IOException {
        String json = TestTokenizers.json()
                .replace("\"add_prefix_space\": false", "\"add_prefix_space\": true")
                .replace(
                        "{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}]",
                        "{\"Sequence\": {\"id\": \"A\", \"type_id\": 0}}, {\"SpecialToken\": {\"id\": \"<s>\"}}]");
        assertThat(TestTokenizers.bpe(temp, json).encode("a")).containsExactly(0, 261, 0);
    }

    @Test
    void llama2cMergesByScoreThenFromTheLeft() throws IOException {
        Tokenizer tokenizer = llama2c();
        // 259 " ", 260 a, 261 b, 262 ab, 263 ba, 264 " a", 265 é, 266 aa
        assertThat(tokenizer.encode("")).containsExactly(1);
        assertThat(tokenizer.encode("aba")).containsExactly(1, 264, 263);
        assertThat(tokenizer.encode("aaaa")).containsExactly(1, 264, 266, 260);
        assertThat(tokenizer.encode("éñ")).containsExactly(1, 259, 265, 3 + 0xc3, 3 + 0xb1);
        assertThat(tokenizer.decode(new int[] {1, 264, 264})).isEqualTo("a a");
    }

    private static Tokenizer llama2c() throws IOException {
        Path file = Files.write(temp.resolve("tokenizer.bin"), TestTokenizers.llama2c());
        return Llama2cVocabulary.read(file, TestTokenizers.LLAMA2C_VOCAB);
    }

    @Test
    void aCharacterOverSeveralTokensComesOutOnceAndWhole() throws IOException {
        TokenStream stream = new TokenStream(TestTokenizers.bpe(temp, TestTokenizers.json()));
        assertThat(stream.accept(0xf0 + 2)).isEmpty();
        assertThat(stream.accept(0x9f + 2)).isEmpty();
        assertThat(stream.accept(0x90 + 2)).isEmpty();
        assertThat(stream.accept(0xb1 + 2)).isEqualTo("\ud83d\udc31");
        assertThat(stream.accept(0xe2 + 2)).isEmpty();
        assertThat(stream.accept(of('a'))).isEqualTo("\ufffda");
        assertThat(stream.accept(0xe2 + 2)).isEmpty();
        assertThat(stream.finish()).isEqualTo("\ufffd");
        assertThat(stream.accept(of('a'))).isEqualTo("a");
    }

    @Property(tries = 300)
    void textSurvives(@ForAll @StringLength(max = 30) String text, @ForAll @IntRange(min = 0, max = 1) int which)
            throws IOException {
        String clean = new String(
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8), java.nio.charset.StandardCharsets.UTF_8);
        Path directory = Files.createTempDirectory("lutra-tokens");
        try {
            Tokenizer tokenizer;
            if (which == 0) {
                tokenizer = TestTokenizers.bpe(directory, TestTokenizers.json());
            } else {
                tokenizer = Llama2cVocabulary.read(
                        Files.write(directory.resolve("t"), TestTokenizers.llama2c()), TestTokenizers.LLAMA2C_VOCAB);
            }
            assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(clean);
        } finally {
            for (Path file : Files.list(directory).toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        }
    }

    /** The heap gives what the plain loop (best pair of the whole text, again and again) gives. */
    @Property(tries = 300)
    void mergingEqualsThePlainLoop(@ForAll @IntRange(min = 0, max = 40) int length, @ForAll long seed) {
        java.util.Random random = new java.util.Random(seed);
        int[] symbols = random.ints(length, 0, 3).toArray();
        double[][] costs = new double[40][40];
        int[][] results = new int[40][40];
        for (int a = 0; a < 40; a++) {
            for (int b = 0; b < 40; b++) {
                boolean merges = random.nextInt(3) == 0;
                costs[a][b] = random.nextInt(10);
                results[a][b] = merges ? random.nextInt(40) : -1;
            }
        }
        PairMerger.Rule rule = (left, right) -> new PairMerger.Merge(costs[left][right], results[left][right]);
        assertThat(PairMerger.merge(symbols, rule)).isEqualTo(plain(symbols, rule));
    }

    private static int[] plain(int[] symbols, PairMerger.Rule rule) {
        int[] tokens = symbols.clone();
        while (true) {
            int best = -1;
            PairMerger.Merge merge = PairMerger.Rule.NONE;
            for (int i = 0; i + 1 < tokens.length; i++) {
                PairMerger.Merge candidate = rule.find(tokens[i], tokens[i + 1]);
                if (candidate.token() >= 0 && (best < 0 || candidate.cost() < merge.cost())) {
                    best = i;
                    merge = candidate;
                }
            }
            if (best < 0) {
                return tokens;
            }
            int[] shorter = Arrays.copyOf(tokens, tokens.length - 1);
            shorter[best] = merge.token();
            System.arraycopy(tokens, best + 2, shorter, best + 1, tokens.length - best - 2);
            tokens = shorter;
        }
    }

    @Test
    void longTextsAreNotSlow() throws IOException {
        Tokenizer bpe = TestTokenizers.bpe(temp, TestTokenizers.json());
        String text = "abcaa".repeat(40_000);
        int[] ids = org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                java.time.Duration.ofSeconds(30), () -> bpe.encode(text));
        assertThat(ids).hasSize(1 + 2 * 40_000);
    }
}
