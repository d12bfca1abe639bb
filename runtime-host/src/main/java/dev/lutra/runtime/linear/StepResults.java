// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.linear;

import dev.lutra.machine.UserException;
import dev.lutra.map.forward.DecodeStep;
import dev.lutra.map.forward.Draws;
import dev.lutra.map.program.StepLayout;
import dev.lutra.runtime.device.Buffer;
import dev.lutra.runtime.device.Device;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What steps leave in memory, one after the other: tokens that come while the device goes on. The place of each holds what no token is until it comes, or the token that
 * the device is given there.
 *
 * <p>The time from look to look is half of what the last token took, and grows while none comes: a token costs a few looks of four bytes however long it takes.
 */
final class StepResults {
    private final Device device;
    private final StepLayout layout;
    private final Buffer buffer;
    private final int steps;
    private final DecodeStep.Choice choices;
    private final IntPredicate ends;
    private int come;
    private boolean ended;
    private boolean looked;
    private long lastCame;
    private long pace;
    private long nextLook;

    /**
     * @param buffer with room for so many steps
     * @param given the tokens that the first steps take
     * @param draws of those that follow; null if they are not drawn
     * @param choices given each token
     * @param ends whether no step follows a token
     */
    StepResults(
            Device device,
            StepLayout layout,
            Buffer buffer,
            int steps,
            int[] given,
            @Nullable Draws draws,
            DecodeStep.Choice choices,
            IntPredicate ends) {
        this.device = device;
        this.layout = layout;
        this.buffer = buffer;
        this.steps = steps;
        this.choices = choices;
        this.ends = ends;
        this.come = given.length - 1;
        for (int step = 0; step < steps; step++) {
            int wanted = step < come ? StepLayout.given(given[step + 1]) : StepLayout.ANY;
            ByteBuffer words = word().putInt(0, wanted);
            if (draws != null) {
                float uniform = step < come ? 0 : draws.uniforms()[step - come];
                words = ByteBuffer.wrap(StepLayout.words(wanted, uniform, draws.inverse(), draws.limit()));
            }
            device.write(buffer, layout.tokenOffset(step), words);
        }
    }

    /** Passes on what has come since the last look, unless that was a moment ago. */
    void look() {
        long now = System.nanoTime();
        if (!looked) {
            looked = true;
            lastCame = now;
        } else if (now - nextLook >= 0) {
            take(now);
            nextLook = now + Math.max(pace, now - lastCame) / 2;
        }
    }

    private void take(long now) {
        while (come < steps && !ended) {
            int token = word(layout.tokenOffset(come)).getInt(0);
            if (token == StepLayout.ANY) {
                return;
            }
            float logit = word(layout.greatestOffset(come)).getFloat(0);
            come++;
            pace = now - lastCame;
            lastCame = now;
            ended = ends.test(token);
            choices.accept(logit, token);
        }
    }

    /**
     * Passes on the rest, when the device has ended.
     *
     * @throws UserException if it ended too early
     */
    void takeAll() {
        take(System.nanoTime());
        if (come < steps && !ended) {
            throw new UserException(
                    UserException.Kind.DEVICE,
                    "the device ended after " + come + " of " + steps + " tokens, none of which ends a text",
                    "Run the command again. If it happens again, check the bitstream: lutra run --check");
        }
    }

    /** Steps whose token has come, or was given. */
    int come() {
        return come;
    }

    private ByteBuffer word(long offset) {
        ByteBuffer word = word();
        device.read(buffer, offset, word);
        return word;
    }

    private static ByteBuffer word() {
        return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }
}
