# SPDX-License-Identifier: Apache-2.0
# Runs a script of Vivado's without Vivado: commands that Tcl does not have are written down and give a number back. tclsh parse.tcl SCRIPT
proc unknown {args} {
    puts "command [lindex $args 0]"
    foreach word [lrange $args 1 end] {
        foreach file $word {
            if {[string match */*.v $file] || [string match */*.xdc $file] || [string match */kernel.xml $file]} {
                if {![file exists $file]} { error "there is no $file" }
                puts "file [file tail $file]"
            }
        }
    }
    return 0
}
source [lindex $argv 0]
puts "done"
