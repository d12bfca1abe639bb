// SPDX-License-Identifier: Apache-2.0
package dev.lutra.sim;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Clock;
import dev.lutra.hdl.ClockDomain;
import dev.lutra.hdl.MemoryPort;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.ReadDuringWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** A memory with one or two ports, each with a rule, an enable and a mask if wanted; a third one that only reads. */
public final class PortedMemory extends Module {
    /**
     * @param maskBits 0: no mask
     * @param twoClocks the second port has a clock of its own
     */
    public record Params(
            int width,
            int depth,
            int maskBits,
            ReadDuringWrite first,
            ReadDuringWrite second,
            boolean enables,
            boolean twoClocks,
            boolean exclusive) {

        static Params random(Random random) {
            int maskBits = random.nextInt(5);
            return new Params(
                    maskBits == 0 ? 1 + random.nextInt(80) : maskBits * (1 + random.nextInt(20)),
                    1 + random.nextInt(20),
                    maskBits,
                    ReadDuringWrite.values()[random.nextInt(3)],
                    ReadDuringWrite.values()[random.nextInt(3)],
                    random.nextBoolean(),
                    random.nextBoolean(),
                    false);
        }
    }

    public final Clock other;
    public final List<UInt> addresses = new ArrayList<>();
    public final List<Bool> enables = new ArrayList<>();
    public final List<Bool> writes = new ArrayList<>();
    public final List<UInt> data = new ArrayList<>();
    public final List<Bits> masks = new ArrayList<>();
    public final List<UInt> words = new ArrayList<>();
    public final UInt readAddress;
    public final UInt readWord;

    public PortedMemory(Params p) {
        super(p);
        other = p.twoClocks() ? in(clock()) : null;
        ClockDomain there = p.twoClocks() ? domain(other) : null;
        int addressBits = 1 + 32 - Integer.numberOfLeadingZeros(p.depth());
        var memory = memory(uint(p.width()), p.depth()).init(new long[] {1});
        if (p.exclusive()) {
            memory.exclusive();
        }
        for (int i = 0; i < 2; i++) {
            addresses.add(in(uint(addressBits)));
            writes.add(in(bool()));
            data.add(in(uint(p.width())));
            words.add(out(uint(p.width())));
            if (p.enables()) {
                enables.add(in(bool()));
            }
            if (p.maskBits() > 0) {
                masks.add(in(bits(p.maskBits())));
            }
            var rule = i == 0 ? p.first() : p.second();
            int number = i;
            Supplier<MemoryPort<UInt>> make = () -> p.enables()
                    ? memory.port(addresses.get(number), enables.get(number), rule)
                    : memory.port(addresses.get(number), rule);
            var port = i == 1 && there != null ? there.make(make) : make.get();
            when(writes.get(i), () -> {
                if (p.maskBits() > 0) {
                    port.write(data.get(number), masks.get(number));
                } else {
                    port.write(data.get(number));
                }
            });
            words.get(i).set(port.word());
        }
        readAddress = in(uint(addressBits));
        readWord = out(uint(p.width()));
        readWord.set(memory.read(readAddress));
    }
}
