// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.pass;

import dev.lutra.hdl.ir.Instance;
import dev.lutra.hdl.ir.InstancePort;
import dev.lutra.hdl.ir.Module;
import dev.lutra.hdl.ir.Port;
import dev.lutra.hdl.ir.Signal;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers the signals of a module from 0, so that passes keep what they know in arrays: ports, wires, nodes, registers,
 * read ports, then the ports of each instance in a row. A large array has tens of thousands of instance ports; they are
 * found by their instance and their place in its port list.
 */
public final class SignalIndex {

    private final String name;
    private final Map<Object, Integer> numbers;
    private final Map<Port, Integer> places = new IdentityHashMap<>();
    private final Signal[] signals;
    private int size;

    /** Numbers the signals of a module. */
    public SignalIndex(Module module) {
        name = module.name();
        int own = module.ports().size()
                + module.wires().size()
                + module.nodes().size()
                + module.registers().size()
                + module.readPorts().size();
        int all = own;
        for (Instance instance : module.instances()) {
            all += instance.module().ports().size();
        }
        numbers = new IdentityHashMap<>(own + module.instances().size());
        signals = new Signal[all];
        add(module.ports());
        add(module.wires());
        add(module.nodes());
        add(module.registers());
        add(module.readPorts());
        for (Instance instance : module.instances()) {
            List<Port> ports = instance.module().ports();
            numbers.put(instance, size);
            if (!ports.isEmpty() && !places.containsKey(ports.get(0))) {
                for (int i = 0; i < ports.size(); i++) {
                    places.put(ports.get(i), i);
                }
            }
            for (Port port : ports) {
                signals[size++] = new InstancePort(instance, port);
            }
        }
    }

    private void add(List<? extends Signal> some) {
        for (Signal signal : some) {
            numbers.put(signal, size);
            signals[size++] = signal;
        }
    }

    /** How many signals there are. */
    public int size() {
        return size;
    }

    /** The signal of a number. */
    public Signal at(int number) {
        return signals[number];
    }

    /**
     * The number of a signal.
     *
     * @throws IllegalArgumentException if it does not belong to the module
     */
    public int of(Signal signal) {
        if (signal instanceof InstancePort port) {
            Integer first = numbers.get(port.instance());
            Integer place = places.get(port.port());
            if (first != null && place != null) {
                return first + place;
            }
        } else {
            Integer number = numbers.get(signal);
            if (number != null) {
                return number;
            }
        }
        throw new IllegalArgumentException(signal + " does not belong to module " + name);
    }

    /** The number of the first port of an instance; the others follow. */
    public int first(Instance instance) {
        Integer first = numbers.get(instance);
        if (first == null) {
            throw new IllegalArgumentException(instance + " does not belong to module " + name);
        }
        return first;
    }
}
