// SPDX-License-Identifier: Apache-2.0
package dev.lutra.runtime.linear;

import dev.lutra.runtime.device.Counters;

/**
 * One region that ran on a device.
 *
 * @param region name of its entry point
 * @param layer decoder layer
 * @param length rows of activations; of steps positions before the first
 * @param steps how many ran, one after the other; 1 where it is none
 * @param counters what the device counted
 */
public record RegionRun(String region, int layer, int length, int steps, Counters counters) {}
