// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples;

import dev.lutra.examples.riscv.Computer;
import dev.lutra.examples.riscv.Rv32iCore;
import dev.lutra.examples.spi.SpiMaster;
import dev.lutra.examples.uart.UartEcho;
import dev.lutra.hdl.Module;
import java.util.List;
import java.util.function.Supplier;

/** Every example, for what is tested of all of them. */
public final class Examples {
    private Examples() {}

    /**
     * @param name for messages and folders
     * @param top makes the outermost module
     */
    public record Example(String name, Supplier<Module> top) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Each top, where its structure depends on parameters in more than one shape. */
    public static List<Example> all() {
        return List.of(
                new Example("computer", () -> new Computer(1024, new long[] {0x0000_0513, 0x0000_0073})),
                new Example("rv32i", () -> new Rv32iCore(new Rv32iCore.Params(0x8000_0000L))),
                new Example("spi mode 0", () -> new SpiMaster(new SpiMaster.Params(8, 4, 0, 1))),
                new Example("spi mode 3", () -> new SpiMaster(new SpiMaster.Params(16, 1, 3, 3))),
                new Example("uart echo", () -> new UartEcho(new UartEcho.Params(868, 16))));
    }
}
