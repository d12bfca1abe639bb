// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.vendor;

import dev.lutra.bitstream.board.Board;
import dev.lutra.gen.GeneratedDesign;
import dev.lutra.machine.Machine;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Chips and cards of AMD whose memory lies beside the accelerator. */
final class AxiProjects {

    /** Where UltraScale+ processors see their first master port, and memory that the device tree keeps from Linux. */
    private static final String REGISTERS = "A0000000";

    private static final String MEMORY = "60000000";
    private static final String MEMORY_BYTES = "10000000";

    private AxiProjects() {}

    static VendorProject vivado(Board board, Machine machine) {
        GeneratedDesign design = GeneratedDesign.of(machine);
        Map<String, String> files = wrapped(design);
        boolean zynq = board.host().kind().equals("uio");
        files.put("build.tcl", (zynq ? zynq(board) : outOfContext(board)));
        if (zynq) {
            files.put("lutra.dtso", overlay());
        } else {
            files.put(
                    "lutra.xdc",
                    "# %s\ncreate_clock -name ap_clk -period %s [get_ports ap_clk]\n"
                            .formatted(
                                    VendorProject.NOT_RUN,
                                    SerialProjects.number(
                                            1000 / board.clocks().get(0).megahertz())));
        }
        return new VendorProject(board, design, AxiWrapper.NAME, files, "vivado -mode batch -source build.tcl");
    }

    static VendorProject vitis(Board board, Machine machine) {
        GeneratedDesign design = GeneratedDesign.of(machine);
        Map<String, String> files = wrapped(design);
        String platform = board.name().equals("u55c")
                ? "xilinx_u55c_gen3x16_xdma_3_202210_1"
                : "xilinx_u280_gen3x16_xdma_1_202211_1";
        files.put("kernel.xml", KernelXml.of(machine));
        files.put("package_kernel.tcl", """
                # %1$s
                # Packs the accelerator as a kernel: lutra.xo.
                set here [file dirname [file normalize [info script]]]
                set packaged [file join $here packaged]
                create_project -force lutra_kernel [file join $here kernel_project] -part %2$s
                add_files -norecurse [lsort [glob -directory $here *.v]]
                set_property top %3$s [current_fileset]
                ipx::package_project -root_dir $packaged -vendor dev.lutra -library kernel -taxonomy /KernelIP -import_files -set_current true
                set core [ipx::current_core]
                set_property sdx_kernel true $core
                set_property sdx_kernel_type rtl $core
                ipx::associate_bus_interfaces -busif s_axi_control -clock ap_clk $core
                ipx::associate_bus_interfaces -busif m00_axi -clock ap_clk $core
                ipx::associate_bus_interfaces -clock ap_clk -reset ap_rst_n $core
                ipx::create_xgui_files $core
                ipx::update_checksums $core
                ipx::save_core $core
                package_xo -force -xo_path [file join $here lutra.xo] -kernel_name %3$s -ip_directory $packaged -kernel_xml [file join $here kernel.xml]
                """.formatted(
                        VendorProject.NOT_RUN, board.part().name(), AxiWrapper.NAME));
        files.put("link.cfg", """
                # %s
                platform=%s
                [connectivity]
                nk=%3$s:1:%3$s_1
                sp=%3$s_1.m00_axi:HBM[0:31]
                [clock]
                freqHz=%4$d:%3$s_1
                """.formatted(
                        VendorProject.NOT_RUN,
                        platform,
                        AxiWrapper.NAME,
                        Math.round(board.clocks().get(0).megahertz() * 1e6)));
        files.put("build.sh", """
                #!/bin/sh
                # %s
                set -e
                cd "$(dirname "$0")"
                vivado -mode batch -source package_kernel.tcl
                v++ --link --target "${1:-hw}" --config link.cfg --output lutra.xclbin lutra.xo
                """.formatted(VendorProject.NOT_RUN));
        return new VendorProject(board, design, AxiWrapper.NAME, files, "sh build.sh");
    }

