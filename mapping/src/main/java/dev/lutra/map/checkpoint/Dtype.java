// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.checkpoint;

import org.jspecify.annotations.Nullable;

/** Element types of a safetensors file. */
enum Dtype {
    BOOL(8),
    U8(8),
    I8(8),
    F8_E5M2(8),
    F8_E4M3(8),
    I16(16),
    U16(16),
    F16(16),
    BF16(16),
    I32(32),
    U32(32),
    F32(32),
    I64(64),
    U64(64),
    F64(64);

    private final int bits;

    Dtype(int bits) {
        this.bits = bits;
    }

    int bytes() {
        return bits / 8;
    }

    /** Whether weights of this type can be read as real values. */
    boolean isReadableFloat() {
        return this == F32 || this == F16 || this == BF16;
    }

    static @Nullable Dtype of(String name) {
        for (Dtype dtype : values()) {
            if (dtype.name().equals(name)) {
                return dtype;
            }
        }
        return null;
    }
}
