// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import static org.objectweb.asm.Opcodes.AALOAD;
import static org.objectweb.asm.Opcodes.AASTORE;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ARETURN;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.ATHROW;
import static org.objectweb.asm.Opcodes.CHECKCAST;
import static org.objectweb.asm.Opcodes.DUP;
import static org.objectweb.asm.Opcodes.DUP_X1;
import static org.objectweb.asm.Opcodes.DUP_X2;
import static org.objectweb.asm.Opcodes.GETFIELD;
import static org.objectweb.asm.Opcodes.GETSTATIC;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.INVOKEDYNAMIC;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.LOOKUPSWITCH;
import static org.objectweb.asm.Opcodes.POP;
import static org.objectweb.asm.Opcodes.PUTFIELD;
import static org.objectweb.asm.Opcodes.PUTSTATIC;
import static org.objectweb.asm.Opcodes.RETURN;
import static org.objectweb.asm.Opcodes.TABLESWITCH;

import dev.lutra.hdl.Origin.Strength;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a method does with the result of a call: follows the value on the operand stack from the call until something
 * takes it.
 *
 * @param name the variable it ends up in, or null
 * @param strength whether it is the variable itself, an element of it or part of an expression for it
 * @param returned whether the method returns it, so that the caller may have a name for it
 * @param dropped whether it is thrown away at once
 */
record Destination(@Nullable String name, Strength strength, boolean returned, boolean dropped) {
    /** A local variable whose name the class file does not have: compiled without {@code -g}. */
    static final Destination NAMELESS = new Destination(null, Strength.VARIABLE, false, false);

    static final Destination UNKNOWN = new Destination(null, Strength.VARIABLE, false, false);

    private static final int MAX_STEPS = 500;
    private static final String LANGUAGE = "dev/lutra/hdl/";
    /** Methods of the language that give back what they are called on or with. */
    private static final Set<String> SAME = Set.of("init", "named", "in", "out", "wire", "reg", "field", "flipped");

    /** What a call that makes a statement returns. */
    private static final List<String> STATEMENTS =
            List.of(")L" + LANGUAGE + "When;", ")L" + LANGUAGE + "Switch;", ")L" + LANGUAGE + "EnumSwitch;");

    private static final Set<String> COLLECT =
            Set.of("add", "addLast", "addFirst", "offer", "push", "put", "putIfAbsent", "set");

    /** Follows the result of the call at an instruction. */
    static Destination of(MethodCode code, int call) {
        return new Follower(code).follow(call);
    }

    private static final class Follower {
        private final MethodCode code;
        private Strength strength = Strength.VARIABLE;

        Follower(MethodCode code) {
            this.code = code;
        }

        Destination follow(int call) {
            var first = code.get(call);
            if (first.descriptor().endsWith(")V") && !first.name().equals("<init>")) {
                return UNKNOWN;
            }
            int above = 0; // slots on top of the value
            int at = call + 1;
            for (int step = 0; step < MAX_STEPS && at < code.size(); step++) {
                var next = code.get(at);
                if (next.opcode() == GOTO || next.opcode() == TABLESWITCH || next.opcode() == LOOKUPSWITCH) {
                    above -= next.pops();
                    if (above < 0 || code.jump(at) <= at) {
                        return UNKNOWN;
                    }
                    at = code.jump(at);
                    continue;
                }
                if (next.opcode() == RETURN || next.opcode() == ATHROW) {
                    return UNKNOWN;
                }
                if (isCopy(next) && above < next.pops()) {
                    if (above > 0) {
                        return UNKNOWN;
                    }
                    at++; // the copy on top is followed
                    continue;
                }
                if (next.pops() <= above) {
                    above += next.pushes() - next.pops();
                    at++;
                    continue;
                }
                if (!passesOn(next, above)) {
                    return taken(next, at, above);
                }
                above = 0;
                at++;
            }
            return UNKNOWN;
        }

        private static boolean isCopy(MethodCode.Instruction next) {
            return next.opcode() == DUP || next.opcode() == DUP_X1 || next.opcode() == DUP_X2;
        }

        /** Whether the instruction takes the value and leaves it, or something made of it, on the stack. */
        private boolean passesOn(MethodCode.Instruction next, int above) {
            if (next.opcode() == CHECKCAST) {
                return true;
            }
            if (!MethodCode.isCall(next) || next.opcode() == INVOKEDYNAMIC || next.pushes() != 1) {
                return false;
            }
            if (next.owner().equals("java/util/stream/Stream")) {
                return next.opcode() != INVOKESTATIC && above == next.pops() - 1; // map(...).toList()
            }
            if (STATEMENTS.stream().anyMatch(next.descriptor()::endsWith)) {
                return false; // when() and switchOn() use their condition, whatever becomes of their own result
            }
            boolean same = SAME.contains(next.name());
            boolean ours = isOurs(next.owner());
            if (!ours && !same) {
                return false;
            }
            if (!same) {
                strength = Strength.PART;
            }
            return true;
        }

        private static boolean isOurs(String owner) {
            return owner.startsWith(LANGUAGE) && owner.indexOf('/', LANGUAGE.length()) < 0;
        }

        private Destination taken(MethodCode.Instruction next, int at, int above) {
            return switch (next.opcode()) {
                case ASTORE -> code.hasVariables() ? named(code.variable(at)) : NAMELESS;
                case PUTFIELD, PUTSTATIC -> named(next.name());
                case AASTORE -> above == 0 ? element(at, 3) : UNKNOWN;
                case ARETURN -> new Destination(null, strength, true, false);
                case POP -> new Destination(null, strength, false, strength == Strength.VARIABLE);
                default -> {
                    boolean collected = MethodCode.isCall(next)
                            && next.owner().startsWith("java/util/")
                            && COLLECT.contains(next.name())
                            && above < next.pops() - 1;
                    yield collected ? element(at, next.pops()) : UNKNOWN;
                }
            };
        }

        private Destination named(@Nullable String name) {
            return new Destination(name, strength, false, false);
        }

        /** An element of the array or collection that lies {@code slots} below the top when the instruction starts. */
        private Destination element(int at, int slots) {
            String name = holder(at, slots);
            return new Destination(name, strength == Strength.PART ? Strength.PART : Strength.ELEMENT, false, false);
        }

        /** Name of the variable whose value was pushed to a place on the stack, looking backwards in straight code. */
        private @Nullable String holder(int at, int slots) {
            int height = slots; // of the stack above the place, before the instruction looked at
            for (int i = at - 1; i >= 0; i--) {
                var before = code.get(i);
                if (code.jump(i) >= 0) {
                    return null; // a branch: the heights are not what they seem
                }
                height += before.pops() - before.pushes();
                if (height <= 0) {
                    return switch (before.opcode()) {
                        case ALOAD -> code.variable(i);
                        case GETFIELD, GETSTATIC -> before.name();
                        case AALOAD -> holder(i, 2);
                        case CHECKCAST -> holder(i, 1);
                        default -> null;
                    };
                }
            }
            return null;
        }
    }
}
