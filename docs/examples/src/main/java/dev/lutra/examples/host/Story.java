// SPDX-License-Identifier: Apache-2.0
package dev.lutra.examples.host;

import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import dev.lutra.map.checkpoint.Checkpoint;
import dev.lutra.map.quant.Quantization;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.map.quant.WeightFormat;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.linear.DeviceBackend;
import dev.lutra.runtime.session.Generation;
import dev.lutra.runtime.session.MappedModel;
import dev.lutra.runtime.session.TextSession;
import dev.lutra.runtime.text.Sampler;
import dev.lutra.runtime.text.Tokenizer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** A model continues a prompt on a device. The same program drives a simulator and a board: only the address differs. */
public final class Story {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    /** Tokens after one start, of devices that do whole decode steps. */
    private static final int TOKENS_PER_START = 64;

    private Story() {}

    public static void main(String[] arguments) {
        if (arguments.length != 3) {
            System.err.println("Story ADDRESS MODEL PROMPT");
            System.exit(2);
        }
        var ternary = new Quantization(WeightFormat.TERNARY, 0, Quantization.Head.INT8);
        try {
            write(arguments[0], Path.of(arguments[1]), ternary, arguments[2], 32, System.out::print);
            System.out.println();
        } catch (UserException failure) {
            System.err.println(failure.getMessage());
            System.err.println(failure.hint());
            System.exit(1);
        }
    }

    /**
     * Writes greedily.
     *
     * @param address of the device: {@code sim:verilator}, {@code uart:/dev/ttyUSB1?machine=machine.json}, ...
     * @param folder of the checkpoint
     * @param weights how they are stored on the device
     * @param tokens to write at most
     * @param pieces given the text as it comes
     * @throws UserException if the device or the checkpoint cannot be opened, or the model does not fit
     */
    static Generation write(
            String address, Path folder, Quantization weights, String prompt, int tokens, Consumer<String> pieces) {
        Checkpoint checkpoint = Checkpoint.open(folder);
        Tokenizer tokenizer = Tokenizer.load(checkpoint);
        var greedy = new Sampler(0, 0, 1, 0);
        try (Device device = Device.open(address)) {
            Machine machine = device.machine();
            var model = new QuantizedModel(checkpoint.model(), weights)
                    .withActivations(machine.engine().activations());
            MappedModel mapped = MappedModel.of(model, machine, greedy.onDevice());
            try (var backend = new DeviceBackend(device, mapped.program(), mapped.image(), TIMEOUT, region -> {})) {
                return new TextSession(model.model(), backend.transformer(model, TOKENS_PER_START), tokenizer)
                        .generate(prompt, tokens, greedy, pieces);
            }
        }
    }
}
