// SPDX-License-Identifier: Apache-2.0
package dev.lutra.gen.accel;

import static dev.lutra.hdl.Hdl.*;

import dev.lutra.hdl.Bits;
import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Decoupled;
import dev.lutra.hdl.EnumSignal;
import dev.lutra.hdl.Ground;
import dev.lutra.hdl.Memory;
import dev.lutra.hdl.Module;
import dev.lutra.hdl.UInt;
import dev.lutra.hdl.Vec;
import dev.lutra.machine.Engine;
import dev.lutra.machine.Instruction;
import dev.lutra.machine.Instruction.SetBase;
import dev.lutra.machine.InstructionCodec;
import dev.lutra.machine.InstructionCodec.Field;
import dev.lutra.machine.Register;
import dev.lutra.machine.Unit;
import dev.lutra.machine.VectorShape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CTL: fetches the program, expands its loops, resolves addresses and hands commands to the units.
 *
 * <p>The whole program lies in a cache that is filled on the first start after the host changed the program. One
 * instruction is executed a cycle; one that cannot be (its unit's queue is full, a per-layer address is being
 * multiplied) stays at the cache's output until it can.
 *
 * <p>Addresses are the sum of an argument of the region, an offset, and the layer times a layer's stride; a transfer
 * moves its base register on by a stride register, so that a loop body needs no address arithmetic. With a vector unit a
 * loop may count the layer up, and NEXT moves arguments on to the next token ({@link TokenSequence}).
 */
final class Sequencer extends Module {

    /**
     * @param widths of addresses and commands
     * @param vector the vector unit
     * @param side whether there is a side engine
     * @param engine whose tile and types MX instructions must have
     * @param beatBits width of a bus beat
     * @param maxBurst longest burst, beats
     * @param programBytes capacity of the program cache
     * @param blockRam base, stride and loop registers lie in block RAM, which is read a cycle after its address: each
     *     instruction takes one more
     */
    record Params(
            CommandWidths widths,
            VectorShape vector,
            boolean side,
            Engine engine,
            int beatBits,
            int maxBurst,
            int programBytes,
            boolean blockRam) {

        int addressBits() {
            return widths.address();
        }
    }

    static final int ARGUMENTS = 4;
    static final int LENGTHS = 3;
    static final int LENGTH_BITS = Register.LEN1.width();
    static final int LAYER_BITS = Register.LAYER.width();
    private static final int BASES = 16;
    private static final int STRIDES = 8;
    private static final int LOOP_DEPTH = Instruction.MAX_NEST;
    private static final int DEPTH_BITS = Log2.bitsFor(LOOP_DEPTH);

    private enum State {
        IDLE,
        FETCH,
        RUN,
        SKIP,
        HALTED
    }

    final Bool clear = in(bool());
    final Bool start = in(bool());
    final Bool stop = in(bool());
    final UInt entry = in(uint(16));
    final UInt layer = in(uint(LAYER_BITS));
    final Vec<UInt> lengths = in(vec(LENGTHS, i -> uint(LENGTH_BITS)));
    final Vec<UInt> arguments;
    final UInt programAddress;
    final UInt programLength = in(uint(16));
    final Bool programChanged = in(bool());
    final Decoupled<BurstSpan> fetchRequest;
    final ReadData reply;
    final Decoupled<TransferCommand> loadActivations;
    final Decoupled<TransferCommand> loadWeights;
    final Decoupled<TransferCommand> store;
    final Decoupled<MatrixCommand> matrix;

    /** Null without a vector unit. */
    final @Nullable Decoupled<VectorInstruction> vector;

    /** All units are at rest, and all that was stored is in memory; null without a vector unit, as the two that follow. */
    final @Nullable Bool atRest;

    /** Number of a scalar register of the vector unit. */
    final @Nullable UInt scalar;

    /** The bits of it. */
    final @Nullable Bits scalarBits;

    final Bool halted = out(bool());
    final Bool illegal = out(bool());
    final Bool misaligned = out(bool());
    final Bool nesting = out(bool());
    final Bool dispatches = out(bool());
    final UInt pc;

    private final Params p;
    private final int pcBits;

