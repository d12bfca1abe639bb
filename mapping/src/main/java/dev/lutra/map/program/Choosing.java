// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.program;

/** How a step ends: which token follows if the host gives none. What is drawn takes temperature, k or p and a random number of each step from the host. */
public enum Choosing {
    /** The greatest logit's. */
    GREATEST,
    /** One of all, drawn. */
    DRAWN,
    /** One of the k best, drawn. */
    DRAWN_OF_BEST,
    /** One of the nucleus, drawn. */
    DRAWN_OF_NUCLEUS
}
