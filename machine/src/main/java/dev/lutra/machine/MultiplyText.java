// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import dev.lutra.machine.Instruction.Multiply;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The mnemonic of MX, which has its shape and types as that of LMMA: {@code mx.m1n48k64.i8.i4.i48.i32} multiplies 1 row of 64 INT8 activations with
 * 48 columns of INT4 weights, with accumulators of 48 bits and INT32 results.
 */
final class MultiplyText {
    private static final Pattern MNEMONIC =
            Pattern.compile("mx\\.m(\\d{1,2})n(\\d{1,7})k(\\d{1,6})\\.(\\w+)\\.(\\w+)\\.i(\\d{1,2})\\.(i32|i64)");

    private MultiplyText() {}

    static boolean isHead(String head) {
        return head.equals("mx") || head.startsWith("mx.");
    }

    static String mnemonic(Multiply mx) {
        return "mx.m%dn%dk%d.%s".formatted(mx.tile().m(), mx.columns(), mx.depth(), mx.types());
    }

    static Multiply parse(Operands o) throws TextError {
        Matcher m = MNEMONIC.matcher(o.head());
        if (!m.matches()) {
            throw o.error(
                    "'%s' is not mx with shape and types of activations, weights, accumulators and results, such as mx.m1n48k64.i8.i4.i48.i32"
                            .formatted(o.head()));
        }
        var types = new MatrixTypes(
                activations(m.group(4), o),
                weights(m.group(5), o),
                Integer.parseInt(m.group(6)),
                m.group(7).equals("i64"));
        int steps = o.integer("ksteps");
        int blocks = o.integer("blocks");
        var tile = new MatrixTile(
                Integer.parseInt(m.group(1)),
                each(m.group(2), "columns", blocks, "blocks", o),
                each(m.group(3), "elements", steps, "steps", o));
        String row = o.optional("row");
        boolean toRows = !row.isEmpty();
        return new Multiply(
                o.tokens(),
                o.integer("a"),
                toRows ? 0 : o.integer("o"),
                o.flag("first"),
                o.flag("last"),
                tile,
                types,
                steps,
                o.integer("gsteps"),
                blocks,
                toRows ? o.integer(row, "row") : o.integer("obeat"),
                toRows,
                o.ratio("keep"),
                o.flag("listed"));
    }

    private static int each(String digits, String what, int parts, String whats, Operands o) throws TextError {
        int all = Integer.parseInt(digits);
        if (parts < 1 || all % parts != 0) {
            throw o.error("%d %s are not %d equal %s".formatted(all, what, parts, whats));
        }
        return all / parts;
    }

    private static ActivationType activations(String text, Operands o) throws TextError {
        return Arrays.stream(ActivationType.values())
                .filter(type -> text.equals(type.text()))
                .findFirst()
                .orElseThrow(
                        () -> o.error("there are no activations '%s': i2 to i8, i16 and f16 exist".formatted(text)));
    }

    private static WeightType weights(String text, Operands o) throws TextError {
        return Arrays.stream(WeightType.values())
                .filter(type -> text.equals(type.text()))
                .findFirst()
                .orElseThrow(
                        () -> o.error("there are no weights '%s': i1 to i8, ternary and fp4 exist".formatted(text)));
    }
}
