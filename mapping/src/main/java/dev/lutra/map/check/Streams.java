// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.check;

import dev.lutra.machine.Instruction.LoadScales;
import dev.lutra.machine.Instruction.LoadWeights;
import dev.lutra.machine.Instruction.Multiply;
import dev.lutra.machine.Machine;
import dev.lutra.map.exec.Issued;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which LDS and LDW instructions feed which MX instruction: streams have no tokens, so their amounts alone decide, and they must
 * match exactly. The scales of an MX instruction come before its weights: behind weights that fill their ring they would never arrive.
 */
final class Streams {
    private final Machine machine;
    private final Map<Issued, List<Issued>> loads = new IdentityHashMap<>();

    Streams(Machine machine, List<Issued> trace) {
        this.machine = machine;
        List<Issued> stream = trace.stream()
                .filter(op -> op.instruction() instanceof LoadWeights || op.instruction() instanceof LoadScales)
                .toList();
        int at = 0;
        for (Issued op : trace) {
            if (op.instruction() instanceof Multiply mx) {
                int from = at;
                at = feed(op, mx, stream, at);
                loads.put(op, new ArrayList<>(stream.subList(from, at)));
            }
        }
        if (at < stream.size()) {
            throw new Refusal(stream.get(at).pc(), "no MX instruction consumes what it streams");
        }
    }

    private int feed(Issued op, Multiply mx, List<Issued> stream, int from) {
        int at = from;
        if (lines(mx) != 0) {
            long bytes = scaleBytes(mx);
            Refusal.require(
                    at < stream.size() && stream.get(at).instruction() instanceof LoadScales,
                    op.pc(),
                    "no scales are streamed for it");
            long given = bytes(stream.get(at));
            Refusal.require(given == bytes, op.pc(), "it consumes %d bytes of scales, %d are streamed", bytes, given);
            at++;
        }
        long left = weightBytes(mx);
        while (left > 0) {
            Refusal.require(
                    at < stream.size() && stream.get(at).instruction() instanceof LoadWeights,
                    op.pc(),
                    "it consumes %d bytes of weights more than are streamed for it",
                    left);
            left -= dense(stream.get(at++));
        }
        Refusal.require(left == 0, op.pc(), "%d bytes of weights more than it consumes are streamed for it", -left);
        return at;
    }

    /** Bytes of scales or indices an MX instruction takes from the ring, with the padding it drops. */
    long scaleBytes(Multiply mx) {
        return (long) machine.beats(lines(mx) * machine.engine().scaleBytes())
                * machine.bus().beatBytes();
    }

    /** Lines of scales, one per block and group, of indices, one per word of weights, or of lists, one per step. */
    private long lines(Multiply mx) {
        if (mx.listed()) {
            return mx.words(1);
        }
        return mx.scaled() ? (long) mx.blocks() * mx.groups() : mx.kept().indexed() ? mx.words(passes(mx)) : 0;
    }

    private int passes(Multiply mx) {
        return machine.engine().passes(mx.types().weights().bits(), mx.kept());
    }

    /** Bytes of weights that an MX instruction, or what makes words for it, takes from the ring. */
    long ringBytes(Issued multiply) {
        return of(multiply).stream()
                .filter(load -> load.instruction() instanceof LoadWeights)
                .mapToLong(this::bytes)
                .sum();
    }

    /** Bytes of weights an MX instruction takes. */
    private long weightBytes(Multiply mx) {
        return machine.engine().storedWords(mx.types().weights().zeroPoint(), mx.words(passes(mx)))
                * machine.engine().wordBytes();
    }

    /** LDS and LDW instructions that feed an MX instruction, in order. */
    List<Issued> of(Issued multiply) {
        return loads.getOrDefault(multiply, List.of());
    }

    /** Bytes that come out of the ring. */
    private long dense(Issued load) {
        return load.instruction() instanceof LoadWeights ldw && ldw.words() != 0
                ? (long) ldw.words() * machine.engine().wordBytes()
                : bytes(load);
    }

    /** Bytes that go into the ring. */
    long bytes(Issued load) {
        return (long) load.beats() * machine.bus().beatBytes();
    }
}
