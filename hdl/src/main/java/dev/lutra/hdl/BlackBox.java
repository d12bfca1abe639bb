// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.ResetKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A Verilog module from elsewhere: a DSP block, a PLL, a piece of older design. Verilog for synthesis makes an instance of it with its
 * parameters. Its ports are made by {@code in} and {@code out} and have the names of the Java fields that hold them, or those given by
 * {@code named}, to the letter. What the constructor says beside that is its <em>model</em>, which simulations run.
 *
 * <pre>{@code
 * public final class Multiplier extends BlackBox {
 *     public final SInt A = in(sint(16));
 *     public final SInt B = in(sint(16));
 *     public final SInt O = out(sint(32));
 *
 *     public Multiplier() {
 *         super("MULT16");
 *         parameter("OUTPUT_REGISTER", 1);
 *         clockPort("CLK");
 *         var product = reg(sint(32));
 *         product.set(A.mul(B));
 *         O.set(product);
 *     }
 * }
 * }</pre>
 *
 * <p>Only a black box may have outputs of type clock; a design that has one is not simulated.
 */
public abstract class BlackBox extends Module {

    /** A fact about the foreign module; the same facts in the same order make the same box. */
    sealed interface Fact {}

    /** Which module it is. */
    record Name(String name) implements Fact {}

    /** A parameter with its value in Verilog. */
    record Parameter(String name, String value) implements Fact {}

    /** The port for the own clock. */
    record ClockPort(String name) implements Fact {}

    /** The port for the own reset. */
    record ResetPort(String name, ResetKind kind) implements Fact {}

    /** A file with its Verilog. */
    record Source(String file, String text) implements Fact {}

    /**
     * A box.
     *
     * @param name of the Verilog module
     */
    protected BlackBox(String name) {
        identify(name);
    }

    /**
     * A box with parameters of ours, which {@link #parameter} may turn into those of the Verilog module.
     *
     * @param name of the Verilog module
     */
    protected BlackBox(Record params, String name) {
        super(params);
        identify(name);
    }

    private void identify(String name) {
        checkWord(name);
        add(new Name(name));
    }

    /** Gives a parameter an integer. */
    protected final void parameter(String name, int value) {
        give(name, Integer.toString(value));
    }

    /** Gives a parameter bits of a width, such as {@code 16'h00ff}. */
    protected final void parameter(String name, BigInteger value, int width) {
        if (width < 1 || value.signum() < 0 || value.bitLength() > width) {
            session()
                    .error(
                            "black-box",
                            "parameter " + name + " = " + value + " does not fit " + width + " bits",
                            "give a value from 0 to 2^width - 1");
            return;
        }
        give(name, width + "'h" + value.toString(16));
    }

    /** Gives a parameter a text of printable ASCII. */
    protected final void parameter(String name, String value) {
        if (!value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            session().error("black-box", "parameter " + name + " is no text of printable ASCII", null);
            return;
        }
        give(name, "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
    }

    /** Gives a parameter a real number. */
    protected final void parameter(String name, double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            session().error("black-box", "parameter " + name + " = " + value + " is no number", null);
            return;
        }
        give(name, Double.toString(value).replace('E', 'e'));
    }

    private void give(String name, String value) {
        checkWord(name);
        add(new Parameter(name, value));
    }

    /** The port that gets the clock of the place where the box is made, which is the clock of the model. */
    protected final void clockPort(String name) {
        checkWord(name);
        add(new ClockPort(name));
    }

    /**
     * The port that gets the reset of the place where the box is made, which must be of this kind.
     *
     * @param kind when and at which level the foreign module is reset
     */
    protected final void resetPort(String name, ResetKind kind) {
        checkWord(name);
        add(new ResetPort(name, kind));
    }

    /**
     * Supplies the Verilog of the foreign module, which is written beside the generated files. Verilator simulates it in place of the
     * model.
     *
     * @param file name of the file to write, such as {@code mult16.v}
     */
    protected final void verilog(String file, String text) {
        if (!file.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*\\.s?v")) {
            session()
                    .error(
                            "black-box",
                            "'" + file + "' is no plain name of a Verilog file",
                            "use a name such as box.v");
            return;
        }
        add(new Source(file, text));
    }

    /** Supplies the Verilog of the foreign module from a file; see {@link #verilog(String, String)}. */
    protected final void verilog(Path file) {
        try {
            verilog(file.getFileName().toString(), Files.readString(file));
        } catch (IOException e) {
            session().error("black-box", "the Verilog file " + file + " cannot be read", "check its path");
        }
    }

    /**
     * Supplies the Verilog of the foreign module from the class path; see {@link #verilog(String, String)}.
     *
     * @param resource name of a resource beside the class of the box
     */
    protected final void verilogResource(String resource) {
        try (var stream = getClass().getResourceAsStream(resource)) {
            if (stream == null) {
                session()
                        .error(
                                "black-box",
                                "there is no resource " + resource + " beside "
                                        + getClass().getName(),
                                "put the file into the same package of the resources");
                return;
            }
            verilog(
                    resource.substring(resource.lastIndexOf('/') + 1),
                    new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(Fact fact) {
        recording().add(Op.BOX, null, -1, -1, -1, fact);
    }

    private void checkWord(String name) {
        if (!Naming.isVerilog(name)) {
            session()
                    .error(
                            "black-box",
                            "'" + name + "' is no name in Verilog",
                            "give the name of the foreign module's Verilog");
        }
    }
}
