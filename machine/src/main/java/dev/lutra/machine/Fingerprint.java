// SPDX-License-Identifier: Apache-2.0
package dev.lutra.machine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** First 8 bytes, big endian, of SHA-256 over the canonical JSON (sorted keys, no white space) of what programs depend on. */
public final class Fingerprint {
    private Fingerprint() {}

    static long of(Machine machine) {
        byte[] digest = sha256().digest(canonical(machine).getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.wrap(digest).getLong();
    }

    /** As 16 hexadecimal digits. */
    public static String text(long fingerprint) {
        return "%016x".formatted(fingerprint);
    }

    static String canonical(Machine machine) {
        Engine e = machine.engine();
        Bus b = machine.bus();
        Buffers f = machine.buffers();
        Map<String, Object> all = new TreeMap<>();
        all.put("isa", Machine.ISA_VERSION);
        all.put("engine.kind", e.kind());
        all.put("engine.m", e.m());
        all.put("engine.n", e.n());
        all.put("engine.g", e.g());
        all.put("engine.t", e.t());
        all.put("engine.maxBits", e.maxBits());
        all.put("engine.groupScales", e.groupScales());
        all.put("engine.innerBits", e.innerBits());
        all.put("engine.outerBits", e.outerBits());
        // What came later than the first programs is left out where it says what they were made for.
        if (e.packing() != WeightPacking.MAPPED_PLANES) {
            all.put("engine.packing", e.packing().name());
        }
        if (e.planes() != 1) {
            all.put("engine.planes", e.planes());
        }
        if (e.activations() != ActivationType.INT8) {
            all.put("engine.activations", e.activations().name());
        }
        if (e.tables().stay()) {
            all.put("engine.tables.blocks", e.tables().blocks());
        }
        if (e.packedTernary()) {
            all.put("engine.packedTernary", true);
        }
        if (e.bitmaps()) {
            all.put("engine.bitmaps", true);
        }
        if (e.tables().quantised()) {
            all.put("engine.tables.quantised", true);
        }
        if (b.hasFlash()) {
            all.put("bus.onChipBits", b.onChipBits());
        }
        all.put("bus.dataBits", b.dataBits());
        all.put("bus.addrBits", b.addrBits());
        all.put("buffers.weightRing", f.weightRing());
        all.put("buffers.scaleRing", f.scaleRing());
        all.put("buffers.activationHalf", f.activationHalf());
        all.put("buffers.outputHalf", f.outputHalf());
        all.put("buffers.program", f.program());
        if (machine.vector().exists()) {
            all.put("vector.lanes", machine.vector().lanes());
            all.put("vector.rows", machine.vector().rows());
        }
        if (machine.side().exists()) {
            all.put("side.columns", machine.side().columns());
            all.put("side.ring", machine.side().ring());
            all.put("side.sums", machine.side().sums());
        }
        all.put("queueDepth", machine.queueDepth());
        return JsonMapper.shared().writeValueAsString(all);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
