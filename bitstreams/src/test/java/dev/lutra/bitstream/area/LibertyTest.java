// SPDX-License-Identifier: Apache-2.0
package dev.lutra.bitstream.area;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LibertyTest {

    /** By what a cell holds, not by what it is called. */
    @Test
    void flipFlopsAreCellsWithAGroupThatSaysSo() {
        assertThat(Liberty.flipFlops("""
                library (any) {
                  /* cell (NOTE) { ff (A, B) { } } */
                  cell (NAND2) { area : 1; pin (A) { direction : input; } }
                  cell ("REG_X1") {
                    area : 4;
                    ff (IQ, IQN) { clocked_on : "CK"; next_state : "D"; }
                  }
                  cell(buf_df_1) { }
                  cell (WORD) { ff_bank(IQ,IQN,4) { } }
                  cell (LAT) { latch (IQ, IQN) { } }
                }
                """)).containsExactlyInAnyOrder("REG_X1", "WORD");
    }
}
