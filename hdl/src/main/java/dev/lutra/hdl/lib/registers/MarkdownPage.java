// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.registers;

import dev.lutra.hdl.lib.registers.RegisterMap.Field;
import dev.lutra.hdl.lib.registers.RegisterMap.Register;

/** A register map as a Markdown page: one table, registers by offset and fields from bit 0 up. */
public final class MarkdownPage {
    private MarkdownPage() {}

    /** What the file is called. */
    public static String fileName(RegisterMap map) {
        return map.name() + "_registers.md";
    }

    /** The text of the page. */
    public static String of(RegisterMap map) {
        StringBuilder text = new StringBuilder();
        text.append("# Registers of ")
                .append(map)
                .append("\n\n")
                .append(map.doc())
                .append("\n\n");
        text.append("| offset | register | bits | field | access | reset | |\n|---|---|---|---|---|---|---|\n");
        for (Register register : map.registers()) {
            if (!register.isPlain()) {
                row(text, offset(register), register.name(), "", "", "", "", register.doc());
            }
            for (Field field : register.fields()) {
                String bits = field.width() == 1 ? "" + field.low() : field.high() + ":" + field.low();
                boolean reads = field.access().readable() && field.access() != Access.READ_ONLY;
                String reset = reads
                        ? (field.reset() < 10 ? "%d" : "0x%0" + (field.width() + 3) / 4 + "X").formatted(field.reset())
                        : "";
                String access = field.access().shortName();
                if (register.isPlain()) {
                    row(text, offset(register), register.name(), bits, "", access, reset, field.doc());
                } else {
                    row(text, "", "", bits, field.name(), access, reset, field.doc());
                }
            }
        }
        text.append("\nBits that no field has read 0, and writing them does nothing.");
        for (Access access : Access.values()) {
            boolean used =
                    map.registers().stream().flatMap(r -> r.fields().stream()).anyMatch(f -> f.access() == access);
            if (used && access != Access.CONSTANT) {
                text.append(" ")
                        .append(access.shortName())
                        .append(": ")
                        .append(access.text())
                        .append(".");
            }
        }
        return text.append("\n").toString();
    }

    private static String offset(Register register) {
        return "0x%02X".formatted(register.offset());
    }

    private static void row(StringBuilder text, String... cells) {
        text.append("|");
        for (String cell : cells) {
            text.append(" ").append(cell.replace("|", "\\|")).append(cell.isEmpty() ? "|" : " |");
        }
        text.append("\n");
    }
}
