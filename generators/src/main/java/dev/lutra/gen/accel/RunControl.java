// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.machine.Register;
import dev.lutra.machine.RunError;

/**
 * Starts a region and brings it to an end, good or bad.
 *
 * <p>A good region ends when the sequencer has halted and every unit is idle. On an error, or when the host aborts,
 * nothing new is issued, what is in flight on the bus completes, and then all units are cleared: the next region starts
 * from a clean state. AXI has no way to take a request back, so a memory that stops answering leaves the accelerator
 * dead until reset: it says so, raises done, and refuses to start.
 */
final class RunControl extends Module {

    /** @param pcBits width of an instruction index */
    record Params(int pcBits) {}

    static final int ERROR_BITS = Register.ERROR.width();
    static final int WATCHDOG_BITS = Register.WATCHDOG.width();
    private static final int WATCHDOG_UNIT_BITS = 10;

    private enum State {
        IDLE,
        RUN,
        STOP,
        DEAD
    }

    final Bool start = in(bool());
    final Bool abort = in(bool());
    final Bool halted = in(bool());
    final Bool idle = in(bool());
    final Bool balanced = in(bool());
    final Bool busQuiet = in(bool());
    final Bool progress = in(bool());
    final Bool illegal = in(bool());
    final Bool misaligned = in(bool());
    final Bool nesting = in(bool());
    final Bool readError = in(bool());
    final Bool writeError = in(bool());
    final UInt pc;

    /** Cycles without progress before the bus counts as dead, in units of 1024; 0 is off. */
    final UInt watchdog = in(uint(WATCHDOG_BITS));

    final Bool begin = out(bool());
    final Bool stop = out(bool());
    final Bool clear = out(bool());
    final Bool running = out(bool());
    final Bool done = out(bool());
    final UInt error = out(uint(ERROR_BITS));
    final UInt errorPc;

    RunControl(Params p) {
        super(p);
        doc("Starts a region and brings it to an end: on an error nothing new is issued, what is in flight completes,");
        doc("and all units are cleared. A memory that stops answering is reported, and then only a reset helps.");
        pc = in(uint(p.pcBits));
        errorPc = out(uint(p.pcBits));

        EnumSignal<State> state = reg(enumOf(State.class)).init(State.IDLE);
        UInt code = reg(uint(ERROR_BITS)).init(RunError.NONE.ordinal());
        UInt place = reg(uint(p.pcBits));
        UInt silence = reg(uint(WATCHDOG_BITS + WATCHDOG_UNIT_BITS));

        Bool accepts = start.and(state.eq(State.IDLE));
        Bool ends = state.eq(State.RUN).and(halted).and(idle);
        UInt cause = mux(abort, code(RunError.ABORTED), code(RunError.NONE));
        cause = mux(ends.and(balanced.not()), code(RunError.TOKEN_IMBALANCE), cause);
        cause = mux(nesting, code(RunError.LOOP_NESTING), cause);
        cause = mux(misaligned, code(RunError.ADDRESS_OUT_OF_RANGE), cause);
        cause = mux(illegal, code(RunError.ILLEGAL_INSTRUCTION), cause);
        cause = mux(writeError, code(RunError.MEMORY_WRITE), cause);
        UInt firstCause = mux(readError, code(RunError.MEMORY_READ), cause);
        Bool fails = firstCause.ne(RunError.NONE.ordinal());
        Bool silent = watchdog.ne(0).and(silence.shr(WATCHDOG_UNIT_BITS).ge(watchdog));
        Bool waits = state.eq(State.RUN).or(state.eq(State.STOP));
        Bool dies = waits.and(silent).and(busQuiet.not());
        Bool hangs = state.eq(State.RUN).and(silent).and(busQuiet);
        Bool stopped = state.eq(State.STOP).and(busQuiet);

        when(progress.or(accepts), () -> silence.set(0))
                .elseWhen(waits.and(silent.not()), () -> silence.set(silence.wrapAdd(1)));
        switchOn(state)
                .is(
                        State.IDLE,
                        () -> when(accepts, () -> {
                            state.set(State.RUN);
                            code.set(RunError.NONE.ordinal());
                            place.set(0);
                        }))
                .is(
                        State.RUN,
                        () -> when(fails, () -> {
                                    state.set(State.STOP);
                                    code.set(firstCause);
                                    place.set(pc);
                                })
                                .elseWhen(ends, () -> state.set(State.IDLE))
                                .elseWhen(hangs, () -> {
                                    // The program waits for a token or a word that nobody will send.
                                    state.set(State.STOP);
                                    code.set(RunError.TOKEN_IMBALANCE.ordinal());
                                    place.set(pc);
                                }))
                .is(State.STOP, () -> when(stopped, () -> state.set(State.IDLE)))
                .otherwise(() -> {});
        when(dies, () -> {
            state.set(State.DEAD);
            code.set(RunError.BUS_DEAD.ordinal());
            place.set(pc);
        });

        Bool endsWell = ends.and(fails.not());
        begin.set(accepts);
        stop.set(state.eq(State.STOP).or(state.eq(State.DEAD)));
        clear.set(endsWell.or(stopped));
        running.set(state.eq(State.IDLE).not());
        done.set(endsWell.or(stopped).or(dies));
        error.set(code);
        errorPc.set(place);
    }

    private static UInt code(RunError error) {
        return lit(error.ordinal(), ERROR_BITS);
    }
}
