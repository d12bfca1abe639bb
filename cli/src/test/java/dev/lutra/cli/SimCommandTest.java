// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.SInt;
import dev.lutra.hdl.UInt;
import dev.lutra.sim.EngineKind;
import dev.lutra.sim.junit.Engines;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lutra sim}: what comes out, on every engine, and what is told of files that do not fit. */
@Engines({EngineKind.EMBEDDED, EngineKind.ICARUS})
class SimCommandTest {
    /** Sums up, with something of everything. */
    public static final class Summer extends Module {
        enum Mode {
            HOLD,
            ADD,
            CLEAR
        }

        final EnumSignal<Mode> mode = in(enumOf(Mode.class));
        final SInt x = in(sint(8));
        final UInt wide = in(uint(70));
        final SInt sum = out(sint(12));
        final UInt flipped = out(uint(70));
        final EnumSignal<Mode> last = out(enumOf(Mode.class));
        final Bool negative = out(bool());

        public Summer() {
            var total = reg(sint(12)).init(0);
            var before = reg(enumOf(Mode.class)).init(Mode.HOLD);
            before.set(mode);
            switchOn(mode)
                    .is(Mode.ADD, () -> total.set(total.wrapAdd(x)))
                    .is(Mode.CLEAR, () -> total.set(0))
                    .otherwise(() -> {});
            sum.set(total);
            flipped.set(wide.not());
            last.set(before);
            negative.set(total.isNegative());
            require(total.ne(100), "not a hundred");
            cover(total.eq(-5), "minus five");
            when(total.eq(77), () -> printf("total is %d", total));
            when(total.eq(90), () -> stop("ninety"));
        }
    }

    static final class Parameterised extends Module {
        Parameterised(int width) {
            out(uint(width)).set(0);
        }
    }

    private final EngineKind engine;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    SimCommandTest(EngineKind engine) {
        this.engine = engine;
    }

