// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.text;

import java.util.regex.Pattern;

/** How a text is split into words, across whose borders nothing merges: the patterns of byte-level BPE tokenizers, as tokenizer.json writes them. */
enum WordPattern {
    GPT2("'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"),
    /** Numbers of up to three digits. */
    LLAMA3(later("{1,3}")),
    /** Digits alone. */
    QWEN2(later(""));

    final String text;
    final Pattern pattern;

    WordPattern(String text) {
        this.text = text;
        this.pattern = Pattern.compile(text, Pattern.UNICODE_CHARACTER_CLASS);
    }

    private static String later(String digits) {
        return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}" + digits
                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }
}