    private static Map<String, String> wrapped(GeneratedDesign design) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put(
                AxiWrapper.NAME + ".v",
                AxiWrapper.verilog(design.elaboration().circuit().top()));
        return files;
    }

    /** Processors, accelerator, and what connects them. */
    private static String zynq(Board board) {
        return """
                # %1$s
                # vivado -mode batch -source build.tcl
                set here [file dirname [file normalize [info script]]]
                create_project -force lutra_board [file join $here project] -part %2$s
                add_files -norecurse [lsort [glob -directory $here *.v]]
                update_compile_order -fileset sources_1
                create_bd_design system

                # Processors: one master to the registers, one slave for memory, one clock, one interrupt. Their DDR is that of the board's preset,
                # which needs the board files of Vivado (set_property board_part).
                set ps [create_bd_cell -type ip -vlnv xilinx.com:ip:zynq_ultra_ps_e ps]
                set_property -dict [list CONFIG.PSU__USE__M_AXI_GP0 1 CONFIG.PSU__USE__M_AXI_GP1 0 CONFIG.PSU__USE__M_AXI_GP2 0 \\
                    CONFIG.PSU__USE__S_AXI_GP2 1 CONFIG.PSU__USE__IRQ0 1 CONFIG.PSU__FPGA_PL0_ENABLE 1 \\
                    CONFIG.PSU__CRL_APB__PL0_REF_CTRL__FREQMHZ %3$s] $ps
                set lutra [create_bd_cell -type module -reference %4$s lutra_1]
                set reset [create_bd_cell -type ip -vlnv xilinx.com:ip:proc_sys_reset reset]
                set control [create_bd_cell -type ip -vlnv xilinx.com:ip:smartconnect control]
                set memory [create_bd_cell -type ip -vlnv xilinx.com:ip:smartconnect memory]
                set_property -dict [list CONFIG.NUM_SI 1 CONFIG.NUM_MI 1] $control
                set_property -dict [list CONFIG.NUM_SI 1 CONFIG.NUM_MI 1] $memory

                connect_bd_intf_net [get_bd_intf_pins ps/M_AXI_HPM0_FPD] [get_bd_intf_pins control/S00_AXI]
                connect_bd_intf_net [get_bd_intf_pins control/M00_AXI] [get_bd_intf_pins lutra_1/s_axi_control]
                connect_bd_intf_net [get_bd_intf_pins lutra_1/m00_axi] [get_bd_intf_pins memory/S00_AXI]
                connect_bd_intf_net [get_bd_intf_pins memory/M00_AXI] [get_bd_intf_pins ps/S_AXI_HP0_FPD]
                foreach pin {ps/maxihpm0_fpd_aclk ps/saxihp0_fpd_aclk lutra_1/ap_clk reset/slowest_sync_clk control/aclk memory/aclk} {
                    connect_bd_net [get_bd_pins ps/pl_clk0] [get_bd_pins $pin]
                }
                connect_bd_net [get_bd_pins ps/pl_resetn0] [get_bd_pins reset/ext_reset_in]
                foreach pin {lutra_1/ap_rst_n control/aresetn memory/aresetn} {
                    connect_bd_net [get_bd_pins reset/peripheral_aresetn] [get_bd_pins $pin]
                }
                connect_bd_net [get_bd_pins lutra_1/interrupt] [get_bd_pins ps/pl_ps_irq0]
                assign_bd_address -offset 0x%5$s -range 4K -target_address_space [get_bd_addr_spaces ps/Data] [get_bd_addr_segs lutra_1/s_axi_control/*]
                assign_bd_address -target_address_space [get_bd_addr_spaces lutra_1/m00_axi] [get_bd_addr_segs ps/SAXIGP2/HP0_DDR_LOW]
                validate_bd_design
                save_bd_design

                set file [get_files system.bd]
                add_files -norecurse [make_wrapper -files $file -top]
                set_property top system_wrapper [current_fileset]
                launch_runs impl_1 -to_step write_bitstream -jobs 4
                wait_on_runs impl_1
                if {[get_property STATS.WNS [get_runs impl_1]] < 0} {
                    error "the clock is not met"
                }
                write_hw_platform -fixed -include_bit -force [file join $here lutra.xsa]
                """.formatted(
                        VendorProject.NOT_RUN,
                        board.part().name(),
                        SerialProjects.number(board.clocks().get(0).megahertz()),
                        AxiWrapper.NAME,
                        REGISTERS);
    }

    /** What Linux must be told: registers, memory of ours, the interrupt, and the driver. */
    private static String overlay() {
        return """
                /* %1$s */
                /* Linux needs uio_pdrv_genirq.of_id=generic-uio among its arguments. */
                /dts-v1/;
                /plugin/;
                &{/} {
                    reserved-memory {
                        #address-cells = <2>;
                        #size-cells = <2>;
                        ranges;
                        lutra_memory: lutra@%3$s {
                            reg = <0x0 0x%3$s 0x0 0x%4$s>;
                            no-map;
                        };
                    };
                    lutra@%2$s {
                        compatible = "generic-uio";
                        reg = <0x0 0x%2$s 0x0 0x1000>, <0x0 0x%3$s 0x0 0x%4$s>;
                        interrupt-parent = <&gic>;
                        interrupts = <0 89 4>;
                    };
                };
                """.formatted(VendorProject.NOT_RUN, REGISTERS.toLowerCase(Locale.ROOT), MEMORY, MEMORY_BYTES);
    }

    /** Versal: area and timing of the accelerator alone. */
    private static String outOfContext(Board board) {
        return """
                # %1$s
                # Area and timing of the accelerator alone: the network on chip, the processors and PCI Express of a Versal design are not generated.
                # vivado -mode batch -source build.tcl
                set here [file dirname [file normalize [info script]]]
                create_project -in_memory -part %2$s
                read_verilog [lsort [glob -directory $here *.v]]
                read_xdc [file join $here lutra.xdc]
                synth_design -mode out_of_context -top %3$s -part %2$s
                opt_design
                place_design
                route_design
                report_utilization -file [file join $here utilization.rpt]
                report_timing_summary -file [file join $here timing.rpt]
                write_checkpoint -force [file join $here lutra.dcp]
                """.formatted(VendorProject.NOT_RUN, board.part().name(), AxiWrapper.NAME);
    }
}
