// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.device;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.machine.Machine;
import dev.lutra.machine.UserException;
import dev.lutra.map.forward.DecodeStep;
import dev.lutra.map.forward.VectorStep;
import dev.lutra.map.program.StepLayout;
import dev.lutra.map.quant.QuantizedModel;
import dev.lutra.runtime.device.Device;
import dev.lutra.runtime.linear.DeviceBackend;
import dev.lutra.runtime.session.MappedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A text of a random small model that a device writes after one start, with all that must come out. */
final class TinyText {
    /** Steps of a text that no simulation has written before something happens to its host or board. */
    static final int LONG = 200;

    private final QuantizedModel model;
    private final int steps;
    private final List<Integer> numbers = new ArrayList<>();
    private final List<float[]> logits = new ArrayList<>();

    private TinyText(QuantizedModel model, int steps, Machine machine) {
        this.model = model;
        this.steps = steps;
        int positions = StepLayout.of(machine, model).positions();
        var expected = new VectorStep(model, machine.vector().lanes(), positions);
        expected.run(2, 0, steps, (logit, number) -> numbers.add(number));
        for (int i = 0; i < numbers.size(); i++) {
            logits.add(expected.logits(i));
        }
    }

    /** One of so many steps, of a model of one layer. */
    static TinyText of(Machine machine, int steps) {
        for (long seed = 0; ; seed++) {
            QuantizedModel model = TinyModel.random(new Random(seed), steps);
            var text = new TinyText(model, steps, machine);
            if (text.numbers.size() == steps && model.model().config().layers() == 1) {
                return text;
            }
        }
    }

    /** Writes it, and requires all bits to be those that must come out. */
    void check(Device device) {
        write(device, (logit, number) -> {});
    }

    /** The same. */
    void write(Device device, DecodeStep.Choice choices) {
        var mapped = MappedModel.of(model, device.machine());
        try (var backend =
                new DeviceBackend(device, mapped.program(), mapped.image(), HostProcess.LIMIT, region -> {})) {
            DecodeStep step = requireNonNull(backend.step(model.model().config(), steps));
            List<Integer> written = new ArrayList<>();
            step.run(2, 0, steps, (logit, number) -> {
                written.add(number);
                choices.accept(logit, number);
            });
            assertThat(written).isEqualTo(numbers);
            for (int i = 0; i < steps; i++) {
                assertThat(step.logits(i)).as("step %d", i).isEqualTo(logits.get(i));
            }
        }
    }

    /** Opens a device and checks; returns ok, or the message of what went wrong with the device. */
    String attempt(String address) {
        try (Device device = Device.open(address)) {
            check(device);
            return HostProcess.OK;
        } catch (UserException error) {
            assertThat(error.kind()).isEqualTo(UserException.Kind.DEVICE);
            return error.getMessage();
        }
    }
}
