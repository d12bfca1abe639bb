// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.xrt;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import dev.lutra.machine.UserException;
import org.jspecify.annotations.Nullable;

/** What of XRT's C API (xrt/xrt_device.h, xrt_bo.h, xrt_kernel.h) a link needs; handles are pointers, sizes and flags have 64 bits. */
interface Xrt extends Library {

    int TO_DEVICE = 0;
    int FROM_DEVICE = 1;
    int UUID_BYTES = 16;

    @Nullable
    Pointer xrtDeviceOpen(int index);

    @Nullable
    Pointer xrtDeviceOpenByBDF(String address);

    int xrtDeviceClose(Pointer device);

    int xrtDeviceLoadXclbinFile(Pointer device, String path);

    int xrtDeviceGetXclbinUUID(Pointer device, byte[] uuid);

    @Nullable
    Pointer xrtPLKernelOpenExclusive(Pointer device, byte[] uuid, String name);

    int xrtKernelArgGroupId(Pointer kernel, int argument);

    int xrtKernelReadRegister(Pointer kernel, int offset, int[] value);

    int xrtKernelWriteRegister(Pointer kernel, int offset, int value);

    int xrtKernelClose(Pointer kernel);

    @Nullable
    Pointer xrtBOAlloc(Pointer device, NativeLong bytes, long flags, int group);

    int xrtBOFree(Pointer buffer);

    long xrtBOAddress(Pointer buffer);

    @Nullable
    Pointer xrtBOMap(Pointer buffer);

    /** Size before offset. */
    int xrtBOSync(Pointer buffer, int direction, NativeLong bytes, NativeLong offset);

    /**
     * Loads XRT's library.
     *
     * @param directory where to look first
     * @throws UserException if it is not there
     */
    static Xrt load(String directory) {
        NativeLibrary.addSearchPath("xrt_coreutil", directory);
        try {
            return Native.load("xrt_coreutil", Xrt.class);
        } catch (UnsatisfiedLinkError e) {
            throw new UserException(
                    UserException.Kind.DEVICE,
                    "XRT is not installed: there is no libxrt_coreutil.so in " + directory,
                    "Install AMD's XRT and source its setup.sh, or say where the library is: library=DIR.",
                    e);
        }
    }
}