    Sequencer(Params p) {
        super(p);
        this.p = p;
        doc("CTL unit: fetches the program, expands loops, resolves addresses, hands commands to the units.");
        doc("One instruction a cycle; an instruction that has to wait stays at the output of the program cache.");
        int instructions = p.programBytes * 8 / InstructionFields.BITS;
        pcBits = Log2.exact(instructions);
        int addressBits = p.addressBits();
        arguments = in(vec(ARGUMENTS, i -> uint(addressBits)));
        programAddress = in(uint(addressBits));
        fetchRequest = out(decoupled(new BurstSpan(addressBits, p.maxBurst)));
        reply = in(new ReadData(p.beatBits, p.side));
        loadActivations =
                out(decoupled(new TransferCommand(addressBits, p.widths.activationBeats(), p.widths.row(), 0, false)));
        loadWeights =
                out(decoupled(new TransferCommand(addressBits, p.widths.weightBeats(), 0, p.widths.words(), p.side)));
        store = out(decoupled(new TransferCommand(addressBits, p.widths.storeBeats(), p.widths.row(), 0, p.side)));
        matrix = out(decoupled(new MatrixCommand(p.widths)));
        vector = p.vector.exists() ? out(decoupled(new VectorInstruction(p.vector.rowBits()))) : null;
        atRest = p.vector.exists() ? in(bool()) : null;
        scalar = p.vector.exists() ? out(uint(InstructionCodec.NEXT_SCALAR.width())) : null;
        scalarBits = p.vector.exists() ? in(bits(32)) : null;
        pc = out(uint(pcBits));

        EnumSignal<State> state = reg(enumOf(State.class)).init(State.IDLE);
        UInt counter = reg(uint(pcBits));
        pc.set(counter);

        // --- program cache -------------------------------------------------------------------------------------
        var cache = new DualWidthRam(new DualWidthRam.Params(p.beatBits, InstructionFields.BITS, p.programBytes));
        Bool cached = reg(bool()).init(false);
        Bool fetched = fetch(state, cached, cache);
        InstructionFields word = new InstructionFields(cache.readData);

        // --- decode --------------------------------------------------------------------------------------------
        Bool running = state.eq(State.RUN).and(stop.not());
        Bool settled = p.blockRam ? reg(bool()) : lit(true); // what the instruction names has been read
        UInt opcode = word.get(InstructionCodec.OP);
        Bool isHalt = opcode.eq(InstructionCodec.OP_HALT);
        Bool isLoop = opcode.eq(InstructionCodec.OP_LOOP);
        Bool isEndLoop = opcode.eq(InstructionCodec.OP_ENDL);
        Bool isSetBase = opcode.eq(InstructionCodec.OP_SETB);
        Bool isSetStride = opcode.eq(InstructionCodec.OP_SETS);
        Bool isLda = opcode.eq(InstructionCodec.OP_LDA);
        Bool isLdw = opcode.eq(InstructionCodec.OP_LDW);
        Bool isLds = opcode.eq(InstructionCodec.OP_LDS);
        Bool isMx = opcode.eq(InstructionCodec.OP_MX);
        Bool isSt = opcode.eq(InstructionCodec.OP_ST);
        Bool isSync = opcode.eq(InstructionCodec.OP_SYNC);
        var decoder = vector == null ? null : new VectorDecoder(word, p.vector);
        var sequence = vector == null ? null : new TokenSequence(new TokenSequence.Params(addressBits));
        Bool isNext = opcode.eq(InstructionCodec.OP_NEXT);
        Bool isLde = p.side ? opcode.eq(InstructionCodec.OP_LDE) : null;
        Bool isSte = p.side ? opcode.eq(InstructionCodec.OP_STE) : null;
        Bool toBuffers = isLde == null || isSte == null
                ? isLda.or(isLdw).or(isLds).or(isSt)
                : isLda.or(isLdw).or(isLds).or(isSt).or(isLde).or(isSte);
        Bool isTransfer =
                decoder == null ? toBuffers : toBuffers.or(decoder.loads()).or(decoder.stores());

        Bool loadsHalf = isLda.or(isSync.and(word.get(InstructionCodec.UNIT).eq(Unit.LDA.ordinal())));
        Bool toLda = decoder == null ? loadsHalf : loadsHalf.or(decoder.loads());
        Bool toLdw = isLde == null ? isLdw.or(isLds) : isLdw.or(isLds).or(isLde);
        Bool toMx = isMx.or(isSync.and(word.get(InstructionCodec.UNIT).eq(Unit.MX.ordinal())));
        Bool storesHalf = isSt.or(isSync.and(word.get(InstructionCodec.UNIT).eq(Unit.ST.ordinal())));
        Bool storesSums = isSte == null ? storesHalf : storesHalf.or(isSte);
        Bool toSt = decoder == null ? storesSums : storesHalf.or(decoder.stores());
        Bool isControl = isHalt.or(isLoop).or(isEndLoop).or(isSetBase).or(isSetStride);
        Bool toBufferUnit = isControl.or(toLda).or(toLdw).or(toMx).or(toSt);
        Bool known = decoder == null
                ? toBufferUnit
                : toBufferUnit.or(decoder.toVector()).or(isNext);

        // Only neighbours in the data flow have tokens: LDA <-> MX <-> ST, and VEC with each of them.
        int maskBits = InstructionCodec.WAIT.width();
        UInt noTokens = lit(0, maskBits);
        int there = decoder == null ? ~Unit.VEC.bit() : ~0;
        UInt outerTokens = lit(Unit.LDA.peers() & there, maskBits);
        UInt matrixTokens = lit(Unit.MX.peers() & there, maskBits);
        UInt others = decoder == null ? noTokens : mux(decoder.toVector(), lit(Unit.VEC.peers(), maskBits), noTokens);
        UInt allowed = mux(toMx, matrixTokens, mux(toLda.or(toSt), outerTokens, others));
        Bool foreignTokens = word.get(InstructionCodec.WAIT)
                .or(word.get(InstructionCodec.POST))
                .and(allowed.not())
                .ne(0);
        Bool outside = counter.extend(16).ge(programLength);
        var types = new MatrixTypeDecoder(word, p.engine);
        Bool foreignTypes = isMx.and(types.legal().not());
        Bool countsLayers = isLoop.and(word.flag(InstructionCodec.LOOP_LAYERS));
        Bool strange = known.not().or(foreignTokens).or(foreignTypes);
        UInt per = word.get(InstructionCodec.SETB_PER);
        Bool perOther = isSetBase.and(per.ne(SetBase.Per.LAYER.ordinal()));
        Bool perNothing = isSetBase.and(per.ge(SetBase.Per.values().length));
        Bool foreign = strange.or(decoder == null ? countsLayers.or(perOther) : perNothing);
        Bool malformed = decoder == null
                ? foreign.or(outside)
                : foreign.or(decoder.malformed()).or(outside);

        // --- base and stride registers -------------------------------------------------------------------------
        Memory<UInt> bases = memory(uint(addressBits), BASES);
        Memory<UInt> strides = memory(uint(addressBits), STRIDES);
        UInt baseIndex = word.get(InstructionCodec.MEM_BASE);
        UInt strideIndex = word.get(InstructionCodec.MEM_STRIDE);
        UInt base = look(bases, baseIndex);
        UInt stride = mux(strideIndex.eq(0), lit(0, addressBits), look(strides, strideIndex));
        int beatBytes = p.beatBits / 8;
        Bool unaligned = isTransfer.and(base.bits(Log2.exact(beatBytes) - 1, 0).ne(0));

        // --- SETB: argument + offset + layer, token or position * stride, one bit of the factor a cycle
        // --------------------
        Bool multiplying = reg(bool()).init(false);
        UInt sum = reg(uint(addressBits));
        UInt addend = reg(uint(addressBits));
        UInt inLayer = decoder == null ? layer : reg(uint(LAYER_BITS));
        UInt factor = sequence == null ? inLayer : factor(sequence, per, inLayer);
        UInt factorBits = reg(uint(factor.width()));
        UInt argumentNumber = word.get(InstructionCodec.SETB_ARGUMENT);
        UInt given = arguments.get(argumentNumber);
        UInt argument = sequence == null ? given : moved(sequence, argumentNumber, given);
        UInt immediate = word.low(InstructionCodec.SETB_OFFSET, addressBits);
        UInt factorStride = word.low(InstructionCodec.SETB_STRIDE, addressBits);
        UInt offset = argument.wrapAdd(immediate);
        Bool multiplies = factorStride.ne(0).and(factor.ne(0));
        UInt nextSum = mux(factorBits.bit(0), sum.wrapAdd(addend), sum);
        Bool multiplied = multiplying.and(factorBits.lt(2));
        Bool setsBase = isSetBase.and(mux(multiplying, multiplied, multiplies.not()));
        UInt newBase = mux(multiplying, nextSum, offset);

        // --- dispatch ------------------------------------------------------------------------------------------
        Bool valid = running.and(settled).and(malformed.not()).and(unaligned.not());
        loadActivations.valid.set(valid.and(toLda));
        loadWeights.valid.set(valid.and(toLdw));
        store.valid.set(valid.and(toSt));
        matrix.valid.set(valid.and(toMx));
        Bool activationPhase = reg(bool()).init(false);
        Bool outputPhase = reg(bool()).init(false);
        Bool half = word.flag(InstructionCodec.MEM_HALF);
        UInt beats = word.get(InstructionCodec.MEM_BEATS);
        drive(loadActivations.bits, word, base, isSync, half.xor(activationPhase), beats);
        drive(
                loadWeights.bits,
                word,
                base,
                isSync,
                isLde == null ? isLds : isLds.or(isLde.and(half)),
                word.get(InstructionCodec.MEM_LONG_BEATS));
        if (loadWeights.bits.words != null) {
            loadWeights.bits.words.set(word.get(InstructionCodec.LDW_WORDS));
        }
        drive(store.bits, word, base, isSync, half.xor(outputPhase), beats);
        if (loadWeights.bits.side != null && store.bits.side != null && isLde != null && isSte != null) {
            loadWeights.bits.side.set(isLde);
            store.bits.side.set(isSte);
        }
        driveMatrix(word, types, isSync, activationPhase, outputPhase);
        Bool sentToBuffers =
                loadActivations.fire().or(loadWeights.fire()).or(store.fire()).or(matrix.fire());
        Bool sent = sentToBuffers;
        List<UInt> runTimeLengths =
                sequence == null ? lengths.asList() : List.of(sequence.position, lengths.get(1), sequence.token);
        if (decoder != null && vector != null && sequence != null && atRest != null) {
            Bool goesOn = valid.and(isNext).and(atRest);
            sequence.goesOn.set(goesOn);
            UInt elements = decoder.length(runTimeLengths);
            Bool nothing = decoder.isVector().and(elements.eq(0));
            vector.valid.set(valid.and(decoder.toVector()).andNot(nothing));
            decoder.drive(vector.bits, isSync, elements);
            sent = sentToBuffers.or(vector.fire()).or(valid.and(nothing)).or(goesOn);
            decoder.drive(loadActivations.bits, decoder.loads());
            decoder.drive(store.bits, decoder.stores());
        }
        Bool executes =
                valid.and(isLoop.or(isEndLoop).or(setsBase).or(isSetStride)).or(sent);
        dispatches.set(executes);

        when(valid.and(isSetBase), () -> {
            when(multiplying.not(), () -> {
                        sum.set(offset);
                        addend.set(factorStride);
                        factorBits.set(factor);
                        multiplying.set(multiplies);
                    })
                    .otherwise(() -> {
                        sum.set(nextSum);
                        addend.set(addend.shlWrap(lit(1)));
                        factorBits.set(factorBits.shr(1));
                        when(multiplied, () -> multiplying.set(false));
                    });
        });
        Bool bumps = sent.and(isTransfer);
        UInt bumped = base.wrapAdd(stride);
        when(bumps.or(valid.and(setsBase)), () -> bases.write(baseIndex, mux(bumps, bumped, newBase)));
        when(valid.and(isSetStride), () -> strides.write(word.get(InstructionCodec.SETS_STRIDE), immediate));

        // --- loops ---------------------------------------------------------------------------------------------
        LoopRegister opened = wire(new LoopRegister(pcBits, decoder != null));
        Memory<Bits> loops = memory(bits(opened.width()), 1 << DEPTH_BITS);
        UInt depth = reg(uint(DEPTH_BITS)).init(0);
        UInt skipped = reg(uint(4));
        UInt length = word.get(InstructionCodec.LOOP_LENGTH);
        UInt runTime = runTime(length, runTimeLengths);
        UInt passes = decoder == null ? runTime : per(runTime, word.low(InstructionCodec.LOOP_COUNT, 4));
        UInt trips = mux(length.eq(0), word.get(InstructionCodec.LOOP_COUNT), passes);
        UInt inner = depth.wrapSub(1);
        LoopRegister loop = unpack(look(loops, inner), new LoopRegister(pcBits, decoder != null));
        Bool passesLeft = loop.left.gt(1);
        Bool again = isEndLoop.and(sequence == null ? passesLeft : passesLeft.andNot(sequence.ended));
        UInt following = counter.wrapAdd(1);
        UInt next = mux(again, loop.start, following);
        Bool tooDeep = isLoop.and(depth.eq(LOOP_DEPTH));
        Bool unopened = isEndLoop.and(depth.eq(0));

        opened.start.set(mux(isLoop, following, loop.start));
        opened.left.set(mux(isLoop, trips, loop.left.wrapSub(1)));
        opened.flipsA.set(mux(isLoop, word.flag(InstructionCodec.LOOP_FLIP_A), loop.flipsA));
        opened.flipsO.set(mux(isLoop, word.flag(InstructionCodec.LOOP_FLIP_O), loop.flipsO));
        Bool opens = isLoop.and(trips.ne(0));
        when(valid.and(opens.or(again)), () -> loops.write(mux(isLoop, depth, inner), opened.asBits()));
        when(valid.and(isLoop).and(opens.not()), () -> skipped.set(1));
        when(valid.and(opens), () -> depth.set(depth.wrapAdd(1)));
        when(valid.and(isEndLoop), () -> {
            when(again.not(), () -> depth.set(inner));
            activationPhase.set(activationPhase.xor(loop.flipsA));
            outputPhase.set(outputPhase.xor(loop.flipsO));
        });
        if (opened.layers != null && loop.layers != null) {
            opened.layers.set(mux(isLoop, countsLayers, loop.layers));
            when(start, () -> inLayer.set(layer))
                    .elseWhen(
                            valid.and(isEndLoop).and(loop.layers),
                            () -> inLayer.set(mux(again, inLayer.wrapAdd(1), layer)));
        }

        if (sequence != null && scalar != null && scalarBits != null) {
            scalar.set(word.get(InstructionCodec.NEXT_SCALAR));
            sequence.number.set(scalarBits.asUInt().truncate(LENGTH_BITS));
            sequence.given.set(scalarBits.bit(scalarBits.width() - 1));
            sequence.endsPass.set(valid.and(isEndLoop));
            drive(sequence, word);
        }

        // A loop that runs no time at all is passed over, with the loops inside it.
        Bool skipping = state.eq(State.SKIP).and(stop.not());
        UInt depthAfter = mux(isLoop, skipped.wrapAdd(1), mux(isEndLoop, skipped.wrapSub(1), skipped));
        when(skipping, () -> skipped.set(depthAfter));

        // --- program counter -----------------------------------------------------------------------------------
        Bool begins = start.and(cached).or(fetched);
        Bool advances = executes.or(skipping);
        UInt target = mux(begins, entry.truncate(pcBits), mux(skipping, following, next));
        cache.readEnable.set(begins.or(advances));
        cache.readAddress.set(target);
        when(begins.or(advances), () -> counter.set(target));
        if (p.blockRam) {
            settled.set(begins.or(advances).not());
        }

        Bool leavesProgram = skipping.and(outside);
        Bool impossible = start.and(entry.ge(programLength).or(programLength.gt(instructions)));
        illegal.set(running.and(malformed).or(leavesProgram).or(impossible));
        misaligned.set(running.and(settled).and(malformed.not()).and(unaligned));
        nesting.set(valid.and(tooDeep.or(unopened)));
        halted.set(state.eq(State.HALTED));

        switchOn(state)
                .is(State.IDLE, () -> when(start, () -> state.set(State.FETCH)))
                .is(State.RUN, () -> {
                    when(valid.and(isHalt), () -> state.set(State.HALTED));
                    when(valid.and(isLoop).and(opens.not()), () -> state.set(State.SKIP));
                })
                .is(State.SKIP, () -> when(skipping.and(depthAfter.eq(0)), () -> state.set(State.RUN)))
                .otherwise(() -> {});
        when(begins, () -> state.set(State.RUN));
        when(programChanged, () -> cached.set(false));
        when(clear, () -> {
            state.set(State.IDLE);
            depth.set(0);
            multiplying.set(false);
            activationPhase.set(false);
            outputPhase.set(false);
        });
    }

