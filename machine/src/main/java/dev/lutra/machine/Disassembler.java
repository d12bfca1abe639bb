// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import dev.lutra.machine.Instruction.EndLoop;
import dev.lutra.machine.Instruction.LoadActivations;
import dev.lutra.machine.Instruction.LoadEntries;
import dev.lutra.machine.Instruction.LoadRows;
import dev.lutra.machine.Instruction.LoadScales;
import dev.lutra.machine.Instruction.LoadWeights;
import dev.lutra.machine.Instruction.Loop;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Instruction.Next;
import dev.lutra.machine.Instruction.SetBase;
import dev.lutra.machine.Instruction.SetStride;
import dev.lutra.machine.Instruction.Store;
import dev.lutra.machine.Instruction.StoreRows;
import dev.lutra.machine.Instruction.StoreSums;
import dev.lutra.machine.Instruction.Sync;
import dev.lutra.machine.Instruction.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The text form of a program, which {@link Assembler} turns into the same program. */
public final class Disassembler {
    private Disassembler() {}

    /** The whole program: directives, then labelled code with the instruction index as a comment. */
    public static String text(Program program) {
        StringBuilder out = new StringBuilder();
        out.append(".isa %d%n".formatted(Machine.ISA_VERSION));
        out.append(".machine %s%n".formatted(Fingerprint.text(program.fingerprint())));
        out.append(".image bytes=%d%n".formatted(program.imageBytes()));
        for (Program.Region r : program.regions()) {
            out.append(".region %s, layers=%d, k=%d, n=%d, bits=%d, zp=%d, group=%d, in=%d, out=%d%s%s%s%s%s%s%n"
                    .formatted(
                            r.name(),
                            r.layers(),
                            r.k(),
                            r.n(),
                            r.bits(),
                            r.zeroPoint(),
                            r.groupSize(),
                            r.inBytes(),
                            r.outBytes(),
                            r.wide() ? ", wide" : "",
                            r.kept().indexed() ? ", keep=" + r.kept() : "",
                            r.isListed() ? ", steps=" + r.listedSteps() : "",
                            r.hasBitmaps() ? ", bitmaps=" + r.bitmapBytes() : "",
                            r.isStep() ? ", position=" + r.positionBytes() : "",
                            r.hasEntries() ? ", entries=" + r.entryBytes() : ""));
        }
        for (Program.Tensor t : program.tensors()) {
            out.append(".tensor %s, region=%s, layer=%d, offset=%d, bytes=%d, crc=%08x%n"
                    .formatted(t.name(), t.region(), t.layer(), t.offset(), t.bytes(), t.crc32()));
        }
        int depth = 0;
        for (int pc = 0; pc < program.code().size(); pc++) {
            for (Program.Region r : program.regions()) {
                if (r.entry() == pc) {
                    out.append("%n%s:%n".formatted(r.name()));
                }
            }
            Instruction i = program.code().get(pc);
            if (i instanceof EndLoop) {
                depth = Math.max(0, depth - 1);
            }
            out.append("%-80s ; %d%n".formatted("  ".repeat(depth + 1) + text(i), pc));
            if (i instanceof Loop) {
                depth++;
            }
        }
        return out.toString().replace(System.lineSeparator(), "\n");
    }

    /** One instruction. */
    public static String text(Instruction instruction) {
        List<String> words = operands(instruction);
        String mnemonic =
                instruction instanceof Multiply mx ? MultiplyText.mnemonic(mx) : InstructionCodec.mnemonic(instruction);
        return words.isEmpty() ? mnemonic : "%-4s %s".formatted(mnemonic, String.join(", ", words));
    }

