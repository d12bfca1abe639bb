// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Decodes tokens one by one into text, holding back the bytes of a character that later tokens complete. */
public final class TokenStream {
    private static final int NONE = -1;

    private final Tokenizer tokenizer;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] pending = new byte[0];
    private int previous = NONE;

    public TokenStream(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** The text that this token completes, often empty. */
    public String accept(int token) {
        byte[] bytes = tokenizer.bytes(previous, token);
        previous = token;
        return decode(bytes, false);
    }

    /** What is left at the end: U+FFFD for an incomplete character. The stream can then be used afresh. */
    public String finish() {
        String rest = decode(new byte[0], true);
        utf8.reset();
        previous = NONE;
        return rest;
    }

    private String decode(byte[] more, boolean end) {
        ByteBuffer in = ByteBuffer.allocate(pending.length + more.length)
                .put(pending)
                .put(more)
                .flip();
        CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
        utf8.decode(in, out, end);
        if (end) {
            utf8.flush(out);
        }
        pending = new byte[in.remaining()];
        in.get(pending);
        return out.flip().toString();
    }
}