    private static UInt factor(TokenSequence sequence, UInt per, UInt layer) {
        UInt other = mux(per.eq(SetBase.Per.TOKEN.ordinal()), sequence.token, sequence.position);
        return mux(per.eq(SetBase.Per.LAYER.ordinal()), layer.extend(LENGTH_BITS), other);
    }

    /** LEN1 to LEN3, by their number. */
    static UInt runTime(UInt register, List<UInt> lengths) {
        return mux(register.eq(1), lengths.get(0), mux(register.eq(2), lengths.get(1), lengths.get(2)));
    }

    /** BASE1 to BASE3 move on, BASE0 is what the host gave. */
    private static UInt moved(TokenSequence sequence, UInt number, UInt given) {
        UInt moved = mux(number.eq(3), sequence.bases.get(2), given);
        return mux(number.eq(1), sequence.bases.get(0), mux(number.eq(2), sequence.bases.get(1), moved));
    }

    private void drive(TokenSequence sequence, InstructionFields word) {
        sequence.clear.set(clear);
        sequence.start.set(start);
        sequence.firstPosition.set(lengths.get(0));
        sequence.firstToken.set(lengths.get(2));
        List<Field> distances =
                List.of(InstructionCodec.NEXT_SCALES, InstructionCodec.NEXT_RESULTS, InstructionCodec.NEXT_RECORD);
        for (int i = 0; i < distances.size(); i++) {
            sequence.firstBases.get(i).set(arguments.get(i + 1));
            sequence.distances.get(i).set(distance(word.get(distances.get(i))));
        }
        sequence.ends.get(0).set(word.get(InstructionCodec.NEXT_END));
        sequence.ends.get(1).set(word.get(InstructionCodec.NEXT_OTHER_END));
        sequence.hasEnd.get(0).set(word.flag(InstructionCodec.NEXT_HAS_END));
        sequence.hasEnd.get(1).set(word.flag(InstructionCodec.NEXT_HAS_OTHER_END));
    }

