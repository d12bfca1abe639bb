// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import dev.lutra.machine.Machine;
import dev.lutra.machine.MachineFile;
import dev.lutra.machine.UserException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The address of a device: {@code scheme:name?key=value&key=value}, for example
 * {@code sim:verilator?machine=build/machine.json&latency=40}.
 *
 * @param scheme the back end
 * @param name what the back end should open
 * @param options settings, in the order given
 */
public record DeviceAddress(String scheme, String name, Map<String, String> options) {

    public DeviceAddress {
        options = Map.copyOf(options);
    }

    /** @throws UserException if {@code text} has another form */
    public static DeviceAddress parse(String text) {
        int colon = text.indexOf(':');
        int question = text.indexOf('?');
        if (colon <= 0 || question >= 0 && question < colon) {
            throw malformed(text, "there is no scheme before a colon");
        }
        String name = text.substring(colon + 1, question < 0 ? text.length() : question);
        Map<String, String> options = new LinkedHashMap<>();
        if (question >= 0) {
            for (String setting : text.substring(question + 1).split("&", -1)) {
                int equals = setting.indexOf('=');
                if (equals <= 0) {
                    throw malformed(text, "'" + setting + "' is not key=value");
                }
                if (options.put(setting.substring(0, equals), setting.substring(equals + 1)) != null) {
                    throw malformed(text, "'" + setting.substring(0, equals) + "' is given twice");
                }
            }
        }
        return new DeviceAddress(text.substring(0, colon), name, options);
    }

    /** @throws UserException if there is an option that is not among {@code known} */
    public void allowOptions(String... known) {
        TreeSet<String> unknown = new TreeSet<>(options.keySet());
        unknown.removeAll(java.util.Set.of(known));
        if (!unknown.isEmpty()) {
            throw new UserException(
                    UserException.Kind.BAD_INPUT,
                    "device " + this + ": unknown option '" + unknown.first() + "'",
                    "Options of this device: " + String.join(", ", known));
        }
    }

    /**
     * Option {@code machine}: what a machine.json describes, or {@code fallback} without it.
     *
     * @throws UserException if the file is none
     */
    public Machine machine(Machine fallback) {
        String file = options.get("machine");
        return file == null ? fallback : MachineFile.read(Path.of(file)).machine();
    }

    /**
     * An integer option, decimal, or hexadecimal with 0x.
     *
     * @throws UserException if it is no number in {@code low..high}
     */
    public long number(String key, long fallback, long low, long high) {
        String text = options.get(key);
        if (text == null) {
            return fallback;
        }
        try {
            long value = text.startsWith("0x") ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text);
            if (value >= low && value <= high) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // Said below, together with the legal range.
        }
        throw new UserException(
                UserException.Kind.BAD_INPUT,
                "device " + this + ": " + key + " is '" + text + "', legal is " + low + ".." + high,
                null);
    }

    private static UserException malformed(String text, String reason) {
        return new UserException(
                UserException.Kind.BAD_INPUT,
                "'" + text + "' is no device address: " + reason,
                "Write scheme:name?key=value, for example sim:verilator or sim:embedded?latency=40");
    }

    @Override
    public String toString() {
        return scheme + ":" + name;
    }
}
