# SPDX-License-Identifier: Apache-2.0
# Calls main; ECALL halts if it returns 0, EBREAK otherwise.
        .section .text.start
        .globl  _start
_start:
        la      sp, stack_top
        call    main
        bnez    a0, 1f
        ecall
1:      ebreak