    private UInt distance(UInt bytes) {
        int bits = p.addressBits();
        return bytes.width() > bits ? bytes.truncate(bits) : bytes.extend(bits);
    }

    /** Fills the cache from memory; the result is true in the cycle in which it is full. */
    private Bool fetch(EnumSignal<State> state, Bool cached, DualWidthRam cache) {
        int beats = p.programBytes * 8 / p.beatBits;
        UInt wanted = programBeats();
        var reader = new BurstReader(new BurstReader.Params(
                p.addressBits(), p.beatBits / 8, p.maxBurst, wanted.width(), Log2.bitsFor(p.maxBurst)));
        UInt received = reg(uint(Log2.bitsFor(beats)));
        reader.clear.set(clear);
        reader.jobValid.set(start.and(cached.not()));
        reader.jobAddress.set(programAddress);
        reader.jobBeats.set(wanted);
        reader.freeBeats.set(p.maxBurst);
        fetchRequest.set(reader.burst);
        Bool beat = reply.isFor(ReadPort.PROGRAM);
        cache.writeEnable.set(beat);
        cache.writeAddress.set(received.truncate(Log2.exact(beats)));
        cache.writeData.set(reply.data);
        Bool complete = state.eq(State.FETCH).and(received.ge(wanted)).and(stop.not());
        when(start, () -> received.set(0)).elseWhen(beat, () -> received.set(received.wrapAdd(1)));
        when(complete, () -> cached.set(true));
        return complete;
    }

