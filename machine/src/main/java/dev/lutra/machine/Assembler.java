// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import dev.lutra.machine.Instruction.EndLoop;
import dev.lutra.machine.Instruction.Halt;
import dev.lutra.machine.Instruction.LoadActivations;
import dev.lutra.machine.Instruction.LoadEntries;
import dev.lutra.machine.Instruction.LoadRows;
import dev.lutra.machine.Instruction.LoadScales;
import dev.lutra.machine.Instruction.LoadWeights;
import dev.lutra.machine.Instruction.Loop;
import dev.lutra.machine.Instruction.Next;
import dev.lutra.machine.Instruction.SetBase;
import dev.lutra.machine.Instruction.SetStride;
import dev.lutra.machine.Instruction.Store;
import dev.lutra.machine.Instruction.StoreRows;
import dev.lutra.machine.Instruction.StoreSums;
import dev.lutra.machine.Instruction.Sync;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the text form of a program into a {@link Program}.
 *
 * <p>One directive, label or instruction per line; {@code ;} begins a comment. Operands are separated by commas, registers come first,
 * then {@code name=value} and flags in any order. The label of a region is its entry point.
 */
public final class Assembler {
    private static final int MOST_ERRORS = 20;

    private final String file;
    private final List<String> errors = new ArrayList<>();
    private final List<Instruction> code = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final List<PendingRegion> regions = new ArrayList<>();
    private final List<Program.Tensor> tensors = new ArrayList<>();
    private long fingerprint;
    private long imageBytes;
    private boolean sawMachine;

    private record PendingRegion(int line, Program.Region region) {}

    private Assembler(String file) {
        this.file = file;
    }

    /**
     * Assembles a program.
     *
     * @param file its name in messages
     * @throws UserException with up to 20 mistakes, each with file, line and column
     */
    public static Program assemble(String text, String file) {
        Assembler assembler = new Assembler(file);
        int line = 0;
        for (String each : text.split("\n", -1)) {
            line++;
            try {
                assembler.line(line, each);
            } catch (TextError e) {
                assembler.error(line, e.column(), e.what());
            }
        }
        return assembler.finish(line);
    }

    private void error(int line, int column, String what) {
        errors.add("%s:%d:%d: %s".formatted(file, line, column, what));
    }

    private Program finish(int lastLine) {
        if (!sawMachine) {
            error(lastLine, 1, "there is no .machine directive");
        }
        List<Program.Region> placed = new ArrayList<>();
        for (PendingRegion pending : regions) {
            Program.Region r = pending.region();
            Integer entry = labels.get(r.name());
            if (entry == null) {
                error(pending.line(), 1, "region %s has no label in the code".formatted(r.name()));
                continue;
            }
            placed.add(new Program.Region(
                    r.name(),
                    entry,
                    r.layers(),
                    r.k(),
                    r.n(),
                    r.bits(),
                    r.zeroPoint(),
                    r.groupSize(),
                    r.wide(),
                    r.inBytes(),
                    r.outBytes(),
                    r.kept(),
                    r.listedSteps(),
                    r.bitmapBytes(),
                    r.positionBytes(),
                    r.entryBytes()));
        }
        if (errors.isEmpty()) {
            try {
                return new Program(fingerprint, imageBytes, placed, tensors, code);
            } catch (IllegalArgumentException e) {
                error(lastLine, 1, String.valueOf(e.getMessage()));
            }
        }
        List<String> shown = errors.subList(0, Math.min(MOST_ERRORS, errors.size()));
        String more = errors.size() > MOST_ERRORS ? "\n... and %d more".formatted(errors.size() - MOST_ERRORS) : "";
        throw UserException.badInput(String.join("\n", shown) + more, null);
    }

    private void line(int number, String line) throws TextError {
        Operands o = new Operands(line);
        String head = o.head();
        if (head.isEmpty()) {
            return;
        }
        if (head.startsWith(".")) {
            directive(number, head, o);
        } else if (head.endsWith(":")) {
            String label = head.substring(0, head.length() - 1);
            if (labels.put(label, code.size()) != null) {
                throw o.error("label %s is defined twice".formatted(label));
            }
        } else {
            Instruction instruction = instruction(head, o);
            try {
                InstructionCodec.encode(instruction);
            } catch (IllegalArgumentException e) {
                throw o.error(String.valueOf(e.getMessage()));
            }
            code.add(instruction);
        }
        o.end();
    }

