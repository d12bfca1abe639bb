// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl;

import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The modules whose constructors are running.
 *
 * <p>Java does not say when a constructor ends, so this is found on the stack. When a module enters, the frames of its
 * constructors (base classes, {@code this(...)}) are noted: how deep they are, counted from {@link Circuit#of}, and at which
 * byte-code index each stands, which is its call of the next one. Later the module is still under construction exactly
 * if these frames are there, standing where they stood or, from some frame on, further behind: a constructor body runs
 * after the call of the next constructor, and never before it.
 *
 * <p>Mostly the innermost frame that is a module's constructor says it all, and frames below it are not looked at, which
 * take their time: if it stands behind its call of the next constructor, its module has entered; if moreover only one
 * module on the list has a constructor of this class, that is the one, and it is the innermost that runs.
 */
final class Constructions {
    /** A first fetch takes two frames less than asked for: here down to the constructor that makes the module, or a method more. */
    private static final StackWalker NEAR_WALKER = StackWalker.getInstance(Frames.OPTIONS, 10);
    /** Reaches from a module in a module to {@link Circuit#of} without a second fetch. */
    private static final StackWalker DEEP_WALKER = StackWalker.getInstance(Frames.OPTIONS, 14);

    private static final String NO_THREADS = "do not build hardware in parallel streams or threads";

    /** A frame of a constructor and the byte-code index where it calls the next constructor of the same object. */
    private record Constructor(Class<?> type, String descriptor, int callsNext) {
        /** Whether a frame of this class is this constructor in its body. */
        boolean isInBody(StackFrame frame) {
            return frame.getByteCodeIndex() > callsNext
                    && Frames.isConstructor(frame)
                    && frame.getDescriptor().equals(descriptor);
        }
    }

    /**
     * A module whose constructor is running, or was when last looked at.
     *
     * @param depth of the outermost constructor frame
     * @param constructors from the outermost to the one that calls {@link Module}'s
     */
    private record Running(Module module, int depth, Constructor[] constructors) {
        boolean covers(int depth) {
            return depth >= this.depth && depth < this.depth + constructors.length;
        }
    }

    private final List<Running> running = new ArrayList<>();
    private StackFrame[] frames = new StackFrame[64];
    private int frameCount;
    /** Depth of the last frame taken. */
    private int lastDepth;
    /** Index of the frame in which {@code new} stands. */
    private int newSite;

    private boolean atBase;
    private boolean onlyNear;
    private boolean atModule;
    private @Nullable Class<?> entering;

    /** Called by the constructor of {@link Module}. Returns the innermost module that was running already, or null. */
    @Nullable
    Module enter(Module module) {
        boolean near = captureNear(module.getClass());
        if (!near) {
            captureAll();
        }
        int first = 0; // the constructor that calls Module's
        while (Frames.isOurs(frames[first].getDeclaringClass())) {
            first++;
        }
        int last = first; // the constructor that new calls
        while (frames[last].getDeclaringClass() != module.getClass()) {
            last++;
        }
        if (!near) {
            dropEnded();
            while (last + 1 < frameCount && delegates(last + 1, module.getClass())) {
                last++;
            }
        }
        var constructors = new Constructor[last - first + 1];
        for (int i = 0; i < constructors.length; i++) {
            var frame = frames[last - i];
            constructors[i] =
                    new Constructor(frame.getDeclaringClass(), frame.getDescriptor(), frame.getByteCodeIndex());
        }
        var parent = innermost();
        running.add(new Running(module, depth(last), constructors));
        newSite = last + 1;
        return parent;
    }

    /** Origin of the instance whose {@link #enter} was the last thing that happened. */
    Origin instanceOrigin() {
        return Frames.origin(frames, newSite, frameCount);
    }

    /** Drops the modules whose constructors have ended, and returns the innermost of the others, or null. */
    @Nullable
    Module current() {
        if (!captureNear(null)) {
            captureAll();
            dropEnded();
        }
        return innermost();
    }

    private @Nullable Module innermost() {
        return running.isEmpty() ? null : running.get(running.size() - 1).module;
    }

    private int depth(int index) {
        return lastDepth + frameCount - 1 - index;
    }

    /** Whether a frame is a constructor of the class standing at {@code this(...)}, not at a {@code new}. */
    private boolean delegates(int index, Class<?> type) {
        var frame = frames[index];
        if (frame.getDeclaringClass() != type || !Frames.isConstructor(frame)) {
            return false;
        }
        var code = ClassCode.method(type, frame.getMethodName(), frame.getDescriptor());
        int call = code == null
                ? -1
                : code.callAt(frame.getByteCodeIndex(), frame.getMethodName(), Math.max(0, frame.getLineNumber()));
        if (code != null && call >= 0) {
            return code.isOwnConstructorCall(call);
        }
        // No or other byte code: if the frame's own object had entered, it would be on the list.
        int depth = depth(index);
        return running.stream().noneMatch(r -> r.covers(depth));
    }

    private void dropEnded() {
        while (!running.isEmpty() && !stillRuns(running.get(running.size() - 1))) {
            dropLast();
        }
    }

    private void dropLast() {
        running.remove(running.size() - 1).module.close();
    }

    private boolean stillRuns(Running entry) {
        int index = frameCount - 1 - entry.depth;
        for (var constructor : entry.constructors) {
            if (index < 0 || frames[index].getDeclaringClass() != constructor.type) {
                return false;
            }
            if (frames[index].getByteCodeIndex() != constructor.callsNext) {
                return constructor.isInBody(frames[index]);
            }
            index--;
        }
        return false;
    }

    // ---- the stack ----

    /** Takes the frames from here down to {@link Circuit#of}. */
    private void captureAll() {
        start(false, null);
        DEEP_WALKER.walk(takeAll);
        if (!atBase) {
            throw Session.misuse(
                    "outside-elaboration", "a module is made by another thread than its circuit", NO_THREADS);
        }
        lastDepth = 0;
    }

    /**
     * Takes the frames from here down to the first constructor of a module, but of one that is entering, and drops the modules that
     * have ended, if that frame alone says which ones.
     *
     * @param type class of the module that is entering, or null
     * @return false if the whole stack is needed
     */
    private boolean captureNear(@Nullable Class<?> type) {
        start(true, type);
        NEAR_WALKER.walk(takeAll);
        if (!atModule) {
            return false;
        }
        var frame = frames[frameCount - 1];
        int found = -1;
        int number = 0;
        for (int i = 0; i < running.size(); i++) {
            var constructors = running.get(i).constructors;
            for (int j = 0; j < constructors.length; j++) {
                if (constructors[j].type == frame.getDeclaringClass()) {
                    if (found >= 0) {
                        return false;
                    }
                    found = i;
                    number = j;
                }
            }
        }
        if (found < 0 || !running.get(found).constructors[number].isInBody(frame)) {
            return false;
        }
        while (running.size() > found + 1) {
            dropLast();
        }
        lastDepth = running.get(found).depth + number;
        return true;
    }

    private void start(boolean near, @Nullable Class<?> type) {
        frameCount = 0;
        atBase = false;
        atModule = false;
        onlyNear = near;
        entering = type;
    }

    private final Consumer<StackFrame> taker = this::take;

    private final Function<Stream<StackFrame>, @Nullable Void> takeAll = stream -> {
        var all = stream.spliterator();
        while (!atBase && !atModule && all.tryAdvance(taker)) {
            // take decides
        }
        return null;
    };

    private void take(StackFrame frame) {
        var type = frame.getDeclaringClass();
        if (type == Circuit.class) {
            atBase = true;
            return;
        }
        if (frameCount == frames.length) {
            frames = Arrays.copyOf(frames, 2 * frameCount);
        }
        frames[frameCount++] = frame;
        if (onlyNear) {
            if (entering != null) {
                // Constructors of the module that is entering come first: its base classes', then its own.
                entering = type == entering ? null : entering;
            } else {
                atModule = Frames.isUserModule(type) && Frames.isConstructor(frame);
            }
        }
    }
}
