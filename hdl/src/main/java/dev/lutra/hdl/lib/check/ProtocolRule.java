// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.check;

/**
 * The rules that protocol checkers hold, in hardware ({@link Axi4Checker} and the others of this package) and in the memory model of
 * the simulators. Their conditions are in docs/sim/axi-memory.md. Section numbers are of the AXI specification IHI 0022.
 */
public enum ProtocolRule {
    // The native memory model knows the first eleven by their ordinals.

    /** A3.2.1: valid, once raised, stays until ready. */
    VALID_DROPPED("valid fell before ready"),
    /** A3.2.1: the payload is stable while valid waits for ready. */
    PAYLOAD_CHANGED("payload changed while valid waited for ready"),
    /** A3.4.1: a burst does not cross a 4-KiB boundary. */
    CROSSES_4K("burst crosses a 4-KiB boundary"),
    /** A3.4.1: a beat is not wider than the bus. */
    SIZE_TOO_LARGE("beat is wider than the bus"),
    /** Ours: FIXED and WRAP bursts are not modelled. */
    BURST_KIND("only INCR bursts are supported"),
    /** A3.4.1: WLAST marks exactly the last beat of the burst. */
    WLAST_WRONG("WLAST does not agree with AWLEN"),
    /** A3.4.3: strobes only on byte lanes of the transfer. */
    STROBE_OUTSIDE("WSTRB marks a byte outside the transfer"),
    /** A3.4.1: RLAST marks exactly the last beat of the burst. */
    RLAST_WRONG("RLAST does not agree with ARLEN"),
    /** A5.3: a read beat belongs to the oldest open burst of its ID. */
    UNKNOWN_READ_RESPONSE("read data for an ID without an open read"),
    /** A3.3.1, A5.3: a write response comes after the last data beat of the oldest write of its ID. */
    UNKNOWN_WRITE_RESPONSE("write response for an ID without a finished write"),
    /** Of the simulators' memory: write data is accepted only after its address. */
    DATA_BEFORE_ADDRESS("write data accepted before its address"),

    /** A3.1.2 (streams: IHI 0051, 2.7.2): valid is low up to the first edge outside reset. Hardware only. */
    VALID_IN_RESET("valid at the first edge after reset"),
    /** A7.2.4: EXOKAY answers exclusive accesses, which our interfaces do not carry. Hardware only. */
    EXCLUSIVE_RESPONSE("EXOKAY without an exclusive access"),
    /** Of the checker: it follows a bounded number of open accesses, so that nothing goes unchecked. Hardware only. */
    TOO_MANY_OPEN("more accesses are open than the checker follows");

    private final String text;

    ProtocolRule(String text) {
        this.text = text;
    }

    /** What is wrong where the rule is broken. */
    public String text() {
        return text;
    }
}
