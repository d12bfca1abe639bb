// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lutra.machine.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadTokenizerTest {
    @TempDir
    private Path temp;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"type\": \"BPE\"           | \"type\": \"Unigram\"          | model.type is \"Unigram\"",
                "\"normalizer\": null        | \"normalizer\": {\"type\": \"NFKC\"} | normalizer.type is \"NFKC\"",
                "\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"use_regex\": true | \"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"Digits\"}, {}] | pretokenizers[0].type is \"Digits\"",
                "\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"use_regex\": true | \"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"Split\", \"behavior\": \"Isolated\", \"pattern\": {\"Regex\": \".\"}}, {\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"use_regex\": false}] | Regex is \".\"",
                "\"use_regex\": true         | \"use_regex\": false           | pre_tokenizer.use_regex",
                "\"type\": \"BPE\"           | \"type\": \"BPE\", \"byte_fallback\": true | model.byte_fallback",
                "\"type\": \"BPE\"           | \"type\": \"BPE\", \"dropout\": 0.1 | model.dropout",
                "\"b c\"                     | \"b q\"                        | model.merges[0] is \"b q\"",
                "\"b c\"                     | \"bc\"                         | model.merges[0] is \"bc\"",
                "\"b c\"                     | 7                              | model.merges[0] is 7",
                "\"abc\":260                 | \"abc\":259                    | model.vocab.abc is 259",
                "\"abc\":260                 | \"abc\":264                    | an integer from 0 to 263",
                "\"abc\":260                 | \"abc\":-1                     | an integer from 0 to 263",
                "\"abc\":260                 | \"a c\":260                    | outside the byte alphabet",
                "\"<s>\":0                   | \"<s>\":7                      | the id 0 that added_tokens gives it",
                "\"id\": 263                 | \"id\": 99999                  | added_tokens[2].id is 99999",
                "\"special\": false          | \"special\": false, \"lstrip\": true | added_tokens[2].lstrip",
                "\"ids\": [0]                | \"ids\": [9999]                | ids[0] is 9999",
                "TemplateProcessing          | Bert                           | post_processor.type is \"Bert\"",
                "\"decoder\"                 | \"decoded\"                    | \"decoder\" is missing",
                "{\"added                    | [{\"added                      | not valid JSON",
            })
    void json(String from, String to, String named) {
        assertThat(TestTokenizers.json()).contains(from);
        refused(() -> TestTokenizers.bpe(temp, TestTokenizers.json().replace(from, to)), "tokenizer.json", named);
    }

    @Test
    void aByteWithoutTokenIsTheCallersProblem() throws IOException {
        Tokenizer tokenizer = TestTokenizers.bpe(temp, TestTokenizers.json().replace("\"Q\":83,", ""));
        assertThat(tokenizer.encode("P")).hasSize(2);
        refused(() -> tokenizer.encode("Q"), "byte 0x51");
    }

    @Test
    void llama2c() throws IOException {
        byte[] good = TestTokenizers.llama2c();
        refusedLlama2c(Arrays.copyOf(good, 2), "2 bytes");
        refusedLlama2c(Arrays.copyOf(good, 1000), "cannot hold the 267 ids");
        refusedLlama2c(Arrays.copyOf(good, good.length - 1), "id 266 ", "length 2");
        refusedLlama2c(Arrays.copyOf(good, good.length - 6), "byte ", "id 266");
        refusedLlama2c(Arrays.copyOf(good, good.length + 5), "5 bytes follow");
        refusedLlama2c(with(good, 8, -1), "byte 4", "length -1");
        refusedLlama2c(with(good, 8, Integer.MAX_VALUE), "byte 4", "id 0");
        refusedLlama2c(with(good, 4, Float.floatToIntBits(Float.NaN)), "byte 4", "NaN");
        refusedLlama2c(with(good, 0, 3), "declared as 3");
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        byte[] changed = bytes.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        return changed;
    }

    private void refusedLlama2c(byte[] bytes, String... named) throws IOException {
        Path file = Files.write(temp.resolve("tok.bin"), bytes);
        refused(() -> Llama2cVocabulary.read(file, TestTokenizers.LLAMA2C_VOCAB), named);
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... named) {
        UserException e = catchThrowableOfType(UserException.class, call);
        assertThat(e).as("refused").isNotNull();
        assertThat(e.kind()).isEqualTo(UserException.Kind.BAD_INPUT);
        assertThat(e.getMessage()).contains(named);
    }

    /** Whatever the bytes: a tokenizer that works for any text and any id of the model, or a refusal as bad input. */
    @Property(tries = 800)
    void damagedFiles(@ForAll @IntRange(min = 0, max = 1) int which, @ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] bytes = which == 0
                ? TestTokenizers.json().getBytes(java.nio.charset.StandardCharsets.UTF_8)
                : TestTokenizers.llama2c();
        if (random.nextInt(4) == 0) {
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        }
        for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        Path file = Files.createTempFile("lutra-tokens", "");
        try {
            Files.write(file, bytes);
            int vocab = which == 0 ? TestTokenizers.BPE_VOCAB : TestTokenizers.LLAMA2C_VOCAB;
            Tokenizer tokenizer = which == 0 ? ByteLevelBpeFile.read(file, vocab) : Llama2cVocabulary.read(file, vocab);
            for (int id : tokenizer.encode("abc Héllo, 42 猫!\n")) {
                assertThat(id).isBetween(0, vocab - 1);
            }
            assertThat(tokenizer.decode(
                            java.util.stream.IntStream.range(0, vocab).toArray()))
                    .isNotNull();
        } catch (UserException refused) {
            assertThat(refused.kind()).isEqualTo(UserException.Kind.BAD_INPUT);
        } finally {
            Files.delete(file);
        }
    }
}
