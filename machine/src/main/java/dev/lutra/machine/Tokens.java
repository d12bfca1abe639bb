// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

/**
 * Wait and post masks of an instruction, one bit per {@link Unit}. Before it executes, an instruction takes one token
 * from each waited unit's counter towards its own unit; when it retires, it adds one to each posted unit's counter.
 *
 * @param waits units waited for
 * @param posts units posted to
 */
public record Tokens(int waits, int posts) {
    /** Neither waits nor posts. */
    public static final Tokens NONE = new Tokens(0, 0);

    /** These masks and a wait for {@code units}. */
    public Tokens waitFor(Unit... units) {
        return new Tokens(waits | mask(units), posts);
    }

    /** These masks and a post to {@code units}. */
    public Tokens postTo(Unit... units) {
        return new Tokens(waits, posts | mask(units));
    }

    private static int mask(Unit... units) {
        int mask = 0;
        for (Unit unit : units) {
            mask |= unit.bit();
        }
        return mask;
    }
}
