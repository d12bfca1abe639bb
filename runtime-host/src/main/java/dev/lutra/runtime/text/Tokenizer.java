// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.text;

import dev.lutra.machine.UserException;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.model.LlamaConfig;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text to token ids and back. */
public interface Tokenizer {
    /** Reads the tokenizer that belongs to a checkpoint. */
    static Tokenizer load(Checkpoint checkpoint) {
        Path file = checkpoint.tokenizer();
        if (!Files.isRegularFile(file)) {
            throw UserException.badInput(
                    file + ": the model's tokenizer is missing",
                    switch (checkpoint.layout()) {
                        case HUGGING_FACE -> "put the model's tokenizer.json beside config.json";
                        case LLAMA2C ->
                            "put the tokenizer's .bin beside the model's, named tokenizer.bin or tok"
                                    + checkpoint.model().config().vocab() + ".bin";
                    });
        }
        LlamaConfig config = checkpoint.model().config();
        return switch (checkpoint.layout()) {
            case HUGGING_FACE -> ByteLevelBpeFile.read(file, config.vocab());
            case LLAMA2C -> Llama2cVocabulary.read(file, config.vocab());
        };
    }

    /** Ids of a text, with the start token where the checkpoint asks for one. Unpaired surrogates count as {@code ?}. */
    int[] encode(String text);

    /**
     * The bytes, part of a UTF-8 text, that a token stands for; none for tokens that only mark something.
     *
     * @param previous the token before, or -1 if there is none
     */
    byte[] bytes(int previous, int token);

    /** The text of a whole sequence; bytes that are no UTF-8 become U+FFFD. */
    default String decode(int[] tokens) {
        TokenStream stream = new TokenStream(this);
        StringBuilder text = new StringBuilder();
        for (int token : tokens) {
            text.append(stream.accept(token));
        }
        return text.append(stream.finish()).toString();
    }
}