    /** Bus beats of the program, the last one perhaps half used. */
    private UInt programBeats() {
        if (p.beatBits <= InstructionFields.BITS) {
            int beatsEach = InstructionFields.BITS / p.beatBits;
            return programLength.shl(Log2.exact(beatsEach));
        }
        int perBeat = p.beatBits / InstructionFields.BITS;
        return programLength.add(perBeat - 1).shr(Log2.exact(perBeat));
    }

    private void drive(
            TransferCommand command, InstructionFields word, UInt base, Bool isSync, Bool select, UInt beats) {
        command.address.set(base);
        // Beats that this machine's buffers or memory cannot hold were refused by the program checker.
        command.beats.set(mux(isSync, lit(0), beats.truncate(command.beats.width())));
        command.select.set(select);
        boolean vectors = command.rows != null;
        command.waits.set(
                vectors
                        ? word.waitsFor(Unit.MX)
                        : word.get(InstructionCodec.WAIT).ne(0));
        command.posts.set(
                vectors
                        ? word.postsTo(Unit.MX)
                        : word.get(InstructionCodec.POST).ne(0));
    }

    private void driveMatrix(
            InstructionFields word, MatrixTypeDecoder types, Bool isSync, Bool activationPhase, Bool outputPhase) {
        MatrixCommand command = matrix.bits;
        command.sync.set(isSync);
        command.activationHalf.set(word.flag(InstructionCodec.MX_A_HALF).xor(activationPhase));
        command.first.set(word.flag(InstructionCodec.MX_FIRST));
        command.last.set(word.flag(InstructionCodec.MX_LAST));
        command.wide.set(word.flag(InstructionCodec.MX_WIDE));
        command.outputHalf.set(word.flag(InstructionCodec.MX_O_HALF).xor(outputPhase));
        command.zeroPoint.set(types.zeroPoint());
        command.topPlane.set(types.topPass());
        if (command.packed != null) {
            command.packed.set(types.packed());
        }
        if (command.keptN != null && command.keptM != null) {
            command.keptN.set(types.logN());
            command.keptM.set(types.logM());
        }
        if (command.listed != null) {
            command.listed.set(types.listed());
        }
        command.kSteps.set(word.low(InstructionCodec.MX_K_STEPS, p.widths.steps()));
        if (command.groupSteps != null) {
            command.groupSteps.set(groupSteps(word));
        }
        command.blocks.set(word.low(InstructionCodec.MX_BLOCKS, p.widths.blocks()));
        command.outputBeat.set(word.low(InstructionCodec.MX_OUTPUT_BEAT, p.widths.outputBeat()));
        command.waitsLoad.set(word.waitsFor(Unit.LDA));
        command.waitsStore.set(word.waitsFor(Unit.ST));
        command.postsLoad.set(word.postsTo(Unit.LDA));
        command.postsStore.set(word.postsTo(Unit.ST));
        if (command.toRows != null && command.waitsVector != null && command.postsVector != null) {
            command.toRows.set(word.flag(InstructionCodec.MX_TO_ROWS));
            command.waitsVector.set(word.waitsFor(Unit.VEC));
            command.postsVector.set(word.postsTo(Unit.VEC));
        }
    }

    /** A group may be longer than the steps that an activation half holds. */
    private UInt groupSteps(InstructionFields word) {
        UInt steps = word.get(InstructionCodec.MX_G_STEPS);
        if (p.widths.steps() == steps.width()) {
            return steps;
        }
        Bool tooLong = steps.shr(p.widths.steps()).ne(0);
        return steps.truncate(p.widths.steps())
                .or(fill(p.widths.steps(), tooLong).asUInt());
    }

    /** Passes for a run-time length, each for as many as the word says, rounded up. */
    private static UInt per(UInt length, UInt log) {
        UInt most = lit(0xFFFF, 16).shlWrap(log).not();
        return length.add(most).shr(log).truncate(16);
    }

    private <T extends Ground> T look(Memory<T> registers, UInt index) {
        return p.blockRam ? registers.read(index) : registers.readAsync(index);
    }
}
