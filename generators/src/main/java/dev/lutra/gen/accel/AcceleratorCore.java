// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.lib.registers.RegisterBus;
import dev.lutra.hdl.lib.stream.StreamFifo;
import dev.lutra.machine.ActivationType;
import dev.lutra.machine.Bus;
import dev.lutra.machine.Machine;
import dev.lutra.machine.Unit;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything of an accelerator but its two ends: sequencer, load, matrix and store units with their queues, tokens and
 * buffers, and the host's registers. Whatever carries the register accesses and the memory traffic is put around it.
 */
final class AcceleratorCore extends Module {

    /** Blocks of results on their way to the output buffer, at most. */
    private static final int RESULTS_QUEUED = 4;

    /** Loads of weights whose beats are requested and not yet words, at most. */
    private static final int LOADS_AHEAD = 4;

    private static final int TOKEN_BITS = Log2.bitsFor(Unit.MAX_TOKENS);

    final RegisterBus host = in(new RegisterBus(HostRegisters.OFFSET_BITS));
    final MemoryBus memory;
    final Bool irq = out(bool());

    AcceleratorCore(Machine machine) {
        super(machine);
        var engine = machine.engine();
        doc("Decoupled access-execute accelerator for low-bit matrix products.");
        doc(
                ("The sequencer expands a program into commands for the units %s, which work from in-order queues. LDA and ST meet"
                                + " MX through tokens, one per half of their double buffers; weights%s stream.")
                        .formatted(
                                Unit.of(machine).stream().map(Unit::name).collect(Collectors.joining(", ")),
                                engine.groupScales() ? " and scales" : engine.hasScaleStream() ? " and indices" : ""));
        if (machine.vector().exists()) {
            doc("VEC meets LDA, MX and ST through tokens of its own, for rows of its scratchpad.");
        }
        var bus = machine.bus();
        var buffers = machine.buffers();
        int beatBits = bus.dataBits();
        int addressBits = bus.addrBits();
        var widths = CommandWidths.of(machine);
        var shape = machine.vector();
        boolean blockRam = bus.kind() == Bus.Kind.LOCAL;
        boolean hasSide = machine.side().exists();
        memory = out(new MemoryBus(addressBits, beatBits, bus.maxBurst(), hasSide));

        // --- units ---------------------------------------------------------------------------------------------
        var sequencer = new Sequencer(new Sequencer.Params(
                widths, shape, hasSide, engine, beatBits, bus.maxBurst(), buffers.program(), blockRam));
        var lda = new LoadActivations(new LoadActivations.Params(
                addressBits,
                beatBits,
                bus.maxBurst(),
                buffers.activationHalf(),
                widths.activationBeats(),
                shape,
                engine.activations() == ActivationType.FP16 ? RowExponents.Params.of(machine) : null,
                hasSide));
        var ldw = new LoadWeights(new LoadWeights.Params(
                addressBits,
                beatBits,
                bus.maxBurst(),
                machine.beats(buffers.weightRing()),
                machine.beats(buffers.scaleRing()),
                machine.beats(machine.side().ring()),
                widths.weightBeats(),
                widths.words()));
        var mx = new MatrixUnit(new MatrixUnit.Params(
                engine,
                beatBits,
                buffers.activationHalf(),
                buffers.outputHalf(),
                Math.min(machine.queueDepth(), RESULTS_QUEUED),
                widths,
                shape));
        var st = new Store(new Store.Params(
                addressBits,
                beatBits,
                bus.maxBurst(),
                buffers.outputHalf(),
                widths.storeBeats(),
                shape,
                machine.beats(machine.side().sums())));
        var vec = shape.exists() ? new Vectors(new Vectors.Params(shape, beatBits, lda.writeAddress.width())) : null;
        var side = hasSide ? new SideUnit(SideUnit.Params.of(machine)) : null;
        var control = new RunControl(new RunControl.Params(sequencer.pc.width()));
        Bool clear = control.clear;

        // --- host ----------------------------------------------------------------------------------------------
        var registers = new ControlRegisters(new ControlRegisters.Params(machine, sequencer.pc.width()));
        registers.bus.set(host);
        irq.set(registers.irq);
        registers.running.set(control.running);
        registers.done.set(control.done);
        registers.error.set(control.error);
        registers.errorPc.set(control.errorPc);

        // --- queues --------------------------------------------------------------------------------------------
        var ldaQueue = queue(machine, sequencer.loadActivations, lda.command, clear);
        var ldwQueue = queue(machine, sequencer.loadWeights, ldw.command, clear);
        var mxQueue = queue(machine, sequencer.matrix, mx.command, clear);
        var stQueue = queue(machine, sequencer.store, st.command, clear);

        // --- tokens --------------------------------------------------------------------------------------------
        var ldaToMx = tokens(Unit.LDA, Unit.MX, clear, lda.tokenPost, mx.loadTokenTake);
        var mxToLda = tokens(Unit.MX, Unit.LDA, clear, mx.loadTokenPost, lda.tokenTake);
        var mxToSt = tokens(Unit.MX, Unit.ST, clear, mx.storeTokenPost, st.tokenTake);
        var stToMx = tokens(Unit.ST, Unit.MX, clear, st.tokenPost, mx.storeTokenTake);
        lda.tokenAvailable.set(mxToLda.available);
        mx.loadTokenAvailable.set(ldaToMx.available);
        mx.storeTokenAvailable.set(stToMx.available);
        st.tokenAvailable.set(mxToSt.available);
        var vectorQueue =
                vec == null || sequencer.vector == null ? null : queue(machine, sequencer.vector, vec.command, clear);
        Bool vectorsBalanced = vec == null ? null : vectors(vec, lda, mx, st, clear);

        // --- buffers -------------------------------------------------------------------------------------------
        var activations = new DualWidthRam(
                new DualWidthRam.Params(beatBits, engine.lineBytes() * 8, 2 * buffers.activationHalf()));
        if (vec == null) {
            activations.writeEnable.set(lda.writeEnable);
            activations.writeAddress.set(lda.writeAddress);
            activations.writeData.set(lda.writeData);
        } else {
            require(lda.writeEnable.and(vec.writeEnable).not(), "LDA and VEC write activations at the same time");
            activations.writeEnable.set(lda.writeEnable.or(vec.writeEnable));
            activations.writeAddress.set(mux(vec.writeEnable, vec.writeAddress, lda.writeAddress));
            activations.writeData.set(mux(vec.writeEnable, vec.writeData, lda.writeData));
        }
        activations.readEnable.set(mx.lineRead);
        activations.readAddress.set(mx.lineAddress);
        mx.line.set(activations.readData);
        if (lda.exponents != null && mx.exponents != null) {
            mx.exponents.set(lda.exponents);
        }

        var outputs = new DualWidthRam(new DualWidthRam.Params(beatBits, beatBits, 2 * buffers.outputHalf()));
        outputs.writeEnable.set(mx.writeEnable);
        outputs.writeAddress.set(mx.writeAddress);
        outputs.writeData.set(mx.writeData);
        outputs.readEnable.set(st.readEnable);
        outputs.readAddress.set(st.readAddress);
        st.readData.set(outputs.readData);

        int streamBits = engine.bitmaps() ? beatBits : engine.wordBits();
        var weights = new StreamRing(new StreamRing.Params(beatBits, streamBits, buffers.weightRing(), bus.maxBurst()));
        Bool requestsWeights = ldw.requestSide == null
                ? ldw.request.fire().and(ldw.requestScales.not())
                : ldw.request.fire().andNot(ldw.requestScales).andNot(ldw.requestSide);
        feed(weights, ReadPort.WEIGHTS, memory.reply, requestsWeights, ldw.request.bits.beats, clear);
        ldw.weightFree.set(weights.freeBeats);
        Bool streamsEmpty = weights.empty;
        WordExpander expander = null;
        if (ldw.job == null) {
            weights.words.set(mx.weights);
        } else {
            expander = new WordExpander(
                    new WordExpander.Params(engine.bitmapWords(), beatBits, widths.weightBeats(), widths.words()));
            var jobs = new StreamFifo<>(like(ldw.job.bits), LOADS_AHEAD);
            jobs.clear.set(clear);
            jobs.put.set(ldw.job);
            expander.job.set(jobs.take);
            expander.clear.set(clear);
            weights.words.set(expander.beats);
            expander.words.set(mx.weights);
            streamsEmpty = streamsEmpty.and(expander.empty);
        }
        if (ldw.scaleFree != null && mx.scales != null) {
            var scales = new StreamRing(
                    new StreamRing.Params(beatBits, engine.scaleBytes() * 8, buffers.scaleRing(), bus.maxBurst()));
            Bool requestsScales = ldw.request.fire().and(ldw.requestScales);
            feed(scales, ReadPort.SCALES, memory.reply, requestsScales, ldw.request.bits.beats, clear);
            scales.words.set(mx.scales);
            ldw.scaleFree.set(scales.freeBeats);
            streamsEmpty = streamsEmpty.and(scales.empty);
        }

        if (side != null) {
            streamsEmpty = streamsEmpty.and(side.empty);
        }

        // --- memory port ---------------------------------------------------------------------------------------
        memory.hold.set(control.stop);
        memory.program.set(sequencer.fetchRequest);
        memory.activations.set(lda.request);
        memory.weights.set(ldw.request);
        memory.weightsAreScales.set(ldw.requestScales);
        if (side != null) {
            side(side, ldw, st, memory, clear);
        }
        memory.store.set(st.request);
        memory.storeData.set(st.data);
        sequencer.reply.set(memory.reply);
        lda.reply.set(memory.reply);

        // --- region --------------------------------------------------------------------------------------------
        control.start.set(registers.start);
        control.abort.set(registers.abort);
        control.watchdog.set(registers.arguments.watchdog);
        sequencer.clear.set(clear);
        sequencer.start.set(control.begin);
        sequencer.stop.set(control.stop);
        sequencer.entry.set(registers.arguments.entry);
        sequencer.layer.set(registers.arguments.layer);
        sequencer.lengths.set(registers.arguments.lengths);
        sequencer.arguments.set(registers.arguments.bases);
        sequencer.programAddress.set(registers.arguments.program);
        sequencer.programLength.set(registers.arguments.programLength);
        sequencer.programChanged.set(registers.programChanged);
        lda.clear.set(clear);
        ldw.clear.set(clear);
        mx.clear.set(clear);
        st.clear.set(clear);

        MemoryEvents events = memory.events;
        Bool bufferQueuesEmpty = Stream.of(ldaQueue, ldwQueue, mxQueue, stQueue)
                .map(queue -> queue.count.eq(0))
                .reduce(Bool::and)
                .orElseThrow();
        Bool queuesEmpty = vectorQueue == null ? bufferQueuesEmpty : bufferQueuesEmpty.and(vectorQueue.count.eq(0));
        Bool othersIdle = lda.busy.or(ldw.busy).or(st.busy).not().and(mx.idle);
        Bool matricesIdle = expander == null ? othersIdle : othersIdle.andNot(expander.drops);
        Bool unitsIdle =
                vec != null ? matricesIdle.and(vec.idle) : side != null ? matricesIdle.and(side.idle) : matricesIdle;
        Bool portIdle = events.readsPending.or(events.writesPending).not();
        control.halted.set(sequencer.halted);
        Bool atRest = queuesEmpty.and(unitsIdle).and(portIdle);
        control.idle.set(atRest);
        if (vec != null && sequencer.atRest != null && sequencer.scalar != null && sequencer.scalarBits != null) {
            sequencer.atRest.set(atRest);
            vec.scalar.set(sequencer.scalar);
            sequencer.scalarBits.set(vec.scalarBits);
        }
        Bool balanced = ldaToMx.balanced
                .and(mxToLda.balanced)
                .and(mxToSt.balanced)
                .and(stToMx.balanced)
                .and(streamsEmpty);
        control.balanced.set(vectorsBalanced == null ? balanced : balanced.and(vectorsBalanced));
        // Nothing takes a pass back that has begun.
        Bool busQuiet = portIdle.and(st.inBurst.not());
        control.busQuiet.set(vec == null ? busQuiet : busQuiet.and(vec.idle));
        Bool progress = events.readBeat
                .or(events.writtenBeat)
                .or(events.writeResponse)
                .or(mx.busy)
                .or(sequencer.dispatches);
        Bool goesOn = side == null ? progress : progress.or(side.busy);
        control.progress.set(vec == null ? goesOn : goesOn.or(vec.busy));
        control.illegal.set(sequencer.illegal);
        control.misaligned.set(sequencer.misaligned);
        control.nesting.set(sequencer.nesting);
        control.readError.set(events.readError);
        control.writeError.set(events.writeError);
        control.pc.set(sequencer.pc);

        if (registers.counters != null) {
            var counters = new PerformanceCounters(
                    new PerformanceCounters.Params(Unit.of(machine).size()));
            counters.clear.set(control.begin);
            counters.running.set(control.running);
            counters.unitBusy.get(Unit.LDA.ordinal()).set(lda.busy);
            counters.unitBusy.get(Unit.LDW.ordinal()).set(ldw.busy);
            counters.unitBusy.get(Unit.MX.ordinal()).set(mx.busy);
            counters.unitBusy.get(Unit.ST.ordinal()).set(st.busy);
            counters.unitStalled.get(Unit.LDA.ordinal()).set(lda.stalled);
            counters.unitStalled.get(Unit.LDW.ordinal()).set(ldw.stalled);
            counters.unitStalled.get(Unit.MX.ordinal()).set(mx.stalled);
            counters.unitStalled.get(Unit.ST.ordinal()).set(st.stalled);
            if (vec != null) {
                counters.unitBusy.get(Unit.VEC.ordinal()).set(vec.busy);
                counters.unitStalled.get(Unit.VEC.ordinal()).set(vec.stalled);
            }
            counters.readBeat.set(events.readBeat);
            counters.writtenBeat.set(events.writtenBeat);
            registers.counters.set(counters.values);
        }
        if (registers.trace != null && registers.traceIndex != null) {
            var trace = new EventTrace(
                    new EventTrace.Params(machine.trace(), Unit.of(machine).size()));
            trace.clear.set(control.begin);
            trace.running.set(control.running);
            Bool loadBeat = memory.reply.isFor(ReadPort.ACTIVATIONS);
            UnitActivity loads = trace.units.get(Unit.LDA.ordinal());
            loads.has.set(lda.command.valid.or(lda.busy));
            loads.ends.set(lda.ends);
            loads.waits.set(lda.stalled);
            loads.stalls.set(lda.busy.andNot(loadBeat));
            activity(trace, Unit.MX, mx.command, mx.waits, mx.stalled.and(mx.waits.not()));
            activity(
                    trace,
                    Unit.ST,
                    st.command,
                    st.stalled,
                    st.busy.and(st.data.fire().not()));
            // LDW has taken an instruction when it begins, and is free when its last burst is requested.
            Bool ldwWasBusy = reg(bool()).init(false);
            ldwWasBusy.set(ldw.busy);
            UnitActivity weightLoads = trace.units.get(Unit.LDW.ordinal());
            weightLoads.has.set(ldw.busy);
            weightLoads.ends.set(ldwWasBusy.and(ldw.busy.not()));
            weightLoads.waits.set(false);
            weightLoads.stalls.set(ldw.stalled);
            if (vec != null) {
                UnitActivity passes = trace.units.get(Unit.VEC.ordinal());
                passes.has.set(vec.command.valid.or(vec.busy));
                passes.ends.set(vec.ends);
                passes.waits.set(vec.stalled);
                passes.stalls.set(vec.command.valid.andNot(vec.stalled).andNot(vec.busy));
            }
            registers.trace.set(trace.values);
            trace.index.set(registers.traceIndex.truncate(trace.index.width()));
        }
    }

