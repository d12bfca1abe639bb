// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.device;

import dev.lutra.machine.ControlBit;
import dev.lutra.machine.Register;
import dev.lutra.machine.UserException;
import java.time.Duration;

/**
 * The end of a region as registers show it, and the way back to rest, for links without a wire for one or the other. The interrupt is enabled as long
 * as a board keeps its state, so that an accelerator that rests without one pending has been reset.
 */
public final class RegionWatch {

    private static final Duration REST = Duration.ofSeconds(2);

    private final Link link;

    public RegionWatch(Link link) {
        this.link = link;
    }

    /**
     * Whether the region that was started has ended.
     *
     * @throws UserException if nothing runs and nothing has ended: the board was reset
     */
    public boolean hasEnded() {
        if (isPending()) {
            return true;
        }
        if ((link.readRegister(Register.CTRL.offset()) & ControlBit.IDLE.mask()) != 0 && !isPending()) {
            throw wasReset(link);
        }
        return false;
    }

    static UserException wasReset(Link link) {
        return new UserException(
                UserException.Kind.DEVICE,
                "the " + link.description() + " was reset: the accelerator rests, and has forgotten what it was to do",
                "Run the command again. If it happens again, look at the board's power and reset button.");
    }

    /** Looks again and again until the region has ended, for at most {@code limit}. */
    public boolean poll(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        do {
            if (hasEnded()) {
                return true;
            }
        } while (System.nanoTime() - deadline < 0);
        return false;
    }

    /**
     * Ends what runs, perhaps of a host that died: memory that answers lets an abort bring all units to rest, and no wire for a reset is needed.
     *
     * @throws UserException if the accelerator does not come to rest
     */
    public void rest() {
        long deadline = System.nanoTime() + REST.toNanos();
        link.writeRegister(Register.CTRL.offset(), ControlBit.ABORT.mask());
        while ((link.readRegister(Register.CTRL.offset()) & ControlBit.IDLE.mask()) == 0) {
            if (System.nanoTime() - deadline > 0) {
                throw new UserException(
                        UserException.Kind.DEVICE,
                        "the accelerator of the " + link.description() + " does not come to rest",
                        "Load its bitstream again.");
            }
        }
        link.writeRegister(Register.ISR.offset(), 1);
    }

    /** What every link does first: if there is an accelerator, it is brought to rest; if not, {@link Device} will say what is there. */
    public void restIfThere() {
        if (link.readRegister(Register.ID.offset()) == Register.ID_VALUE) {
            rest();
        }
    }

    private boolean isPending() {
        return link.readRegister(Register.ISR.offset()) != 0;
    }
}
