// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;

/** The instructions of one method. */
final class MethodCode {
    /**
     * @param offset byte-code index
     * @param line source line, 0 if unknown
     * @param pops stack slots taken
     * @param pushes stack slots left in their place
     * @param owner class of the field or method, in internal form
     * @param local number of the local variable, or -1
     */
    record Instruction(
            int offset,
            int line,
            int opcode,
            int pops,
            int pushes,
            String owner,
            String name,
            String descriptor,
            int local) {}

    /** A local variable between two instructions (the second one exclusive). */
    record Variable(String name, int local, int start, int end) {}

    private final List<Instruction> instructions;
    private final int[] jumps;
    private final List<Variable> variables;

    /**
     * @param jumps per instruction the one that it may jump to (a switch: by default), or -1
     */
    MethodCode(List<Instruction> instructions, int[] jumps, List<Variable> variables) {
        this.instructions = List.copyOf(instructions);
        this.jumps = jumps;
        this.variables = List.copyOf(variables);
    }

    int size() {
        return instructions.size();
    }

    Instruction get(int index) {
        return instructions.get(index);
    }

    int jump(int index) {
        return jumps[index];
    }

    /** Whether the class was compiled with names of local variables. */
    boolean hasVariables() {
        return !variables.isEmpty();
    }

    /** Name of the local variable that the instruction loads or stores, or null. */
    @Nullable
    String variable(int index) {
        int local = instructions.get(index).local();
        for (var variable : variables) {
            // A variable's range starts behind the store that creates it.
            if (variable.local() == local && variable.start() <= index + 1 && index < variable.end()) {
                return variable.name();
            }
        }
        return null;
    }

    /** The instruction at a byte-code index if it calls a method of this name on this line, or -1. */
    int callAt(int offset, String method, int line) {
        int index = at(offset);
        return index >= 0
                        && instructions.get(index).name().equals(method)
                        && instructions.get(index).line() == line
                ? index
                : -1;
    }

    /** The instruction at a byte-code index if it calls an interface's method on this line, or -1. */
    int interfaceCallAt(int offset, int line) {
        int index = at(offset);
        return index >= 0
                        && instructions.get(index).opcode() == Opcodes.INVOKEINTERFACE
                        && instructions.get(index).line() == line
                ? index
                : -1;
    }

    private int at(int offset) {
        int low = 0;
        int high = instructions.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int there = instructions.get(middle).offset();
            if (there == offset) {
                return middle;
            }
            if (there < offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /** Whether a call of a constructor is {@code this(...)} or {@code super(...)}: no {@code new} before it waits for one. */
    boolean isOwnConstructorCall(int call) {
        int waiting = 0;
        for (int i = 0; i < call; i++) {
            var instruction = instructions.get(i);
            if (instruction.opcode() == Opcodes.NEW) {
                waiting++;
            } else if (instruction.name().equals("<init>") && waiting > 0) {
                waiting--;
            }
        }
        return waiting == 0;
    }

    /** The only call of a method of this name on a line, or -1. */
    int onlyCallOn(int line, String method) {
        int found = -1;
        for (int i = 0; i < instructions.size(); i++) {
            var instruction = instructions.get(i);
            if (instruction.line() == line && instruction.name().equals(method) && isCall(instruction)) {
                if (found >= 0) {
                    return -1;
                }
                found = i;
            }
        }
        return found;
    }

    static boolean isCall(Instruction instruction) {
        return instruction.descriptor().startsWith("(");
    }
}