    private void directive(int number, String head, Operands o) throws TextError {
        switch (head) {
            case ".isa" -> {
                long isa = o.number();
                if (isa != Machine.ISA_VERSION) {
                    throw o.error("instruction set version %d, but this Lutra knows version %d"
                            .formatted(isa, Machine.ISA_VERSION));
                }
            }
            case ".machine" -> {
                fingerprint = o.hex(16);
                sawMachine = true;
            }
            case ".image" -> imageBytes = o.number("bytes");
            case ".region" -> {
                String name = o.word("the region's name");
                regions.add(new PendingRegion(
                        number,
                        o.legal(() -> new Program.Region(
                                name,
                                0,
                                o.integer("layers"),
                                o.integer("k"),
                                o.integer("n"),
                                o.integer("bits"),
                                o.integer("zp"),
                                o.integer("group"),
                                o.flag("wide"),
                                o.number("in"),
                                o.number("out"),
                                o.ratio("keep"),
                                o.optionalInteger("steps"),
                                o.optionalInteger("bitmaps"),
                                o.numberOr("position", 0),
                                o.numberOr("entries", 0)))));
            }
            case ".tensor" -> {
                String name = o.word("the tensor's name");
                tensors.add(o.legal(() -> new Program.Tensor(
                        name, o.text("region"), o.integer("layer"), o.number("offset"), o.number("bytes"), (int)
                                o.hex("crc", 8))));
            }
            default -> throw o.error("there is no directive '%s'".formatted(head));
        }
    }

    private static Instruction instruction(String head, Operands o) throws TextError {
        if (MultiplyText.isHead(head)) {
            return MultiplyText.parse(o);
        }
        return switch (head) {
            case "halt" -> new Halt();
            case "loop" -> loop(o);
            case "endl" -> new EndLoop();
            case "setb" -> base(o);
            case "sets" -> new SetStride(o.register("s"), o.number());
            case "lda" ->
                new LoadActivations(
                        o.tokens(), o.register("b"), o.register("s"), o.integer("half"), o.integer("beats"));
            case "ldw" ->
                new LoadWeights(
                        o.tokens(), o.register("b"), o.register("s"), o.integer("beats"), o.optionalInteger("words"));
            case "lds" -> new LoadScales(o.tokens(), o.register("b"), o.register("s"), o.integer("beats"));
            case "st" -> new Store(o.tokens(), o.register("b"), o.register("s"), o.integer("half"), o.integer("beats"));
            case "ldv" ->
                new LoadRows(
                        o.tokens(),
                        o.register("b"),
                        o.register("s"),
                        o.integer("row"),
                        o.integer("beats"),
                        o.rowFormat());
            case "stv" ->
                new StoreRows(
                        o.tokens(),
                        o.register("b"),
                        o.register("s"),
                        o.integer("row"),
                        o.integer("beats"),
                        o.rowFormat());
            case "lde" ->
                new LoadEntries(
                        o.tokens(), o.register("b"), o.register("s"), o.flag("activations"), o.integer("beats"));
            case "ste" -> new StoreSums(o.tokens(), o.register("b"), o.register("s"), o.integer("beats"));
            case "vec" -> VectorText.parse(o);
            case "next" -> next(o);
            case "sync" -> new Sync(o.tokens(), o.unit());
            default -> throw o.error("there is no instruction '%s'".formatted(head));
        };
    }

    private static SetBase base(Operands o) throws TextError {
        int base = o.register("b");
        int argument = o.register("base");
        long offset = o.number("offset");
        for (SetBase.Per per : List.of(SetBase.Per.TOKEN, SetBase.Per.POSITION)) {
            long stride = o.numberOr(per.text(), -1);
            if (stride >= 0) {
                return new SetBase(base, argument, offset, stride, per);
            }
        }
        return new SetBase(base, argument, offset, o.number("layer"));
    }

    private static Next next(Operands o) throws TextError {
        int scalar = o.register("s");
        long results = o.number("base2");
        long record = o.number("base3");
        long scales = o.numberOr("base1", 0);
        List<Integer> ends = new ArrayList<>();
        String text = o.optional("end");
        if (!text.isEmpty()) {
            for (String end : text.split("\\|", -1)) {
                ends.add(o.integer(end.strip(), "end"));
            }
        }
        return new Next(scalar, results, record, scales, ends);
    }

    private static Loop loop(Operands o) throws TextError {
        String flips = o.optional("flip");
        boolean flipA = flips.equals("a") || flips.equals("a|o");
        boolean flipO = flips.equals("o") || flips.equals("a|o");
        if (!flips.isEmpty() && !flipA && !flipO) {
            throw o.error("flip=%s: it must be a, o or a|o".formatted(flips));
        }
        boolean layers = o.flag("layers");
        if (o.nextStartsWith("len")) {
            int length = o.register("len");
            int per = (int) o.numberOr("per", 1);
            if (Integer.bitCount(per) != 1) {
                throw o.error("per=%d is no power of two".formatted(per));
            }
            return new Loop(Integer.numberOfTrailingZeros(per), length, flipA, flipO, layers);
        }
        return new Loop(Math.toIntExact(Math.min(o.number(), Integer.MAX_VALUE)), 0, flipA, flipO, layers);
    }
}
