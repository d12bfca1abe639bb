// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.ir;

/**
 * Something with a name and a ground type that expressions may refer to and, if it is not a source, statements assign.
 * Names are unique within a module and legal Verilog identifiers. Compared by identity.
 */
public sealed interface Signal permits Port, Wire, Node, Register, ReadPort, InstancePort {

    /** The name within the module. */
    String name();

    /** The ground type. */
    Type type();

    /** Where the user's code made it. */
    Loc loc();

    /** Whether statements of the module that holds it drive it (each path exactly by its last assignment). */
    default boolean assignable() {
        if (this instanceof Port port) {
            return port.direction() == Direction.OUT;
        }
        if (this instanceof InstancePort port) {
            return port.port().direction() == Direction.IN;
        }
        return this instanceof Wire || this instanceof Register;
    }
}
