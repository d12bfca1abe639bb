// SPDX-License-Identifier: Apache-2.0
package dev.lutra.map.model;

/** A matrix stored in a floating-point type. */
public non-sealed interface FloatMatrix extends WeightMatrix {}
