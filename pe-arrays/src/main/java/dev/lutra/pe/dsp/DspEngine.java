// SPDX-License-Identifier: Apache-2.0
package dev.lutra.pe.dsp;

import dev.lutra.machine.ActivationType;
import dev.lutra.machine.ChainLayout;
import dev.lutra.machine.Engine;
import dev.lutra.machine.WeightPacking;
import dev.lutra.pe.MatrixCore;
import dev.lutra.pe.MatrixEngine;
import dev.lutra.pe.MatrixShape;
import java.util.Objects;

/** Sparse chains of DSP blocks as an engine of the accelerator, one class per kind of block. */
public abstract sealed class DspEngine implements MatrixEngine {
    private static final int LEAST_COLUMNS = 32;

    private final DspForm form;

    private DspEngine(DspForm form) {
        this.form = form;
    }

    /** Blocks of UltraScale and UltraScale+. */
    public static final class Dsp48e2 extends DspEngine {
        /** For the service loader. */
        public Dsp48e2() {
            super(DspForm.DSP48E2);
        }

        @Override
        public String name() {
            return "dsp";
        }
    }

    /** Blocks of the 7 series. */
    public static final class Dsp48e1 extends DspEngine {
        /** For the service loader. */
        public Dsp48e1() {
            super(DspForm.DSP48E1);
        }

        @Override
        public String name() {
            return "dsp48e1";
        }
    }

    /** Blocks of the iCE40 UltraPlus. */
    public static final class Mac16 extends DspEngine {
        /** For the service loader. */
        public Mac16() {
            super(DspForm.SB_MAC16);
        }

        @Override
        public String name() {
            return "dsp-mac16";
        }
    }

    /** A multiplier and an adder per product. */
    public static final class Portable extends DspEngine {
        /** For the service loader. */
        public Portable() {
            super(DspForm.PORTABLE);
        }

        @Override
        public String name() {
            return "dsp-portable";
        }
    }

    @Override
    public String description() {
        return "chains of %s, several products in each, dense or N of M weights"
                .formatted(form == DspForm.PORTABLE ? "multipliers" : form.name());
    }

    @Override
    public WeightPacking packing() {
        return WeightPacking.CHAINS;
    }

    /** As many bits of weights a slot, but 32 columns at least, or 16 of several rows: so M can be 16. */
    @Override
    public Engine inPlaceOf(Engine e) {
        int width = e.m() == 1 ? 2 : 1;
        return new Engine(
                name(),
                e.m(),
                Math.max(e.n(), LEAST_COLUMNS * width / 2),
                4,
                4,
                e.maxBits(),
                false,
                e.innerBits(),
                Math.min(e.outerBits(), Long.SIZE - 16),
                packing(),
                e.maxBits(),
                ActivationType.INT8);
    }

    @Override
    public MatrixCore core(MatrixShape shape) {
        return new DspCore(params(shape));
    }

    @Override
    public int latency(MatrixShape shape, boolean scaled) {
        return DspCore.latency(params(shape));
    }

    private DspCore.Params params(MatrixShape shape) {
        ChainLayout chains = Objects.requireNonNull(shape.chains(), "a layout of chains");
        return new DspCore.Params(form, shape, chains);
    }
}
