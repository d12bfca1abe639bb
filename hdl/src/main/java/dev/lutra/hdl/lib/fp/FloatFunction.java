// SPDX-License-Identifier: Apache-2.0
package dev.lutra.hdl.lib.fp;

/** A function of one binary32 number that {@link FloatFunctionUnit} computes and {@link FloatFunctionModel} defines. */
public enum FloatFunction {
    /** e^x. */
    EXPONENTIAL,
    /** 1 / x. */
    RECIPROCAL,
    /** 1 / sqrt(x). */
    RECIPROCAL_ROOT
}
