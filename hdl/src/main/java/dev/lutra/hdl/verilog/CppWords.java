// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.verilog;

import java.util.Set;

/**
 * Words of C++ that are legal names in Verilog. Verilator renames such a signal in the model it makes and warns; the name
 * is right in the Verilog, so the warning is waived where the signal is declared.
 */
final class CppWords {

    private static final Set<String> WORDS =
            Set.of(("abort alignas alignof and_eq asm atomic_cancel atomic_commit atomic_noexcept "
                            + "auto bit_vector bitand bitor bool catch cdecl char char16_t char32_t compl "
                            + "complex concept const_cast const_iterator constexpr decltype delete deque double "
                            + "dynamic_cast explicit false far float friend goto huge inline interrupt iterator "
                            + "list long map mutable namespace near noexcept not_eq nullptr operator override "
                            + "pascal private public queue register requires sc_clock sc_in sc_inout sc_out "
                            + "sc_signal sensitive sensitive_neg sensitive_pos set short sizeof stack "
                            + "static_assert static_cast switch synchronized template thread_local throw "
                            + "transaction_safe true try type_info typeid typename using vector volatile "
                            + "wchar_t xor_eq")
                    .split(" "));

    private static final String OFF =
            "/* verilator lint_off SYMRSVDWORD */ // a word of C++, renamed in the model only";
    private static final String ON = "/* verilator lint_on SYMRSVDWORD */";

    private CppWords() {}

    /** Writes the line that declares a name, with a waiver around it where it needs one. */
    static void declare(Layout out, int indent, String name, String code, String note) {
        boolean word = WORDS.contains(name);
        if (word) {
            out.line(indent, OFF);
        }
        out.line(indent, code, note);
        if (word) {
            out.line(indent, ON);
        }
    }
}
