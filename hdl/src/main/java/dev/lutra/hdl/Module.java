// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import dev.lutra.hdl.ir.Diagnostic;
import dev.lutra.hdl.ir.Loc;
import dev.lutra.hdl.ir.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A piece of hardware. A subclass describes it in its constructor; {@code new} within the constructor of another module
 * makes an instance there, and {@link Circuit#of} elaborates the outermost one.
 *
 * <pre>{@code
 * public final class Counter extends Module {
 *     public record Params(int width) {}
 *
 *     public final Bool enable = in(bool());
 *     public final UInt count;
 *
 *     public Counter(Params p) {
 *         super(p);
 *         count = out(uint(p.width()));
 *         var value = reg(uint(p.width())).init(0);
 *         when(enable, () -> value.set(value.wrapAdd(1)));
 *         count.set(value);
 *     }
 * }
 * }</pre>
 *
 * <p><b>Clock and reset.</b> Every module has a clock {@code clk} (rising edge) and a reset {@code rst} (synchronous, active
 * high) without saying so. They are ports in Verilog where the module or a child needs them. An instance gets those of the
 * place where it is made, which {@link #domain} changes.
 *
 * <p><b>Whose statement?</b> A statement belongs to the module of the signal it drives; driving an input of a child
 * belongs to the child's parent.
 *
 * <p><b>Definitions.</b> Modules of one class with the same structure are one Verilog module, however often they are
 * built. Handing the parameters to {@link #Module(Record)} prints them in the Verilog and makes repeated instances cheap.
 */
public abstract non-sealed class Module extends Hdl {
    private final Session session;
    private final @Nullable Module parent;
    private final Recording recording;
    private final @Nullable Record params;
    private final @Nullable Data type;
    private final List<Module> children = new ArrayList<>(0);
    private final int instanceNumber;
    private final int scopeBase;
    private final @Nullable ClockDomain ambient;
    private @Nullable ClockDomain domain;
    private boolean open = true;
    private @Nullable Map<String, Integer> givenNames;

    /** A module without parameters, or with parameters that are nobody's business. */
    protected Module() {
        this(null, null, Session.current());
    }

    /**
     * A module with parameters.
     *
     * @param params what the structure depends on; printed in the Verilog
     */
    protected Module(Record params) {
        this(params, null, Session.current());
    }

    /**
     * A module that carries data of a type it is given, such as a queue.
     *
     * @param type names the variants beside their parameters
     */
    protected Module(Data type) {
        this(null, type, Session.current());
    }

    /**
     * A module with parameters that carries data of a type it is given.
     *
     * @param params what the structure depends on; printed in the Verilog
     * @param type names the variants beside their parameters
     */
    protected Module(Record params, Data type) {
        this(params, type, Session.current());
    }

    private Module(@Nullable Record params, @Nullable Data type, Session session) {
        this.session = session;
        this.type = type;
        this.params = params;
        var key = new ModuleKey(getClass(), params);
        parent = session.enter(this);
        scopeBase = session.openScopes();
        ambient = parent == null ? null : parent.domain;
        if (parent == null) {
            instanceNumber = -1;
        } else {
            instanceNumber = parent.recording.add(Op.INSTANCE, null, parent.children.size(), -1, -1, key);
            parent.children.add(this);
        }
        recording = session.record(this, key);
    }

    // ---- signals ----

    /** Makes inputs of a type (outputs of its flipped fields) and returns it. */
    protected final <T extends Data> T in(T type) {
        return bind(type, Op.IN);
    }

    /** Makes outputs of a type (inputs of its flipped fields) and returns it. Outputs may be read inside. */
    protected final <T extends Data> T out(T type) {
        return bind(type, Op.OUT);
    }

    /** Makes combinational signals of a type and returns it. A wire must be set on every path. */
    protected final <T extends Data> T wire(T type) {
        return bind(type, Op.WIRE);
    }

    /**
     * Makes registers of a type and returns it. A register holds its value where nothing sets it. Without a reset value
     * ({@code init}) its content is unknown until it is first set.
     */
    protected final <T extends Data> T reg(T type) {
        return bind(type, Op.REG);
    }

    /** The same for registers of another clock than the one around. */
    protected final <T extends Data> T reg(T type, ClockDomain domain) {
        return domain.make(() -> reg(type));
    }

    /** Another clock and reset for a part of this module. */
    protected final ClockDomain domain(Clock clock, Reset reset) {
        return new ClockDomain(this, clock, Objects.requireNonNull(reset));
    }

    /** Another clock, without a reset, for a part of this module. */
    protected final ClockDomain domain(Clock clock) {
        return new ClockDomain(this, clock, null);
    }

    private <T extends Data> T bind(T type, Op op) {
        var bound = type instanceof Ground leaf ? (leaf.isBound() ? leaf : null) : boundLeaf(type);
        if (bound != null) {
            session.report(Diagnostic.error(
                    "bound-twice",
                    Build.sites(session.place(), bound, "made here"),
                    bound.describe() + " is a signal already and cannot become another one",
                    "pass a fresh type such as uint(8) or like(signal), and set() it"));
            return bind(Hdl.like(type), op);
        }
        type.bind(this, op, "");
        return type;
    }

    private static @Nullable Ground boundLeaf(Data type) {
        for (Ground leaf : type.leaves()) {
            if (leaf.isBound()) {
                return leaf;
            }
        }
        return null;
    }

    /**
     * Makes a memory.
     *
     * @param word type of a word
     * @param depth number of words
     */
    protected final <T extends Ground> Memory<T> memory(T word, int depth) {
        return new Memory<>(this, word, depth);
    }

    /**
     * Names a signal, memory port or instance in Verilog where Java gives no name or another one is needed. A bundle's or
     * vector's leaves get it as a prefix.
     */
    protected final <T> T named(T what, String name) {
        Naming.explicit(this, what, name);
        return what;
    }

    /**
     * Gives something an attribute for the tools that read the Verilog, such as {@code ram_style = "block"} for a memory,
     * {@code keep = "true"} for a signal or {@code use_dsp = "yes"} for the module ({@code this}). It means nothing in
     * simulation and never keeps a value that nobody reads.
     *
     * @param what a signal, memory or instance of this module, or this
     */
    protected final void attribute(Object what, String name, String value) {
        Attributes.add(this, what, name, value);
    }

    /** Describes the module in the preamble of its Verilog, a paragraph per argument. */
    protected final void doc(String... paragraphs) {
        recording.add(Op.DOC, null, -1, -1, -1, List.of(paragraphs));
    }

    // ---- statements ----

    /** Statements that hold only while a condition is true. */
    protected final When when(Bool condition, Runnable body) {
        return new When(this, condition, body);
    }

    /** Statements by the value of a number. */
    protected final Switch switchOn(UInt subject) {
        return new Switch(this, subject);
    }

    /** Statements by the value of a signed number. */
    protected final Switch switchOn(SInt subject) {
        return new Switch(this, subject);
    }

    /** Statements by the value of a bit pattern. */
    protected final Switch switchOn(Bits subject) {
        return new Switch(this, subject);
    }

    /** Statements by the value of an enumeration. */
    protected final <E extends Enum<E>> EnumSwitch<E> switchOn(EnumSignal<E> subject) {
        return new EnumSwitch<>(this, subject);
    }

    // ---- statements for simulation and proof ----

    /**
     * States what this circuit makes true at every rising edge outside reset, under the conditions around this statement.
     * Simulation stops with the message and the values of the signals in the condition; {@code FORMAL} Verilog asserts it.
     *
     * @param message what is wrong when the condition is false
     */
    protected final void require(Bool condition, String message) {
        Watches.check(this, Statement.Claim.REQUIRE, condition, message);
    }

    /**
     * States what the surroundings make true at every rising edge outside reset, under the conditions around this
     * statement. Simulation stops where it is false; {@code FORMAL} Verilog assumes it.
     *
     * @param message what is wrong when the condition is false
     */
    protected final void assume(Bool condition, String message) {
        Watches.check(this, Statement.Claim.ASSUME, condition, message);
    }

    /**
     * Names something that ought to happen at some time. Simulation notes the first cycle with the condition true;
     * {@code FORMAL} Verilog looks for a way to it.
     *
     * @param what what has happened then
     */
    protected final void cover(Bool condition, String what) {
        Watches.check(this, Statement.Claim.COVER, condition, what);
    }

    /**
     * Prints a line at every rising edge outside reset, under the conditions around this statement. Only in simulation.
     *
     * @param format text with {@code %d} (decimal), {@code %x}, {@code %b} or {@code %s} (name of an enumeration's value) for each value,
     *     and {@code %%}
     */
    protected final void printf(String format, Ground... values) {
        Watches.print(this, format, values);
    }

    /** Ends the simulation at a rising edge outside reset, under the conditions around this statement. */
    protected final void stop(String message) {
        Watches.stop(this, message);
    }

    // ---- for this package ----

    Recording recording() {
        return recording;
    }

    Session session() {
        return session;
    }

    @Nullable
    Module parent() {
        return parent;
    }

    @Nullable
    Record params() {
        return params;
    }

    @Nullable
    Data typeArgument() {
        return type;
    }

    List<Module> children() {
        return Collections.unmodifiableList(children);
    }

    /** The domain around the place where the instance was made; null: the parent's own. */
    @Nullable
    ClockDomain ambient() {
        return ambient;
    }

    /** Makes a domain the current one and returns the one before. */
    @Nullable
    ClockDomain enterDomain(ClockDomain inner) {
        var before = domain;
        domain = inner;
        return before;
    }

    void leaveDomain(@Nullable ClockDomain outer) {
        domain = outer;
    }

    /** The item that stands for this instance in the parent's recording. */
    int instanceNumber() {
        return instanceNumber;
    }

    /** Where the instance, or the outermost module, was made. */
    Loc instanceLoc() {
        return parent == null
                ? session.roots().getOrDefault(this, Loc.UNKNOWN)
                : parent.recording.get(instanceNumber).origin.loc();
    }

    /** The item that a name was given to first: this one unless there was another. */
    int claimName(String name, int number) {
        if (givenNames == null) {
            givenNames = new HashMap<>();
        }
        var first = givenNames.putIfAbsent(name, number);
        return first == null ? number : first;
    }

    /** Whether the constructor may still be running; {@link Session#isRunning} knows for sure. */
    boolean isOpen() {
        return open;
    }

    void close() {
        open = false;
    }

    /** Class name for a message. */
    String shortName() {
        return Naming.className(getClass());
    }

    /** Runs statements in a scope that the caller has opened in the recording. */
    void inScope(Runnable body) {
        session.openScope(this);
        try {
            body.run();
        } finally {
            session.closeScope();
            recording.add(Op.END, null, -1, -1, -1);
        }
    }

    /** Reports a statement of this module made inside a condition of another one, where the condition would be lost. */
    void checkScope(Ground target) {
        var other = foreignScope();
        if (other != null) {
            reportScope(target.describe() + " of module " + shortName() + " is driven", "holds the signal", other);
        }
    }

    /** The same for a statement that drives no signal. */
    void checkScope(String what, String owns) {
        var other = foreignScope();
        if (other != null) {
            reportScope(what, owns, other);
        }
    }

    private @Nullable Module foreignScope() {
        if (session.openScopes() == scopeBase) {
            return null;
        }
        var innermost = session.innermostScope();
        return innermost == this ? null : innermost;
    }

    private void reportScope(String what, String owns, Module other) {
        session.error(
                "scope",
                what + " under a condition of module " + other.shortName() + ", which would not apply to it",
                "use when() of the module that " + owns);
    }
}