    /** Joins VEC to its neighbours; the result says whether all tokens between them are at their presets. */
    private static Bool vectors(Vectors vec, LoadActivations lda, MatrixUnit mx, Store st, Bool clear) {
        vec.clear.set(clear);
        if (lda.put == null
                || lda.rowTokenAvailable == null
                || lda.rowTokenTake == null
                || lda.rowTokenPost == null
                || mx.sums == null
                || mx.vectorTokenAvailable == null
                || mx.vectorTokenTake == null
                || mx.vectorTokenPost == null
                || st.ask == null
                || st.answer == null
                || st.rowTokenAvailable == null
                || st.rowTokenTake == null
                || st.rowTokenPost == null) {
            throw new IllegalStateException("units of a machine without a vector unit");
        }
        vec.loaded.set(lda.put);
        vec.sums.set(mx.sums);
        vec.ask.set(st.ask);
        st.answer.set(vec.answer);
        var from = List.of(
                tokens(Unit.LDA, Unit.VEC, clear, lda.rowTokenPost, vec.tokenTake.bit(0)),
                tokens(Unit.MX, Unit.VEC, clear, mx.vectorTokenPost, vec.tokenTake.bit(1)),
                tokens(Unit.ST, Unit.VEC, clear, st.rowTokenPost, vec.tokenTake.bit(2)));
        var to = List.of(
                tokens(Unit.VEC, Unit.LDA, clear, vec.tokenPost.bit(0), lda.rowTokenTake),
                tokens(Unit.VEC, Unit.MX, clear, vec.tokenPost.bit(1), mx.vectorTokenTake),
                tokens(Unit.VEC, Unit.ST, clear, vec.tokenPost.bit(2), st.rowTokenTake));
        vec.tokenAvailable.set(cat(from.get(2).available, from.get(1).available, from.get(0).available)
                .asUInt());
        lda.rowTokenAvailable.set(to.get(0).available);
        mx.vectorTokenAvailable.set(to.get(1).available);
        st.rowTokenAvailable.set(to.get(2).available);
        return Stream.concat(from.stream(), to.stream())
                .map(counter -> counter.balanced)
                .reduce(Bool::and)
                .orElseThrow();
    }

