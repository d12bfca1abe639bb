// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import dev.lutra.machine.Bus;
import dev.lutra.machine.Disassembler;
import dev.lutra.machine.Engine;
import dev.lutra.machine.IoReason;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Unit;
import dev.lutra.machine.UserException;
import dev.lutra.map.plan.Ceiling;
import dev.lutra.map.program.MappedProgram;
import dev.lutra.runtime.session.TracedRegion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** A step of a model as a page for a browser: what the units did when, by the hardware's own trace, and its roofline. It needs no other file. */
final class TracePage {

    private static final String TEMPLATE = "trace.html";
    private static final String DATA = "/*DATA*/";

    private TracePage() {}

    /** @throws UserException if there is no place for such a file: said before a run of minutes, not after it */
    static void requirePlace(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
            throw UserException.badInput(
                    "--trace: no file " + file + " can be written: "
                            + (Files.isDirectory(file) ? "it is a folder" : "there is no folder " + folder),
                    "Name a file in a folder that is there.");
        }
    }

    /**
     * Writes the page.
     *
     * @param title of the page
     * @throws UserException if the file cannot be written
     */
    static void write(Path file, String title, MappedProgram program, List<TracedRegion> regions) {
        // "</" could end the script element that holds the data.
        String json = JsonMapper.shared()
                .writeValueAsString(data(title, program, regions))
                .replace("</", "<\\/");
        try {
            Files.writeString(file, template().replace(DATA, json));
        } catch (IOException e) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT, file + ": cannot be written: " + IoReason.of(e), null, e);
        }
    }

    private static String template() {
        try (InputStream in = TracePage.class.getResourceAsStream(TEMPLATE)) {
            if (in == null) {
                throw new IllegalStateException(TEMPLATE + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, Object> data(String title, MappedProgram program, List<TracedRegion> regions) {
        Machine machine = program.machine();
        Engine engine = machine.engine();
        Bus bus = machine.bus();
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("title", title);
        data.put("units", Unit.of(machine).stream().map(Unit::name).toList());
        data.put("lanes", engine.m() * engine.planeLanes());
        data.put("beat_bytes", bus.beatBytes());
        data.put("fingerprint", machine.fingerprintText());
        data.put(
                "instructions",
                program.program().code().stream().map(Disassembler::text).toList());
        List<Object> all = new ArrayList<>();
        long start = 0;
        for (TracedRegion region : regions) {
            all.add(region(region, start));
            start += region.cycles();
        }
        data.put("cycles", start);
        data.put("regions", all);
        return data;
    }

    private static Map<String, Object> region(TracedRegion region, long start) {
        Ceiling ceiling = region.ceiling();
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", region.run().region());
        data.put("layer", region.run().layer());
        data.put("length", region.run().length());
        data.put("start", start);
        data.put("cycles", region.cycles());
        data.put("bytes_read", region.run().counters().bytesRead());
        data.put("bytes_written", region.run().counters().bytesWritten());
        data.put("products", ceiling.planeProducts());
        data.put("ceiling", ceiling.cycles());
        data.put("before", region.before());
        data.put("bars", region.bars().stream().map(TracePage::bar).toList());
        return data;
    }

    /** Unit, first cycle, cycles, waited, stalled, instruction, bytes: a list, since there are many. */
    private static List<Long> bar(TracedRegion.Bar bar) {
        var event = bar.event();
        return List.of(
                (long) event.unit().ordinal(),
                event.end() + 1 - event.cycles(),
                event.cycles(),
                event.waited(),
                event.stalled(),
                (long) bar.pc(),
                bar.bytes());
    }
}
