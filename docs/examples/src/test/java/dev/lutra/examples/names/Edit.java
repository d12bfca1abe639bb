// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.names;

/** Something added to a class that has nothing to do with the rest; {@code #} is a number, where it is added more than once. */
enum Edit {
    /** A register, a named value and one without a name, between two statements of a constructor. */
    STATEMENT(
            "var addedState# = reg(uint(9)).init(0);"
                    + " var addedNext# = addedState#.wrapAdd(1);"
                    + " when(addedState#.bits(4, 1).add(3).bit(4), () -> addedState#.set(addedNext#));",
            ""),

    /** An instance of a new module between two statements of a constructor. */
    MODULE("var addedPart# = new AddedPart#();", """
            static final class AddedPart# extends dev.lutra.hdl.Module {
                final dev.lutra.hdl.UInt addedOut = out(uint(20));
                AddedPart#() {
                    var addedState = reg(uint(20)).init(#);
                    addedState.set(addedState.wrapAdd(1));
                    addedOut.set(addedState);
                }
            }
            """),

    /** An output before a member of the class. */
    PORT("", "public final dev.lutra.hdl.UInt addedPort# = out(uint(3)); { addedPort#.set(5); }");

    private final String statement;
    private final String member;

    Edit(String statement, String member) {
        this.statement = statement;
        this.member = member;
    }

    /** What goes into a constructor, or empty. */
    String statement(int number) {
        return statement.replace("#", Integer.toString(number));
    }

    /** What goes into the body of the class, or empty. */
    String member(int number) {
        return member.replace("#", Integer.toString(number));
    }
}
