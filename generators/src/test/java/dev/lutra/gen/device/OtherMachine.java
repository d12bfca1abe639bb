// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import dev.lutra.machine.Engine;
import dev.lutra.machine.Machine;
import dev.lutra.machine.MachineFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A machine that is not the default one, for hosts that expect it of a board with the default one. */
final class OtherMachine {

    private static final Machine OTHER = other(Machine.standard());

    /** Of the machine that is there and of the one that is expected: what the refusal names. */
    static final List<String> FINGERPRINTS = List.of(Machine.standard().fingerprintText(), OTHER.fingerprintText());

    private OtherMachine() {}

    private static Machine other(Machine m) {
        Engine wider = new Engine(Engine.LUT_INT, 1, 32, 4, 4, 8, true, 32, 48);
        return new Machine(wider, m.bus(), m.buffers(), m.queueDepth(), m.counters());
    }

    /** Writes its machine.json. */
    static Path write(Path directory) throws IOException {
        return Files.writeString(
                directory.resolve("machine.json"),
                MachineFile.of(OTHER, "0000", Map.of()).toJson());
    }
}
