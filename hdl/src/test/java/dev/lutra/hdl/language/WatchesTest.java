// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Circuit;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.ir.Statement;
import dev.lutra.hdl.verilog.VerilogWriter;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Statements that look and drive nothing. */
class WatchesTest {
    @Test
    void intermediateRepresentation() {
        var module = Circuit.of(Queue::new).circuit().top();
        assertThat(module.body().stream().skip(2).map(Statement::toString).collect(Collectors.joining("\n")))
                .isEqualTo("""
                        ASSUME not((full & push)) "pushed when full"
                        ASSUME not(((count == 0) & pop)) "popped when empty"
                        REQUIRE (count <= 8) "the level is "at most" 100% of the depth"
                        when full [COVER pop "popped when full", print "full: %d, offset %d = %x = %b, 100%%" [count, offset, offset, offset]] otherwise [when (offset == -8) [stop "asked to"]]""");
        var check = (Statement.Check) module.body().get(3);
        assertThat(check.shown()).extracting(s -> s.name()).containsExactly("count", "pop");
    }

    @Test
    void verilog() {
        String text =
                VerilogWriter.write(Circuit.of(Queue::new).circuit()).get(0).text();
        String from = text.substring(text.indexOf("`ifdef FORMAL"), text.indexOf("endmodule"));
        assertThat(from.replaceAll(" *// Queue.java:\\d+(?=\n)", "").replaceAll("Queue.java:\\d+", "Queue.java"))
                .isEqualTo("""
                        `ifdef FORMAL
                          initial assume (rst);
                          always @(posedge clk) begin
                            if (!rst) begin
                              assume (!(full && push));                              // Queue.java: pushed when full
                              assume (!(count == 4'd0 && pop));                      // Queue.java: popped when empty
                              assert (count <= 4'd8);                                // Queue.java: the level is "at most" 100% of the depth
                              if (full) begin
                                cover (pop);                                         // Queue.java: popped when full
                              end
                            end
                          end
                        `else
                        `ifndef SYNTHESIS
                          reg covered = 1'b0;
                          always @(posedge clk) begin
                            if (!rst) begin
                              if (full && push) begin
                                $display("%m: assume failed at Queue.java: pushed when full; full = %0d, push = %0d",
                                    full, push);
                                $stop;
                              end
                              if (count == 4'd0 && pop) begin
                                $display("%m: assume failed at Queue.java: popped when empty; count = %0d, pop = %0d",
                                    count, pop);
                                $stop;
                              end
                              if (count > 4'd8) begin
                                $display("%m: require failed at Queue.java: the level is \\"at most\\" 100%% of the depth; count = %0d", count);
                                $stop;
                              end
                              if (full) begin
                                if (pop) begin
                                  covered <= 1'b1;
                                  if (!covered) $display("%m: covered at Queue.java: popped when full");
                                end
                                $display("full: %0d, offset %0d = %0h = %0b, 100%%", count, offset, offset, offset);
                              end else if (offset == 4'sh8) begin
                                $display("%m: stopped at Queue.java: asked to");
                                $finish;
                              end
                            end
                          end
                        `endif
                        `endif

                        """);
    }

    /** Combinational, so that only the property needs clock and reset. */
    static final class Sorted extends Module {
        final UInt a = in(uint(4));
        final UInt b = in(uint(4));
        final UInt most = out(uint(4));

        Sorted() {
            most.set(a.max(b));
            require(most.ge(b), "not the largest");
        }
    }

    @Test
    void aPropertyNeedsClockAndReset() {
        var module = Circuit.of(Sorted::new).circuit().top();
        assertThat(module.usesClock()).isTrue();
        assertThat(module.usesReset()).isTrue();
    }

    static final class Formats extends Module {
        Formats() {
            var a = in(uint(4));
            printf("%d and %x", a);
            printf("%s", a);
            printf("100%");
            require(a.eq(1), "nicht größer");
        }
    }

    @Test
    void formatsThatDoNotFit() {
        Reports.assertRejected(WatchesTest.class, Formats::new, """
                [printf("%d and %x", a);]: error[format]: printf("%d and %x") has places for 2 values and is given 1
                    hint: write %d, %x, %b or, of an enumeration, %s for each value, %% for a percent sign
                [printf("%s", a);]: error[format]: %s of 'a' of UInt(4), which is no enumeration
                    hint: print numbers with %d, %x or %b
                [printf("100%");]: error[format]: printf("100%"): % is followed by something else than d, x, b, s or %
                    hint: write %d, %x, %b or, of an enumeration, %s for each value, %% for a percent sign
                [require(a.eq(1), "nicht größer");]: error[format]: the text "nicht größer" has characters that Verilog does not print
                    hint: use printable ASCII, a statement for each line
                4 errors
                """);
    }

    static final class Inner extends Module {
        final Bool c = in(bool());

        Inner(Outer outer) {
            when(c, outer::look);
        }
    }

    static final class Outer extends Module {
        Outer() {
            var inner = new Inner(this);
            inner.c.set(true);
        }

        void look() {
            stop("now");
        }
    }

    @Test
    void underTheConditionOfAnotherModule() {
        Reports.assertRejected(WatchesTest.class, Outer::new, """
                [stop("now");]: error[scope]: a statement of module Outer stands under a condition of module Inner, which would not apply to it
                      called from [when(c, outer::look);]
                    hint: use when() of the module that makes the statement
                1 error
                """);
    }
}
