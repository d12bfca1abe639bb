// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.vendor;

import dev.lutra.machine.Machine;
import dev.lutra.machine.Register;
import java.util.List;
import java.util.Locale;

/** {@code kernel.xml}: ports and arguments of a kernel, as Vitis wants them (UG1393). Its arguments are the registers that a host writes before a start. */
final class KernelXml {

    private static final int SCALAR = 0;
    private static final int MEMORY = 1;

    private KernelXml() {}

    static String of(Machine machine) {
        StringBuilder arguments = new StringBuilder();
        int id = 0;
        // Argument 0 says to the runtime which memory the kernel reaches.
        for (Register pointer :
                List.of(Register.BASE0_LO, Register.BASE1_LO, Register.BASE2_LO, Register.BASE3_LO, Register.PROG_LO)) {
            String name = pointer.name().replace("_LO", "").toLowerCase(Locale.ROOT);
            arguments.append(argument(name, MEMORY, id++, "m00_axi", 8, pointer.offset(), "void*"));
        }
        for (Register scalar : List.of(
                Register.ENTRY,
                Register.LAYER,
                Register.LEN1,
                Register.LEN2,
                Register.LEN3,
                Register.WATCHDOG,
                Register.PROG_LEN)) {
            arguments.append(argument(
                    scalar.name().toLowerCase(Locale.ROOT), SCALAR, id++, "s_axi_control", 4, scalar.offset(), "uint"));
        }
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <root versionMajor="1" versionMinor="6">
                  <kernel name="%1$s" language="ip_c" vlnv="dev.lutra:kernel:%1$s:1.0" attributes="" preferredWorkGroupSizeMultiple="0" workGroupSize="1" interrupt="true" hwControlProtocol="ap_ctrl_hs">
                    <ports>
                      <port name="s_axi_control" mode="slave" range="0x1000" dataWidth="32" portType="addressable" base="0x0"/>
                      <port name="m00_axi" mode="master" range="0xFFFFFFFFFFFFFFFF" dataWidth="%2$d" portType="addressable" base="0x0"/>
                    </ports>
                    <args>
                %3$s    </args>
                  </kernel>
                </root>
                """.formatted(AxiWrapper.NAME, machine.bus().dataBits(), arguments);
    }

    private static String argument(
            String name, int qualifier, int id, String port, int bytes, int offset, String type) {
        return "      <arg name=\"%s\" addressQualifier=\"%d\" id=\"%d\" port=\"%s\" size=\"0x%X\" offset=\"0x%03X\" type=\"%s\" hostOffset=\"0x0\" hostSize=\"0x%X\"/>%n"
                .formatted(name, qualifier, id, port, bytes, offset, type, bytes);
    }
}