    private static List<String> operands(Instruction instruction) {
        List<String> w = new ArrayList<>();
        if (instruction instanceof Loop i) {
            w.add(i.length() == 0 ? Integer.toString(i.count()) : "len" + i.length());
            if (i.length() != 0 && i.count() != 0) {
                w.add("per=" + (1 << i.count()));
            }
            if (i.flipA() || i.flipO()) {
                w.add("flip=" + (i.flipA() && i.flipO() ? "a|o" : i.flipA() ? "a" : "o"));
            }
            if (i.layers()) {
                w.add("layers");
            }
        } else if (instruction instanceof SetBase i) {
            w.add("b" + i.base());
            w.add("base" + i.argument());
            w.add("offset=" + i.offset());
            w.add(i.per().text() + "=" + i.stride());
        } else if (instruction instanceof SetStride i) {
            w.add("s" + i.stride());
            w.add(Long.toString(i.bytes()));
        } else if (instruction instanceof LoadActivations i) {
            address(w, i.base(), i.stride());
            w.add("half=" + i.half());
            w.add("beats=" + i.beats());
            tokens(w, i.tokens());
        } else if (instruction instanceof LoadWeights i) {
            address(w, i.base(), i.stride());
            w.add("beats=" + i.beats());
            if (i.words() != 0) {
                w.add("words=" + i.words());
            }
            tokens(w, i.tokens());
        } else if (instruction instanceof LoadScales i) {
            address(w, i.base(), i.stride());
            w.add("beats=" + i.beats());
            tokens(w, i.tokens());
        } else if (instruction instanceof Multiply i) {
            multiply(w, i);
        } else if (instruction instanceof Store i) {
            address(w, i.base(), i.stride());
            w.add("half=" + i.half());
            w.add("beats=" + i.beats());
            tokens(w, i.tokens());
        } else if (instruction instanceof LoadRows i) {
            rows(w, i.base(), i.stride(), i.row(), i.beats(), i.format());
            tokens(w, i.tokens());
        } else if (instruction instanceof StoreRows i) {
            rows(w, i.base(), i.stride(), i.row(), i.beats(), i.format());
            tokens(w, i.tokens());
        } else if (instruction instanceof LoadEntries i) {
            address(w, i.base(), i.stride());
            if (i.activations()) {
                w.add("activations");
            }
            w.add("beats=" + i.beats());
            tokens(w, i.tokens());
        } else if (instruction instanceof StoreSums i) {
            address(w, i.base(), i.stride());
            w.add("beats=" + i.beats());
            tokens(w, i.tokens());
        } else if (instruction instanceof Vector i) {
            VectorText.write(w, i);
            tokens(w, i.tokens());
        } else if (instruction instanceof Next i) {
            w.add("s" + i.scalar());
            w.add("base2=" + i.resultBytes());
            w.add("base3=" + i.recordBytes());
            if (i.scaleBytes() != 0) {
                w.add("base1=" + i.scaleBytes());
            }
            if (!i.ends().isEmpty()) {
                w.add("end=" + i.ends().stream().map(String::valueOf).collect(Collectors.joining("|")));
            }
        } else if (instruction instanceof Sync i) {
            w.add(i.unit().name().toLowerCase(Locale.ROOT));
            tokens(w, i.tokens());
        }
        return w;
    }

    private static void multiply(List<String> w, Multiply i) {
        w.add("a=" + i.aHalf());
        if (!i.toRows()) {
            w.add("o=" + i.oHalf());
        }
        if (i.first()) {
            w.add("first");
        }
        if (i.last()) {
            w.add("last");
        }
        w.add("ksteps=" + i.kSteps());
        w.add("gsteps=" + i.gSteps());
        w.add("blocks=" + i.blocks());
        w.add((i.toRows() ? "row=" : "obeat=") + i.outputBeat());
        if (i.kept().indexed()) {
            w.add("keep=" + i.kept());
        }
        if (i.listed()) {
            w.add("listed");
        }
        tokens(w, i.tokens());
    }

    private static void rows(List<String> w, int base, int stride, int row, int beats, RowFormat format) {
        address(w, base, stride);
        w.add("row=" + row);
        w.add("beats=" + beats);
        if (format != RowFormat.WORDS) {
            w.add("as=" + format.text());
        }
    }

    private static void address(List<String> w, int base, int stride) {
        w.add("b" + base);
        w.add("s" + stride);
    }

    private static void tokens(List<String> w, Tokens tokens) {
        mask(w, "wait", tokens.waits());
        mask(w, "post", tokens.posts());
    }

    private static void mask(List<String> w, String name, int mask) {
        List<String> units = new ArrayList<>();
        for (Unit unit : Unit.values()) {
            if ((mask & unit.bit()) != 0) {
                units.add(unit.name().toLowerCase(Locale.ROOT));
            }
        }
        if (!units.isEmpty()) {
            w.add(name + "=" + String.join("|", units));
        }
    }
}
