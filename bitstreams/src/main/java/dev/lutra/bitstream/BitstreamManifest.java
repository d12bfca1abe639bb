// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lutra.machine.StrictJson;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What is known of a bitstream; the file beside it.
 *
 * @param board it is for
 * @param part FPGA of the board
 * @param bitstream its file
 * @param sha256 of that file
 * @param fmaxMhz clock reached, by the router's timing model
 * @param clockMhz clock of the board
 * @param marginPercent how much faster the clock could be
 * @param host kind of its line to the host
 * @param baud bits a second of that line
 * @param resources used and available
 * @param fingerprint of its machine
 * @param buildId of the accelerator's Verilog
 * @param machine file of its machine
 * @param seed of placement
 * @param tools versions of the tools that made it
 * @param flash what goes into the board's flash beside it, if anything does
 */
public record BitstreamManifest(
        String board,
        String part,
        String bitstream,
        String sha256,
        @JsonProperty("fmax_mhz") double fmaxMhz,
        @JsonProperty("clock_mhz") double clockMhz,
        @JsonProperty("margin_percent") double marginPercent,
        String host,
        int baud,
        Map<String, Ice40Report.Use> resources,
        String fingerprint,
        @JsonProperty("build_id") String buildId,
        String machine,
        int seed,
        Map<String, String> tools,
        List<Flash> flash) {

    /**
     * Weights for the flash.
     *
     * @param file head and image ({@link dev.lutra.machine.FlashImage})
     * @param offset of its first byte in the flash
     * @param bytes of the file
     * @param sha256 of the file
     */
    public record Flash(String file, long offset, long bytes, String sha256) {}

    /** Name of the file. */
    public static final String FILE = "manifest.json";

    /** The same with something more for the flash. */
    BitstreamManifest with(Flash more) {
        return new BitstreamManifest(
                board,
                part,
                bitstream,
                sha256,
                fmaxMhz,
                clockMhz,
                marginPercent,
                host,
                baud,
                resources,
                fingerprint,
                buildId,
                machine,
                seed,
                tools,
                List.of(more));
    }

    /** Reads the manifest in a folder that {@code lutra build} wrote. */
    public static BitstreamManifest in(Path directory) {
        return StrictJson.read(directory.resolve(FILE), BitstreamManifest.class, "lutra build");
    }
}
