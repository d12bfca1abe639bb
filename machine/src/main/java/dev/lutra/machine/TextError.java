// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

/** A mistake in the text of a program. */
final class TextError extends Exception {
    private static final long serialVersionUID = 1L;

    private final int column;
    private final String what;

    TextError(int column, String what) {
        super(what);
        this.column = column;
        this.what = what;
    }

    /** Column of the mistake, from 1. */
    int column() {
        return column;
    }

    String what() {
        return what;
    }
}