    private int run(String design, Path stimulus, String... more) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        var args = new java.util.ArrayList<>(
                java.util.List.of("sim", design, "--stimulus", stimulus.toString(), "--simulator", engine.toString()));
        args.addAll(java.util.List.of(more));
        return Main.run(new PrintWriter(out), new PrintWriter(err), args.toArray(String[]::new));
    }

    private int run(String stimulus, String... more) throws IOException {
        return run(Summer.class.getName(), write("in.csv", stimulus), more);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static final String ROWS = """
            # what it adds up
            mode, x, wide
            ADD, 7, 0x3f_ffff_ffff_ffff_ffff

            , -12, 0b1
            HOLD, , 5
            ,,
            2,,
            HOLD,,
            """;

    private static final String RESULT = """
            sum,flipped,last,negative
            0,0,HOLD,0
            7,1180591620717411303422,ADD,0
            -5,1180591620717411303418,ADD,1
            -5,1180591620717411303418,HOLD,1
            -5,1180591620717411303418,HOLD,1
            0,1180591620717411303418,CLEAR,0
            """;

    @Test
    void rowsGoInAndComeOut() throws IOException {
        assertThat(run(ROWS)).as(err.toString()).isZero();
        assertThat(out.toString()).isEqualTo(RESULT);
        assertThat(err.toString())
                .contains("minus five", "covered: 1 of 1", "lutra: 6 cycles after reset on " + engine)
                .doesNotContain("toggles");
    }

    @Test
    void filesAreWrittenWhole() throws IOException {
        Path result = folder.resolve("out.csv");
        Path waves = folder.resolve("waves.vcd");
        assertThat(run(ROWS, "--out", result.toString(), "--vcd", waves.toString(), "--coverage"))
                .as(err.toString())
                .isZero();
        assertThat(result).hasContent(RESULT);
        assertThat(out.toString()).isEmpty();
        assertThat(waves).content().contains("$enddefinitions", "negative");
        assertThat(err.toString()).contains("negative     1     1     1", "toggles: ");
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("in.csv", "out.csv", "waves.vcd");
        }
    }

    @Test
    void linesOfJson() throws IOException {
        var rows = write("in.jsonl", """
                {"mode": "ADD", "x": -3, "wide": "0x3fffffffffffffffff"}
                {"x": "0x10"}
                {}
                """);
        assertThat(run(Summer.class.getName(), rows)).as(err.toString()).isZero();
        assertThat(out.toString()).isEqualTo("""
                {"sum": 0, "flipped": 0, "last": "HOLD", "negative": 0}
                {"sum": -3, "flipped": 0, "last": "ADD", "negative": 1}
                {"sum": 13, "flipped": 0, "last": "ADD", "negative": 0}
                """);
    }

    /** More lines than a block. */
    @Test
    void longFilesRunOn() throws IOException {
        var rows = new StringBuilder("mode,x\n");
        for (int i = 0; i < 3000; i++) {
            rows.append(i % 2 == 0 ? "ADD" : "CLEAR").append(',').append(i % 50).append('\n');
        }
        assertThat(run(rows.toString())).isZero();
        assertThat(out.toString().lines().skip(2999).limit(2))
                .containsExactly("0,1180591620717411303423,CLEAR,0", "48,1180591620717411303423,ADD,0");
    }

    @Test
    void aPropertyNamesTheLine() throws IOException {
        Path result = folder.resolve("out.csv");
        assertThat(run("mode,x\nADD,77\nADD,23\n\nHOLD,\nHOLD,\n", "--out", result.toString()))
                .isEqualTo(6);
        assertThat(err.toString())
                .contains("total is 77", "in.csv:5: require failed in cycle 3 at SimCommandTest.java:")
                .contains("not a hundred");
        assertThat(result).content().contains("77,", "100,").hasLineCount(4);
    }

    @Test
    void stopEndsTheRun() throws IOException {
        assertThat(run("mode,x\nADD,90\nHOLD,\nHOLD,\nHOLD,\n")).isZero();
        assertThat(out.toString()).hasLineCount(3);
        assertThat(err.toString()).contains("stopped in cycle 2", "ninety");
    }

    private void refused(String stimulus, String... texts) throws IOException {
        assertThat(run(stimulus)).isEqualTo(3);
        assertThat(err.toString()).contains(texts).doesNotContain("internal error");
        assertThat(err.toString()).startsWith("lutra: ");
    }

    @Test
    void badFilesNameTheLine() throws IOException {
        String inputs = "Its inputs: mode (";
        refused("mode,y\nADD,1\n", "in.csv:1: \"y\" is no input of Summer", inputs);
        refused("mode,sum\nADD,1\n", "in.csv:1: \"sum\" is no input of Summer", inputs);
        refused("x,x\n1,1\n", "in.csv:1: port x has two columns");
        refused("", "in.csv:1: there is nothing in it");
        refused("x\n1\n128\n", "in.csv:3: 128 does not fit x (SInt(8)): -128 to 127");
        refused("x\n1\n\n# far\n1.5\n", "in.csv:5: x: \"1.5\" is no value of SInt(8)", "Write decimal, 0x");
        refused("mode\nSUB\n", "in.csv:2: mode: \"SUB\" is no value of ", "or one of [HOLD, ADD, CLEAR]");
        refused("x,mode\n1\n", "in.csv:2: 1 values for 2 ports", "Leave a cell empty");
        refused("{\"x\": 1}\n{\"x\" 2}\n", "in.csv:2: no JSON: ");
        refused("{\"x\": 1}\n{\"x\": 1.5}\n", "in.csv:2: x: 1.5 is no integer and no text");
        refused("{\"x\": 1}\n{\"q\": 1}\n", "in.csv:2: \"q\" is no input of Summer");
        assertThat(run(Summer.class.getName(), folder.resolve("none.csv"))).isEqualTo(3);
        assertThat(err.toString()).contains("none.csv: no such file");
    }

    @Test
    void badDesignsAreNamed() throws IOException {
        Path rows = write("in.csv", "x\n1\n");
        assertThat(run("no.such.Class", rows)).isEqualTo(3);
        assertThat(err.toString()).contains("there is no class no.such.Class", "--classpath");
        assertThat(run("java.lang.String", rows)).isEqualTo(3);
        assertThat(err.toString()).contains("java.lang.String is no module");
        assertThat(run(Parameterised.class.getName(), rows)).isEqualTo(3);
        assertThat(err.toString()).contains("Parameterised has no constructor without parameters");
        var args = new String[] {"sim", "x.Y", "--stimulus", rows.toString(), "--simulator", "modelsim"};
        assertThat(Main.run(new PrintWriter(out), new PrintWriter(err), args)).isEqualTo(3);
        assertThat(err.toString()).contains("--simulator is modelsim", "Give one of [embedded, verilator, icarus]");
        assertThat(run("mode\nADD\n", "--reset", "-1")).isEqualTo(3);
        assertThat(err.toString()).contains("--reset is -1");
        assertThat(run("mode\nADD\n", "--vcd", folder.resolve("no/waves.vcd").toString()))
                .isEqualTo(3);
        assertThat(err.toString()).contains("no/waves.vcd: no such file");
        assertThat(run("mode\nADD\n", "--out", folder.resolve("no/out.csv").toString()))
                .isEqualTo(3);
        assertThat(err.toString()).contains("no/out.csv: no such file").doesNotContain(".part");
    }

    /** The bare engine of generators, as lutra gen takes it. */
    @Test
    void generatedDesignsRun() throws IOException {
        Path rows = write("in.csv", "control_valid\n0\n0\n");
        assertThat(run("engine", rows, "--columns", "4", "--tables", "2", "--bus", "32"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).startsWith("resultValid,result_0,").hasLineCount(3);
    }
}
