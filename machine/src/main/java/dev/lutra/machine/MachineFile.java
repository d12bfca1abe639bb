// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code machine.json}: what a generator says of the hardware it wrote.
 *
 * @param isa version of the instruction set
 * @param fingerprint {@link Machine#fingerprintText()}, checked when read
 * @param buildId hash of the Verilog without comments; empty if none was generated
 * @param machine the parameters
 * @param latencies cycles known from elaboration, by name
 * @param registers the host registers
 */
public record MachineFile(
        int isa,
        String fingerprint,
        String buildId,
        Machine machine,
        Map<String, Integer> latencies,
        List<RegisterEntry> registers) {

    /** One host register. */
    public record RegisterEntry(String name, String offset, String doc) {}

    /** The file of a machine with these facts of its generated hardware. */
    public static MachineFile of(Machine machine, String buildId, Map<String, Integer> latencies) {
        List<RegisterEntry> registers = Register.of(machine).stream()
                .map(r -> new RegisterEntry(r.name(), "0x%02X".formatted(r.offset()), r.doc()))
                .toList();
        return new MachineFile(
                Machine.ISA_VERSION, machine.fingerprintText(), buildId, machine, new TreeMap<>(latencies), registers);
    }

    /** The text, ending in a line feed; equal machines give equal text. */
    public String toJson() {
        return StrictJson.write(this);
    }

    /**
     * Reads a {@code machine.json}.
     *
     * @throws UserException naming file and JSON path (or line, if it is no JSON) if it cannot be used
     */
    public static MachineFile read(Path file) {
        return checked(StrictJson.read(file, MachineFile.class, "lutra gen"), file.toString());
    }

    static MachineFile parse(String text, String file) {
        return checked(StrictJson.parse(text, file, MachineFile.class, "lutra gen"), file);
    }

    private static MachineFile checked(MachineFile read, String file) {
        if (read.isa() != Machine.ISA_VERSION) {
            throw UserException.badInput(
                    "%s, at isa: instruction set version %d, but this Lutra knows version %d"
                            .formatted(file, read.isa(), Machine.ISA_VERSION),
                    "generate the accelerator again with this version");
        }
        String expected = read.machine().fingerprintText();
        if (!read.fingerprint().equals(expected)) {
            throw UserException.badInput(
                    "%s, at fingerprint: %s, but its parameters give %s".formatted(file, read.fingerprint(), expected),
                    "the file was edited after it was generated: run lutra gen again");
        }
        return read;
    }
}
