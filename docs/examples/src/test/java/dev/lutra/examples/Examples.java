// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples;

import dev.lutra.examples.capture.Capture;
import dev.lutra.examples.cordic.Polar;
import dev.lutra.examples.cordic.Precision;
import dev.lutra.examples.cordic.Rotate;
import dev.lutra.examples.fir.Fir;
import dev.lutra.examples.fir.WindowedSinc;
import dev.lutra.examples.pwm.Pwm;
import dev.lutra.examples.riscv.Computer;
import dev.lutra.examples.riscv.Rv32iCore;
import dev.lutra.examples.spi.SpiMaster;
import dev.lutra.examples.tour.chisel.Blend;
import dev.lutra.examples.tour.chisel.EventCounter;
import dev.lutra.examples.tour.chisel.Gain;
import dev.lutra.examples.tour.chisel.Gcd;
import dev.lutra.examples.tour.chisel.Histogram;
import dev.lutra.examples.tour.chisel.Monitor;
import dev.lutra.examples.tour.chisel.Pipeline;
import dev.lutra.examples.tour.chisel.Stack;
import dev.lutra.examples.tour.chisel.Taps;
import dev.lutra.examples.tour.chisel.TwoOnes;
import dev.lutra.examples.tour.verilog.Counter;
import dev.lutra.examples.tour.verilog.Credits;
import dev.lutra.examples.tour.verilog.Crossing;
import dev.lutra.examples.tour.verilog.Darken;
import dev.lutra.examples.tour.verilog.Delay;
import dev.lutra.examples.tour.verilog.FirstOf;
import dev.lutra.examples.tour.verilog.Mac;
import dev.lutra.examples.tour.verilog.Phrases;
import dev.lutra.examples.tour.verilog.Scratch;
import dev.lutra.examples.tour.verilog.Serializer;
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
                new Example("capture", () -> new Capture(new Capture.Params(12, 16, 64))),
                new Example("computer", () -> new Computer(1024, new long[] {0x0000_0513, 0x0000_0073})),
                new Example("cordic rotation", () -> new Rotate(new Precision(15, 16))),
                new Example("cordic polar", () -> new Polar(new Precision(15, 16))),
                new Example("fir of 7 taps", () -> new Fir(new Fir.Params(2, 10, List.of(-1, 0, 9, 16, 9, 0, -1), 5))),
                new Example(
                        "fir low pass", () -> new Fir(new Fir.Params(1, 15, WindowedSinc.lowPass(31, 0.1, 15), 15))),
                new Example("pwm", () -> new Pwm(new Pwm.Params(4))),
                new Example("rv32i", () -> new Rv32iCore(new Rv32iCore.Params(0x8000_0000L))),
                new Example("spi mode 0", () -> new SpiMaster(new SpiMaster.Params(8, 4, 0, 1))),
                new Example("spi mode 3", () -> new SpiMaster(new SpiMaster.Params(16, 1, 3, 3))),
                new Example("tour event counter", () -> new EventCounter(new EventCounter.Params(4, 9))),
                new Example("tour gcd", Gcd::new),
                new Example("tour blend", Blend::new),
                new Example("tour pipeline", () -> new Pipeline(new Pipeline.Params(3))),
                new Example("tour taps", () -> new Taps(new Taps.Params(List.of(3, -5, 0, 7, 1)))),
                new Example("tour two ones", TwoOnes::new),
                new Example("tour histogram", Histogram::new),
                new Example("tour gain", Gain::new),
                new Example("tour monitor", Monitor::new),
                new Example("tour stack", Stack::new),
                new Example("tour chisel phrases", dev.lutra.examples.tour.chisel.Phrases::new),
                new Example("tour counter", Counter::new),
                new Example("tour first of", FirstOf::new),
                new Example("tour mac", Mac::new),
                new Example("tour delay", () -> new Delay(new Delay.Params(8, 3))),
                new Example("tour scratch", Scratch::new),
                new Example("tour serializer", Serializer::new),
                new Example("tour darken", Darken::new),
                new Example("tour crossing", Crossing::new),
                new Example("tour credits", Credits::new),
                new Example("tour phrases", Phrases::new),
                new Example("uart echo", () -> new UartEcho(new UartEcho.Params(868, 16))));
    }
}
