// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dot;

import dev.lutra.hdl.Bool;
import dev.lutra.hdl.Data;
import dev.lutra.hdl.Hdl;
import dev.lutra.hdl.Module;

/** A module with pipeline registers. */
public abstract class Pipelined extends Module {

    protected Pipelined(Record params) {
        super(params);
    }

    /** The value, one cycle later. */
    protected final <T extends Data> T registered(T value) {
        var stage = reg(Hdl.like(value));
        stage.set(value);
        return stage;
    }

    /** A flag some cycles later, false after reset. */
    final Bool delayed(Bool flag, int cycles) {
        var at = flag;
        for (int i = 0; i < cycles; i++) {
            var stage = reg(bool()).init(false);
            stage.set(at);
            at = stage;
        }
        return at;
    }
}
