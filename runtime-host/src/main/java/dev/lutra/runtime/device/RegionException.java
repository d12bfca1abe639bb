// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import dev.lutra.machine.RunError;
import dev.lutra.machine.UserException;

/** A region ended with an error that the accelerator reports, or did not end in time. */
public final class RegionException extends UserException {
    private static final long serialVersionUID = 1L;

    private final RunError error;

    RegionException(RunError error, String message, String hint) {
        super(Kind.DEVICE, message, hint);
        this.error = error;
    }

    /** The accelerator's error register; {@link RunError#ABORTED} after a timeout or a cancellation. */
    public RunError error() {
        return error;
    }
}