    /** Joins the side engine to LDW, ST and memory. */
    private static void side(SideUnit side, LoadWeights ldw, Store st, MemoryBus memory, Bool clear) {
        if (memory.weightsAreEntries == null
                || ldw.entryFree == null
                || ldw.sideRests == null
                || ldw.requestSide == null
                || ldw.requestActivations == null
                || ldw.requestFirst == null
                || st.sums == null
                || st.sumsReady == null) {
            throw new IllegalStateException("units of a machine without a side engine");
        }
        side.clear.set(clear);
        side.requests.set(ldw.request.fire().and(ldw.requestSide));
        side.requestsActivations.set(ldw.requestActivations);
        side.requestsFirst.set(ldw.requestFirst);
        side.requestBeats.set(ldw.request.bits.beats);
        side.beatValid.set(memory.reply.isFor(ReadPort.ENTRIES));
        side.beat.set(memory.reply.data);
        ldw.entryFree.set(side.free);
        ldw.sideRests.set(side.rests);
        side.sums.set(st.sums);
        st.sumsReady.set(side.sumsReady);
        memory.weightsAreEntries.set(ldw.requestSide);
    }

    private static <T extends Data> StreamFifo<T> queue(
            Machine machine, Decoupled<T> sequencer, Decoupled<T> unit, Bool clear) {
        var queue = new StreamFifo<>(like(unit.bits), machine.queueDepth());
        queue.clear.set(clear);
        queue.put.set(sequencer);
        unit.set(queue.take);
        return queue;
    }

    private static void activity(EventTrace trace, Unit unit, Decoupled<?> command, Bool waits, Bool stalls) {
        UnitActivity activity = trace.units.get(unit.ordinal());
        activity.has.set(command.valid);
        activity.ends.set(command.fire());
        activity.waits.set(waits);
        activity.stalls.set(stalls);
    }

    private static TokenCounter tokens(Unit producer, Unit consumer, Bool clear, Bool post, Bool take) {
        var counter = new TokenCounter(new TokenCounter.Params(producer.presetTo(consumer), TOKEN_BITS));
        counter.clear.set(clear);
        counter.post.set(post);
        counter.take.set(take);
        return counter;
    }

    private static void feed(
            StreamRing ring, ReadPort id, ReadData reply, Bool reserve, UInt reserveBeats, Bool clear) {
        ring.clear.set(clear);
        ring.reserve.set(reserve);
        ring.reserveBeats.set(reserveBeats);
        ring.beatValid.set(reply.isFor(id));
        ring.beat.set(reply.data);
    }
}
