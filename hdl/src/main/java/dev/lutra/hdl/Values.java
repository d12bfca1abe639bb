// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Which values of a recording are used, and which of them stand alone as named nodes instead of inside their user. */
final class Values {
    /** Operators that one expression may have before a part of it gets a line of its own. */
    private static final int MAX_SIZE = 32;

    private final Items items;
    private final IntPredicate named;
    private final int[] uses;
    private final boolean[] node;

    /**
     * @param named whether an item has a name from elsewhere than its call site
     */
    Values(Items items, IntPredicate named) {
        this.items = items;
        this.named = named;
        this.uses = new int[items.size()];
        this.node = new boolean[items.size()];
        countUses();
        chooseNodes();
    }

    /** Whether a statement, memory port or another used value reads it. */
    boolean isUsed(int number) {
        return uses[number] > 0;
    }

    boolean isNode(int number) {
        return node[number];
    }

    private void countUses() {
        IntConsumer count = operand -> uses[operand]++;
        for (int i = items.size() - 1; i >= 0; i--) {
            var op = items.op(i);
            if (op.isStatement() || (op.isValue() || op == Op.READ) && uses[i] > 0) {
                operands(items.get(i), count);
            }
        }
    }

    private void chooseNodes() {
        int[] size = new int[items.size()];
        int[] sum = {0};
        IntConsumer add = operand -> sum[0] += size[operand];
        for (int i = 0; i < items.size(); i++) {
            var op = items.op(i);
            if (op == Op.DOMAIN && items.get(i).b >= 0) {
                nameOperand(items.get(i).b, size);
            }
            if (!op.isValue() || uses[i] == 0 || op == Op.LITERAL) {
                continue;
            }
            var item = items.get(i);
            sum[0] = 1;
            operands(item, add);
            node[i] = item.origin.held() || named.test(i) || uses[i] > 1 && !isCheap(item) || sum[0] > MAX_SIZE;
            size[i] = node[i] ? 0 : sum[0];
            if (item.op == Op.SLICE && !node[i]) {
                nameOperand(item.a, size);
            }
        }
    }

    /** Verilog takes bits of names only. */
    private void nameOperand(int number, int[] size) {
        var operand = items.get(number);
        if (operand.op.isValue() && operand.op != Op.LITERAL) {
            node[number] = true;
            size[number] = 0;
        }
    }

    /** Wiring that reads as well twice. */
    private boolean isCheap(Item item) {
        return switch (item.op) {
            case SLICE, REINTERPRET, CROSSING, EXTEND, TRUNCATE, NOT -> {
                var operand = items.get(item.a);
                yield operand.op.isSignal() || operand.op == Op.LITERAL || node[item.a];
            }
            default -> false;
        };
    }

    /** Calls back with the number of every signal or value that an item reads or drives. */
    static void operands(Item item, IntConsumer operand) {
        switch (item.op) {
            case IN, OUT, WIRE, REG, INSTANCE_PORT, LITERAL, MEMORY, INSTANCE -> {
                // leaves
            }
            case READ -> {
                operand.accept(item.b);
                if (item.c >= 0) {
                    operand.accept(item.c);
                }
            }
            case MUX -> {
                operand.accept(item.a);
                operand.accept(item.b);
                operand.accept(item.c);
            }
            case SELECT -> {
                operand.accept(item.a);
                each(item.x, operand);
            }
            case CONCAT -> each(item.x, operand);
            case SLICE, EXTEND, TRUNCATE, REINTERPRET, CROSSING, WHEN, ELSE_WHEN, SWITCH, CHECK ->
                operand.accept(item.a);
            case ASSIGN -> {
                operand.accept(item.a);
                operand.accept(item.b);
            }
            case WRITE -> {
                operand.accept(item.b);
                operand.accept(item.c);
                if (item.x instanceof Integer mask) {
                    operand.accept(mask);
                }
            }
            case PORT_WRITE -> {
                operand.accept(item.a);
                operand.accept(item.b);
                if (item.c >= 0) {
                    operand.accept(item.c);
                }
            }
            case PRINT ->
                ((Watches.Line) Objects.requireNonNull(item.x)).values().forEach(operand::accept);
            case DOMAIN -> {
                operand.accept(item.a);
                if (item.b >= 0) {
                    operand.accept(item.b);
                }
            }
            case OTHERWISE,
                    CASE,
                    DEFAULT,
                    END,
                    STOP,
                    ENTER,
                    LEAVE,
                    MEMORY_INIT,
                    EXCLUSIVE,
                    INIT,
                    NAMED,
                    ATTRIBUTE,
                    DOC -> {
                // no operands
            }
            default -> {
                operand.accept(item.a);
                if (item.op.binary() != null) {
                    operand.accept(item.b);
                }
            }
        }
    }

    private static void each(@Nullable Object numbers, IntConsumer operand) {
        if (numbers instanceof int[] all) {
            for (int number : all) {
                operand.accept(number);
            }
        }
    }
}
