// SPDX-License-Identifier: Apache-2.0
package dev.lutra.cli;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** CPU time of whole processes, user and system, all threads. Needs Linux; the JVM's own clock advances in steps of 10 ms. */
final class CpuClock {
    private static final int OWN = 2; // CLOCK_PROCESS_CPUTIME_ID
    private static final long TICK = 10_000_000;

    static {
        Native.register("c");
    }

    private CpuClock() {}

    /** struct timespec. */
    @FieldOrder({"seconds", "nanoseconds"})
    public static final class Time extends Structure {
        public NativeLong seconds = new NativeLong();
        public NativeLong nanoseconds = new NativeLong();
    }

    private static native int clock_gettime(int clock, Time time);

    /** Nanoseconds of this process. */
    static long own() {
        return read(OWN);
    }

    /** Nanoseconds of a living process, without its children. */
    static long of(long process) {
        return read((int) (~process << 3 | OWN)); // as clock_getcpuclockid(3) makes it
    }

    /** Nanoseconds of the children that a process has waited for, in steps of 10 ms (proc(5), cutime and cstime). */
    static long ofChildren(long process) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process + "/stat"));
        // After the name, which may hold spaces, in parentheses: state is word 3, cutime word 16.
        String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return TICK * (Long.parseLong(words[13]) + Long.parseLong(words[14]));
    }

    private static long read(int clock) {
        var time = new Time();
        if (clock_gettime(clock, time) != 0) {
            throw new IllegalStateException("no such process");
        }
        return time.seconds.longValue() * 1_000_000_000L + time.nanoseconds.longValue();
    }
}
